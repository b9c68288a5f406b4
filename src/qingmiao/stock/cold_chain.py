"""Temperatures and times: decisions on plain values, with limits that are dated data (rules/cold_chain)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from qingmiao.law.dated import in_force, rule_file


@dataclass(frozen=True)
class Limits:
    """Between which temperatures vaccine is kept, both included, and which reference says so."""

    from_celsius: float
    to_celsius: float
    reference: str
    confidence: str

    def holds(self, celsius: float) -> bool:
        return self.from_celsius <= celsius <= self.to_celsius


def _rules() -> dict[str, Any]:
    return rule_file("cold_chain", "cold_chain")


def _in_force(part: str, on: date) -> dict[str, Any]:
    found: dict[str, Any] = in_force(_rules()[part]["values"], on, f"cold_chain.{part}")
    return found


def limits_of(kind: str, on: date) -> Limits:
    """The limits of a kind of fridge on a day."""
    return Limits(**in_force(_rules()["kinds"][kind]["values"], on, f"cold_chain.kinds.{kind}"))


def reading_rule(on: date) -> tuple[int, timedelta]:
    """(readings by hand per day, time that must lie between two)."""
    rule = _in_force("readings", on)
    return rule["per_day"], timedelta(hours=rule["hours_apart"])


def minutes_open(code: str, on: date) -> int:
    """How long an opened vial of the vaccine with this national code may be used."""
    rule = _in_force("open_vial", on)
    live = _in_force("live", on)["majors"]
    return int(rule["live_minutes"] if code[:2] in live else rule["other_minutes"])


def supplies_for(doses: int) -> dict[str, int]:
    """How many of each item a site needs for so many doses."""
    return {
        item: rule.get("at_least", 0) or ceil(doses * rule["per_dose"]) for item, rule in _rules()["supplies"].items()
    }


def supply_words(language: str) -> dict[str, str]:
    """The items by code, as they are called."""
    key = "zh" if language.startswith("zh") else "en"
    return {item: rule["title"][key] for item, rule in _rules()["supplies"].items()}


Temperature = tuple[datetime, float]


def faults_of_transport(
    departed_at: datetime, arrived_at: datetime, temperatures: Sequence[Temperature], on: date
) -> list[str]:
    """What is wrong with a transport's temperature record, as codes; empty when the delivery may be taken.

    `missing` no record, `departure` or `arrival` without a reading (15 minutes are tolerated), `gap` more than the
    allowed time between two, `outside` a temperature beyond the limits, `order` times before departure or after
    arrival. Source: Vaccine Administration Law, article 39; norm of 2017.
    """
    if not temperatures:
        return ["missing"]
    rule = _in_force("transport", on)
    times = sorted(at for at, _celsius in temperatures)
    near = timedelta(minutes=15)
    faults = []
    if times[0] < departed_at - near or times[-1] > arrived_at + near:
        faults.append("order")
    if abs(times[0] - departed_at) > near:
        faults.append("departure")
    if abs(times[-1] - arrived_at) > near:
        faults.append("arrival")
    apart = timedelta(hours=rule["hours_apart"])
    if any(later - earlier > apart for earlier, later in pairwise(times)):
        faults.append("gap")
    if any(not rule["from_celsius"] <= celsius <= rule["to_celsius"] for _at, celsius in temperatures):
        faults.append("outside")
    return faults


@dataclass(frozen=True)
class Outside:
    """A time in which a fridge was outside its limits; `ended_at` None: the last reading was still outside."""

    started_at: datetime
    ended_at: datetime | None
    worst_celsius: float


def outsides(readings: Iterable[Temperature], limits: Limits) -> list[Outside]:
    """The times in which readings, in any order, were outside; each ends with the first reading inside again."""
    found: list[Outside] = []
    running: Outside | None = None
    for at, celsius in sorted(readings):
        if limits.holds(celsius):
            if running is not None:
                found.append(Outside(running.started_at, at, running.worst_celsius))
                running = None
        elif running is None:
            running = Outside(at, None, celsius)
        else:
            running = Outside(running.started_at, None, _worse(running.worst_celsius, celsius, limits))
    return [*found, running] if running is not None else found


def _worse(one: float, other: float, limits: Limits) -> float:
    """The temperature further away from the limits."""

    def distance(celsius: float) -> float:
        return max(limits.from_celsius - celsius, celsius - limits.to_celsius)

    return one if distance(one) >= distance(other) else other


def is_too_soon(at: datetime, earlier: Iterable[datetime], on: date) -> bool:
    """Whether a reading by hand stands too near to another one to count as the second of the day."""
    _per_day, apart = reading_rule(on)
    return any(abs(at - one) < apart for one in earlier)
