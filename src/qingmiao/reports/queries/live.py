"""The one layer that every figure of a page comes from: the kept counts, or the full count where these lag behind.

Both say the same (a test and the nightly check hold them together), so two pages asking one question cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from qingmiao.registry.models import KeyGroup, Person, UnitMembership
from qingmiao.reports.indicators import Indicator
from qingmiao.reports.keeping import catch_up
from qingmiao.reports.models import PeopleTally, PersonTally
from qingmiao.reports.queries import full_count
from qingmiao.reports.queries.campaigns import is_counted
from qingmiao.reports.queries.full_count import (
    LEAVES,
    DayFigure,
    Standing,
    UnitFigure,
    counted_people,
    first_dose_on,
    in_group,
    part_of,
    people_of,
    standings,
    units_below,
    vaccinated,
)
from qingmiao.reports.rules import Share
from qingmiao.reports.tallies import EVERYBODY, PEOPLE
from qingmiao.staff.models import Organisation

__all__ = [
    "DayFigure",
    "Standing",
    "UnitFigure",
    "figure_of",
    "figures_by_group",
    "figures_by_place",
    "figures_by_unit",
    "first_doses_by_day",
    "first_doses_by_group",
    "first_doses_on",
    "part_of",
    "people_behind",
    "people_of",
    "standings",
    "units_below",
    "vaccinated",
]
MANY = 2_000  # people of a place from which on a page of names is found by walking the names, not by sorting them


def _is_kept(indicator: Indicator) -> bool:
    """Whether the kept counts can answer for `indicator` now."""
    return is_counted(indicator) and catch_up()


def figure_of(indicator: Indicator, organisation: Organisation, on: date, group: KeyGroup | None = None) -> Share:
    """How many of the people of `organisation` (those of a key group, if one is named) are vaccinated on that day."""
    if not _is_kept(indicator):
        return full_count.figure_of(indicator, organisation, on, group)
    asked = _tally(indicator, on, group_id=group.pk if group else EVERYBODY)
    return _shares(asked.filter(place_id=organisation.pk, is_direct=False), "place_id", on).get(
        organisation.pk, Share(0, 0)
    )


def figures_by_group(indicator: Indicator, organisation: Organisation, on: date) -> Mapping[int, Share]:
    """The figure of each key group of `organisation`, by the group's id; groups without people are left out."""
    if not _is_kept(indicator):
        groups = {
            group.pk: full_count.figure_of(indicator, organisation, on, group) for group in KeyGroup.objects.all()
        }
        return {pk: share for pk, share in groups.items() if share.of}
    asked = _tally(indicator, on, None).filter(place_id=organisation.pk, is_direct=False)
    return _shares(asked.exclude(group_id=EVERYBODY), "group_id", on)


def figures_by_place(indicator: Indicator, places: list[Organisation], on: date) -> Mapping[int, Share]:
    """The figure of each of `places`, by id: what `figure_of` says of it."""
    if not _is_kept(indicator):
        return {place.pk: full_count.figure_of(indicator, place, on) for place in places}
    asked = _tally(indicator, on).filter(place_id__in=[place.pk for place in places], is_direct=False)
    found = _shares(asked, "place_id", on)
    return {place.pk: found.get(place.pk, Share(0, 0)) for place in places}


def first_doses_on(indicator: Indicator, places: list[Organisation], on: date) -> Mapping[int, int]:
    """How many people of each of `places` had their first dose on that very day, by id; nobody is left out."""
    if not _is_kept(indicator):
        return {place.pk: _new_of(full_count.first_doses_by_day(indicator, place, on), on) for place in places}
    new = _tally(indicator, on).filter(indicator=indicator.id, dose_on=on)
    asked = new.filter(place_id__in=[place.pk for place in places], is_direct=False)
    rows = asked.order_by().values_list("place_id").annotate(n=Sum("people"))
    return {pk: people for pk, people in rows if people}


def _new_of(days: list[DayFigure], on: date) -> int:
    return next((row.people for row in days if row.day == on), 0)


def first_doses_by_group(indicator: Indicator, organisation: Organisation, on: date) -> Mapping[int, int]:
    """How many people of each key group came above the line on that very day, by the group's id; nobody left out."""
    if not _is_kept(indicator):
        days = {
            group.pk: full_count.first_doses_by_day(indicator, organisation, on, group)
            for group in KeyGroup.objects.all()
        }
        return {pk: new for pk, counted in days.items() if (new := _new_of(counted, on))}
    rows = _tally(indicator, on, None).filter(indicator=indicator.id, dose_on=on, place_id=organisation.pk)
    counted = rows.filter(is_direct=False).exclude(group_id=EVERYBODY).order_by().values_list("group_id")
    return {pk: people for pk, people in counted.annotate(n=Sum("people")) if people}


