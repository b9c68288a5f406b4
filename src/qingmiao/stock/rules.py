"""Whether a lot may be used: pure decisions on plain values."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from qingmiao.law.dated import threshold


class Obstacle(StrEnum):
    """Why a lot must not go into an arm. The order is the order in which they are shown."""

    RECALLED = "recalled"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"
    OTHER_PRODUCT = "other_product"


def obstacles(*, state: str, expires_on: date, on: date, is_ordered_product: bool = True) -> tuple[Obstacle, ...]:
    """Everything that speaks against a lot on a local day; empty when it may be used.

    `expires_on` is the last day on which it may be given. Source: Vaccine Administration Law, articles 40 and 45.
    """
    found = []
    if state in (Obstacle.RECALLED, Obstacle.QUARANTINED):
        found.append(Obstacle(state))
    if expires_on < on:
        found.append(Obstacle.EXPIRED)
    if not is_ordered_product:
        found.append(Obstacle.OTHER_PRODUCT)
    return tuple(found)


def ends_soon(expires_on: date, on: date) -> bool:
    """Whether a lot is pointed out because it ends soon; nothing is stopped by that. Source: rules/stock/lots.yaml."""
    return expires_on <= on + timedelta(days=threshold("stock", "lots", "ends_soon_days").value)
