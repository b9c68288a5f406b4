"""出生队列接种率: children managed at the census, by completed years of age, with doses given anywhere."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from qingmiao.engine.coverage.days import (
    Index,
    Mask,
    add_months,
    all_of,
    any_of,
    first_of_month,
    month_of,
    months_of,
)
from qingmiao.engine.coverage.due import NumberedSeries
from qingmiao.engine.coverage.numbering import eligible
from qingmiao.engine.coverage.population import NIP, NOWHERE, Population
from qingmiao.engine.coverage.rules import CohortRow, Completion, Rules
from qingmiao.engine.coverage.timely import in_time

CUT_OFF_DAYS = 9
NO_GROUP = -1


class Census:
    """The children of all age groups on a census day, and what they have had by then."""

    def __init__(self, rules: Rules, population: Population, numbered: NumberedSeries, on: int) -> None:
        self.rules, self.population, self.numbered, self.on = rules, population, numbered, on
        self._done: dict[tuple[str, str, bool], Mask] = {}

    @cached_property
    def group(self) -> Index:
        """年龄组: completed years of each child; `NO_GROUP` for the dead, the unborn, those not of the programme."""
        children = self.population.children
        months = np.maximum(month_of(self.on) - months_of(children.born), 0)
        years = (months - (add_months(children.born, months) > self.on)) // 12
        member = (children.born <= self.on) & (children.died > self.on) & children.in_programme
        return np.where(member, years, NO_GROUP)

    @cached_property
    def managing_unit(self) -> Index:
        """谁管理、谁统计: the unit of the programme that manages each child."""
        late = self.rules.chosen["cohort_unit_on"] == "upload_cut_off"
        day = first_of_month(month_of(self.on) + 1) + CUT_OFF_DAYS if late else self.on
        unit = self.population.stays.managing_unit(day)
        in_programme = np.append(self.population.units.role == NIP, False)
        return np.where(in_programme[np.maximum(unit, NOWHERE)], unit, NOWHERE)

    def owed(self, row: CohortRow) -> Mask:
        """Whom a row is about: everyone, for HPV girls born since its beginning."""
        return eligible(self.population.children, self.rules.series[row.by[0].series])

    def done(self, row: CohortRow, timely: bool = False) -> Mask:
        """Who has completed a row by the census; with `timely`, in time (及时)."""
        key = (row.vaccine, row.dose, timely)
        if key not in self._done:
            self._done[key] = any_of([self._completed(by, timely) for by in row.by])
        return self._done[key]

    @cached_property
    def full(self) -> Mask:
        """全程接种: who has completed every row required of the age group."""
        return all_of([self._full_for(row) for row in self.rules.cohort.values() if self._is_required(row)])

    def doses(self, row: CohortRow, children: Index) -> Index:
        """The dose that completed the row for each of `children`, the earliest where there are several; -1 for none."""
        doses, day = np.full(len(children), -1, np.int64), self.population.doses.day
        for by in row.by:
            other = np.where(self._asks(by)[children], self.numbered(by.series).nth(by.n)[children], -1)
            doses = np.where((day[other] <= self.on) & (day[other] < day[doses]), other, doses)
        return doses

    def _is_required(self, row: CohortRow) -> bool:
        return row.required_from is not None and row.required_since <= self.on

    def _full_for(self, row: CohortRow) -> Mask:
        excused = ~self.owed(row) | (self.group < (row.required_from or 0))
        if row.routine == "je":
            not_routine = self.population.units.in_provinces(self.rules.je_not_routine_in)
            excused |= np.append(not_routine, False)[np.maximum(self.managing_unit, NOWHERE)]
        return self.done(row) | excused

    def _asks(self, by: Completion) -> Mask:
        """The children in whose age group this dose completes the row."""
        return (self.group >= by.groups_from) & (self.group < by.groups_before)

    def _completed(self, by: Completion, timely: bool) -> Mask:
        rows = self.numbered(by.series).nth(by.n)
        done: Mask = (self.population.doses.day[rows] <= self.on) & self._asks(by)
        if timely:
            given = rows[done]
            done[done] = in_time(by, given, self.population, self.numbered, self.rules, self.on)
        return done