def figures_by_unit(indicator: Indicator, organisation: Organisation, on: date) -> list[UnitFigure]:
    """The figure of each unit, also of those without people; and of `organisation` itself if people belong to it
    directly. Somebody of two units is in both."""
    if not _is_kept(indicator):
        return full_count.figures_by_unit(indicator, organisation, on)
    units = units_below(organisation, on)
    asked = _tally(indicator, on)
    if organisation.kind in LEAVES:
        below = Organisation.objects.filter(path__begins=organisation.path).values("pk")
        counts = _shares(asked.filter(is_direct=True, place_id__in=below), "place_id", on)
    else:
        chosen = Q(is_direct=False, place_id__in=[unit.pk for unit in units])
        counts = _shares(asked.filter(chosen | Q(is_direct=True, place_id=organisation.pk)), "place_id", on)
    known = {unit.pk for unit in units}
    strays = Organisation.objects.filter(pk__in=counts.keys() - known).order_by("path")
    nobody = Share(0, 0)
    return [UnitFigure(unit, (c := counts.get(unit.pk, nobody)).done, c.of) for unit in [*strays, *units]]


def first_doses_by_day(
    indicator: Indicator, organisation: Organisation, on: date, group: KeyGroup | None = None
) -> list[DayFigure]:
    """How many people came above the line on each day up to `on`, days without anybody left out."""
    if not _is_kept(indicator):
        return full_count.first_doses_by_day(indicator, organisation, on, group)
    asked = _tally(indicator, on, group_id=group.pk if group else EVERYBODY).filter(
        indicator=indicator.id, place_id=organisation.pk, is_direct=False, dose_on__lte=on
    )
    rows = asked.order_by("dose_on").values_list("dose_on").annotate(n=Sum("people"))
    return [DayFigure(day, people) for day, people in rows if people]


def _tally(indicator: Indicator, on: date, group_id: int | None = EVERYBODY) -> QuerySet[PeopleTally]:
    """The rows up to a day of everybody and of those above the line; of all groups without one."""
    rows = PeopleTally.objects.filter(indicator__in=[PEOPLE, indicator.id], day__lte=on)
    return rows if group_id is None else rows.filter(group_id=group_id)


def _shares(asked: QuerySet[PeopleTally], by: str, on: date) -> dict[int, Share]:
    """Shares by a column of the tally; where nobody is, nothing."""
    of, done = Q(indicator=PEOPLE), ~Q(indicator=PEOPLE) & Q(dose_on__lte=on)
    rows = asked.order_by().values_list(by).annotate(of=Sum("people", filter=of), done=Sum("people", filter=done))
    return {pk: Share(done or 0, of) for pk, of, done in rows if of}


def people_behind(
    indicator: Indicator,
    organisation: Organisation,
    on: date,
    which: str,
    group: KeyGroup | None = None,
    new_on: date | None = None,
) -> QuerySet[Person]:
    """The people behind a number, by name, with `first_dose_on`: "all" below the line, "done" above it, or "open";
    with `new_on` only those whose first dose was on that day.

    A place with many people is asked name by name, so that the first page does not wait for all to be sorted.
    """
    share = figure_of(indicator, organisation, on)
    people = _walked(organisation, on) if share.of >= MANY else people_of(organisation, on)
    if group is not None:
        people = people.filter(in_group(group, on))
    if which != "all":
        has_dose = vaccinated(indicator, on)
        people = people.filter(has_dose if which == "done" else ~has_dose)
    if which == "open" and share.open < MANY <= share.of and on >= _last_dose(indicator, organisation):
        people = people.filter(pk__in=_still_open(indicator))  # the last few of many: nobody walks past all the others
    people = people.annotate(first_dose_on=first_dose_on(indicator, on))
    if new_on is not None:
        people = people.filter(first_dose_on=new_on)
    return people.order_by("name_spelled", "pk").prefetch_related("identifiers", "memberships__unit")


def _still_open(indicator: Indicator) -> QuerySet[PersonTally, Any]:
    """Everybody without a dose of `indicator`."""
    kinds = PersonTally.objects.order_by().values_list("done", flat=True).distinct()
    without = [done for done in kinds if indicator.id not in done.split(",")]
    return PersonTally.objects.filter(done__in=without).values("person_id")


def _last_dose(indicator: Indicator, organisation: Organisation) -> date:
    """The last day on which anybody there had a first dose: from it on, who is open now was open then."""
    rows = PeopleTally.objects.filter(place_id=organisation.pk, indicator=indicator.id)
    return rows.aggregate(last=Max("dose_on"))["last"] or date.min


def _walked(organisation: Organisation, on: date) -> QuerySet[Person]:
    """`people_of`, asked person by person."""
    belongs = Exists(
        UnitMembership.objects.filter(
            Q(since=None) | Q(since__lte=on),
            Q(until=None) | Q(until__gte=on),
            person=OuterRef("pk"),
            unit__path__begins=organisation.path,
        )
    )
    if organisation.kind in LEAVES:
        return Person.objects.filter(belongs, counted_people(on))
    below = Organisation.objects.filter(path__begins=organisation.path)
    lives = Exists(below.filter(pk=OuterRef("home_id")))
    return Person.objects.filter(Q(belongs) | Q(lives), counted_people(on))
