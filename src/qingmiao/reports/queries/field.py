"""Where the people of a campaign stand: by their doses, by what the site decided, by what was heard at doors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from qingmiao.campaign.models import Campaign, DoorVisit
from qingmiao.campaign.queries import declarations_at, head_count_at
from qingmiao.campaign.queries.fieldwork import last_visits
from qingmiao.campaign.queries.plan import planned_on, targets_of
from qingmiao.campaign.rules.fieldwork import NOT_ELIGIBLE, Standing, standing_of
from qingmiao.campaign.rules.meetings import Line, Shown
from qingmiao.clinic.models import Visit
from qingmiao.registry.models import KeyGroup, Person, UnitMembership
from qingmiao.reports.indicators import Indicator
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import rule_of
from qingmiao.reports.queries.obstacles import obstacles_of
from qingmiao.reports.rules import in_order
from qingmiao.staff.models import Organisation

BOOKED = ("named", "booked")


@dataclass(frozen=True)
class FieldPerson:
    """One person of a place, and where he stands; `visit` is the last one at the door."""

    person: Person
    standing: Standing
    visit: DoorVisit | None


@dataclass(frozen=True)
class FieldCounts:
    """The people of a place by standing. Everybody is in exactly one of them."""

    by_standing: Mapping[Standing, int]

    @property
    def found(self) -> int:
        return sum(self.by_standing.values())

    @property
    def eligible(self) -> int:
        """Found, less who moved away, is deferred now, or contraindicated."""
        return self.found - sum(self.by_standing.get(standing, 0) for standing in NOT_ELIGIBLE)

    def of(self, standing: Standing) -> int:
        return self.by_standing.get(standing, 0)

    def as_kept(self) -> dict[str, int]:
        """As JSON, with the sums: what somebody signs."""
        kept = {standing.value: self.of(standing) for standing in Standing}
        return {"found": self.found, "eligible": self.eligible, **kept}


def field_people(campaign: Campaign, place: Organisation, on: date) -> list[FieldPerson]:
    """Everybody on the ledger of a place with where they stand on a day, by name; nobody without a figure."""
    rule = rule_of(campaign)
    if rule is None:
        return []
    visits, obstacles = last_visits(campaign), obstacles_of(place, on)
    booked = _booked(campaign, on)
    found = []
    people = live.people_behind(rule, place, on, "all")
    for person in people.prefetch_related(None).prefetch_related("memberships__unit").select_related("home"):
        visit, obstacle = visits.get(person.pk), obstacles.get(person.pk)
        standing = standing_of(
            is_done=person.first_dose_on is not None,  # type: ignore[attr-defined]
            at_site=str(obstacle.state.value) if obstacle else "",
            is_booked=person.pk in booked,
            at_door=visit.result if visit else "",
            door_until=visit.until if visit else None,
            on=on,
        )
        found.append(FieldPerson(person, standing, visit))
    return found


def _booked(campaign: Campaign, on: date) -> set[int]:
    """Ids of the people who are on a list for that day or a later one."""
    coming = Visit.objects.filter(session__day__gte=on, state__in=BOOKED)
    return set(coming.values_list("person", flat=True))


def done_among(campaign: Campaign, people: Iterable[int], on: date) -> set[int]:
    """Which of these people (by id) are vaccinated by the campaign's figure at the end of a day."""
    rule = rule_of(campaign)
    if rule is None:
        return set()
    has_dose = live.vaccinated(rule, on)
    return set(Person.objects.filter(has_dose, pk__in=list(people)).values_list("pk", flat=True))


def field_counts(people: Iterable[FieldPerson]) -> FieldCounts:
    """People counted by where they stand."""
    return FieldCounts(Counter(one.standing for one in people))


