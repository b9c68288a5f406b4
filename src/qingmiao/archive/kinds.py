"""What an archive holds and what it should hold: kinds and periods as data. Pure. Source: rules/archive/kinds.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from qingmiao.law.dated import rule_file
from qingmiao.law.months import months_between, months_later

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Kind:
    """A sort of document. `every`: "month", "quarter", "year" or "none"; `of`: kinds of organisation that owe it."""

    code: str
    zh: str
    en: str
    every: str
    of: tuple[str, ...]
    made: bool

    def title(self, language: str) -> str:
        """The name in a page's language."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    @property
    def code(self) -> str:
        """2026, 2026-Q3 or 2026-09; a day as it is."""
        months = months_between(self.first, self.last + timedelta(days=1))
        if self.first == self.last:
            return self.first.isoformat()
        if months == 12:
            return f"{self.first:%Y}"
        return f"{self.first:%Y}-Q{(self.first.month + 2) // 3}" if months == 3 else f"{self.first:%Y-%m}"


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order of the file."""
    return {
        code: Kind(code, one["title"]["zh"], one["title"]["en"], one["every"], tuple(one["of"]), one["made"])
        for code, one in rule_file("archive", "kinds")["kinds"].items()
    }


def period_from(first: date, months: int) -> Period:
    """The period of whole months that begins on `first`."""
    return Period(first, months_later(first, months) - timedelta(days=1))


def periods(every: str, year: int) -> Iterator[Period]:
    """The periods of a year; none where nothing is expected."""
    length = MONTHS.get(every)
    for month in range(1, 13, length or 12):
        if length:
            yield period_from(date(year, month, 1), length)


def ended(period: Period, today: date) -> bool:
    """Whether a period is over, so that its document can be missed."""
    return period.last < today
