"""Who is owed what: lists by time, vaccine, village and school, and rounds of catching up by birth year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from qingmiao.registry.models import Dose, Person, UnitMembership
from qingmiao.schedule.keeping import born_after
from qingmiao.schedule.models import DueDose, DueRun
from qingmiao.schedule.rules import catch_ups, month_of, threshold


class Kind(StrEnum):
    """Which list."""

    MONTH = "month"
    MISSED = "missed"
    OVERDUE = "overdue"
    NEXT = "next"
    NEVER = "never"
    NOW = "now"


@dataclass(frozen=True)
class Wanted:
    """What a list is about. Empty: no limit. `home` and `school` are ids of organisations."""

    kind: Kind = Kind.MONTH
    series: str = ""
    home: int | None = None
    school: int | None = None
    born: int | None = None


def of_kind(kind: Kind, on: date) -> Q:
    """The filter on due doses for a list on a day. Overdue: past the printed age. Missed: due in an earlier month.
    All others: owed by now."""
    first, last = month_of(on)
    is_overdue = Q(overdue_from__lte=on)
    if kind is Kind.OVERDUE:
        return is_overdue
    if kind is Kind.MISSED:
        return Q(recommended__lt=first) & ~is_overdue
    if kind is Kind.NEXT:
        return Q(recommended__gt=last, recommended__lte=month_of(last + timedelta(days=1))[1])
    if kind is Kind.MONTH:
        return Q(recommended__gte=first, recommended__lte=last) & ~is_overdue
    return Q(earliest__lte=on)


def due_doses(people: QuerySet[Person], wanted: Wanted, on: date) -> QuerySet[DueDose]:
    """Due doses of `people` on the list, by child and series; never-seen children with all they are owed by now."""
    rows = DueDose.objects.filter(of_kind(wanted.kind, on), person__in=chosen(people, wanted, on))
    if wanted.series:
        rows = rows.filter(series=wanted.series)
    return rows.order_by("person__name_spelled", "person_id", "series")


def chosen(people: QuerySet[Person], wanted: Wanted, on: date) -> QuerySet[Person]:
    """The children among `people` that the list is about, whatever they are owed."""
    found = people.filter(status=Person.Status.PRESENT, merged_into=None)
    if wanted.home:
        found = found.filter(home=wanted.home)
    if wanted.born:
        found = found.filter(birth_date__year=wanted.born)
    if wanted.school:
        found = found.filter(Exists(_members(wanted.school)))
    if wanted.kind is Kind.NEVER:
        before = on - timedelta(days=threshold("never_seen_after_days").value)
        found = found.filter(~Exists(_doses()), birth_date__lte=before, birth_date__gt=born_after(on))
    return found


def _members(school: int) -> QuerySet[UnitMembership]:
    return UnitMembership.objects.filter(person=OuterRef("pk"), unit=school, until=None)


def _doses() -> QuerySet[Dose]:
    return Dose.objects.filter(person=OuterRef("pk"), is_void=False, superseded_by=None)


def counts(people: QuerySet[Person], wanted: Wanted, on: date) -> dict[Kind, int]:
    """How many children stand on each list, with the same limits."""
    return {
        kind: due_doses(people, Wanted(kind, wanted.series, wanted.home, wanted.school, wanted.born), on)
        .order_by()
        .values("person")
        .distinct()
        .count()
        for kind in Kind
    }


def by_series(people: QuerySet[Person], wanted: Wanted, on: date) -> dict[str, int]:
    """Doses on the list by series."""
    rows = due_doses(people, wanted, on).order_by().values_list("series").annotate(n=Count("pk"))
    return dict(rows)


def cohorts(people: QuerySet[Person], catch_up: str, on: date) -> list[tuple[int, int, int]]:
    """A catch-up round by birth year: (year, children here, children who lack a dose by now), latest year first."""
    here = chosen(people, Wanted(), on).filter(birth_date__gt=born_after(on), birth_date__lte=on)
    year = here.annotate(year=ExtractYear("birth_date")).order_by().values_list("year")
    children = dict(year.annotate(n=Count("pk")))
    owed = DueDose.objects.filter(person=OuterRef("pk"), series__in=catch_ups()[catch_up].series, earliest__lte=on)
    lacking = dict(year.filter(Exists(owed)).annotate(n=Count("pk")))
    return [(born, children[born], lacking.get(born, 0)) for born in sorted(children, reverse=True)]


def last_run() -> DueRun | None:
    """The latest recomputation."""
    return DueRun.objects.first()
