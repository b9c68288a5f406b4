"""The memory's type and the smallest questions: dates from spans, windows, sets (3.3, 3.4)."""

from __future__ import annotations

from collections.abc import MutableSequence

from qingmiao.engine.calendar import NONE, plus, plus_months
from qingmiao.engine.kernel.layout import (
    W_BORN,
    W_BORN_DAY_OF_MONTH,
    W_BORN_MONTH,
    W_CALENDAR,
)

Memory = MutableSequence[int]
"""int32 array when compiled, list when plain."""


def age_date(m: Memory, span: int) -> int:
    """Birth date plus the span at `span` (CALCDTAGE and the like); NONE if the span is absent."""
    months = m[span]
    if months == NONE:
        return NONE
    if months == 0:
        return m[W_BORN] + m[span + 1]
    return plus_months(m[W_BORN_MONTH], m[W_BORN_DAY_OF_MONTH], months, m[W_CALENDAR]) + m[span + 1]


def later(m: Memory, day: int, span: int) -> int:
    """`day` plus the span at `span`; NONE if either is absent (CALCDTINT-3 to 6)."""
    if day == NONE or m[span] == NONE:
        return NONE
    return plus(day, m[span], m[span + 1], m[W_CALENDAR])


def is_at_age(m: Memory, begin: int, end: int, day: int) -> bool:
    """begin age date <= day < end age date; an absent bound does not bind."""
    if m[begin] != NONE and day < age_date(m, begin):
        return False
    return m[end] == NONE or day < age_date(m, end)


def is_in_force(m: Memory, window: int, day: int) -> bool:
    """Effective date <= day <= cessation date (RELEVANT-1, RELEVANT-2); `window` holds both."""
    return m[window] <= day <= m[window + 1]


def has_member(m: Memory, bits: int, member: int) -> bool:
    """Is `member` in the bit set at `bits`?"""
    return (m[bits + (member >> 5)] >> (member & 31)) & 1 == 1
