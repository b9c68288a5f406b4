"""Which papers a village owes by when. Pure; source: rules/surveillance/papers.yaml."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from qingmiao.law.months import next_month
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.deadlines import SHANGHAI, UTC


class Standing(StrEnum):
    """How one form of one month stands."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSING = "missing"
    DUE = "due"
    LATER = "later"


def forms() -> dict[str, dict[str, Any]]:
    """The forms by code."""
    found: dict[str, dict[str, Any]] = rule_file("papers")["forms"]
    return found


def due_at(month: date) -> datetime:
    """The first moment at which a month's paper is late: after the due day of the month that follows."""
    following = next_month(month).replace(day=rule_file("papers")["due_day"])
    return datetime.combine(following + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)


def standing(month: date, received_at: datetime | None, now: datetime) -> Standing:
    """Received in time or late; else missing, due, or not owed before the month has ended."""
    late_from = due_at(month)
    if received_at is not None:
        return Standing.IN_TIME if received_at < late_from else Standing.LATE
    if now >= late_from:
        return Standing.MISSING
    ended = datetime.combine(next_month(month), time(), SHANGHAI)
    return Standing.DUE if now >= ended else Standing.LATER
