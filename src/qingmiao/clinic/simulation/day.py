"""Discrete events, step by step: people pass one step after the other, each step with so many desks and one queue.

Rooms between the steps are large enough, so no step holds up the one before it: each can be played by itself, in the
order of its calls, which is exact and needs no event list. Minutes from the opening; random with a seed.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass

from qingmiao.clinic.flow import middle, percentile


@dataclass(frozen=True)
class StagePlan:
    """One step: its desks and how long one person takes, in minutes, with the spread (standard deviation ÷ mean)."""

    name: str
    desks: int
    minutes: float
    spread: float = 0.5


@dataclass(frozen=True)
class DayPlan:
    """A day: when people arrive, the steps in order, the observation afterwards, and which share is called first."""

    arrivals: tuple[float, ...]
    stages: tuple[StagePlan, ...]
    observation: float = 30.0
    called_first: float = 0.1
    seed: int = 1


@dataclass(frozen=True)
class StageResult:
    """What happened at a step. Minutes; `busy` is the share of desk time that was used until the last person."""

    name: str
    desks: int
    wait_median: float
    wait_p90: float
    wait_longest: float
    queue_longest: int
    busy: float
    last_done: float


@dataclass(frozen=True)
class DayResult:
    """The day as a whole; minutes from the opening. `seats` is how many sit under observation at once at most."""

    people: int
    stages: tuple[StageResult, ...]
    last_dose: float
    last_out: float
    seats: int

    @property
    def bottleneck(self) -> StageResult | None:
        """The step with the longest waiting (90th percentile); None when nobody came."""
        return max(self.stages, key=lambda stage: stage.wait_p90, default=None)


def play(plan: DayPlan) -> DayResult:
    """Play a day. Equal plans give equal days."""
    chance = random.Random(plan.seed)
    first = [chance.random() < plan.called_first for _person in plan.arrivals]
    ready, stages = list(plan.arrivals), []
    for stage in plan.stages:
        took = [_minutes(chance, stage) for _person in ready]
        started, done = _pass(ready, took, first, stage.desks)
        stages.append(_result(stage, ready, started, done, took))
        ready = done
    outs = [at + plan.observation for at in ready]
    return DayResult(len(ready), tuple(stages), max(ready, default=0.0), max(outs, default=0.0), _seats(ready, outs))


def _minutes(chance: random.Random, stage: StagePlan) -> float:
    """How long one person takes: a gamma distribution, never negative and with a long tail, as desks are."""
    if not stage.spread:
        return stage.minutes
    shape = 1 / stage.spread**2
    return chance.gammavariate(shape, stage.minutes / shape)


def _pass(
    ready: Sequence[float], took: Sequence[float], first: Sequence[bool], desks: int
) -> tuple[list[float], list[float]]:
    """When each person is called and done: whoever is called first goes before, else in the order of coming."""
    coming = sorted(range(len(ready)), key=lambda person: (ready[person], person))
    free, queue = [0.0] * desks, list[tuple[bool, float, int]]()
    started, done = [0.0] * len(ready), [0.0] * len(ready)
    heapq.heapify(free)
    next_ = 0
    while next_ < len(coming) or queue:
        at = free[0]
        if not queue:
            at = max(at, ready[coming[next_]])
        while next_ < len(coming) and ready[coming[next_]] <= at:
            person = coming[next_]
            heapq.heappush(queue, (not first[person], ready[person], person))
            next_ += 1
        _rank, _since, person = heapq.heappop(queue)
        started[person], done[person] = at, at + took[person]
        heapq.heapreplace(free, done[person])
    return started, done


def _result(
    stage: StagePlan, ready: Sequence[float], started: Sequence[float], done: Sequence[float], took: Sequence[float]
) -> StageResult:
    waits = [call - since for call, since in zip(started, ready, strict=True)]
    opened, last = min(started, default=0.0), max(done, default=0.0)
    used = sum(took) / (stage.desks * (last - opened)) if last > opened else 0.0
    return StageResult(
        stage.name,
        stage.desks,
        middle(waits) or 0.0,
        percentile(waits, 90) or 0.0,
        max(waits, default=0.0),
        _most(ready, started),
        used,
        last,
    )


def _seats(sat: Sequence[float], left: Sequence[float]) -> int:
    return _most(sat, left)


def _most(came: Sequence[float], went: Sequence[float]) -> int:
    """The most that were there at once; who goes at an instant makes room for who comes at it."""
    changes = sorted([(at, 1) for at in came] + [(at, -1) for at in went])
    here = most = 0
    for _at, change in sorted(changes, key=lambda one: (one[0], one[1])):
        here += change
        most = max(most, here)
    return most
