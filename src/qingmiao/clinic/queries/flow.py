"""The flow of a session from its journal: what the head of the site sees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from qingmiao.clinic.flow import (
    Forecast,
    Happened,
    Passing,
    StepFigures,
    Worked,
    arrivals,
    forecast,
    passings,
    step_figures,
    waiting_now,
    worked_at,
)
from qingmiao.clinic.models import Desk, Session, VisitEvent
from qingmiao.clinic.rules import AT_THE_SITE, EXPECTED, Event, State, Step
from qingmiao.staff.models import Organisation


@dataclass(frozen=True)
class DayFlow:
    """Everything measured of a session so far."""

    session: Session
    arrivals: dict[datetime, int]
    states: Counter[State]
    passings: dict[Step, list[Passing]]
    steps: dict[Step, StepFigures]
    desks: dict[Desk, Worked]
    staff: dict[int, Worked]
    forecast: Forecast | None
    closes_at: datetime


def journal_of(session: Session) -> list[Happened]:
    """Every step of a session that was not taken back, in the order of time."""
    rows = VisitEvent.objects.filter(visit__session=session, undoes=None, undone_by=None)
    lines = rows.order_by("at", "pk").values_list("visit_id", "event", "after", "at", "desk_id", "by_id")
    return [
        Happened(visit, Event(event), State(after), timezone.localtime(at), desk, by)
        for visit, event, after, at, desk, by in lines
    ]


def flow_of(session: Session, now: datetime) -> DayFlow:
    """The figures of a session at a moment. Four queries, however many people."""
    journal = journal_of(session)
    rows = session.visits.values_list("state").annotate(people=Count("pk"))
    states = Counter({State(state): people for state, people in rows})
    passed = passings(journal)
    waiting = waiting_now(states)
    steps = {step: step_figures(step, passed[step], waiting[step], now) for step in Step}
    everything = [one for people in passed.values() for one in people]
    by_desk = worked_at(everything, "desk")
    desks = Desk.objects.filter(pk__in=by_desk).select_related("organisation__parent")
    closes_at = timezone.make_aware(datetime.combine(session.day, session.closes_at))
    coming = sum(states[state] for state in EXPECTED)
    return DayFlow(
        session=session,
        arrivals=arrivals(journal),
        states=states,
        passings=passed,
        steps=steps,
        desks={desk: by_desk[desk.pk] for desk in desks.order_by("step", "organisation__path")},
        staff=worked_at(everything, "by"),
        forecast=None if session.closed_at else forecast(steps, coming, now),
        closes_at=closes_at,
    )


def unfinished_sessions(site: Organisation, before: datetime) -> list[Session]:
    """Earlier days of a site that were not closed and still have people in between."""
    earlier = Session.objects.filter(site=site, day__lt=timezone.localdate(before), closed_at=None)
    return list(earlier.filter(visits__state__in=[*EXPECTED, *AT_THE_SITE]).distinct().order_by("day"))
