"""How lists of due doses are cut: thresholds from rules/schedule/lists.yaml, and what a stored date means on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qingmiao.law.months import last_of_month

RULES = Path(__file__).resolve().parent.parent / "rules" / "schedule" / "lists.yaml"


class When(StrEnum):
    """Where a due dose stands on a day. `MISSED`: due in an earlier month, its printed age not yet over."""

    LATER = "later"
    DUE = "due"
    MISSED = "missed"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Threshold:
    """A number that cuts lists, with its reason; `from_memory` is shown beside it."""

    value: int
    why: Mapping[str, str]
    from_memory: bool


@dataclass(frozen=True)
class CatchUp:
    """A catch-up round (查漏补种): which series it is about."""

    key: str
    series: tuple[str, ...]
    title: Mapping[str, str]


@cache
def _content() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return found


def threshold(name: str) -> Threshold:
    """One of the thresholds; KeyError for a name that the file does not have."""
    return Threshold(**_content()[name])


def catch_ups() -> dict[str, CatchUp]:
    """The catch-up rounds, by key."""
    rows = _content()["catch_up"].items()
    return {key: CatchUp(key, tuple(row["series"]), row["title"]) for key, row in rows}


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of `day`."""
    return day.replace(day=1), last_of_month(day)


def when(recommended: date, overdue_from: date | None, on: date) -> When:
    """Where a dose stands on a day."""
    if overdue_from is not None and overdue_from <= on:
        return When.OVERDUE
    first, last = month_of(on)
    if recommended > last:
        return When.LATER
    return When.MISSED if recommended < first else When.DUE
