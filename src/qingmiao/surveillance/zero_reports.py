"""Which zero reports are due: periods without a case that somebody must still answer for. Pure; source: card.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qingmiao.surveillance.dated import rule_file


@dataclass(frozen=True)
class Period:
    """From `first` to `last`, both included."""

    first: date
    last: date


def kinds() -> dict[str, dict[str, Any]]:
    """The schemes that ask for zero reports, by code."""
    found: dict[str, dict[str, Any]] = rule_file("card")["zero_reports"]["kinds"]
    return found


def last_period(kind: str, on: date) -> Period:
    """The last period of that scheme that has ended before `on`."""
    if kinds()[kind]["every"] == "week":
        monday = on - timedelta(days=on.weekday())
        return Period(monday - timedelta(days=7), monday - timedelta(days=1))
    start = _ten_days_start(on)
    before = _ten_days_start(start - timedelta(days=1))
    return Period(before, start - timedelta(days=1))


def _ten_days_start(on: date) -> date:
    """The first, eleventh or twenty-first (旬)."""
    return on.replace(day=21 if on.day >= 21 else 11 if on.day >= 11 else 1)
