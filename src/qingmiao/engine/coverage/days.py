"""Calendar arithmetic on columns of days, by look-up in tables.

A day is the number of days since 1900-01-01, a month the number of months since January 1900. `NEVER` is the day after
the last one (2149-12-31): a dose not given, a day not known to come. It is larger than every day and survives every
sum, so that "the later of" and "the earlier of" need no special case. A day that a month lacks becomes the month's last
day (Civil Code of China art. 202).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Days: TypeAlias = npt.NDArray[np.int32]
"""Days since 1900-01-01, or `NEVER`; one per child or per dose."""
Months: TypeAlias = npt.NDArray[np.int32]
"""Months since January 1900, or `NEVER_MONTH`."""
Index: TypeAlias = npt.NDArray[np.int64]
"""Positions in other columns; -1 is none."""
Mask: TypeAlias = npt.NDArray[np.bool_]

ORIGIN = date(1900, 1, 1)
NEVER_MONTH = 250 * 12
_FIRSTS = np.arange(np.datetime64("1900-01"), np.datetime64("2150-02")).astype("datetime64[D]")
_FIRST_OF_MONTH: Days = (_FIRSTS - _FIRSTS[0]).astype(np.int32)
NEVER = int(_FIRST_OF_MONTH[NEVER_MONTH])
# The month after the last holds one day, NEVER, so that clamping to a month's length lands on NEVER.
_LAST_IN_MONTH: Days = np.append(np.diff(_FIRST_OF_MONTH)[:NEVER_MONTH] - 1, 0).astype(np.int32)
_MONTH_OF_DAY: Months = np.repeat(np.arange(NEVER_MONTH + 1, dtype=np.int32), _LAST_IN_MONTH + 1)


def day_number(day: date) -> int:
    """The number of a date."""
    return (day - ORIGIN).days


def date_of(number: int) -> date:
    """The date of a number that is not `NEVER`."""
    return ORIGIN + timedelta(days=int(number))


def month_number(text: str) -> int:
    """The number of a month written 2025-01; raises ValueError for anything else, or outside 1900 to 2149."""
    first = date.fromisoformat(text + "-01")
    number = (first.year - 1900) * 12 + first.month - 1
    if not 0 <= number < NEVER_MONTH:
        raise ValueError(text)
    return number


def month_text(number: int) -> str:
    """A month number as 2025-01."""
    return f"{1900 + number // 12}-{number % 12 + 1:02d}"


def month_of(day: int) -> int:
    """The month of one day."""
    return int(_MONTH_OF_DAY[day])


def first_of_month(month: int) -> int:
    """The first day of a month number."""
    return int(_FIRST_OF_MONTH[month])


def months_of(days: Days) -> Months:
    """The month of each day; `NEVER_MONTH` for `NEVER`."""
    return _MONTH_OF_DAY[days]


def day_of_month(days: Days) -> Days:
    """1 to 31."""
    return days - _FIRST_OF_MONTH[_MONTH_OF_DAY[days]] + 1


def add_months(days: Days, months: int | Months) -> Days:
    """The same day of the month `months` later, or that month's last day."""
    month = _MONTH_OF_DAY[days]
    later = np.minimum(month + np.asarray(months, np.int32), NEVER_MONTH)
    moved: Days = _FIRST_OF_MONTH[later] + np.minimum(days - _FIRST_OF_MONTH[month], _LAST_IN_MONTH[later])
    return moved


def add_days(days: Days, number: int) -> Days:
    """`number` days later."""
    moved: Days = np.minimum(days + np.int32(number), NEVER)
    return moved


def all_of(masks: Sequence[Mask]) -> Mask:
    """Where every one of at least one mask holds."""
    held: Mask = np.logical_and.reduce(masks)
    return held


def any_of(masks: Sequence[Mask]) -> Mask:
    """Where one of at least one mask holds."""
    held: Mask = np.logical_or.reduce(masks)
    return held
