"""How many people a period can take, on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise


@dataclass(frozen=True)
class PeriodPlan:
    """A stretch of a day: who works, and how many of its places are open to residents and staff one by one."""

    starts_at: time
    ends_at: time
    vaccinators: int
    open_places: int = 0

    @property
    def length(self) -> timedelta:
        return _on_one_day(self.ends_at) - _on_one_day(self.starts_at)

    def places(self, minutes_per_dose: int) -> int:
        """Vaccinators × length ÷ minutes per dose, whole doses only."""
        return places(self.vaccinators, self.length, minutes_per_dose)


def places(vaccinators: int, length: timedelta, minutes_per_dose: int) -> int:
    """How many doses so many vaccinators give in `length`, each by themselves: nobody starts what cannot be ended."""
    return vaccinators * int(length / timedelta(minutes=minutes_per_dose))


def hourly(opens_at: time, closes_at: time, vaccinators: int, open_places: int) -> list[PeriodPlan]:
    """The day cut into hours from its opening; the last period may be shorter."""
    plans, start, end = [], _on_one_day(opens_at), _on_one_day(closes_at)
    while start < end:
        until = min(start + timedelta(hours=1), end)
        share = round(open_places * ((until - start) / timedelta(hours=1)))
        plans.append(PeriodPlan(start.time(), until.time(), vaccinators, share))
        start = until
    return plans


def overlap(plans: Sequence[PeriodPlan]) -> PeriodPlan | None:
    """The first period that begins before the one before it has ended, or None."""
    ordered = sorted(plans, key=lambda plan: plan.starts_at)
    return next((after for before, after in pairwise(ordered) if after.starts_at < before.ends_at), None)


def _on_one_day(at: time) -> datetime:
    return datetime.combine(date.min, at)
