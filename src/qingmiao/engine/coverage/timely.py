"""及时: whether doses came in time."""

from __future__ import annotations

import numpy as np

from qingmiao.engine.coverage.days import Index, Mask, add_days
from qingmiao.engine.coverage.due import NumberedSeries
from qingmiao.engine.coverage.population import MOTHER_NEGATIVE, Population
from qingmiao.engine.coverage.rules import Completion, Rules


def has_limit(by: Completion) -> bool:
    """Whether the programme names a day before which this dose is to be given."""
    return bool(by.before or by.within_of_dose_1 or by.timely)


def in_time(
    by: Completion, rows: Index, population: Population, numbered: NumberedSeries, rules: Rules, on: int
) -> Mask:
    """Which of `rows` (positions of doses) were given in time, by the limits of a day; none without a limit."""
    child, day = population.doses.child[rows], population.doses.day[rows]
    if by.timely == "hepb1":
        return hepb1_timely(population, rows, rules)
    if by.within_of_dose_1:
        return day <= by.within_of_dose_1.after(numbered(by.series).on(1))[child]
    before = [age for since, age in by.before if since <= on]
    if not before:
        return np.zeros(len(rows), np.bool_)
    return day < population.children.at_age(before[-1])[child]


def hepb1_timely(population: Population, rows: Index, rules: Rules) -> Mask:
    """乙肝第1剂及时: on the day of birth or the next; within 12 hours where the mother is positive or not known.

    Without both times 12 hours cannot be shown (`timely_without_time`).
    """
    children, doses = population.children, population.doses
    child, day = doses.child[rows], doses.day[rows]
    by_date = day <= add_days(children.born[child], rules.hepb1_timely_days)
    given, born = doses.minute(rows), children.birth_minute[child]
    minutes = (day - children.born[child]) * 24 * 60 + given - born
    known = (given >= 0) & (born >= 0)
    without = by_date if rules.chosen["timely_without_time"] == "by_date" else np.zeros_like(known)
    by_hour = np.where(known, (minutes >= 0) & (minutes <= 60 * rules.hepb1_timely_hours), without)
    return np.where(children.mother[child] == MOTHER_NEGATIVE, by_date, by_hour)
