"""What a ruleset says in one *setting*: an epoch of time between two changes of rules, a cohort of births, and
whether anything is stated of the person.

Windows of rows, and conditions on the anchor date (ON) or the birth date (BORN), have one answer for all
days of an epoch and all births of a cohort; conditions on observations have one answer for everybody of whom
nothing is stated, and most people are of these; conditions on the vaccine (VACCINE) have one for all doses of
it. They are answered here, once, when the ruleset is encoded, so that the kernel meets only what is asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, TypeVar

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import day_number

FIRST_DAY, LAST_DAY = -2147483000, 2147483000
_DAY = timedelta(days=1)
Row = TypeVar("Row", tb.AgeRow, tb.Interval, tb.VaccineRow)


NO_DOSE = ""
"""In the place of a vaccine's code: a forecast, where no dose is evaluated."""


class Setting(NamedTuple):
    """What is known where a question is asked.

    A day that stands for an epoch, and a birth date that stands for a cohort. `assumed`: the observations of a
    person of whom nothing is stated; None if something is. `vaccine`: that of the dose, or `NO_DOSE`; None if
    it is still open.
    """

    anchor: int
    born: int
    assumed: frozenset[str] | None = None
    vaccine: str | None = None


class Boundaries(NamedTuple):
    """First days of every epoch but the first, and of every cohort but the first."""

    epochs: tuple[int, ...]
    cohorts: tuple[int, ...]

    def setting_of(self, other: Setting) -> Setting:
        """The setting that holds the day and birth date of another, by the first day of each."""
        return Setting(_start(self.epochs, other.anchor), _start(self.cohorts, other.born), other.assumed)

    def settings(self, assumed: frozenset[str]) -> list[Setting]:
        """Every setting: of whom something is stated, then of whom nothing is; for each cohort, each epoch."""
        epochs, cohorts = (FIRST_DAY, *self.epochs), (FIRST_DAY, *self.cohorts)
        return [Setting(e, c, facts) for facts in (None, assumed) for c in cohorts for e in epochs]


def _start(starts: tuple[int, ...], day: int) -> int:
    index = bisect_right(starts, day)
    return FIRST_DAY if index == 0 else starts[index - 1]


def _conditions(target: tb.TargetDose) -> Iterator[tb.Condition]:
    for row in rows_of(target):
        yield from row.when
    for skip in target.skips:
        for one in skip.sets:
            yield from one.conditions


def rows_of(target: tb.TargetDose) -> Iterator[tb.AgeRow | tb.Interval | tb.VaccineRow]:
    """Every row of a target dose that has a window and a `when`."""
    yield from target.ages
    yield from target.intervals
    yield from target.allowable_intervals
    yield from target.preferable
    yield from target.allowable
    yield from target.inadvertent


def boundaries_of(targets: Iterable[tb.TargetDose], requires: Iterable[tb.Condition] = ()) -> Boundaries:
    """Where the rules of these target doses and these requirements change."""
    epochs: set[int] = set()
    cohorts: set[int] = set()
    listed = list(targets)
    windows = [row.window for target in listed for row in rows_of(target)]
    windows += [one.window for target in listed for skip in target.skips for one in skip.sets]
    for window in windows:
        epochs |= {day_number(window.effective)} if window.effective else set()
        epochs |= {day_number(window.cessation + _DAY)} if window.cessation else set()
    for condition in (*requires, *(c for target in listed for c in _conditions(target))):
        if condition.kind in (tb.Kind.ON, tb.Kind.BORN):
            changes = epochs if condition.kind == tb.Kind.ON else cohorts
            changes |= {day_number(day) for day in (condition.start, condition.end) if day}
    return Boundaries(tuple(sorted(epochs)), tuple(sorted(cohorts)))


def _is_in_force(window: tb.Window, setting: Setting) -> bool:
    first = FIRST_DAY if window.effective is None else day_number(window.effective)
    last = LAST_DAY if window.cessation is None else day_number(window.cessation)
    return first <= setting.anchor <= last


