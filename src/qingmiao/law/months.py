"""Months and years of the calendar: the same day later, the ends of a month, how many were lived.

Pure; days are local. A period in months or years ends on the same day number, or on the last day of a month that lacks
it (Civil Code, article 202); `qingmiao.engine.calendar` counts whole columns of days by the same rule.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier where negative), or the last day of a month that lacks it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(since: date, until: date) -> int:
    """Whole months from one day to another: the most for which `months_later` is not after `until`.

    A month is whole on its own day number, or on the last day of a shorter month; negative where `until` comes first.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (months_later(since, months) > until)


def years_between(since: date, until: date) -> int:
    """Whole years from one day to another; whoever was born on 29 February ends one on the 28th of a common year."""
    return months_between(since, until) // 12


def next_month(day: date) -> date:
    """The first day of the month after the one of `day`."""
    return months_later(day.replace(day=1), 1)


def month_before(day: date) -> date:
    """The first day of the month before the one of `day`."""
    return months_later(day.replace(day=1), -1)


def last_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_from(since: date, until: date) -> Iterator[date]:
    """The first day of every month from the one of `since` to the one of `until`; none where `until` comes first."""
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = next_month(month)


def quarter_before(day: date) -> tuple[date, date]:
    """First and last day of the last quarter that ended before `day`."""
    first = months_later(day.replace(day=1), -((day.month - 1) % 3))
    return months_later(first, -3), first - timedelta(days=1)
