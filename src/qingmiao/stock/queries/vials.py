"""Opened vials: what is still in them, and for how long."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Movement, OpenVial


def rest_of(vial: OpenVial, at: datetime) -> int:
    """Doses still in a vial: what it held, less the doses of its lot given at its place since it was opened."""
    given = Movement.objects.filter(
        lot=vial.lot,
        place__path__begins=vial.place.path,
        kind__in=[Movement.Kind.GIVEN, Movement.Kind.TAKEN_BACK],
        at__gte=vial.opened_at,
        at__lte=at,
    ).aggregate(doses=Sum("doses"))["doses"]
    return max(0, vial.doses + int(given or 0))


def open_vials(place: Organisation) -> list[OpenVial]:
    """Vials that are open at a place or below it, the first to end in front."""
    vials = OpenVial.objects.filter(place__path__begins=place.path, closed_at=None)
    return list(vials.select_related("lot__product", "place").order_by("use_until"))
