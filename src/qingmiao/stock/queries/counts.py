"""Reads of counts and fees."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet, Sum
from django.utils import timezone

from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Count, Fee, SupplyCount


def supplies_at(place: Organisation) -> dict[str, SupplyCount]:
    """The newest count of every item at a place."""
    newest: dict[str, SupplyCount] = {}
    for count in SupplyCount.objects.filter(place__path__begins=place.path).order_by("at", "pk"):
        newest[count.item] = count
    return newest


def counts_of(place: Organisation, day: date) -> dict[int, Count]:
    """The newest count of each lot at a place on a local day, by lot."""
    start = timezone.make_aware(datetime.combine(day, time()))
    rows = Count.objects.filter(place=place, at__gte=start, at__lt=start + timedelta(days=1)).order_by("at", "pk")
    return {count.lot_id: count for count in rows}


def fees_of(place: Organisation, day: date) -> QuerySet[Fee]:
    """Fees taken and given back at a place on a local day, the newest first."""
    start = timezone.make_aware(datetime.combine(day, time()))
    rows = Fee.objects.filter(place__path__begins=place.path, at__gte=start, at__lt=start + timedelta(days=1))
    return rows.select_related("product", "refund").order_by("-at", "-pk")


def sum_of(fees: QuerySet[Fee]) -> int:
    """Fen taken, less what was given back."""
    return int(fees.aggregate(fen=Sum("fen"))["fen"] or 0)
