"""The whole official tables at once, for every unit: what a county, a province or the country reports."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qingmiao.engine.coverage.answering import Coverage
from qingmiao.engine.coverage.cohort import Census
from qingmiao.engine.coverage.days import Mask, first_of_month, month_text
from qingmiao.engine.coverage.given import KINDS
from qingmiao.engine.coverage.period import MonthSpan, PerUnitMonth
from qingmiao.engine.coverage.rules import CohortRow, Row
from qingmiao.engine.coverage.timely import has_limit

OLDEST_GROUP = 18
THREADS = 2
Columns = dict[str, npt.NDArray[np.generic]]


def period_table(coverage: Coverage, months: MonthSpan) -> pa.Table:
    """时段接种率 of every unit, month and row, months of one year.

    Columns: unit, month, vaccine, dose; due, done_nip, done_sub, done_other, done of the month; due_cumulative and
    done_cumulative from the first month on (脱靴). due is missing where the official table has none.
    """
    coverage.prepare()
    with ThreadPoolExecutor(THREADS) as pool:
        return pa.concat_tables(pool.map(lambda row: _of_row(coverage, row, months), coverage.rules.rows.values()))


def _of_row(coverage: Coverage, row: Row, months: MonthSpan) -> pa.Table:
    figures = coverage.figures(row.vaccine, row.dose, months)
    kinds = {name: figures.given_by_unit(kind) for name, kind in KINDS.items()}
    done = sum(kinds.values(), np.zeros_like(next(iter(kinds.values()))))
    standing, cumulative = figures.standing_by_unit(), done.cumsum(axis=1)
    due = {"due": standing + done, "due_cumulative": standing + cumulative}
    counts = {**due, **kinds, "done": done, "done_cumulative": cumulative}
    return _period_part(coverage, row, months, counts)


def _period_part(coverage: Coverage, row: Row, months: MonthSpan, figures: dict[str, PerUnitMonth]) -> pa.Table:
    units, count = coverage.population.units.codes, months.count
    names = [month_text(months.first + at) for at in range(count)]
    has_due = np.array([_has_due(row, months.first + at) for at in range(count)])
    without = np.tile(~has_due, len(units))
    return pa.table(
        {
            "unit": _repeated(units, np.repeat(np.arange(len(units)), count)),
            "month": _repeated(names, np.tile(np.arange(count), len(units))),
            "vaccine": _repeated([row.vaccine], np.zeros(len(without), np.int64)),
            "dose": _repeated([row.dose], np.zeros(len(without), np.int64)),
            **{
                name: pa.array(values.ravel(), mask=without if name.startswith("due") else None)
                for name, values in figures.items()
            },
        }
    )


def _has_due(row: Row, month: int) -> bool:
    return row.due_before is None or first_of_month(month) < row.due_before


def _repeated(words: list[str], at: npt.NDArray[np.int64]) -> pa.Array[Any]:
    return pa.DictionaryArray.from_arrays(at.astype(np.int32), pa.array(words, pa.string()))


def cohort_table(coverage: Coverage, on: int) -> pa.Table:
    """出生队列接种率 of every unit and age group 1 to 18: unit, age_group, vaccine, dose, due, done, timely."""
    census = coverage.census(on)
    cells = _Cells(coverage, census)
    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(lambda row: _of_cohort_row(census, cells, row), coverage.rules.cohort.values()))
    everyone = np.ones(len(coverage.population.children), np.bool_)
    return pa.concat_tables([*parts, cells.table("full", "", everyone, census.full, None)])


def _of_cohort_row(census: Census, cells: _Cells, row: CohortRow) -> pa.Table:
    owed = census.owed(row)
    timely = owed & census.done(row, timely=True) if any(map(has_limit, row.by)) else None
    return cells.table(row.vaccine, row.dose, owed, owed & census.done(row), timely)


class _Cells:
    """Children of the cohort counted by unit and age group."""

    def __init__(self, coverage: Coverage, census: Census) -> None:
        self._units = coverage.population.units.codes
        counted = (census.group >= 1) & (census.group <= OLDEST_GROUP) & (census.managing_unit >= 0)
        self._child = counted.nonzero()[0]
        self._cell = census.managing_unit[self._child] * OLDEST_GROUP + census.group[self._child] - 1

    def table(self, vaccine: str, dose: str, due: Mask, done: Mask, timely: Mask | None) -> pa.Table:
        """One line per unit and age group."""
        size = len(self._units) * OLDEST_GROUP
        return pa.table(
            {
                "unit": _repeated(self._units, np.arange(size) // OLDEST_GROUP),
                "age_group": pa.array(np.arange(size) % OLDEST_GROUP + 1),
                "vaccine": _repeated([vaccine], np.zeros(size, np.int64)),
                "dose": _repeated([dose], np.zeros(size, np.int64)),
                "due": self._count(due),
                "done": self._count(done),
                "timely": pa.nulls(size, pa.int64()) if timely is None else self._count(timely),
            }
        )

    def _count(self, mask: Mask) -> pa.Array[Any]:
        counted = np.bincount(self._cell[mask[self._child]], minlength=len(self._units) * OLDEST_GROUP)
        return pa.array(counted)
