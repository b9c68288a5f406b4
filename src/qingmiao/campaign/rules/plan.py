"""Reckoning of a plan: what a site can do, and how doses fall on its days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal


def capacity(vaccinators: int, hours: Decimal, minutes_per_dose: Decimal) -> int:
    """Whole doses that so many vaccinators give in a day."""
    return int(vaccinators * hours * 60 // minutes_per_dose)


def needed(doses: int, factor: Decimal) -> int:
    """Doses, or syringes, to have for `doses`, rounded up."""
    return int((doses * factor).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Spread:
    """Doses by day; `short` is what the days together cannot hold."""

    doses: Mapping[date, int]
    short: int

    @property
    def last_day(self) -> date | None:
        """The last day that has anything to do."""
        busy = [day for day, doses in self.doses.items() if doses]
        return max(busy) if busy else None


def spread(doses: int, capacities: Mapping[date, int], lost: Collection[date] = ()) -> Spread:
    """`doses` laid over the days, each in proportion to its capacity and never above it; `lost` days get none.

    Whole doses; what rounding leaves goes to the first days that have room.
    """
    room = {day: 0 if day in lost else held for day, held in sorted(capacities.items())}
    total = sum(room.values())
    to_lay = min(doses, total)
    laid = {day: to_lay * held // total if total else 0 for day, held in room.items()}
    rest = to_lay - sum(laid.values())
    for day, held in room.items():
        more = min(rest, 1, held - laid[day])
        laid[day] += more
        rest -= more
    return Spread(laid, doses - to_lay)
