"""The statistical rules as values, read from `rules/coverage/*.yaml`. What the loader does not know, it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from qingmiao.engine.coverage.days import Days, add_days, add_months

RULES = Path(__file__).parents[2] / "rules"
SUBSTITUTE, PROGRAMME = 1, 0


class RuleFileWrong(ValueError):
    """A rule file holds something that the loader does not know; the message names it."""


@dataclass(frozen=True)
class Span:
    """A length of time in the unit of its source: calendar months (or years) or plain days."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Span:
        """`5m`, `7y` or `60d`."""
        match = re.fullmatch(r"(\d+)([dmy])", str(text))
        if not match:
            raise RuleFileWrong(f"{text!r} is not a length of time such as 5m, 7y or 60d")
        number = int(match[1])
        return {"d": cls(days=number), "m": cls(months=number), "y": cls(months=12 * number)}[match[2]]

    def after(self, days: Days) -> Days:
        """The day this long after each day; `NEVER` stays `NEVER`."""
        return add_days(days, self.days) if self.days else add_months(days, self.months)


@dataclass(frozen=True)
class Reach:
    """Only children who reach `age` before, or not before, a day (both numbers of days)."""

    age: Span
    start: int = 0
    end: int = int(np.iinfo(np.int32).max)


@dataclass(frozen=True)
class Products:
    """Codes that count alike, and for whom."""

    codes: tuple[str, ...]
    kind: int
    from_age: Span | None = None
    before_age: Span | None = None
    born_from: int | None = None
    born_before: int | None = None


@dataclass(frozen=True)
class Counts:
    """Ages at which a dose of a series counts at all, for children who reach an age in a span of days."""

    from_age: Span | None = None
    before_age: Span | None = None
    reach: Reach | None = None


@dataclass(frozen=True)
class Series:
    """One vaccine of the statistics: its products and how their doses are numbered."""

    key: str
    title: Mapping[str, str]
    products: tuple[Products, ...]
    counts: tuple[Counts, ...]
    numbering: str = "by_date"
    inactivated: tuple[str, ...] = ()
    sex: int | None = None
    born_from: int | None = None


@dataclass(frozen=True)
class Clause:
    """One way of becoming due: the latest of the named days."""

    age: Span | None = None
    after: tuple[tuple[str, int, Span], ...] = ()
    falls_before: Span | None = None
    reach: Reach | None = None
    not_before: int = 0
    previous_from: int = 0
    until_age: Span | None = None
    has: tuple[str, int] | None = None


@dataclass(frozen=True)
class OtherDose:
    """A dose of another series that completes a row too."""

    series: str
    n: int = 1
    any: bool = False
    from_age: Span | None = None
    before_age: Span | None = None


@dataclass(frozen=True)
class Row:
    """A row of the table of 时段接种率."""

    vaccine: str
    dose: str
    series: str
    n: int
    due: tuple[Clause, ...]
    standing_before: Span
    by_history: bool = False
    at_birth: bool = False
    who: str = ""
    among_due: bool = False
    routine: str = ""
    any: bool = False
    also_done_by: tuple[OtherDose, ...] = ()
    in_force_from: int = 0
    due_before: int | None = None


@dataclass(frozen=True)
class Completion:
    """A dose that completes a row of the cohort table in some age groups, timely before an age."""

    series: str
    n: int
    before: tuple[tuple[int, Span], ...] = ()
    within_of_dose_1: Span | None = None
    groups_from: int = 0
    groups_before: int = 99
    timely: str = ""


@dataclass(frozen=True)
class CohortRow:
    """A row of the table of 出生队列接种率."""

    vaccine: str
    dose: str
    by: tuple[Completion, ...]
    required_from: int | None = None
    required_since: int = 0
    routine: str = ""


TownshipRow: TypeAlias = tuple[str, str, int]
"""Vaccine, dose and age group."""


@dataclass(frozen=True)
class Townships:
    """以乡镇为单位接种率大于90%的比例."""

    above_percent: int
    merge_below_residents: int
    rows: tuple[TownshipRow, ...]


@dataclass(frozen=True)
class FourthHepB:
    """Who is owed a fourth dose of hepatitis B vaccine."""

    birth_weight_below_g: int
    born_from: int
    dose_1_within: Span


@dataclass(frozen=True)
class Rules:
    """All of it, with the readings chosen for the disputed rules."""

    ruleset: str
    chosen: Mapping[str, str]
    touches: Mapping[str, tuple[str, frozenset[str]]]  # name of a reading → the one table ("" for both), rows
    series: Mapping[str, Series]
    rows: Mapping[tuple[str, str], Row]
    cohort: Mapping[tuple[str, str], CohortRow]
    townships: Townships
    fourth_hepb: FourthHepB
    hepb1_timely_days: int
    hepb1_timely_hours: int
    stays_months: int
    not_programme_majors: frozenset[str]
    giving_unit_codes: Mapping[str, str]
    je_not_routine_in: frozenset[str]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every product code that counts for something, in order."""
        found = {code for one in self.series.values() for group in one.products for code in group.codes}
        return tuple(sorted(found))

    def readings(self, table: str, vaccine: str, dose: str) -> str:
        """The chosen readings that a row of `period` or `cohort` rests on, as `name=value;name=value`."""
        names = {vaccine, f"{vaccine} {dose}", "*"}
        touching = [key for key, (only, rows) in self.touches.items() if only in ("", table) and names & rows]
        return ";".join(f"{key}={self.chosen[key]}" for key in touching)
