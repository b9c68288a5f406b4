"""Rows become what the engine reads: one record a person, in a handful of queries for however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.engine import Ruleset
from qingmiao.engine.china import observations
from qingmiao.engine.verdicts import Person as Asked
from qingmiao.registry.models import Dose, Person
from qingmiao.registry.queries.facts import facts_of
from qingmiao.schedule.major_codes import judged_as

SEXES = {Person.Sex.FEMALE: "F", Person.Sex.MALE: "M"}


@dataclass(frozen=True)
class Record:
    """A person as the engine is asked about, and the ledger row of each dose in the same order."""

    asked: Asked
    doses: tuple[Dose, ...]


@cache
def known_codes() -> frozenset[str]:
    """Vaccine codes that the national rules speak of; doses of others stand on record and are not judged."""
    return frozenset(Ruleset.named("cn").tape.vaccines)


def code_of(dose: Dose) -> str:
    """The code by which a dose is judged; empty without a day."""
    return judged_as(dose.product_code, dose.dose_number, dose.given_on) if dose.given_on else ""


def _counted_doses(people: Collection[int]) -> dict[int, list[Dose]]:
    """Doses that stand (not held, withdrawn or replaced) and whose day and product are known, by day."""
    found: dict[int, list[Dose]] = defaultdict(list)
    known = known_codes()
    for dose in _standing(people=list(people)):
        if code_of(dose) in known:
            found[dose.person_id].append(dose)
    return found


_standing = Prepared(
    lambda: (
        Dose.objects.filter(person__among=Slot("people"), superseded_by=None, is_void=False, held=Dose.Held.NO)
        .exclude(given_on=None)
        .exclude(product_code="")
        .order_by("given_on", "pk")
    )
)


def records_of(people: Collection[Person], *, on: date) -> list[Record]:
    """What the engine is asked about `people` on that day, in their order; doses without a day are left out."""
    ids = [person.pk for person in people]
    doses, facts = _counted_doses(ids), facts_of(ids)
    return [_record(person, doses.get(person.pk, []), facts.get(person.pk, {}), on) for person in people]


def _record(person: Person, doses: list[Dose], facts: dict[str, object], on: date) -> Record:
    minute = person.birth_time.hour * 60 + person.birth_time.minute if person.birth_time else -1
    asked = Asked(
        id=str(person.pk),
        born_on=person.birth_date,
        sex=SEXES.get(Person.Sex(person.sex), "U"),
        on=on,
        doses=tuple((dose.given_on, code_of(dose), None) for dose in doses if dose.given_on),
        facts=tuple(observations(facts)),
        born_minute=minute,
    )
    return Record(asked, tuple(doses))
