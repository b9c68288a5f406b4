"""Reads of lots and of what is left of them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet, Sum

from qingmiao.staff.models import Organisation
from qingmiao.stock.codes import VialCode
from qingmiao.stock.models import Lot, Movement, Product, TodaysLot


def doses_left(lot: Lot, place: Organisation) -> int:
    """Doses of `lot` at `place` and below it by the movements; below zero when more was given than received."""
    moved = Movement.objects.filter(lot=lot, place__path__startswith=place.path)
    return int(moved.aggregate(doses=Sum("doses"))["doses"] or 0)


def todays_lot(place: Organisation, product: Product, day: date) -> Lot | None:
    """The lot laid out at `place` for `day`, or None: yesterday's is not carried over."""
    laid_out = TodaysLot.objects.filter(place=place, day=day, lot__product=product).select_related("lot__product")
    newest = laid_out.order_by("-pk").first()
    return newest.lot if newest else None


def lots_at(site: Organisation, product: Product) -> QuerySet[Lot]:
    """Lots of `product` that ever came to `site` or a place below it, the first to expire in front."""
    return (
        Lot.objects.filter(product=product, movements__place__path__startswith=site.path)
        .select_related("product")
        .distinct()
        .order_by("expires_on", "number")
    )


def product_meant(code: VialCode) -> Product | None:
    """The product that a trace code or GTIN names; None when the code carries neither, or nobody has entered it."""
    if code.trace_code:
        return Product.objects.filter(trace_prefix=code.trace_prefix).first()
    return Product.objects.filter(gtin=code.gtin).first() if code.gtin else None


def lot_meant(code: VialCode, product: Product | None = None) -> Lot | None:
    """The lot that a code names, of `product` or of the product the code names itself; None if there is no such lot."""
    product = product_meant(code) or product
    lots = Lot.objects.filter(number__iexact=code.lot).select_related("product") if code.lot else Lot.objects.none()
    if product is not None:
        lots = lots.filter(product=product)
    return lots.first()
