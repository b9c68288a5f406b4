"""Where people stand with a vaccine: done, not yet, deferred, contraindicated, booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.models import Screening, Visit
from qingmiao.clinic.reasons import reason_coded
from qingmiao.clinic.rules import AT_THE_SITE, EXPECTED, NOT_HERE, State
from qingmiao.clinic.screening import NoFormInForce, form_for, words_of_rule
from qingmiao.clinic.sources import Words
from qingmiao.registry.models import Dose, Person, UnitMembership
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product

MAJOR_DIGITS = 2  # the first two digits of a vaccine code name the disease group


class StandingCode(StrEnum):
    BOOKABLE = "bookable"
    TOO_SOON = "too_soon"  # the interval since the last dose is not over
    COMPLETE = "complete"
    DEFERRED = "deferred"
    CONTRAINDICATED = "contraindicated"
    BOOKED = "booked"
    AT_SITE = "at_site"


@dataclass(frozen=True)
class Standing:
    """How one person stands with one vaccine on one day. `dose` is the next dose's number, or how many there were."""

    code: StandingCode
    dose: int
    until: date | None = None
    reason: str = ""
    last_on: date | None = None
    visit: Visit | None = None

    @property
    def is_bookable(self) -> bool:
        return self.code is StandingCode.BOOKABLE


def course_doses(people: Iterable[int], product: Product) -> dict[int, list[date]]:
    """Days of the doses that count towards the course of `product`, oldest first, per person id.

    Doses that are held, withdrawn or corrected are left out; so are doses whose day is not known.
    """
    days: dict[int, list[date]] = {pk: [] for pk in people}
    for dose in _counting(people=list(days), code=product.code[:MAJOR_DIGITS]):
        days[dose.person_id].append(dose.given_on)  # type: ignore[arg-type]
    return days


_counting = Prepared(
    lambda: (
        Dose.objects.filter(
            person__among=Slot("people"),
            product_code__within=Slot("code"),
            held=Dose.Held.NO,
            is_void=False,
            superseded_by=None,
            given_on__isnull=False,
        )
        .only("person_id", "given_on")
        .order_by("given_on", "pk")
    )
)


def dose_of(visit: Visit) -> Dose | None:
    """The dose that counts of a visit, or None."""
    return Dose.objects.filter(injection__visit=visit, superseded_by=None, is_void=False).order_by("-pk").first()


def reason_in(language: str, visit: Visit) -> str:
    """Why a visit ended without a dose, in a language of the screen.

    What a person wrote stays as written; what a rule or a list of reasons says is worded in both languages.
    """
    reason = visit.exit_reason
    if language.startswith("zh") or not reason:
        return reason
    listed = reason_coded(visit.exit_code)
    if listed is not None:
        return listed.word.in_language(language) if listed.word.zh == reason else reason
    screening = Screening.objects.filter(visit=visit).order_by("-pk").first()
    if screening is None or screening.override_reason:
        return reason
    return words_kept(language, screening, screening.decided) or reason


def words_kept(language: str, screening: Screening, outcome: str) -> str:
    """What the rules that led to `outcome` said when the person was screened."""
    kept = (one for one in screening.rules if one["outcome"] == outcome)
    return ("；" if language.startswith("zh") else "; ").join(text for one in kept if (text := _text_in(language, one)))


def _text_in(language: str, kept: dict[str, Any]) -> str:
    """The words of a rule that spoke, as kept with the screening; older rows name the rule alone."""
    if "because" in kept:
        return Words(**kept["because"]).in_language(language)
    words = words_of_rule(kept["rule"])
    return words.in_language(language) if words else ""


def standings(people: Sequence[Person], product: Product, day: date) -> dict[int, Standing]:
    """How each of `people` stands with `product` on `day`, per person id. Three queries, however many people."""
    ids = [person.pk for person in people]
    doses = course_doses(ids, product)
    latest: dict[int, Visit] = {}
    booked: dict[int, Visit] = {}
    visits = Visit.objects.filter(person_id__in=ids, product__code__startswith=product.code[:MAJOR_DIGITS])
    for visit in visits.select_related("session").order_by("session__day", "pk"):
        if visit.where in EXPECTED | AT_THE_SITE and visit.session.day >= day:
            booked[visit.person_id] = visit
        elif visit.where not in NOT_HERE:  # a list taken back or missed says nothing about the person
            latest[visit.person_id] = visit
    return {pk: _standing(doses[pk], latest.get(pk), booked.get(pk), product, day) for pk in ids}


def _standing(doses: list[date], latest: Visit | None, booked: Visit | None, product: Product, day: date) -> Standing:
    number, last_on = len(doses) + 1, doses[-1] if doses else None
    if latest is not None and latest.where is State.CONTRAINDICATED:
        return Standing(StandingCode.CONTRAINDICATED, number, None, latest.exit_reason, last_on, latest)
    if booked is not None:
        code = StandingCode.BOOKED if booked.where in EXPECTED else StandingCode.AT_SITE
        return Standing(code, number, booked.session.day, "", last_on, booked)
    course = _course(product, day)
    if course is not None and len(doses) >= course[0]:
        return Standing(StandingCode.COMPLETE, len(doses), None, "", last_on)
    if latest is not None and latest.where is State.DEFERRED and latest.deferred_until and latest.deferred_until > day:
        return Standing(StandingCode.DEFERRED, number, latest.deferred_until, latest.exit_reason, last_on, latest)
    if course is not None and last_on is not None and course[1] and last_on + timedelta(days=course[1]) > day:
        return Standing(StandingCode.TOO_SOON, number, last_on + timedelta(days=course[1]), "", last_on)
    return Standing(StandingCode.BOOKABLE, number, None, "", last_on)


def _course(product: Product, day: date) -> tuple[int, int | None] | None:
    """(doses, minimum interval) of the product's course, where a form names one."""
    try:
        course = form_for(product.code, day).course
    except NoFormInForce:
        return None
    return (course.doses, course.minimum_interval_days) if course else None


def people_of(unit: Organisation, on: date) -> QuerySet[Person]:
    """People who belong to a unit, or to one below it, on a day; each once, by pinyin."""
    members = UnitMembership.objects.filter(Q(until=None) | Q(until__gte=on), unit__path__begins=unit.path)
    present = Person.objects.filter(merged_into=None, status=Person.Status.PRESENT)
    return present.filter(pk__in=members.values("person")).order_by("name_spelled", "pk")
