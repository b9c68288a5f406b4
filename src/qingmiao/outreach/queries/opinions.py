"""What guardians think of a clinic, and how its complaints stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Avg, Count, QuerySet

from qingmiao.outreach.models import Complaint, Rating


@dataclass(frozen=True)
class Ratings:
    """Ratings of a time: how many, and the mean marks (None: nobody rated)."""

    count: int
    overall: float | None
    waiting: float | None
    explained: float | None
    remarks: tuple[tuple[date, int, str], ...]


def ratings(sites: Collection[int], first: date, last: date) -> Ratings:
    """Ratings of some sites between two days, with the latest remarks."""
    rows = Rating.objects.filter(site__in=sites, day__gte=first, day__lte=last)
    means = rows.aggregate(n=Count("pk"), overall=Avg("overall"), waiting=Avg("waiting"), explained=Avg("explained"))
    remarks = rows.exclude(text="").order_by("-at").values_list("day", "overall", "text")[:20]
    return Ratings(means["n"], means["overall"], means["waiting"], means["explained"], tuple(remarks))


def time_to_close(complaints: QuerySet[Complaint]) -> timedelta | None:
    """The median time from a complaint to its end; None while none is closed."""
    closed = complaints.filter(closed_at__isnull=False).values_list("raised_at", "closed_at")
    times = [(end - start).total_seconds() for start, end in closed if end is not None]
    return timedelta(seconds=median(times)) if times else None
