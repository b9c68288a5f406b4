"""How full a session is: places by period, what units and residents have taken, what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils import timezone

from qingmiao.clinic.capacity import PeriodPlan, places
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Period, Session, SessionPlaces, Visit
from qingmiao.clinic.rules import EXPECTED, State
from qingmiao.staff.models import Organisation


@dataclass(frozen=True)
class Load:
    """One period: its places, those open one by one and how many of them are booked, and people of units then."""

    period: Period
    places: int
    open_places: int
    booked: int
    units: int

    @property
    def left(self) -> int:
        """Open places that nobody has booked yet; never below zero."""
        return max(0, self.open_places - self.booked)

    @property
    def is_over(self) -> bool:
        return self.booked + self.units > self.places


def loads_of(session: Session) -> list[Load]:
    """Every period of a session with what is booked into it, in order."""
    periods = list(session.periods.all())
    minutes = figure("minutes_per_dose", session.day).value
    booked = _booked(periods)
    units = _of_units(session, periods)
    return [
        Load(
            period,
            places(period.vaccinators, period.length, minutes),
            period.open_places,
            booked[period.pk],
            units[period.pk],
        )
        for period in periods
    ]


def planned_places(site: Organisation, since: date, until: date) -> dict[date, int]:
    """Places of each day from `since` to `until` whose periods the site has planned; other days are left out."""
    found: Counter[date] = Counter()
    for period in Period.objects.filter(session__site=site, session__day__range=(since, until)).select_related(
        "session"
    ):
        day = period.session.day
        found[day] += places(period.vaccinators, period.length, figure("minutes_per_dose", day).value)
    return dict(found)


def _booked(periods: Sequence[Period]) -> Counter[int]:
    visits = Visit.objects.filter(period__in=periods).exclude(state__in=[State.CANCELLED, State.ABSENT])
    return Counter(dict(visits.values_list("period").annotate(people=Count("pk")).values_list("period", "people")))


def _of_units(session: Session, periods: Sequence[Period]) -> Counter[int]:
    """People of accepted batches, by the period in which the batch begins."""
    found: Counter[int] = Counter()
    visits = session.visits.filter(batch__starts_at__isnull=False).exclude(state__in=[State.CANCELLED, State.ABSENT])
    for starts_at, people in visits.values_list("batch__starts_at").annotate(people=Count("pk")):
        begins = timezone.localtime(starts_at).time()
        here = next((one for one in periods if one.starts_at <= begins < one.ends_at), None)
        if here is not None:
            found[here.pk] += people
    return found


def places_for_units(session: Session) -> int | None:
    """Places of the day that are kept for units; None when no periods are planned, so that no one counts."""
    loads = loads_of(session)
    return sum(load.places - load.open_places for load in loads) if loads else None


def taken_by_units(session: Session) -> int:
    """People on lists of units who still count."""
    return session.visits.filter(batch__isnull=False).exclude(state__in=[State.CANCELLED, State.ABSENT]).count()


def _kept_for(session: Session, unit: Organisation) -> list[SessionPlaces]:
    """Places of the session kept for the unit itself or for something above it."""
    return [kept for kept in session.places.select_related("organisation") if kept.organisation.contains(unit)]


def is_open_to(session: Session, unit: Organisation) -> bool:
    """Whether the unit may name people for the session."""
    return bool(_kept_for(session, unit))


def places_left_for(session: Session, unit: Organisation) -> int | None:
    """How many more people the unit may name: the least of what is kept for it, for those above it, and of what the
    day has for units. None: nobody counts. Never below zero."""
    kept_places = [kept for kept in _kept_for(session, unit) if kept.places is not None]
    left = [(kept.places or 0) - _on_lists_below(session, kept.organisation) for kept in kept_places]
    room = places_for_units(session)
    if room is not None:
        left.append(room - taken_by_units(session))
    return max(0, min(left)) if left else None


def _on_lists_below(session: Session, organisation: Organisation) -> int:
    below = session.visits.filter(batch__unit__path__begins=organisation.path)
    return below.exclude(state__in=[State.CANCELLED, State.ABSENT]).count()


def would_fall(session: Session, plans: Sequence[PeriodPlan]) -> list[Visit]:
    """Bookings that the new plan has no open place for: of each period the newest, of a period that is gone all."""
    kept = {plan.starts_at: plan.open_places for plan in plans}
    fallen: list[Visit] = []
    for period in session.periods.all():
        booked = period.visits.filter(state__in=EXPECTED).select_related("session__site", "person").order_by("pk")
        here = period.visits.exclude(state__in=[*EXPECTED, State.CANCELLED, State.ABSENT]).count()
        fallen += list(booked)[max(0, kept.get(period.starts_at, 0) - here) :]
    return fallen


def bookable_periods(today: date, site: Organisation | None = None) -> list[Load]:
    """Periods from today on, as far ahead as residents may book, that have open places, earliest first."""
    last = today + figure("bookable_ahead", today).span
    sessions = Session.objects.filter(day__gte=today, day__lte=last, closed_at=None, periods__open_places__gt=0)
    if site is not None:
        sessions = sessions.filter(site=site)
    chosen = sessions.select_related("site").distinct().order_by("day", "site__path")
    return [load for session in chosen for load in loads_of(session) if load.open_places]


def week_of(site: Organisation, first: date) -> list[tuple[date, Session | None, list[Load]]]:
    """Seven days from `first`, each with its session (or None) and its periods."""
    days = [first + timedelta(days=number) for number in range(7)]
    sessions = {one.day: one for one in Session.objects.filter(site=site, day__range=(days[0], days[-1]))}
    return [(day, sessions.get(day), loads_of(sessions[day]) if day in sessions else []) for day in days]
