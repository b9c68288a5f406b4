"""Reads of the work at the door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from qingmiao.campaign.models import Campaign, DayListEntry, DoorVisit, Forerunner, Responsibility, SignedCount
from qingmiao.campaign.queries.organisation import campaign_above
from qingmiao.campaign.rulebook import rulebook
from qingmiao.campaign.rules.fieldwork import next_level
from qingmiao.clinic.models import Visit
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation


def place_in(campaign: Campaign, person: Person) -> Organisation | None:
    """Where the campaign counts a person, once: at home if that lies within it, else at a unit of theirs; else None."""
    reach = campaign.organisation.path
    if person.home is not None and person.home.path.startswith(reach):
        return person.home
    units = person.memberships.filter(until=None, unit__path__begins=reach).select_related("unit")
    first = units.order_by("unit__path").first()
    return first.unit if first else None


def last_visits(campaign: Campaign, place: Organisation | None = None) -> Mapping[int, DoorVisit]:
    """The last visit of each person (by id), at and below `place` or everywhere."""
    visits = campaign.door_visits.order_by("at", "pk")
    if place is not None:
        visits = visits.filter(place__path__begins=place.path)
    return {visit.person_id: visit for visit in visits}


def visits_of(campaign: Campaign, person: Person) -> QuerySet[DoorVisit]:
    """Every visit of a person, the latest first."""
    return campaign.door_visits.filter(person=person)


@dataclass(frozen=True)
class Refusal:
    """Somebody who refuses: the last visit, how often, and which level goes next (None: all have been there)."""

    visit: DoorVisit
    times: int
    next_level: str | None


def refusals(campaign: Campaign, place: Organisation | None = None) -> list[Refusal]:
    """Who refused at the last visit, with the level that goes next, those nobody has to visit any more at the end."""
    visits = campaign.door_visits.select_related("person", "place").order_by("at", "pk")
    if place is not None:
        visits = visits.filter(place__path__begins=place.path)
    heard: dict[int, list[DoorVisit]] = defaultdict(list)
    for visit in visits:
        heard[visit.person_id].append(visit)
    levels = rulebook("fieldwork")["refusal_visits"]
    found = []
    for told in heard.values():
        if told[-1].result != DoorVisit.Result.REFUSED:
            continue
        refused = [visit for visit in told if visit.result == DoorVisit.Result.REFUSED]
        found.append(Refusal(told[-1], len(refused), next_level([visit.level for visit in refused], levels)))
    return sorted(found, key=lambda one: (one.next_level is None, one.visit.at))


def responsibilities_on(campaign: Campaign, day: date) -> QuerySet[Responsibility]:
    """Who answers for what on a day, along the tree."""
    held = campaign.responsibilities.filter(valid_from__lte=day).exclude(valid_until__lt=day)
    return held.select_related("place", "user")


def answers_for(person: Person, place: Organisation, held: Iterable[Responsibility]) -> list[Responsibility]:
    """Who of `held` answers for a person counted at `place`: the nearest first."""
    mine = [one for one in held if place.path.startswith(one.place.path) and person.address.startswith(one.doors)]
    return sorted(mine, key=lambda one: (-len(one.place.path), -len(one.doors)))


def day_list(campaign: Campaign, place: Organisation, day: date) -> list[DayListEntry]:
    """Who is on the list of a day at and below a place."""
    entries = campaign.day_entries.filter(day=day, place__path__begins=place.path)
    return list(entries.select_related("person", "place"))


def heard_on(campaign: Campaign, day: date) -> set[int]:
    """Ids of the people somebody visited on a day."""
    return set(campaign.door_visits.filter(day=day).values_list("person", flat=True))


def signed_on(campaign: Campaign, day: date) -> Mapping[int, SignedCount]:
    """The figures that places (by id) signed for a day; the last counts."""
    return {row.place_id: row for row in campaign.signed_counts.filter(day=day).order_by("signed_at", "pk")}


def reports_by(day: date) -> datetime:
    """Until when the figures of a day are to be signed (rules/campaign/fieldwork.yaml)."""
    hour, minute = map(int, rulebook("fieldwork")["reports_by"].split(":"))
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def places_that_report(campaign: Campaign) -> QuerySet[Organisation]:
    """The communities, bureaus' units and schools below the campaign: who is to sign figures every day."""
    kinds = (Organisation.Kind.COMMUNITY, Organisation.Kind.UNIT, Organisation.Kind.SCHOOL)
    return Organisation.objects.filter(
        path__begins=campaign.organisation.path, kind__in=kinds, closed_on=None
    ).order_by("path")


@dataclass(frozen=True)
class Reported:
    """Whether a place reported its day: `signed` None is silence, `is_late` past the time either way."""

    place: Organisation
    signed: SignedCount | None
    is_late: bool


def reported_on(campaign: Campaign, day: date, at: datetime) -> list[Reported]:
    """Each place that is to report, with what it signed for the day."""
    signed, until = signed_on(campaign, day), reports_by(day)
    return [
        Reported(place, row, (row.signed_at if row else at) > until)
        for place in places_that_report(campaign)
        for row in [signed.get(place.pk)]
    ]


def forerunners_of(campaign: Campaign, place: Organisation | None = None) -> QuerySet[Forerunner]:
    """Who is to go first, at and below a place or everywhere."""
    named = campaign.forerunners.select_related("person__home").order_by("kind", "person__name_spelled", "pk")
    if place is None:
        return named
    units = Person.objects.filter(memberships__unit__path__begins=place.path, memberships__until=None).values("pk")
    return named.filter(Q(person__home__path__begins=place.path) | Q(person__in=units))


def missing_today(place: Organisation, day: date) -> list[Visit]:
    """Who is on a list for `day` from a unit at or below `place`, or lives there, and has not come to the site yet."""
    expected = Visit.objects.filter(session__day=day, state__in=("named", "booked"))
    here = Q(batch__unit__path__begins=place.path) | Q(person__home__path__begins=place.path)
    return list(
        expected.filter(here)
        .select_related("person", "batch__unit", "session__site")
        .order_by("batch__starts_at", "pk")
    )


def campaign_at(place: Organisation) -> Campaign | None:
    """The running campaign that reaches a place."""
    return campaign_above(place.path)
