"""Who was given a lot: every recipient with a way to reach them, in one look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, Q

from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose, Guardian, Person, Phone
from qingmiao.staff.access import Actor
from qingmiao.stock.models import Lot

AT_ONCE = 900  # ids in one question: SQLite of old took 999
PERMISSION = "stock.recall_lot"


@dataclass(frozen=True)
class Recipient:
    """A person who was given a lot: each dose of it, and the numbers to ring, still sealed."""

    person: Person
    doses: tuple[Dose, ...]
    phones: tuple[Sealed, ...]
    guardian: str

    @property
    def given_on(self) -> date | None:
        """The day of the latest of these doses."""
        return max((dose.given_on for dose in self.doses if dose.given_on), default=None)


def doses_of_lot(lot: Lot) -> list[Dose]:
    """Doses of a lot that count: given here, or on lists that name the lot and a vaccine of its group."""
    by_number = Q(lot=None, lot_number=lot.number, product_code__startswith=lot.product.code[:2])
    by_row = Q(lot=lot)
    found: dict[int, Dose] = {}
    for condition in (by_row, by_number):  # two questions, each by its index: together they would read the table
        rows = Dose.objects.filter(condition, is_void=False, superseded_by=None).select_related("site")
        found |= {dose.pk: dose for dose in rows}
    return sorted(found.values(), key=lambda dose: (dose.given_on or date.min, dose.pk))


def recipients(by: Actor, lot: Lot) -> list[Recipient]:
    """Everybody within reach of `by` who was given `lot`, the latest first, with phones and guardians.

    Within reach: given at a place where `by` may recall lots, or a person whose record `by` may see.
    """
    doses: dict[int, list[Dose]] = defaultdict(list)
    for dose in doses_of_lot(lot):
        doses[dose.person_id].append(dose)
    reach = by.paths_for(PERMISSION)
    near = {
        person
        for person, given in doses.items()
        if any(dose.site is not None and dose.site.path.startswith(path) for dose in given for path in reach)
    }
    far = [person for person in doses if person not in near]
    for ids in _batches(far):
        near |= set(by.visible("registry.see_person", Person).filter(pk__in=ids).values_list("pk", flat=True))
    return _with_contacts({person: doses[person] for person in doses if person in near})


def _with_contacts(doses: dict[int, list[Dose]]) -> list[Recipient]:
    people: dict[int, Person] = {}
    phones: dict[int, list[Sealed]] = defaultdict(list)
    guardians: dict[int, str] = {}
    for ids in _batches(list(doses)):
        people |= Person.objects.in_bulk(ids)
        for phone in Phone.objects.filter(person__in=ids).only("person_id", "number"):
            phones[phone.person_id].append(cast(Sealed, phone.number))
        for guardian in Guardian.objects.filter(child__in=ids):
            guardians.setdefault(guardian.child_id, guardian.name)
            if guardian.phone is not None:
                phones[guardian.child_id].append(guardian.phone)
    found = [
        Recipient(people[person], tuple(given), tuple(phones[person]), guardians.get(person, ""))
        for person, given in doses.items()
    ]
    return sorted(found, key=lambda one: (one.given_on or date.min, one.person.pk), reverse=True)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def given_by_lot(path: str, since: date, until: date) -> dict[int, int]:
    """Doses on the ledger by lot: given at places below `path` from `since` to before `until`, those that count."""
    rows = Dose.objects.filter(
        site__path__begins=path,
        given_on__gte=since,
        given_on__lt=until,
        source=Dose.Source.HERE,
        is_void=False,
        superseded_by=None,
        lot__isnull=False,
    )
    return dict(rows.values("lot").annotate(n=Count("pk")).values_list("lot", "n"))
