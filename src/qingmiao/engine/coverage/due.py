"""应种: from when to when each child stands in the monthly denominator of a row, as stretches of months.

A child stands in it in the month of its due day and the next eleven, until the month in which it is vaccinated
(anywhere), dies, or reaches the upper age. Contraindicated children stand in it like all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from qingmiao.engine.coverage.days import NEVER, NEVER_MONTH, Days, Mask, Months, month_of, months_of
from qingmiao.engine.coverage.numbering import Numbered, eligible, reaches
from qingmiao.engine.coverage.population import MOTHER_NEGATIVE, Children
from qingmiao.engine.coverage.rules import Clause, FourthHepB, Row, Rules, Span

NumberedSeries = Callable[[str], Numbered]
"""Gives the numbered doses of a series by its key."""


class Denominator:
    """The stretches of one row: `stretches()` gives pairs (first month, month after the last), one entry per child."""

    def __init__(self, row: Row, rules: Rules, children: Children, numbered: NumberedSeries) -> None:
        self._row, self._rules, self._children, self._numbered = row, rules, children, numbered

    def stretches(self) -> Iterator[tuple[Months, Months]]:
        """Empty stretches have a first month that is not before the last."""
        leaves = self._leaves()
        if self._row.by_history:
            for clause in self._row.due:
                yield self._while_history_holds(clause, leaves)
        elif self._row.due:
            yield self._stretch(*self.due(), leaves)

    def due(self) -> tuple[Days, Days]:
        """Each child's due day by the first clause that fits, and the day on which it becomes too old for it."""
        children = self._children
        due = np.full(len(children), NEVER, np.int32)
        too_old = children.at_age(self._row.standing_before)
        for clause in self._row.due:
            by_clause = self._due_by(clause)
            fits = (due == NEVER) & (by_clause < NEVER)
            due = np.where(fits, by_clause, due)
            if clause.until_age:
                too_old = np.where(fits, children.at_age(clause.until_age), too_old)
        return due, too_old

    def _due_by(self, clause: Clause) -> Days:
        """The latest of the days that a clause names; `NEVER` for children it does not fit."""
        children = self._children
        days = [children.at_age(clause.age)] if clause.age else []
        days += [self._rested(*wait, since=clause.previous_from) for wait in clause.after]
        due = np.maximum(np.maximum.reduce(days), np.int32(clause.not_before))
        return np.where(self._fits(clause, due), due, NEVER)

    def _rested(self, series: str, n: int, gap: Span, since: int) -> Days:
        """The day `gap` after dose `n` of a series, for doses given since a day."""
        given = self._numbered(series).on(n)
        return gap.after(np.where(given >= since, given, NEVER) if since else given)

    def _fits(self, clause: Clause, due: Days) -> Mask:
        fits = reaches(self._children, clause.reach) if clause.reach else due < NEVER
        if clause.falls_before:
            fits = fits & (due < self._children.at_age(clause.falls_before))
        if self._row.who:
            fits = fits & WHO[self._row.who](self._children, self._numbered, self._rules.fourth_hepb)
        return fits

    def _leaves(self) -> Months:
        """The month in which each child was vaccinated or died."""
        row = self._row
        days = [self._children.died, self._numbered(row.series).on(row.n)]
        days += [self._numbered(other.series).on(other.n) for other in row.also_done_by]
        return months_of(np.minimum.reduce(days))

    def _stretch(self, due: Days, too_old: Days, leaves: Months) -> tuple[Months, Months]:
        row, first = self._row, months_of(due)
        last_month_counts = self._rules.chosen["standing_ends_at_upper_age"] == "month_after"
        end = np.minimum(first + self._rules.stays_months, months_of(too_old) + last_month_counts)
        whom = eligible(self._children, self._rules.series[row.series])
        end = np.where(whom, np.minimum(end, leaves), 0)
        if row.due_before is not None:
            end = np.minimum(end, month_of(row.due_before))
        if row.in_force_from:
            first = np.maximum(first, month_of(row.in_force_from))
        return first, np.where(due == NEVER, 0, end).astype(np.int32)

    def _while_history_holds(self, clause: Clause, leaves: Months) -> tuple[Months, Months]:
        """The stretch of a clause that holds while the child has so many doses of another series."""
        assert clause.has is not None
        other, doses = clause.has
        first, end = self._stretch(self._due_by(clause), self._children.at_age(self._row.standing_before), leaves)
        since = months_of(self._numbered(other).on(doses)) if doses else np.zeros_like(first)
        is_last = all(one.has is None or one.has[1] <= doses for one in self._row.due)
        until = np.full_like(end, NEVER_MONTH) if is_last else months_of(self._numbered(other).on(doses + 1))
        return np.maximum(first, since), np.minimum(end, until)


def low_birth_weight(children: Children, numbered: NumberedSeries, rule: FourthHepB) -> Mask:
    """母亲HBsAg阳性或不详且出生体重<2000g: who is owed a fourth dose of hepatitis B vaccine."""
    fits: Mask = (children.mother != MOTHER_NEGATIVE) & (children.born >= rule.born_from)
    fits &= (children.birth_weight_g >= 0) & (children.birth_weight_g < rule.birth_weight_below_g)
    fits &= numbered("HepB").on(1) <= rule.dose_1_within.after(children.born)
    return fits


WHO: dict[str, Callable[[Children, NumberedSeries, FourthHepB], Mask]] = {"low_birth_weight": low_birth_weight}
