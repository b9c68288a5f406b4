"""How long people waited, from arrival to the needle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from qingmiao.clinic.models import Visit


@dataclass(frozen=True)
class Waits:
    """Minutes from arrival to the dose: how many people, the middle, and what nine in ten did not exceed."""

    people: int
    middle: float | None
    nine_in_ten: float | None


def waits_at(sites: Collection[int], first: date, last: date) -> Waits:
    """Waiting times at some sites between two days."""
    rows = Visit.objects.filter(session__site__in=sites, session__day__gte=first, session__day__lte=last)
    times = rows.filter(arrived_at__isnull=False, vaccinated_at__isnull=False)
    pairs = times.values_list("arrived_at", "vaccinated_at")
    minutes = sorted((end - start).total_seconds() / 60 for start, end in pairs if start and end)
    if not minutes:
        return Waits(0, None, None)
    high = quantiles(minutes, n=10)[-1] if len(minutes) > 1 else minutes[0]
    return Waits(len(minutes), median(minutes), min(high, minutes[-1]))
