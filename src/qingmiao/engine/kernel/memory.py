"""The memory's type and the smallest questions: dates from spans, windows, sets (3.3, 3.4)."""

from __future__ import annotations

from collections.abc import MutableSequence

from qingmiao.engine.calendar import NONE, first_of_month, landing
from qingmiao.engine.kernel.layout import (
    FIRST_MONTH,
    MONTH_COUNT,
    W_BORN,
    W_BORN_DAY_OF_MONTH,
    W_BORN_MONTH,
    W_CALENDAR,
    W_MONTHS,
)

Memory = MutableSequence[int]
"""int32 array when compiled, list when plain."""
EPOCH_MONTH = 1970 * 12


def first_day(m: Memory, month: int) -> int:
    """First day of a month number, from the table while it lasts."""
    index = month - FIRST_MONTH
    return m[m[W_MONTHS] + index] if 0 <= index < MONTH_COUNT else first_of_month(month)


def month_of(m: Memory, day: int) -> int:
    """Month number of a day: the mean length of months guesses it within one."""
    month = EPOCH_MONTH + day * 4800 // 146097
    if first_day(m, month) > day:
        return month - 1
    return month + 1 if first_day(m, month + 1) <= day else month


def month_later(m: Memory, month: int, day_of_month: int) -> int:
    """`day_of_month` in the month `month`, by the ruleset's calendar."""
    first = first_day(m, month)
    if day_of_month <= 28:
        return first + day_of_month - 1
    return landing(first, first_day(m, month + 1), day_of_month, m[W_CALENDAR])


def age_date(m: Memory, span: int) -> int:
    """Birth date plus the span at `span` (CALCDTAGE and the like); NONE if the span is absent."""
    months = m[span]
    if months == NONE:
        return NONE
    if months == 0:
        return m[W_BORN] + m[span + 1]
    return month_later(m, m[W_BORN_MONTH] + months, m[W_BORN_DAY_OF_MONTH]) + m[span + 1]


def later(m: Memory, day: int, span: int) -> int:
    """`day` plus the span at `span`; NONE if either is absent (CALCDTINT-3 to 6)."""
    months = m[span]
    if day == NONE or months == NONE:
        return NONE
    if months == 0:
        return day + m[span + 1]
    month = month_of(m, day)
    return month_later(m, month + months, day - first_day(m, month) + 1) + m[span + 1]


def is_at_age(m: Memory, begin: int, end: int, day: int) -> bool:
    """begin age date <= day < end age date; an absent bound does not bind."""
    if m[begin] != NONE and day < age_date(m, begin):
        return False
    return m[end] == NONE or day < age_date(m, end)


def has_member(m: Memory, bits: int, member: int) -> bool:
    """Is `member` in the bit set at `bits`?"""
    return (m[bits + (member >> 5)] >> (member & 31)) & 1 == 1
