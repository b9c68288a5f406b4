"""Figures for asked rows, each made of the very children and doses that stand behind it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from qingmiao.engine.coverage.asking import ALL, FULL, Asked, CannotAsk
from qingmiao.engine.coverage.cohort import Census
from qingmiao.engine.coverage.days import Index, Mask, first_of_month
from qingmiao.engine.coverage.given import KINDS, Given
from qingmiao.engine.coverage.numbering import Numbered, number
from qingmiao.engine.coverage.period import MonthSpan, RowFigures, row_figures
from qingmiao.engine.coverage.population import Population
from qingmiao.engine.coverage.rules import Row, Rules, TownshipRow
from qingmiao.engine.coverage.timely import in_time
from qingmiao.engine.coverage.township import Places


@dataclass(frozen=True)
class Behind:
    """The children, doses or townships behind one figure; counting them gives the figure."""

    figure: str  # due, done, done_nip, done_sub or done_other
    child: Index
    dose: Index  # position in `Doses`, -1 for a child without one
    townships: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.child) + len(self.townships)


@dataclass(frozen=True)
class Answer:
    """The figures of one row. `counts` has due, done and, for periods, done_nip, done_sub and done_other.

    A figure that is missing from it is one that the official table does not have.
    """

    counts: dict[str, int]
    rate_pct: str
    behind: tuple[Behind, ...]


class Coverage:
    """Answers rows about one population by one set of rules; what several rows need is worked out once."""

    def __init__(self, population: Population, rules: Rules, places: Places | None = None) -> None:
        self.population, self.rules, self.places = population, rules, places
        self._numbered: dict[str, Numbered] = {}
        self._censuses: dict[int, Census] = {}
        self._figures: dict[tuple[str, str, MonthSpan], RowFigures] = {}

    def numbered(self, series: str) -> Numbered:
        """The doses of a series, numbered."""
        if series not in self._numbered:
            self._numbered[series] = number(self.population, self.rules, series)
        return self._numbered[series]

    def prepare(self, threads: int = 2) -> None:
        """Number the doses of every series now, a few at a time."""
        with ThreadPoolExecutor(threads) as pool:
            deque(pool.map(self.numbered, self.rules.series), maxlen=0)

    def figures(self, vaccine: str, dose: str, months: MonthSpan) -> RowFigures:
        """All figures of a row of the table of 时段接种率, for every unit."""
        key = (vaccine, dose, months)
        if key not in self._figures:
            row = self.rules.rows[vaccine, dose]
            self._figures[key] = row_figures(row, self.rules, self.population, self.numbered, months)
        return self._figures[key]

    def answer(self, asked: Asked) -> Answer:
        """The figures of a row, with who and what is behind them; raises `CannotAsk`."""
        ways = {
            "period": self._period,
            "cohort": self._cohort,
            "dropout": self._dropout,
            "township": self._cohort,
            "township90": self._townships_above,
        }
        behind = tuple(ways[asked.report](asked))
        counts = {one.figure: len(one) for one in behind}
        if asked.report == "period":
            counts["done"] = sum(counts[kind] for kind in KINDS)
        return Answer(counts, _rate(asked, counts), behind)

    def _period(self, asked: Asked) -> Iterator[Behind]:
        """脱靴: who stands in the last month, and everyone vaccinated in the months up to it."""
        assert asked.months
        row, last = self.rules.rows[asked.vaccine, asked.dose], asked.months.last
        year = MonthSpan(last - last % 12, last - last % 12 + 11)
        figures = self.figures(asked.vaccine, asked.dose, year)
        units = self._units(asked)
        doses = figures.doses(units, asked.months.first, last)
        if row.due_before is None or first_of_month(last) < row.due_before:
            standing = figures.standing.at(units, last)
            child = np.concatenate([standing, self._children(doses.rows)])
            yield Behind("due", child, np.concatenate([np.full(len(standing), -1), doses.rows]))
        if asked.timely:
            doses = self._timely(row, doses)
        for name, kind in KINDS.items():
            rows = doses.rows[doses.kind == kind]
            yield Behind(name, self._children(rows), rows)

    def _children(self, doses: Index) -> Index:
        return self.population.doses.child[doses].astype(np.int64)

    def _timely(self, row: Row, doses: Given) -> Given:
        completions = self.rules.cohort[row.vaccine, row.dose].by
        by = next(one for one in completions if (one.series, one.n) == (row.series, row.n))
        on = int(self.population.doses.day[doses.rows].max(initial=0))
        return doses.where(in_time(by, doses.rows, self.population, self.numbered, self.rules, on))

    def census(self, on: int) -> Census:
        """All age groups on a census day."""
        if on not in self._censuses:
            self._censuses[on] = Census(self.rules, self.population, self.numbered, on)
        return self._censuses[on]

    def _members(self, asked: Asked, census: Census) -> Mask:
        of_age: Mask = census.group == asked.age_group
        if asked.report == "township":
            return of_age & self._places().members(asked.units)
        return of_age & np.isin(census.managing_unit, self._units(asked))

    def _units(self, asked: Asked) -> list[int]:
        numbers = self.population.units.numbers
        return [numbers[code] for code in asked.units if code in numbers]

    def _cohort(self, asked: Asked) -> Iterator[Behind]:
        census = self.census(asked.census)
        members = self._members(asked, census)
        if asked.vaccine == FULL:
            yield _people("due", members)
            yield _people("done", members & census.full)
            return
        row = self.rules.cohort[asked.vaccine, asked.dose]
        due = members & census.owed(row)
        done = (due & census.done(row, asked.timely)).nonzero()[0]
        yield _people("due", due)
        yield Behind("done", done, census.doses(row, done))

    def _dropout(self, asked: Asked) -> Iterator[Behind]:
        """脱漏: who had the first dose, and who had the last."""
        census = self.census(asked.census)
        members = self._members(asked, census)
        first, last = (self.rules.cohort[asked.vaccine, dose] for dose in asked.dose.split("-"))
        yield _people("due", members & census.done(first))
        yield _people("done", members & census.done(last))

    def _places(self) -> Places:
        if self.places is None:
            raise CannotAsk("unit", "township_unknown")
        return self.places

    def _townships_above(self, asked: Asked) -> Iterator[Behind]:
        """Townships after merging, and those above the limit in the row, or in all of them."""
        county = asked.units[0] if asked.units[0].isdigit() else ""
        groups = self._places().merged(self.rules.townships, county)
        rates = {
            "+".join(keys): [self._township_rate(asked, keys, row) for row in self._township_rows(asked)]
            for keys in groups
        }
        with_children = {name: of_rows for name, of_rows in rates.items() if None not in of_rows}
        above = tuple(name for name, of_rows in with_children.items() if all(of_rows))
        none = np.empty(0, np.int64)
        yield Behind("due", none, none, tuple(with_children))
        yield Behind("done", none, none, above)

    def _township_rows(self, asked: Asked) -> list[TownshipRow]:
        """The row asked for, or all eight; without JE where its vaccine is not routine."""
        rows = self.rules.townships.rows
        if asked.vaccine != ALL:
            return [row for row in rows if row[:2] == (asked.vaccine, asked.dose)]
        routine = not any(one.code[:2] in self.rules.je_not_routine_in for one in self._places().townships)
        return [row for row in rows if routine or self.rules.cohort[row[:2]].routine != "je"]

    def _township_rate(self, asked: Asked, keys: list[str], row: TownshipRow) -> bool | None:
        """Whether the township is above the limit; None where no child is of the age."""
        vaccine, dose, group = row
        question = Asked("township", tuple(keys), vaccine, dose, census=asked.census, age_group=group)
        due, done = (len(one) for one in self._cohort(question))
        return 100 * done > self.rules.townships.above_percent * due if due else None


def _people(figure: str, members: Mask) -> Behind:
    child = members.nonzero()[0]
    return Behind(figure, child, np.full(len(child), -1))


def _rate(asked: Asked, counts: dict[str, int]) -> str:
    """接种率 (for dropout 脱漏率) in per cent, two decimals, half up; empty without a denominator."""
    due = counts.get("due", 0)
    part = due - counts["done"] if asked.report == "dropout" else counts["done"]
    if not due:
        return ""
    hundredths = (20000 * part + due) // (2 * due)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
