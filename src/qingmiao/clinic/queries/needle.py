"""What the injection desk needs to know."""

from __future__ import annotations

from datetime import date

from qingmiao.clinic.models import Desk, LotCheck, Screening, Visit
from qingmiao.registry.models import Dose


def lot_check_of(visit: Visit, desk: Desk) -> LotCheck | None:
    """The newest check of a vial for this person since the desk called them."""
    checks = LotCheck.objects.filter(visit=visit, desk=desk, at__gte=visit.called_at)
    return checks.select_related("lot__product").order_by("-pk").first()


def screening_of(visit: Visit) -> Screening | None:
    """The newest screening of a visit."""
    return visit.screenings.order_by("-pk").first()


def last_dose_at(desk: Desk, day: date) -> Dose | None:
    """The newest dose given at a desk on a day that still counts."""
    doses = Dose.objects.filter(injection__desk=desk, given_on=day, superseded_by=None, is_void=False)
    return doses.select_related("injection__visit__person", "observation").order_by("-pk").first()
