"""Decisions of the green channel on plain values: which step is next, whose phone is answered now, what the kit lacks.

Pure. Source: rules/safety/green.yaml (working values from memory, agreed by each site with its hospital).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from qingmiao.law.dated import rule_file
from qingmiao.law.deadlines import SHANGHAI

STEPS = ("alarm", "answered", "ambulance", "handover", "outcome")


@dataclass(frozen=True)
class Item:
    """One thing that the emergency kit holds."""

    code: str
    zh: str
    en: str
    minimum: int
    unit: Mapping[str, str]

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


def kit() -> list[Item]:
    """What the kit holds, in the order of the list that is counted."""
    return [
        Item(one["code"], one["zh"], one["en"], one["minimum"], one["unit"])
        for one in rule_file("safety", "green")["kit"]
    ]


def step_word(step: str, language: str) -> str:
    """How a step is called."""
    return str(rule_file("safety", "green")["steps"][step]["zh" if language.startswith("zh") else "en"])


def target_minutes(step: str) -> int | None:
    """How many minutes after the alarm a step is expected; None when nothing was agreed."""
    minutes: int | None = rule_file("safety", "green")["steps"][step]["target_minutes"]
    return minutes


def next_step(done: Collection[str]) -> str | None:
    """The step after the last one that is done; None after the outcome."""
    reached = max((STEPS.index(step) for step in done), default=-1)
    return STEPS[reached + 1] if reached + 1 < len(STEPS) else None


@dataclass(frozen=True)
class Interval:
    """A step with its moment, minutes since the alarm, minutes since the step before it (None where one is missing)."""

    step: str
    at: datetime | None
    since_alarm: float | None
    since_before: float | None
    is_slow: bool


def intervals(moments: Mapping[str, datetime]) -> list[Interval]:
    """All steps in order, with the minutes between them. Elapsed time, whatever the wall clock did."""
    found, before = [], None
    for step in STEPS:
        at = moments.get(step)
        since = _minutes(moments.get(STEPS[0]), at)
        target = target_minutes(step)
        is_slow = since is not None and target is not None and since > target
        found.append(Interval(step, at, since, _minutes(before, at), is_slow))
        before = at or before
    return found


def _minutes(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds() / 60, 1) if start is not None and end is not None else None


@dataclass(frozen=True)
class Duty:
    """When a phone is answered: ISO weekdays as a string of digits, from and until (equal: round the clock)."""

    weekdays: str
    from_time: time
    until_time: time

    def is_on(self, at: datetime) -> bool:
        """Whether somebody answers at that moment; a night belongs to the day on which it began."""
        local = at.astimezone(SHANGHAI)
        clock, weekday = local.time().replace(tzinfo=None), local.isoweekday()
        if self.from_time == self.until_time:
            return str(weekday) in self.weekdays
        if self.from_time < self.until_time:
            return str(weekday) in self.weekdays and self.from_time <= clock < self.until_time
        if clock >= self.from_time:
            return str(weekday) in self.weekdays
        return clock < self.until_time and str((weekday - 2) % 7 + 1) in self.weekdays


def faults(lines: Sequence[Mapping[str, Any]], on: date) -> list[str]:
    """Codes of what is missing, too little or over its day, in the order of the list."""
    counted = {line["code"]: line for line in lines}
    return [item.code for item in kit() if _is_faulty(counted.get(item.code), item, on)]


def _is_faulty(line: Mapping[str, Any] | None, item: Item, on: date) -> bool:
    if line is None or line["quantity"] < item.minimum:
        return True
    return bool(line["expires_on"]) and date.fromisoformat(line["expires_on"]) < on