def counts_of_places(campaign: Campaign, places: list[Organisation], on: date) -> Mapping[int, FieldCounts]:
    """The counts of many places by id, without reading everybody: only those with something to say are looked at.

    What `field_people` says person by person, this says in sums; a test holds both equal.
    """
    rule = rule_of(campaign)
    shares = live.figures_by_place(rule, places, on) if rule else {}
    visits, booked = last_visits(campaign), _booked(campaign, on)
    obstacles = obstacles_of(campaign.organisation, on)
    spoken = set(visits) | booked | set(obstacles)
    done = done_among(campaign, spoken, on)
    there = _places_of(spoken - done, places, on)
    counted: dict[int, Counter[Standing]] = {place.pk: Counter() for place in places}
    for person, ids in there.items():
        visit, obstacle = visits.get(person), obstacles.get(person)
        standing = standing_of(
            is_done=False,
            at_site=str(obstacle.state.value) if obstacle else "",
            is_booked=person in booked,
            at_door=visit.result if visit else "",
            door_until=visit.until if visit else None,
            on=on,
        )
        for pk in ids:
            counted[pk][standing] += 1
    for place in places:
        share = shares.get(place.pk)
        of, finished = (share.of, share.done) if share else (0, 0)
        told = counted[place.pk]
        told[Standing.DONE] = finished
        told[Standing.NOT_ASKED] += of - finished - sum(n for key, n in told.items() if key is not Standing.DONE)
    return {pk: FieldCounts(+told) for pk, told in counted.items()}


def _places_of(people: set[int], places: list[Organisation], on: date) -> Mapping[int, set[int]]:
    """Which of `places` each person (by id) is on the ledger of."""
    found: dict[int, set[int]] = {}
    if not people:
        return found
    paths = [(place.pk, place.path) for place in places]
    residents = Person.objects.filter(pk__in=people, home__isnull=False).values_list("pk", "home__path")
    belongs = Q(since=None) | Q(since__lte=on), Q(until=None) | Q(until__gte=on)
    units = UnitMembership.objects.filter(*belongs, person__in=people).values_list("person", "unit__path")
    for person, path in [*residents, *units]:
        found.setdefault(person, set()).update(pk for pk, start in paths if path.startswith(start))
    return found


def shown_to_meeting(campaign: Campaign, on: date, at: datetime) -> Shown | None:
    """The figures that a meeting looks at; None when the campaign has nothing to be counted by."""
    rule = rule_of(campaign)
    if rule is None:
        return None
    organisation = campaign.organisation
    share = live.figure_of(rule, organisation, on)
    new = {row.day: row.people for row in live.first_doses_by_day(rule, organisation, on)}
    targets = targets_of(campaign)
    whole = targets.get((None, None))
    planned = planned_on(campaign, on)
    sites = Organisation.objects.filter(pk__in=planned.keys(), kind=Organisation.Kind.SITE).values_list("pk", flat=True)
    return Shown(
        rule=f"{rule.id}-{rule.version}",
        done=share.done,
        of=share.of,
        new=new.get(on, 0),
        planned=sum(planned[pk] for pk in sites),
        target=whole.people if whole else share.of,
        groups=_groups(rule, organisation, on),
        places=_places(rule, campaign, on),
    )


def _groups(rule: Indicator, organisation: Organisation, on: date) -> list[Line]:
    shares = live.figures_by_group(rule, organisation, on)
    names = dict(KeyGroup.objects.filter(pk__in=shares.keys()).order_by("pk").values_list("pk", "name"))
    return [Line(pk, name, shares[pk].done, shares[pk].of) for pk, name in names.items()]


def _places(rule: Indicator, campaign: Campaign, on: date) -> list[Line]:
    """Communities, and bureaus' units, in their order; places too small to be ranked come last, without a place."""
    kinds = (Organisation.Kind.COMMUNITY, Organisation.Kind.UNIT, Organisation.Kind.SCHOOL)
    places = list(
        Organisation.objects.filter(path__begins=campaign.organisation.path, kind__in=kinds, closed_on=None).order_by(
            "path"
        )
    )
    shares = live.figures_by_place(rule, places, on)
    new = live.first_doses_on(rule, places, on)
    counted = [live.UnitFigure(place, shares[place.pk].done, shares[place.pk].of) for place in places]
    return [
        Line(unit.unit.pk, unit.unit.name, unit.done, unit.of, new.get(unit.unit.pk, 0), placed.place, placed.is_shared)
        for unit, placed in in_order([one for one in counted if one.of], rule.ranked_from)
    ]


def declared_of(campaign: Campaign, places: Iterable[Organisation], at: datetime) -> Mapping[int, int]:
    """How many people each place (by id) said it has, in the round that runs at it or above it."""
    found: dict[int, int] = {}
    rounds: dict[int, Mapping[int, int]] = {}
    for place in places:
        round_ = head_count_at(place, at)
        if round_ is None:
            continue
        if round_.pk not in rounds:
            rounds[round_.pk] = {pk: row.people for pk, row in declarations_at(round_, at).items()}
        if place.pk in rounds[round_.pk]:
            found[place.pk] = rounds[round_.pk][place.pk]
    return found
