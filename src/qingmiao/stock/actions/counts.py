"""Writes of what somebody counted: doses at close, open vials, supplies; and of fees."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.actions.deliveries import StockRefused
from qingmiao.stock.cold_chain import minutes_open, supplies_for
from qingmiao.stock.models import Count, Fee, Lot, Movement, OpenVial, Product, SupplyCount
from qingmiao.stock.queries.lots import doses_left
from qingmiao.stock.queries.vials import rest_of


class DifferenceUnexplained(StockRefused):
    """The count differs from the movements, and nobody says why."""

    def __init__(self, expected: int, counted: int) -> None:
        self.expected, self.counted = expected, counted
        super().__init__(
            _(
                "{counted} were counted, {expected} should be here. Count again; if it stays so, write why "
                "and who says so."
            ).format(counted=counted, expected=expected)
        )


@action("stock.count_lot")
def count_lot(
    *,
    by: Actor,
    place: Organisation,
    lot: Lot,
    counted: int,
    at: datetime,
    explanation: str = "",
    explained_by: str = "",
    request_id: UUID | None = None,
) -> Count:
    """Write down a count of a lot. A difference is explained by name, and corrected by a movement of its own."""
    by.must("stock.count", place)
    Lot.objects.select_for_update().get(pk=lot.pk)
    expected = doses_left(lot, place)
    if counted != expected and not (explanation.strip() and explained_by.strip()):
        raise DifferenceUnexplained(expected, counted)
    correction = None
    if counted != expected:
        correction = Movement.objects.create(
            lot=lot,
            place=place,
            kind=Movement.Kind.COUNTED,
            doses=counted - expected,
            reason=explanation.strip()[:120],
            at=at,
            by_id=by.user_id,
        )
    note(lot=lot.pk, expected=expected, counted=counted)
    return Count.objects.create(
        place=place,
        lot=lot,
        at=at,
        expected=expected,
        counted=counted,
        explanation=explanation.strip()[:200],
        explained_by=explained_by.strip()[:64],
        correction=correction,
        by_id=by.user_id,
    )


@action("stock.open_vial")
def open_vial(*, by: Actor, place: Organisation, lot: Lot, at: datetime, request_id: UUID | None = None) -> OpenVial:
    """A vial of several doses was opened at `place`; the one opened before is closed, and its rest discarded."""
    by.must("stock.lay_out_lot", place)
    lot = Lot.objects.select_for_update(of=("self",)).select_related("product").get(pk=lot.pk)
    if lot.product.doses_per_vial < 2:
        raise StockRefused(_("A vial of this product holds one dose: nothing stays in it."))
    for vial in OpenVial.objects.filter(place=place, lot=lot, closed_at=None):
        _close(by, vial, at)
    until = at + timedelta(minutes=minutes_open(lot.product.code, timezone.localdate(at)))
    note(lot=lot.pk)
    return OpenVial.objects.create(
        place=place, lot=lot, doses=lot.product.doses_per_vial, opened_at=at, use_until=until, opened_by_id=by.user_id
    )


@action("stock.close_vial")
def close_vial(*, by: Actor, vial: OpenVial, at: datetime, request_id: UUID | None = None) -> OpenVial:
    """The vial is empty or its time is over: what is left in it is discarded."""
    by.must("stock.lay_out_lot", vial.place)
    held = OpenVial.objects.select_for_update(of=("self",)).select_related("lot", "place").get(pk=vial.pk)
    if held.closed_at is not None:
        return held
    return _close(by, held, at)


def _close(by: Actor, vial: OpenVial, at: datetime) -> OpenVial:
    rest = rest_of(vial, at)
    if rest > 0:
        vial.rest = Movement.objects.create(
            lot=vial.lot,
            place=vial.place,
            kind=Movement.Kind.WASTED,
            doses=-rest,
            reason=_("Rest of an opened vial"),
            at=at,
            by_id=by.user_id,
        )
    vial.closed_at = at
    vial.save(update_fields=["rest", "closed_at"])
    return vial


@action("stock.count_supply")
def count_supply(
    *, by: Actor, place: Organisation, item: str, counted: int, at: datetime, request_id: UUID | None = None
) -> SupplyCount:
    """Write down how many of an item somebody counted."""
    by.must("stock.count", place)
    if item not in supplies_for(0) or counted < 0:
        raise StockRefused(_("This item is not on the list of supplies."))
    return SupplyCount.objects.create(place=place, item=item, counted=counted, at=at, by_id=by.user_id)


@action("stock.take_fee")
def take_fee(
    *,
    by: Actor,
    place: Organisation,
    product: Product,
    belongs_to: str,
    at: datetime,
    receipt: str = "",
    request_id: UUID | None = None,
) -> Fee:
    """Take the price of a dose that the programme does not pay; once per visit or dose and product."""
    by.must("stock.take_fee", place)
    if not product.price_fen:
        raise StockRefused(_("This vaccine is free of charge: nothing is taken for it."))
    taken = Fee.objects.filter(place=place, product=product, belongs_to=belongs_to, refunds=None, refund=None).first()
    if taken is not None:
        raise StockRefused(_("The fee for this is taken already."))
    return Fee.objects.create(
        place=place,
        product=product,
        belongs_to=belongs_to,
        fen=product.price_fen,
        receipt=receipt[:40],
        at=at,
        by_id=by.user_id,
    )


@action("stock.refund_fee")
def refund_fee(*, by: Actor, fee: Fee, reason: str, at: datetime, request_id: UUID | None = None) -> Fee:
    """Give a fee back, with the reason: not vaccinated, recalled, taken twice."""
    by.must("stock.take_fee", fee.place)
    if fee.fen < 0 or Fee.objects.filter(refunds=fee).exists() or not reason.strip():
        raise StockRefused(_("Choose a fee that was not given back yet, and write why."))
    return Fee.objects.create(
        place=fee.place,
        product=fee.product,
        belongs_to=fee.belongs_to,
        fen=-fee.fen,
        refunds=fee,
        reason=reason.strip()[:120],
        at=at,
        by_id=by.user_id,
    )
