"""The figures a site counts with: read from rules/clinic/site.yaml, each by the day it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from qingmiao.clinic.sources import Source, Words, source_of, words_of
from qingmiao.law.dated import in_force, in_force_since, rule_file

KEPT = 500  # figures of days that were asked for lately
UNITS = {"seconds": "seconds", "minutes": "minutes", "days": "days"}


@dataclass(frozen=True)
class Figure:
    """One figure in force on a day, in the unit of its file."""

    name: str
    title: Words
    value: int
    unit: str
    since: date
    source: Source

    @property
    def span(self) -> timedelta:
        """The figure as a length of time; ValueError when its unit is none."""
        if self.unit not in UNITS:
            raise ValueError(f"{self.name} is counted in {self.unit}")
        return timedelta(**{UNITS[self.unit]: self.value})


@dataclass(frozen=True)
class PriorityGroup:
    """People who are called before others: by age on the day, or because somebody says so (`is_asked`)."""

    code: str
    rank: int
    word: Words
    from_age: int | None = None
    below_age: int | None = None
    is_asked: bool = False

    def holds_for(self, age: int | None) -> bool:
        """Whether somebody of `age` belongs to it by age alone; an unknown age belongs to none."""
        if self.is_asked or age is None:
            return False
        return (self.from_age is None or age >= self.from_age) and (self.below_age is None or age < self.below_age)


@lru_cache(KEPT)
def figure(name: str, on: date) -> Figure:
    """The figure `name` as in force on a day. KeyError for an unknown name, NoRuleInForce before its first day."""
    raw = _figures()[name]
    since, entry = in_force_since(raw["values"], on, name)
    return Figure(name, words_of(raw["title"]), int(entry["value"]), raw["unit"], since, source_of(entry))


def figures(on: date) -> tuple[Figure, ...]:
    """Every figure in force on a day, in the order of the file."""
    return tuple(figure(name, on) for name, raw in _figures().items() if "unit" in raw)


@lru_cache(KEPT)
def priority_groups(on: date) -> tuple[PriorityGroup, ...]:
    """Who is called first on a day, the highest rank in front."""
    groups = (_group(one) for one in in_force(_figures()["priority"]["values"], on, "priority")["groups"])
    return tuple(sorted(groups, key=lambda group: -group.rank))


def rank_of(age: int | None, asked: str, on: date) -> int:
    """The rank in the queue of somebody of `age` of whom the front desk says `asked` (a group's code, or nothing)."""
    held = [group.rank for group in priority_groups(on) if group.code == asked or group.holds_for(age)]
    return max(held, default=0)


def withdrawable_until(given_at: datetime) -> datetime:
    """Until when a dose recorded by a wrong tap is taken back; later it is a correction with a second person."""
    return given_at + figure("withdraw_within", timezone.localdate(given_at)).span


def _group(raw: dict[str, Any]) -> PriorityGroup:
    return PriorityGroup(
        raw["code"],
        raw["rank"],
        words_of(raw["word"]),
        raw.get("from_age"),
        raw.get("below_age"),
        bool(raw.get("asked")),
    )


def _figures() -> dict[str, Any]:
    return rule_file("clinic", "site")
