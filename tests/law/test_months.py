"""Months as the law counts them: the 31st, February, leap years, December."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.engine.calendar import day_number, plus
from qingmiao.engine.tables import Calendar
from qingmiao.law.months import (
    last_of_month,
    month_before,
    months_between,
    months_from,
    months_later,
    next_month,
    quarter_before,
    years_between,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MONTHS = st.integers(0, 120 * 12)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2020-12-31", 6, "2021-06-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-07", 0, "2026-05-07"),
    ],
)
def test_a_day_that_the_month_lacks_is_its_last(day: str, months: int, later: str):
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2026-01-31", "2026-03-30", 1),
        ("2026-02-28", "2026-03-27", 0),
        ("2026-02-28", "2026-03-28", 1),
        ("2025-12-15", "2026-01-14", 0),
        ("2025-12-15", "2026-01-15", 1),
        ("2026-01-15", "2026-01-14", -1),
    ],
)
def test_a_month_is_whole_on_its_own_day_or_on_the_last_of_a_shorter_one(since: str, until: str, months: int):
    assert months_between(date.fromisoformat(since), date.fromisoformat(until)) == months


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2020-02-29", "2021-02-27", 0),
        ("2020-02-29", "2021-02-28", 1),
        ("2020-02-29", "2024-02-28", 3),
        ("2020-02-29", "2024-02-29", 4),
        ("2019-12-31", "2020-12-30", 0),
        ("2019-12-31", "2020-12-31", 1),
    ],
)
def test_years_are_twelve_months_each(born: str, on: str, years: int):
    assert years_between(date.fromisoformat(born), date.fromisoformat(on)) == years


@given(DAYS, MONTHS)
def test_so_many_months_later_so_many_months_have_passed(day: date, months: int):
    assert months_between(day, months_later(day, months)) == months


@given(DAYS, DAYS)
def test_the_months_between_are_the_most_that_fit(since: date, until: date):
    months = months_between(since, until)
    assert months_later(since, months) <= until < months_later(since, months + 1)


@given(DAYS, MONTHS)
def test_the_engine_counts_the_same(day: date, months: int):
    assert plus(day_number(day), months, 0, Calendar.CLAMP) == day_number(months_later(day, months))


@pytest.mark.parametrize(
    ("day", "before", "after", "last"),
    [
        ("2026-12-31", "2026-11-01", "2027-01-01", "2026-12-31"),
        ("2026-01-31", "2025-12-01", "2026-02-01", "2026-01-31"),
        ("2026-03-30", "2026-02-01", "2026-04-01", "2026-03-31"),
        ("2024-02-01", "2024-01-01", "2024-03-01", "2024-02-29"),
        ("2100-02-28", "2100-01-01", "2100-03-01", "2100-02-28"),
    ],
)
def test_a_month_stands_between_its_neighbours(day: str, before: str, after: str, last: str):
    asked = date.fromisoformat(day)
    found = (month_before(asked), next_month(asked), last_of_month(asked))
    assert [one.isoformat() for one in found] == [before, after, last]


def test_months_run_over_the_turn_of_the_year():
    found = months_from(date(2025, 11, 30), date(2026, 1, 1))
    assert list(found) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert list(months_from(date(2026, 2, 1), date(2026, 1, 31))) == []


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 5, 31), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 12, 31), date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_the_last_quarter_is_the_one_that_has_ended(day: date, first: date, last: date):
    assert quarter_before(day) == (first, last)
