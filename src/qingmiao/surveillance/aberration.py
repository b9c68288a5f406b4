"""Whether this week is unusual: the historical limits method, on the same weeks of the five years before.

Stroup, Williamson, Herndon, Karon: Detection of aberrations in the occurrence of notifiable diseases surveillance
data, Statistics in Medicine 8 (1989) 323–329 (from memory). Baseline: the same week and its two neighbours of each of
five years, 15 weeks. Unusual: more than mean + 2 standard deviations. Two changes for small places: the standard
deviation is never taken below that of a Poisson count, and fewer than three cases are never unusual. A regression
(Farrington) would use more of the history; its library weighs more than this whole program, and a head can check this
one by hand. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import mean, stdev

YEARS, FEWEST_YEARS, FEWEST_CASES, DEVIATIONS = 5, 3, 3, 2
YEAR = timedelta(days=364)  # 52 weeks: the same days of the week
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """Cases of a week against its history. `expected` and `limit` are None without enough years."""

    last: date
    cases: int
    expected: float | None
    limit: float | None
    baseline: tuple[int, ...]

    @property
    def is_unusual(self) -> bool:
        return self.limit is not None and self.cases >= FEWEST_CASES and self.cases > self.limit


def week(onsets: Sequence[date], last: date, recorded_since: date) -> Week:
    """The week that ends on `last`. Years before `recorded_since` are no years without cases: they are unknown."""
    ends = [last - year * YEAR + shift * WEEK for year in range(1, YEARS + 1) for shift in (-1, 0, 1)]
    known = [end for end in ends if end - WEEK >= recorded_since]
    baseline = tuple(_cases(onsets, end) for end in known)
    if len(baseline) < FEWEST_YEARS * 3:
        return Week(last, _cases(onsets, last), None, None, baseline)
    expected = mean(baseline)
    deviation = max(stdev(baseline), sqrt(expected))
    return Week(last, _cases(onsets, last), expected, expected + DEVIATIONS * deviation, baseline)


def _cases(onsets: Sequence[date], last: date) -> int:
    return sum(last - WEEK < onset <= last for onset in onsets)
