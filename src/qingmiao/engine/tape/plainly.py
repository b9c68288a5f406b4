"""When a dose is plainly valid: bounds in days that hold in every calendar, for the doses of which little is asked.

A child's dose mostly comes weeks after the first day on which it may be given. Where a target dose asks for ages,
intervals from doses of its own series and a product, and nothing else, a dose inside these bounds passes every
question of 6.3 to 6.9 without a grace period; any other dose is asked them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import first_of_month
from qingmiao.engine.settings import FIRST_DAY, LAST_DAY

_CYCLE = range(1600 * 12, 2000 * 12)


class Plainly(NamedTuple):
    """Days. Valid if `from_age` <= age < `before_age`, `gap` after the last dose that intervals count from, and
    `target_gap` after the dose that satisfied the target at `position`."""

    from_age: int
    before_age: int
    gap: int
    position: int
    target_gap: int


NEVER = Plainly(LAST_DAY, LAST_DAY, 0, 0, 0)


def plainly(target: tb.TargetDose, vaccine: str, watched: frozenset[str] = frozenset()) -> Plainly:
    """The bounds for a dose of `vaccine` against the target dose as it is in a setting; `NEVER` without any.

    Of rows that depend on a condition all are taken: whichever is asked, the dose passes it.
    """
    rows, gaps = _first_rows(target, vaccine), _gaps(target.intervals, watched)
    if gaps is None or not rows or any(one.vaccine == vaccine for one in target.inadvertent):
        return NEVER
    lower = [span for age in target.ages for span in (age.absolute_minimum, age.minimum)]
    lower += [row.begin_age for row in rows]
    upper = [age.maximum for age in target.ages] + [row.end_age for row in rows]
    return Plainly(longest_of(lower, FIRST_DAY), shortest_of(upper), *gaps)


def watched_of(ruleset: tb.Ruleset) -> frozenset[str]:
    """What is no dose of any antigen, such as immunoglobulin: of an interval from it no bound says anything, and the
    kernel asks everything of a person who had one."""
    return frozenset(vaccine.code for vaccine in ruleset.vaccines if not vaccine.associations)


def longest_of(spans: Iterable[tb.Span | None], without: int = 0) -> int:
    """The most days that the longest of some spans can take; `without` any."""
    return max((_lengths(span.months)[1] + span.days for span in spans if span is not None), default=without)


def shortest_of(spans: Iterable[tb.Span | None]) -> int:
    """The fewest days that the shortest of some spans can take; endless without any."""
    return min((_lengths(span.months)[0] + span.days for span in spans if span is not None), default=LAST_DAY)


def _first_rows(target: tb.TargetDose, vaccine: str) -> list[tb.VaccineRow]:
    """Preferable rows up to the first that is asked of everybody; none if there is no such, or one names a product."""
    rows = [row for row in target.preferable if row.vaccine == vaccine]
    certain = next((number for number, row in enumerate(rows, 1) if not row.when), 0)
    first = rows[:certain]
    return [] if any(row.trade_name or row.maker or row.volume_microlitres for row in first) else first


def _gaps(intervals: Iterable[tb.Interval], watched: frozenset[str]) -> tuple[int, int, int] | None:
    """Days after the last dose, position of a target dose and days after it; None if more is asked.

    An interval from an observation is no question to a person of whom none is stated, nor one from a watched vaccine
    to a person who had none; the kernel asks others everything.
    """
    after_last, after_target = 0, dict[int, int]()
    for row in intervals:
        days = longest_of((row.absolute_minimum, row.minimum))
        is_from_others = row.counts_from == tb.From.MOST_RECENT and not watched.issuperset(row.vaccines)
        if row.counts_from == tb.From.LEDGER or is_from_others:
            return None
        if row.counts_from == tb.From.PREVIOUS:
            after_last = max(after_last, days)
        elif row.counts_from == tb.From.TARGET:
            after_target[row.target - 1] = max(after_target.get(row.target - 1, 0), days)
    if len(after_target) > 1:
        return None
    return after_last, *next(iter(after_target.items()), (0, 0))


@cache
def _lengths(months: int) -> tuple[int, int]:
    """Fewest and most days that so many months can take, from any day of the calendar's cycle of 400 years.

    A day that a month lacks lands no further off than the same span from the first of this month or of the next.
    """
    found = [first_of_month(month + months) - first_of_month(month) for month in _CYCLE]
    return min(found), max(found)
