"""Reads of the correction desk and of findings on doses; whom somebody at the needle may be taken for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from qingmiao.clinic.models import Correction, DoseFinding, Visit
from qingmiao.clinic.rules import EXITS
from qingmiao.registry.models import Dose, Guardian, Person, Phone
from qingmiao.registry.numbers import comparable, identifier_lookup
from qingmiao.registry.queries.people import matching
from qingmiao.staff.access import Actor

MOST = 20
MOST_ALIKE = 5
PROPOSE = "clinic.propose_correction"
CONFIRM = "clinic.confirm_correction"
DECIDE = "clinic.decide_finding"


def doses_to_correct(by: Actor, text: str, day: date) -> list[Dose]:
    """Up to 20 standing doses of the actor's sites that `text` may mean; without text the newest of the day."""
    visits = by.visible(PROPOSE, Visit)
    doses = Dose.objects.filter(injection__visit__in=visits, superseded_by=None, is_void=False)
    text = text.strip()
    if text:
        people = Person.objects.filter(matching(text)).values("pk")
        token = text.rstrip("/").rsplit("/", 1)[-1]
        ticket = Q(injection__visit__ticket=text.upper(), given_on=day) | Q(injection__visit__slip_token=token)
        doses = doses.filter(Q(person__in=people) | ticket | Q(lot_number__iexact=text))
    else:
        doses = doses.filter(given_on=day)
    found = doses.select_related("person", "lot__product", "injection__visit__session__site", "injection__desk")
    return list(found.order_by("-given_at", "-pk")[:MOST])


def corrections_waiting(by: Actor) -> QuerySet[Correction]:
    """Corrections at the actor's sites that wait for a second person, the oldest first."""
    waiting = by.visible(CONFIRM, Correction).filter(state=Correction.State.PROPOSED)
    return waiting.select_related("dose__person", "dose__lot__product", "lot__product", "person").order_by("pk")


def corrections_decided(by: Actor) -> QuerySet[Correction]:
    """Corrections at the actor's sites that have been decided on, the newest first."""
    decided = by.visible(PROPOSE, Correction).exclude(state=Correction.State.PROPOSED)
    return decided.select_related("dose__person", "dose__lot__product", "lot__product", "person").order_by("-pk")


def history_of(dose: Dose) -> list[Dose]:
    """The rows that this dose has had, from the first to the one that counts."""
    first = dose
    while first.supersedes is not None:
        first = first.supersedes
    rows = [first]
    while (following := Dose.objects.filter(supersedes=rows[-1]).select_related("person", "lot").first()) is not None:
        rows.append(following)
    return rows


def open_findings(by: Actor) -> QuerySet[DoseFinding]:
    """Findings at the actor's sites that nobody has decided on, of doses that still stand; the oldest first."""
    findings = by.visible(DECIDE, DoseFinding).filter(decision=None, dose__superseded_by=None, dose__is_void=False)
    return findings.select_related("dose__person", "dose__lot__product", "dose__site").order_by("at", "pk")


def decided_findings(by: Actor) -> QuerySet[DoseFinding]:
    """Findings that were decided on, the newest decision first."""
    findings = by.visible(DECIDE, DoseFinding).filter(decision__isnull=False)
    return findings.select_related("dose__person", "dose__site", "decision").order_by("-decision__at")


def unjudged_doses(by: Actor) -> QuerySet[Dose]:
    """Doses given at the actor's sites that the schedule has not been asked about, the oldest first."""
    visits = by.visible("clinic.judge_dose", Visit)
    doses = Dose.objects.filter(injection__visit__in=visits, superseded_by=None, is_void=False, judgement=None)
    return doses.select_related("person", "injection__visit__session__site").order_by("pk")


def findings_waiting(by: Actor, at: datetime) -> int:
    """For the left column."""
    return open_findings(by).count() + corrections_waiting(by).count()


class Why(StrEnum):
    """Why two people may be taken for each other."""

    SAME_NAME = "same_name"
    BORN_TOGETHER = "born_together"  # same surname and birth date: twins, or one of them entered twice
    SAME_PHONE = "same_phone"  # brothers and sisters mostly


@dataclass(frozen=True)
class Lookalike:
    """Somebody the person at the desk may be taken for. `ticket` is theirs when they are at the site today."""

    person: Person
    why: tuple[Why, ...]
    ticket: str = ""
    is_here: bool = False


def lookalikes(visit: Visit) -> list[Lookalike]:
    """Whom the person of `visit` may be taken for: those at the site today first; at most five."""
    person = visit.person
    today = {one.person_id: one for one in _alike_today(visit).select_related("person")}
    phones = _same_phone(person)
    people = {pk: one.person for pk, one in today.items()}
    others = Person.objects.filter(pk__in=[pk for pk in phones if pk not in people], merged_into=None)
    people |= {one.pk: one for one in others[:MOST_ALIKE]}
    found = [_lookalike(person, other, pk in phones, today.get(pk)) for pk, other in people.items()]
    return sorted(found, key=lambda one: (not one.is_here, not one.ticket, one.person.pk))[:MOST_ALIKE]


def _alike_today(visit: Visit) -> QuerySet[Visit]:
    """Visits of the same session by people of the same name, or born the same day with the same surname."""
    person = visit.person
    alike = Q(person__name=person.name) if person.name else Q(pk__in=[])
    if person.birth_date is not None and person.name:
        alike |= Q(person__birth_date=person.birth_date, person__name__begins=person.name[0])
    return Visit.objects.filter(alike, session_id=visit.session_id).exclude(person=person)


def _same_phone(person: Person) -> list[int]:
    """People who share a phone with `person`, their own or a guardian's."""
    lookups = [bytes(one) for one in person.phones.values_list("lookup", flat=True)]
    lookups += [bytes(one) for one in person.guardians.values_list("phone_lookup", flat=True) if one]
    own = Phone.objects.filter(lookup__in=lookups).exclude(person=person).values_list("person_id", flat=True)
    guarded = Guardian.objects.filter(phone_lookup__in=lookups).exclude(child=person).values_list("child_id", flat=True)
    return sorted({*own[: MOST_ALIKE * 2], *guarded[: MOST_ALIKE * 2]})


def _lookalike(person: Person, other: Person, is_same_phone: bool, visit: Visit | None) -> Lookalike:
    why = [Why.SAME_NAME] if other.name == person.name else []
    is_born_together = other.birth_date is not None and other.birth_date == person.birth_date
    if is_born_together and other.name[:1] == person.name[:1] != "":
        why.append(Why.BORN_TOGETHER)
    if is_same_phone:
        why.append(Why.SAME_PHONE)
    is_here = visit is not None and visit.where not in EXITS
    return Lookalike(other, tuple(why), visit.ticket or "" if visit else "", is_here)


def person_at_desk(text: str) -> Person | None:
    """Somebody on record by the whole number of a document: whom a correction names must be sure."""
    number = comparable(text)
    if len(number) < 15:
        return None
    return Person.objects.filter(identifiers__lookup=identifier_lookup(number), merged_into=None).first()
