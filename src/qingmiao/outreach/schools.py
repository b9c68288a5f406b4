"""How a child stands at entry: pure, from the schedule's verdict on one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from qingmiao.outreach.models import EntryVerdict
from qingmiao.outreach.rules import rule_file
from qingmiao.schedule.keeping import listed_series
from qingmiao.schedule.queries import SeriesVerdict

Standing = EntryVerdict.Standing


def check_by(term_from: date) -> date:
    """The last day for the first check."""
    days: int = rule_file("schools")["check_within_days"]["value"]
    return term_from + timedelta(days=days)


def recheck_by(term_from: date) -> date:
    """The last day for the second check: the end of the year in which the term began."""
    rule = rule_file("schools")["recheck_by"]
    return date(term_from.year, rule["month"], rule["day"])


def missing_doses(series: Iterable[SeriesVerdict], on: date) -> list[tuple[str, int]]:
    """Doses of the programme that were due by a day and are not on record, in the order of the programme."""
    return [
        (row.series, row.next_dose or 0)
        for row in series
        if row.series in listed_series()
        and row.status in ("due", "overdue")
        and (row.recommended or row.earliest or on) <= on
    ]


def standing(series: Iterable[SeriesVerdict], on: date) -> tuple[str, list[tuple[str, int]]]:
    """How a child with a record stands, and what is missing."""
    rows = list(series)
    missing = missing_doses(rows, on)
    if missing:
        return Standing.MISSING, missing
    if any(row.status == "contraindicated" and row.series in listed_series() for row in rows):
        return Standing.CONTRAINDICATED, []
    return Standing.COMPLETE, []
