"""What each figure counts, and the full count of it from people and doses.

Snapshots list people by these queries; pages read the same figures from the kept counts (`queries.live`), which are
held against this one each night. Figures are of the end of a day, by what is recorded now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least, NullIf

from qingmiao.registry.models import Dose, KeyGroup, KeyGroupMembership, Person, UnitMembership
from qingmiao.reports.indicators import Course, Indicator
from qingmiao.reports.rules import Share
from qingmiao.staff.models import Organisation

Kind = Organisation.Kind
LEAVES = frozenset({Kind.BUREAU, Kind.UNIT})  # their figures are broken down to the single unit


@dataclass(frozen=True)
class UnitFigure:
    """The people of one unit below an organisation."""

    unit: Organisation
    done: int
    of: int

    @property
    def share(self) -> Share:
        return Share(self.done, self.of)


@dataclass(frozen=True)
class DayFigure:
    """How many people had their first counted dose on a day."""

    day: date
    people: int


def counted_people(on: date, of: str = "") -> Q:
    """The filter for people who count on that day: not merged away, not dead, not moved. `of` is the path to them."""
    gone = Q(**{f"{of}status__in": (Person.Status.DEAD, Person.Status.MOVED)}) & (
        Q(**{f"{of}status_on": None}) | Q(**{f"{of}status_on__lte": on})
    )
    # Written as a double negation because SQLite would take "is null" for selective and begin with all people.
    return ~Q(**{f"{of}merged_into__isnull": False}) & ~gone


def memberships_of(organisation: Organisation, on: date) -> QuerySet[UnitMembership]:
    """Who belonged to a unit at or below `organisation` on that day; `until` is the last day."""
    return UnitMembership.objects.filter(
        Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gte=on), unit__path__begins=organisation.path
    )


def people_of(organisation: Organisation, on: date) -> QuerySet[Person]:
    """Everybody on the ledger of `organisation` on that day, each once: members of its units and residents."""
    members = memberships_of(organisation, on).order_by().values("person")
    if organisation.kind in LEAVES:  # nobody lives in a bureau
        return Person.objects.filter(counted_people(on), pk__in=members)
    residents = Person.objects.filter(home__path__begins=organisation.path).order_by().values("pk")
    return Person.objects.filter(counted_people(on), pk__in=members.union(residents))


def people_directly_at(organisation: Organisation, on: date) -> QuerySet[Person]:
    """People on the ledger of `organisation` itself, not of anything below it."""
    members = memberships_of(organisation, on).filter(unit=organisation).values("person")
    return Person.objects.filter(Q(pk__in=members) | Q(home=organisation), counted_people(on))


def counted_doses(courses: Sequence[Course], on: date, since: date | None = None) -> QuerySet[Dose]:
    """Doses that count for one of `courses` from the day `since` (ever, without one) to the end of the day `on`."""
    vaccine = Q(pk__in=[])
    for prefix in sorted({prefix for course in courses for prefix in course.product_codes}):
        vaccine |= Q(product_code__startswith=prefix)
    for name in sorted({name for course in courses for name in course.names_on_lists}):
        named = Q(vaccine__startswith=name) if name else Q(vaccine="")
        vaccine |= Q(named, product_code="", source=Dose.Source.IMPORTED)
    days = Q(given_on__lte=on) if since is None else Q(given_on__lte=on, given_on__gte=since)
    return Dose.objects.filter(vaccine, days, held=Dose.Held.NO, is_void=False, superseded_by__isnull=True)


def vaccinated(indicator: Indicator, on: date, person: str = "pk") -> Q:
    """The condition that a person (named by the path `person`) is above the line: one of the courses is whole."""
    whole = Q(pk__in=[])
    for course in indicator.courses:
        doses = counted_doses([course], on, indicator.since).filter(person=OuterRef(person))
        whole |= Q(Exists(doses if course.doses == 1 else doses[course.doses - 1 :]))
    return whole


def first_dose_on(indicator: Indicator, on: date, person: str = "pk") -> Combinable:
    """The day on which a person came above the line; null if they are not."""
    days = [_completed_on(course, indicator.since, on, person) for course in indicator.courses]
    if len(days) == 1:
        return days[0]
    never = Value(date.max)
    return NullIf(Least(*(Coalesce(day, never) for day in days)), never)


def _completed_on(course: Course, since: date | None, on: date, person: str) -> Subquery:
    doses = counted_doses([course], on, since).filter(person=OuterRef(person))
    if course.doses == 1:
        return Subquery(doses.order_by().values("person").annotate(day=Min("given_on")).values("day"))
    return Subquery(doses.order_by("given_on", "pk").values("given_on")[course.doses - 1 : course.doses])


def in_group(group: KeyGroup, on: date) -> Q:
    """The filter for people who belong to a key group on that day."""
    members = KeyGroupMembership.objects.filter(Q(since=None) | Q(since__lte=on), group=group)
    return Q(pk__in=members.values("person"))


def figure_of(indicator: Indicator, organisation: Organisation, on: date, group: KeyGroup | None = None) -> Share:
    """How many of the people of `organisation` (those of a key group, if one is named) are vaccinated on that day."""
    people = people_of(organisation, on)
    return _share_of(indicator, people.filter(in_group(group, on)) if group else people, on)


def _share_of(indicator: Indicator, people: QuerySet[Person], on: date) -> Share:
    counts = people.aggregate(of=Count("pk"), done=Count("pk", filter=vaccinated(indicator, on)))
    return Share(counts["done"], counts["of"])


def units_below(organisation: Organisation, on: date) -> list[Organisation]:
    """The units by which the figures of `organisation` are broken down: every unit of a bureau, else what lies
    directly below. Closed ones are left out."""
    below = Organisation.objects.filter(path__begins=organisation.path).exclude(pk=organisation.pk)
    chosen = below.filter(kind=Kind.UNIT) if organisation.kind in LEAVES else below.filter(parent=organisation)
    return list(chosen.exclude(closed_on__lte=on).order_by("path"))


def figures_by_unit(indicator: Indicator, organisation: Organisation, on: date) -> list[UnitFigure]:
    """The figure of each unit, also of those without people; and of `organisation` itself if people belong to it
    directly. Somebody of two units is in both."""
    counts = _counts_by_part(indicator, organisation, on)
    units = units_below(organisation, on)
    known = {unit.pk for unit in units}
    strays = Organisation.objects.filter(pk__in=counts.keys() - known).order_by("path")
    return [UnitFigure(unit, *counts.get(unit.pk, (0, 0))) for unit in [*strays, *units]]


def _counts_by_part(indicator: Indicator, organisation: Organisation, on: date) -> Mapping[int, tuple[int, int]]:
    if organisation.kind in LEAVES:
        rows = (
            memberships_of(organisation, on)
            .filter(counted_people(on, "person__"))
            .values("unit")
            .annotate(
                of=Count("person", distinct=True),
                done=Count("person", distinct=True, filter=vaccinated(indicator, on, "person")),
            )
        )
        return {row["unit"]: (row["done"], row["of"]) for row in rows.order_by()}
    shares = {unit.pk: figure_of(indicator, unit, on) for unit in units_below(organisation, on)}
    directly = _share_of(indicator, people_directly_at(organisation, on), on)
    if directly.of:
        shares[organisation.pk] = directly
    return {pk: (share.done, share.of) for pk, share in shares.items()}


def first_doses_by_day(
    indicator: Indicator, organisation: Organisation, on: date, group: KeyGroup | None = None
) -> list[DayFigure]:
    """How many people came above the line on each day up to `on`, days without anybody left out."""
    people = people_of(organisation, on)
    rows = (
        (people.filter(in_group(group, on)) if group else people)
        .annotate(day=first_dose_on(indicator, on))
        .filter(day__isnull=False)
        .values("day")
        .annotate(people=Count("pk"))
        .order_by("day")
    )
    return [DayFigure(row["day"], row["people"]) for row in rows]


@dataclass(frozen=True)
class Standing:
    """Where one person stands, once for each unit that the figure is broken down by."""

    person_id: int
    name: str
    name_spelled: str
    part_id: int
    position: str
    first_dose_on: date | None


def standings(indicator: Indicator, organisation: Organisation, on: date) -> Iterator[Standing]:
    """Every person of `organisation` with their unit and first counted dose: what a snapshot keeps."""
    seen: set[tuple[int, int]] = set()
    for row in _standing_rows(indicator, organisation, on):
        part = part_of(organisation, row["path"])
        if (row["person_id"], part) in seen:
            continue
        seen.add((row["person_id"], part))
        yield Standing(row["person_id"], row["name"], row["spelled"], part, row["position"] or "", row["first"])


def part_of(organisation: Organisation, path: str) -> int:
    """The id of the unit under which somebody who belongs at `path` is listed in the figures of `organisation`."""
    steps = path.strip("/").split("/")
    if organisation.kind in LEAVES:
        return int(steps[-1])
    depth = len(organisation.path.strip("/").split("/"))
    return int(steps[min(depth, len(steps) - 1)])


def _standing_rows(indicator: Indicator, organisation: Organisation, on: date) -> Iterator[Mapping[str, Any]]:
    members = memberships_of(organisation, on).filter(counted_people(on, "person__"))
    yield from (
        members.order_by("unit__path", "pk")
        .values(
            "person_id",
            "position",
            name=F("person__name"),
            spelled=F("person__name_spelled"),
            path=F("unit__path"),
            first=first_dose_on(indicator, on, "person"),
        )
        .iterator()
    )
    residents = Person.objects.filter(counted_people(on), home__path__begins=organisation.path)
    yield from (
        residents.order_by("home__path", "pk")
        .values(
            "name",
            person_id=F("pk"),
            position=Value(""),
            spelled=F("name_spelled"),
            path=F("home__path"),
            first=first_dose_on(indicator, on),
        )
        .iterator()
    )
