"""How lists of due doses are cut: thresholds from rules/schedule/lists.yaml, and what a stored date means on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qingmiao.law import dated
from qingmiao.law.dated import Threshold
from qingmiao.law.months import last_of_month


class When(StrEnum):
    """Where a due dose stands on a day. `MISSED`: due in an earlier month, its printed age not yet over."""

    LATER = "later"
    DUE = "due"
    MISSED = "missed"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class CatchUp:
    """A catch-up round (查漏补种): which series it is about."""

    key: str
    series: tuple[str, ...]
    title: Mapping[str, str]


def threshold(name: str) -> Threshold:
    """One of the thresholds; KeyError for a name that the file does not have."""
    return dated.threshold("schedule", "lists", name)


def catch_ups() -> dict[str, CatchUp]:
    """The catch-up rounds, by key."""
    rows = dated.rule_file("schedule", "lists")["catch_up"].items()
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
