"""出生队列接种率: children managed at the census, by completed years of age, with doses given anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qingmiao.engine.coverage.days import Index, Mask, all_of, any_of, first_of_month, months_of
from qingmiao.engine.coverage.due import NumberedSeries
from qingmiao.engine.coverage.numbering import eligible
from qingmiao.engine.coverage.population import Population
from qingmiao.engine.coverage.rules import CohortRow, Completion, Rules, Span
from qingmiao.engine.coverage.timely import has_limit, in_time

CUT_OFF_DAYS = 9


@dataclass(frozen=True)
class Census:
    """The children of one age group (completed years) on a census day, and what they have had by then."""

    rules: Rules
    population: Population
    numbered: NumberedSeries
    on: int
    group: int

    def members(self) -> Mask:
        """Children of the group who are alive and have a file of the programme."""
        children = self.population.children
        old_enough = children.at_age(Span(months=12 * self.group)) <= self.on
        too_old = children.at_age(Span(months=12 * (self.group + 1))) <= self.on
        return old_enough & ~too_old & (children.died > self.on) & children.in_programme

    def managing_unit(self) -> Index:
        """谁管理、谁统计: the unit that manages each child."""
        late = self.rules.chosen["cohort_unit_on"] == "upload_cut_off"
        return self.population.stays.managing_unit(_cut_off(self.on) if late else self.on)

    def owed(self, row: CohortRow) -> Mask:
        """Whom a row is about: everyone, for HPV girls born since its beginning."""
        return eligible(self.population.children, self.rules.series[row.by[0].series])

    def done(self, row: CohortRow, timely: bool = False) -> Mask:
        """Who has completed a row by the census; with `timely`, in time (及时)."""
        return any_of([self._completed(by, timely) for by in self._completions(row)])

    def full(self) -> Mask:
        """全程接种: who has completed every row required of the age group."""
        required = [row for row in self.rules.cohort.values() if self._is_required(row)]
        return all_of([self._full_for(row) for row in required])

    def _completions(self, row: CohortRow) -> list[Completion]:
        return [by for by in row.by if by.groups_from <= self.group < by.groups_before]

    def _is_required(self, row: CohortRow) -> bool:
        return row.required_from is not None and row.required_from <= self.group and row.required_since <= self.on

    def _full_for(self, row: CohortRow) -> Mask:
        done = self.done(row) | ~self.owed(row)
        if row.routine == "je":
            exempt = np.append(self.population.units.in_provinces(self.rules.je_not_routine_in), False)
            done |= exempt[np.maximum(self.managing_unit(), -1)]
        return done

    def _completed(self, by: Completion, timely: bool) -> Mask:
        rows = self.numbered(by.series).nth(by.n)
        done: Mask = self.population.doses.day[rows] <= self.on
        if timely:
            given = rows[done]
            done[done] = has_limit(by) & in_time(by, given, self.population, self.numbered, self.rules, self.on)
        return done

    def doses(self, row: CohortRow, children: Index) -> Index:
        """The dose that completed the row for each of `children`, the earliest where there are several; -1 for none."""
        doses = np.full(len(children), -1, np.int64)
        for by in self._completions(row):
            other = self.numbered(by.series).nth(by.n)[children]
            day = self.population.doses.day
            doses = np.where((day[other] <= self.on) & (day[other] < day[doses]), other, doses)
        return doses


def _cut_off(on: int) -> int:
    return first_of_month(int(months_of(np.array([on], np.int32))[0]) + 1) + CUT_OFF_DAYS
