"""时段接种率: due and done by unit and month, and the children and doses behind every figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qingmiao.engine.coverage.days import Index, Mask, Months, first_of_month
from qingmiao.engine.coverage.due import Denominator, NumberedSeries
from qingmiao.engine.coverage.given import Given, given, reports
from qingmiao.engine.coverage.population import Population
from qingmiao.engine.coverage.rules import Row, Rules

PerUnitMonth = npt.NDArray[np.int64]
"""Counts by unit and month, the first month being the span's first."""


@dataclass(frozen=True)
class MonthSpan:
    """Months `first` to `last`, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Standing:
    """Unvaccinated due children: one entry per child, unit and stretch of months (`first` to before `end`)."""

    child: Index
    unit: Index
    first: Months
    end: Months

    def at(self, units: list[int], month: int) -> Index:
        """The children who stand in the denominator of some units in a month."""
        there = (self.first <= month) & (month < self.end)
        return self.child[there & np.isin(self.unit, units)]


@dataclass(frozen=True)
class RowFigures:
    """One row of the table: who stands in its denominator and which doses were given, within some months."""

    standing: Standing
    given: Given
    months: MonthSpan
    units: int

    def doses(self, units: list[int], first: int, last: int) -> Given:
        """The doses that count at some units in months `first` to `last`."""
        there = (self.given.month >= first) & (self.given.month <= last)
        return self.given.where(there & np.isin(self.given.unit, units))

    def standing_by_unit(self) -> PerUnitMonth:
        """Unvaccinated due children by unit and month."""
        width = self.months.count + 1
        base = self.standing.unit * width - self.months.first
        size = self.units * width
        change = np.bincount(base + self.standing.first, minlength=size)
        change -= np.bincount(base + self.standing.end, minlength=size)
        return change.reshape(self.units, width).cumsum(axis=1)[:, :-1]

    def given_by_unit(self, kind: int) -> PerUnitMonth:
        """Doses of one kind by unit and month."""
        mine = self.given.where(self.given.kind == kind)
        at = mine.unit.astype(np.int64) * self.months.count + mine.month - self.months.first
        counted = np.bincount(at, minlength=self.units * self.months.count)
        return counted.reshape(self.units, self.months.count)


def row_figures(
    row: Row, rules: Rules, population: Population, numbered: NumberedSeries, months: MonthSpan
) -> RowFigures:
    """Everything that a row of the table needs in `months`."""
    denominator = Denominator(row, rules, population.children, numbered)
    managed = _managed(row, rules, population)
    parts = [_standing(population, *stretch, months, managed) for stretch in denominator.stretches()]
    since, before = first_of_month(months.first), first_of_month(months.last + 1)
    doses = given(row, rules, population, numbered, since, before)
    return RowFigures(_joined(parts), doses, months, len(population.units.codes))


def _managed(row: Row, rules: Rules, population: Population) -> Mask:
    """Units whose children stand in the row; JE does not stand where it is not routine. The last entry is nobody."""
    units = reports(row, population)
    if row.routine == "je":
        units = units & ~population.units.in_provinces(rules.je_not_routine_in)
    return np.append(units, False)


def _standing(population: Population, first: Months, end: Months, months: MonthSpan, managed: Mask) -> Standing:
    """A stretch per child, cut to `months` and to the units that manage the child in them."""
    child = ((first < end) & (first <= months.last) & (end > months.first)).nonzero()[0]
    at, stay = population.stays.of(child)
    stays = population.stays
    begins = np.maximum(np.maximum(first[child][at], stays.first[stay]), months.first)
    ends = np.minimum(np.minimum(end[child][at], stays.end[stay]), months.last + 1)
    unit = np.maximum(stays.unit[stay], -1)
    keep = (begins < ends) & managed[unit]
    return Standing(child[at][keep], unit[keep], begins[keep], ends[keep])


def _joined(parts: list[Standing]) -> Standing:
    nobody, no_month = np.empty(0, np.int64), np.empty(0, np.int32)
    return Standing(
        child=np.concatenate([nobody, *(part.child for part in parts)]),
        unit=np.concatenate([nobody, *(part.unit for part in parts)]),
        first=np.concatenate([no_month, *(part.first for part in parts)]),
        end=np.concatenate([no_month, *(part.end for part in parts)]),
    )
