"""How people flow through a day, on plain values: waits, throughput, hours worked, and when the last one will be done.

A moment is an aware datetime; a length of time is in minutes. An empty list has no median: None, never 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from qingmiao.clinic.rules import QUEUES, Event, State, Step, waits_for

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
# What ends each step: the person has gone on from the queue of the step.
DONE: Mapping[Step, frozenset[Event]] = {
    Step.CONSENT: frozenset({Event.CONSENT}),
    Step.SCREENING: frozenset({Event.CLEAR, Event.DEFER, Event.CONTRAINDICATE}),
    Step.INJECTION: frozenset({Event.VACCINATE}),
}
ORDER = (Step.CONSENT, Step.SCREENING, Step.INJECTION)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the journal of a day: who, what, where they stood after it, when, at which desk, by whom."""

    visit: int
    event: Event
    after: State
    at: datetime
    desk: int | None = None
    by: int | None = None


@dataclass
class Passing:
    """One person at one step: since when in the queue, when called, when done. None: not yet, or not known."""

    since: datetime
    called: datetime | None = None
    done: datetime | None = None
    desk: int | None = None
    by: int | None = None

    @property
    def waited(self) -> float | None:
        """Minutes until the call; of somebody treated without a call, until the step was done."""
        end = self.called or self.done
        return (end - self.since).total_seconds() / 60 if end else None

    @property
    def took(self) -> float | None:
        """Minutes at the desk."""
        return (self.done - self.called).total_seconds() / 60 if self.done and self.called else None


def passings(journal: Iterable[Happened]) -> dict[Step, list[Passing]]:
    """Every person at every step, from the journal in order of time. Who goes without a dose leaves a step undone."""
    found: dict[Step, list[Passing]] = {step: [] for step in Step}
    open_: dict[int, tuple[Step, Passing]] = {}
    for line in journal:
        here = open_.get(line.visit)
        if line.event is Event.CALL and here is not None:
            here[1].called, here[1].desk = line.at, line.desk
        elif here is not None and line.event in DONE[here[0]]:
            here[1].done, here[1].desk, here[1].by = line.at, line.desk or here[1].desk, line.by
        step = waits_for(line.after)
        if here is not None and here[0] is step:
            continue
        open_.pop(line.visit, None)
        if step is not None:
            passing = Passing(line.at)
            found[step].append(passing)
            open_[line.visit] = (step, passing)
    return found


@dataclass(frozen=True)
class StepFigures:
    """One step of the day: how many have passed, how many wait, how long it takes (minutes; None without anybody)."""

    step: Step
    done: int
    waiting: int
    wait_median: float | None
    wait_p90: float | None
    took_median: float | None
    desks: int
    last_hour: int

    @property
    def per_hour(self) -> float:
        """How many people its desks can do an hour: by the median time at a desk, else by what they did last hour."""
        return self.desks * 60 / self.took_median if self.took_median else float(self.last_hour)


def step_figures(step: Step, people: Sequence[Passing], waiting: int, now: datetime) -> StepFigures:
    """The figures of a step. Desks are those that finished with somebody during the last hour."""
    waits = [wait for one in people if (wait := one.waited) is not None]
    took = [minutes for one in people if (minutes := one.took) is not None]
    lately = [one for one in people if one.done and now - one.done <= HOUR]
    busy = {one.desk for one in lately if one.desk}
    done = sum(one.done is not None for one in people)
    return StepFigures(step, done, waiting, middle(waits), percentile(waits, 90), middle(took), len(busy), len(lately))


def middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The value that so many percent do not exceed (nearest rank)."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def arrivals(journal: Iterable[Happened]) -> dict[datetime, int]:
    """People per quarter hour, from the first quarter with somebody to the last; empty ones between are 0."""
    counts = Counter(_quarter(line.at) for line in journal if line.event is Event.ARRIVE)
    if not counts:
        return {}
    quarter, found = min(counts), {}
    while quarter <= max(counts):
        found[quarter] = counts[quarter]
        quarter += QUARTER
    return found


def _quarter(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


@dataclass
class Worked:
    """What one person, or one desk, did: how many, from when to when, and how long each took."""

    first: datetime
    last: datetime
    count: int = 0
    took: list[float] = field(default_factory=list)

    @property
    def hours(self) -> float:
        return (self.last - self.first).total_seconds() / 3600

    @property
    def per_hour(self) -> float | None:
        """People an hour; None below a quarter of an hour, which says nothing."""
        return self.count / self.hours if self.hours >= 0.25 else None

    def overtime(self, closes_at: datetime) -> float:
        """Minutes after the site should have closed."""
        return max(0.0, (self.last - closes_at).total_seconds() / 60)


def worked_at(people: Iterable[Passing], by: str) -> dict[int, Worked]:
    """Work by desk or by person (`by` is "desk" or "by"), of the steps that were done."""
    found: dict[int, Worked] = {}
    for one in people:
        key = one.desk if by == "desk" else one.by
        if key is None or one.done is None:
            continue
        start = one.called or one.done
        work = found.setdefault(key, Worked(start, one.done))
        work.first, work.last, work.count = min(work.first, start), max(work.last, one.done), work.count + 1
        if one.took is not None:
            work.took.append(one.took)
    return found


@dataclass(frozen=True)
class Forecast:
    """Which step holds everybody up, how many are still to pass it, how fast it goes, and when the last is done."""

    step: Step
    remaining: int
    waiting: int
    desks: int
    per_hour: float
    last_done: datetime


def forecast(figures: Mapping[Step, StepFigures], coming: int, now: datetime) -> Forecast | None:
    """When the last person will have had the dose, if nobody else comes and the desks go on as they do.

    `coming` are expected and not here yet. Each step has still to do whoever has not passed it; its speed is
    its desks over the median time at a desk (unknown: what it did during the last hour). None before any desk has
    finished with anybody.
    """
    remaining, slowest = coming, None
    for step in ORDER:
        one = figures[step]
        remaining += one.waiting
        if not remaining or not one.per_hour:
            continue
        ends = now + timedelta(hours=remaining / one.per_hour)
        if slowest is None or ends > slowest.last_done:
            slowest = Forecast(step, remaining, one.waiting, one.desks, one.per_hour, ends)
    return slowest


def waiting_now(states: Mapping[State, int]) -> dict[Step, int]:
    """How many stand in the queue of each step."""
    found: dict[Step, int] = defaultdict(int)
    for step, of_step in QUEUES.items():
        found[step] = sum(states.get(state, 0) for state in of_step)
    return dict(found)
