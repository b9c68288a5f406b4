"""Adding months and days: the two calendars, and every day against Python's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.engine.calendar import NONE, day_number, day_of, first_of_month, month_number, plus

ROLLS, CLAMPS = 0, 1
DATES = st.dates(date(1900, 1, 1), date(2150, 12, 31))


def added(day: str, months: int, days: int, clamps: int) -> str:
    found = day_of(plus(day_number(date.fromisoformat(day)), months, days, clamps))
    assert found is not None
    return found.isoformat()


@pytest.mark.parametrize(
    ("day", "months", "days", "expected"),
    [
        ("2000-01-01", 36, 0, "2003-01-01"),
        ("2000-11-01", 6, 0, "2001-05-01"),
        ("2000-02-01", 0, 35, "2000-03-07"),
        ("2001-02-01", 0, 35, "2001-03-08"),
        ("2000-01-15", 0, -4, "2000-01-11"),
        ("2000-03-31", 6, 0, "2000-10-01"),
        ("2010-08-31", 6, 0, "2011-03-01"),
        ("2000-01-31", 6, -4, "2000-07-27"),
        ("2000-02-29", 12, 0, "2001-03-01"),
    ],
)
def test_the_specifications_own_examples(day: str, months: int, days: int, expected: str) -> None:
    """CALCDT-1 to CALCDT-6; an unreal day goes to the first of the next month."""
    assert added(day, months, days, ROLLS) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2023-02-28", 1, "2023-03-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
    ],
)
def test_in_china_a_missing_day_is_the_months_last(day: str, months: int, expected: str) -> None:
    """Civil Code art. 202; the 28th of February does not stick."""
    assert added(day, months, 0, CLAMPS) == expected


@given(DATES)
def test_months_and_days_agree_with_python(day: date) -> None:
    number = day_number(day)
    assert month_number(number) == day.year * 12 + day.month - 1
    assert first_of_month(month_number(number)) == day_number(day.replace(day=1))


@given(DATES, st.integers(-600, 1500))
def test_the_two_calendars_differ_by_one_day_or_not_at_all(day: date, months: int) -> None:
    rolled, clamped = (plus(day_number(day), months, 0, calendar) for calendar in (ROLLS, CLAMPS))
    assert rolled - clamped in (0, 1)
    landed = day_of(clamped)
    assert landed is not None
    assert (rolled == clamped) == (landed.day == day.day)


@given(DATES, st.integers(0, 1500))
def test_a_later_birth_is_never_of_age_earlier(day: date, months: int) -> None:
    for calendar in (ROLLS, CLAMPS):
        one = plus(day_number(day), months, 0, calendar)
        other = plus(day_number(day + timedelta(days=1)), months, 0, calendar)
        assert one <= other


def test_no_day_is_no_date() -> None:
    assert day_of(NONE) is None