def answer(condition: tb.Condition, setting: Setting) -> bool | None:
    """The condition's answer in the setting; None where it depends on the person."""
    if condition.kind == tb.Kind.OBSERVATION:
        return None if setting.assumed is None else (condition.observation in setting.assumed) != condition.negated
    if condition.kind == tb.Kind.VACCINE:
        return None if setting.vaccine is None else (setting.vaccine in condition.vaccines) != condition.negated
    if condition.kind not in (tb.Kind.ON, tb.Kind.BORN):
        return None
    day = setting.anchor if condition.kind == tb.Kind.ON else setting.born
    first = FIRST_DAY if condition.start is None else day_number(condition.start)
    end = LAST_DAY if condition.end is None else day_number(condition.end)
    return (first <= day < end) != condition.negated


def remaining(conditions: tuple[tb.Condition, ...], setting: Setting) -> tuple[tb.Condition, ...] | None:
    """Conditions, all of which must hold, that are still open in the setting; None if one is false."""
    answers = [answer(condition, setting) for condition in conditions]
    if False in answers:
        return None
    return tuple(c for c, known in zip(conditions, answers, strict=True) if known is None)


def _rows(rows: tuple[Row, ...], setting: Setting) -> tuple[Row, ...]:
    found = []
    for row in rows:
        when = remaining(row.when, setting) if _is_in_force(row.window, setting) else None
        if when is not None:
            found.append(replace(row, window=tb.ALWAYS, when=when))
    return tuple(found)


def _up_to_certain(ages: tuple[tb.AgeRow, ...]) -> tuple[tb.AgeRow, ...]:
    """Age rows up to the first that is asked of everybody: those after it never are."""
    certain = next((number for number, row in enumerate(ages, 1) if not row.when), len(ages))
    return ages[:certain]


def _set(one: tb.ConditionSet, setting: Setting) -> tb.ConditionSet | None:
    """The set with what is open; None if it is not met. A set without conditions that must all hold is met."""
    if one.all_must_hold:
        conditions = remaining(one.conditions, setting)
        return None if conditions is None else tb.ConditionSet(conditions)
    answers = [answer(condition, setting) for condition in one.conditions]
    if True in answers:
        return tb.ConditionSet(())
    still = tuple(c for c, known in zip(one.conditions, answers, strict=True) if known is None)
    return tb.ConditionSet(still, all_must_hold=False) if still else None


def _skip(skip: tb.Skip, setting: Setting) -> tb.Skip | None:
    """The instance with the sets in force; None if it cannot skip."""
    asked = [one for one in skip.sets if _is_in_force(one.window, setting)]
    sets = [_set(one, setting) for one in asked]
    if skip.all_must_hold and None in sets:
        return None
    open_sets = tuple(one for one in sets if one is not None)
    return replace(skip, sets=open_sets) if open_sets else None


def target_in(target: tb.TargetDose, setting: Setting) -> tb.TargetDose:
    """The target dose as it is in the setting."""
    skips = (_skip(skip, setting._replace(vaccine=None)) for skip in target.skips)
    return replace(
        target,
        ages=_up_to_certain(_rows(target.ages, setting)),
        intervals=_rows(target.intervals, setting),
        allowable_intervals=_rows(target.allowable_intervals, setting),
        preferable=_rows(target.preferable, setting),
        allowable=_rows(target.allowable, setting),
        inadvertent=_rows(target.inadvertent, setting),
        skips=tuple(skip for skip in skips if skip is not None),
    )


def vaccines_told_apart(target: tb.TargetDose) -> list[tuple[str, ...]]:
    """The vaccines that conditions of the target dose's rows name: doses named alike are asked the same."""
    return [one.vaccines for row in rows_of(target) for one in row.when if one.kind == tb.Kind.VACCINE]


def asked_of(target: tb.TargetDose, vaccine: str) -> tb.TargetDose:
    """The target dose, as it is in a setting, with the rows that are asked of a dose of this vaccine.

    Skips keep such conditions open.
    """
    if not vaccines_told_apart(target):
        return target
    return target_in(target, Setting(FIRST_DAY, FIRST_DAY, None, vaccine))
