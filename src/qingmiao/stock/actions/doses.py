"""Writes of stock: doses come, are laid out, leave, come back; lots are held back and freed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, name_of, note
from qingmiao.audit.models import change
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot, Movement, Product, TodaysLot
from qingmiao.stock.rules import Obstacle, obstacles


class LotNotUsable(Exception):
    """A lot must not be used, before the needle; `obstacle` is the first reason, `lot` may be shown."""

    def __init__(self, lot: Lot, obstacle: Obstacle, ordered: Product | None = None) -> None:
        self.lot, self.obstacle = lot, obstacle
        super().__init__(_why(lot, obstacle, ordered))


def _why(lot: Lot, obstacle: Obstacle, ordered: Product | None) -> str:
    sentences = {
        Obstacle.EXPIRED: _("Lot {lot} expired on {expires_on}. Do not give it: put the vial aside, scan another one."),
        Obstacle.QUARANTINED: _("Lot {lot} is quarantined: {reason}. Put the vial aside, scan another one."),
        Obstacle.RECALLED: _("Lot {lot} is recalled: {reason}. Put the vial aside and tell the stock keeper."),
        Obstacle.OTHER_PRODUCT: _(
            "This vial is {product}, but {ordered} was ordered for this person. Put it back, take the right vial."
        ),
    }
    return sentences[obstacle].format(
        lot=lot.number,
        expires_on=lot.expires_on,
        reason=lot.state_reason,
        product=lot.product.name,
        ordered=ordered.name if ordered else "",
    )


@action("stock.enter_product")
def enter_product(
    *, by: Actor, place: Organisation, code: str, name: str, request_id: UUID | None = None, **details: str | int
) -> Product:
    """Enter a product, or return it as it stands. `details`: the other fields of Product."""
    by.must("stock.receive_doses", place)
    manufacturer = str(details.pop("manufacturer", ""))
    product, _is_new = Product.objects.get_or_create(
        code=code, manufacturer=manufacturer, defaults={"name": name, **details}
    )
    return product


@action("stock.receive_doses")
def receive_doses(
    *,
    by: Actor,
    place: Organisation,
    product: Product,
    lot_number: str,
    expires_on: date,
    doses: int,
    at: datetime,
    request_id: UUID | None = None,
) -> Movement:
    """Write down that doses of a lot came to `place`; a lot seen for the first time is opened."""
    by.must("stock.receive_doses", place)
    lot, _is_new = Lot.objects.get_or_create(product=product, number=lot_number, defaults={"expires_on": expires_on})
    note(lot=lot.pk, doses=doses)
    return Movement.objects.create(
        lot=lot, place=place, kind=Movement.Kind.RECEIVED, doses=doses, at=at, by_id=by.user_id
    )


@action("stock.lay_out_lot")
def lay_out_lot(*, by: Actor, place: Organisation, lot: Lot, at: datetime, request_id: UUID | None = None) -> TodaysLot:
    """Offer `lot` at `place` until midnight. Raises LotNotUsable if it is expired, recalled or quarantined."""
    by.must("stock.lay_out_lot", place)
    lot = Lot.objects.select_related("product").get(pk=lot.pk)
    day = timezone.localdate(at)
    for obstacle in obstacles(state=lot.state, expires_on=lot.expires_on, on=day):
        raise LotNotUsable(lot, obstacle)
    note(lot=lot.pk, place=place.pk)
    return TodaysLot.objects.create(place=place, lot=lot, day=day, at=at, by_id=by.user_id)


@action("stock.take_dose")
def take_dose(*, by: Actor, place: Organisation, lot: Lot, dose: models.Model, at: datetime) -> Movement:
    """One dose left `place` for an arm. Never refused: a balance below zero asks for a recount."""
    by.must("stock.take_dose", place)
    return Movement.objects.create(
        lot=lot,
        place=place,
        kind=Movement.Kind.GIVEN,
        doses=-1,
        belongs_to=name_of(dose),
        at=at,
        by_id=by.user_id,
    )


@action("stock.take_back_dose")
def take_back_dose(*, by: Actor, dose: models.Model, reason: str, at: datetime) -> Movement | None:
    """The dose was recorded by mistake: its movement is balanced. None when it had moved nothing."""
    given = Movement.objects.filter(kind=Movement.Kind.GIVEN, belongs_to=name_of(dose)).first()
    if given is None:
        return None
    by.must("stock.take_dose", given)
    return Movement.objects.create(
        lot=given.lot,
        place=given.place,
        kind=Movement.Kind.TAKEN_BACK,
        doses=-given.doses,
        reason=reason,
        belongs_to=name_of(dose),
        at=at,
        by_id=by.user_id,
    )


@action("stock.hold_back_lot")
def hold_back_lot(*, by: Actor, lot: Lot, state: Lot.State, reason: str, request_id: UUID | None = None) -> Lot:
    """Quarantine or recall a lot at once, everywhere: no desk offers or accepts it any more."""
    by.must("stock.hold_back_lot", lot)
    note(state=state.value)
    change(lot, state=state, state_reason=reason)
    return lot


@action("stock.free_lot")
def free_lot(*, by: Actor, lot: Lot, request_id: UUID | None = None) -> Lot:
    """End a quarantine or recall."""
    by.must("stock.free_lot", lot)
    change(lot, state=Lot.State.USABLE, state_reason="")
    return lot
