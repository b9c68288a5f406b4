"""Rows to be answered: which figure of which table, for which units and time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qingmiao.engine.coverage.days import day_number, month_number
from qingmiao.engine.coverage.period import MonthSpan
from qingmiao.engine.coverage.rules import Rules
from qingmiao.engine.coverage.timely import has_limit

KEYS = ("report", "unit", "from_month", "to_month", "census_date", "age_group", "vaccine", "dose")
REPORTS = ("period", "cohort", "dropout", "township", "township90")
FULL, ALL = "full", "all8"


class CannotAsk(ValueError):
    """The row asks for something that the tables do not have: `field`, and a code of `problems.yaml`."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}")


@dataclass(frozen=True)
class Asked:
    """One row, read. `units`: the units (or townships) to be summed; `dose` without the mark of timeliness."""

    report: str
    units: tuple[str, ...]
    vaccine: str
    dose: str
    timely: bool = False
    months: MonthSpan | None = None
    census: int = 0
    age_group: int = 0


def read(line: Mapping[str, str], rules: Rules) -> Asked:
    """A row of the file of questions; raises `CannotAsk`."""
    word = {key: (line.get(key) or "").strip() for key in KEYS}
    if word["report"] not in REPORTS:
        raise CannotAsk("report", "report_unknown")
    dose, timely = _timely(word["dose"])
    period = word["report"] == "period"
    asked = Asked(
        report=word["report"],
        units=tuple(unit.strip() for unit in word["unit"].split("+")),
        vaccine=word["vaccine"],
        dose=dose,
        timely=timely,
        months=_months(word["from_month"], word["to_month"]) if period else None,
        census=0 if period else _census(word["census_date"]),
        age_group=0 if period or word["report"] == "township90" else _age_group(word["age_group"]),
    )
    if not _exists(asked, rules):
        raise CannotAsk("vaccine", "row_unknown")
    return asked


def _timely(dose: str) -> tuple[str, bool]:
    """`1T` and `1-timely` ask for the timely part of dose 1."""
    match = re.fullmatch(r"(\d)(T|-timely)", dose)
    return (match[1], True) if match else (dose, False)


def _months(first: str, last: str) -> MonthSpan:
    try:
        span = MonthSpan(month_number(first), month_number(last or first))
    except ValueError:
        raise CannotAsk("from_month", "months_unreadable") from None
    if span.first > span.last:
        raise CannotAsk("from_month", "months_unreadable")
    if span.first // 12 != span.last // 12:
        raise CannotAsk("from_month", "months_cross_year")
    return span


def _census(word: str) -> int:
    try:
        return day_number(date.fromisoformat(word))
    except ValueError:
        raise CannotAsk("census_date", "date_unreadable") from None


def _age_group(word: str) -> int:
    if not re.fullmatch(r"[1-9]|1[0-8]", word):
        raise CannotAsk("age_group", "age_group_unreadable")
    return int(word)


def _exists(asked: Asked, rules: Rules) -> bool:
    row = (asked.vaccine, asked.dose)
    if asked.timely and not (row in rules.cohort and any(has_limit(by) for by in rules.cohort[row].by)):
        return False
    match asked.report:
        case "period":
            return row in rules.rows
        case "dropout":
            return all((asked.vaccine, dose) in rules.cohort for dose in asked.dose.split("-"))
        case "township90":
            return asked.vaccine == ALL or row in {(vaccine, dose) for vaccine, dose, _ in rules.townships.rows}
        case _:
            return asked.vaccine == FULL or row in rules.cohort
