"""Writes of doses that come and go by box: deliveries, sending on, returning, discarding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.cold_chain import Temperature, faults_of_transport
from qingmiao.stock.models import Delivery, Lot, Movement, Product
from qingmiao.stock.queries.lots import doses_left

FAULTS = {
    "missing": gettext_lazy("there is no temperature record"),
    "departure": gettext_lazy("no temperature at departure"),
    "arrival": gettext_lazy("no temperature at arrival"),
    "gap": gettext_lazy("more than 6 hours between two temperatures"),
    "outside": gettext_lazy("a temperature is outside 2–8 ℃"),
    "order": gettext_lazy("a temperature lies before departure or after arrival"),
}


class StockRefused(Exception):
    """Something cannot be done with the stock now; the message says why and what to do. Nothing was written."""


class DeliveryRefused(StockRefused):
    """The transport's temperature record is missing or bad: the law forbids to take the doses in."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            _(
                "Do not take this delivery: {faults}. Ask the carrier for the record; without it the doses go back "
                "(Vaccine Administration Law, article 39)."
            ).format(faults="；".join(str(FAULTS[fault]) for fault in faults))
        )


class NotEnough(StockRefused):
    """More doses than are here by the movements."""

    def __init__(self, left: int) -> None:
        super().__init__(_("Only {left} doses are here. Count first if there are really more.").format(left=left))


@dataclass(frozen=True)
class Papers:
    """What a delivery came with. `temperatures`: instants with °C, at departure, on the way, at arrival."""

    supplier: str
    document: str
    departed_at: datetime
    arrived_at: datetime
    temperatures: Sequence[Temperature]


@dataclass(frozen=True)
class LotOnPaper:
    """A lot as its certificate names it."""

    number: str
    expires_on: date
    batch_release: str


@action("stock.take_delivery")
def take_delivery(
    *,
    by: Actor,
    place: Organisation,
    product: Product,
    lot: LotOnPaper,
    doses: int,
    papers: Papers,
    at: datetime,
    request_id: UUID | None = None,
) -> Movement:
    """Take doses in from a supplier. Raises DeliveryRefused without a whole and good transport temperature record.

    A lot that is known already must have the same last day: StockRefused otherwise, one of the two is misread.
    """
    by.must("stock.receive_doses", place)
    faults = faults_of_transport(papers.departed_at, papers.arrived_at, papers.temperatures, timezone.localdate(at))
    if faults:
        raise DeliveryRefused(faults)
    if doses < 1 or not lot.batch_release.strip():
        raise StockRefused(
            _("Enter whole doses and the batch release number: without its certificate no lot is taken.")
        )
    held = _lot(product, lot)
    movement = Movement.objects.create(
        lot=held,
        place=place,
        kind=Movement.Kind.RECEIVED,
        doses=doses,
        other_side=papers.supplier[:120],
        at=at,
        by_id=by.user_id,
    )
    Delivery.objects.create(
        movement=movement,
        supplier=papers.supplier[:120],
        document=papers.document[:60],
        departed_at=papers.departed_at,
        arrived_at=papers.arrived_at,
        temperatures=[[instant.isoformat(), celsius] for instant, celsius in papers.temperatures],
    )
    note(lot=held.pk, doses=doses)
    return movement


def _lot(product: Product, paper: LotOnPaper) -> Lot:
    lot, is_new = Lot.objects.get_or_create(
        product=product,
        number=paper.number,
        defaults={"expires_on": paper.expires_on, "batch_release": paper.batch_release},
    )
    if not is_new and lot.expires_on != paper.expires_on:
        raise StockRefused(
            _("Lot {lot} is on record until {day}. Read box and certificate again; one of the two is wrong.").format(
                lot=lot.number, day=lot.expires_on
            )
        )
    if not lot.batch_release:
        change(lot, batch_release=paper.batch_release)
    return lot


@action("stock.send_on")
def send_on(
    *,
    by: Actor,
    place: Organisation,
    to: Organisation,
    lot: Lot,
    doses: int,
    celsius: float,
    at: datetime,
    request_id: UUID | None = None,
) -> Movement:
    """Issue doses to another place of the tree, or give them to a neighbour: they leave here and come there at once.

    `celsius` is the temperature of the box when it left.
    """
    by.must("stock.move_doses", place)
    _must_be_here(lot, place, doses)
    faults = faults_of_transport(at, at, [(at, celsius)], timezone.localdate(at))
    if faults:
        raise DeliveryRefused(faults)
    note(lot=lot.pk, doses=doses, to=to.pk)
    Movement.objects.create(
        lot=lot, place=to, kind=Movement.Kind.CAME, doses=doses, other_side=place.name, at=at, by_id=by.user_id
    )
    return Movement.objects.create(
        lot=lot, place=place, kind=Movement.Kind.SENT, doses=-doses, other_side=to.name, at=at, by_id=by.user_id
    )


@action("stock.give_back")
def give_back(
    *, by: Actor, place: Organisation, lot: Lot, doses: int, to: str, reason: str, at: datetime,
    request_id: UUID | None = None,
) -> Movement:  # fmt: skip
    """Return doses to the supplier, with the reason."""
    return _leave(by, place, lot, doses, Movement.Kind.RETURNED, reason, at, to)


@action("stock.discard")
def discard(
    *, by: Actor, place: Organisation, lot: Lot, doses: int, reason: str, at: datetime, request_id: UUID | None = None
) -> Movement:
    """Discard doses, with the reason: broken, expired, warm, the rest of a vial."""
    return _leave(by, place, lot, doses, Movement.Kind.WASTED, reason, at, "")


def _leave(
    by: Actor, place: Organisation, lot: Lot, doses: int, kind: Movement.Kind, reason: str, at: datetime, to: str
) -> Movement:
    by.must("stock.move_doses", place)
    if not reason.strip():
        raise StockRefused(_("Write why: the reason stands in the stock form."))
    _must_be_here(lot, place, doses)
    note(lot=lot.pk, doses=doses)
    return Movement.objects.create(
        lot=lot,
        place=place,
        kind=kind,
        doses=-doses,
        reason=reason.strip()[:120],
        other_side=to[:120],
        at=at,
        by_id=by.user_id,
    )


def _must_be_here(lot: Lot, place: Organisation, doses: int) -> None:
    """Raise unless so many doses are here; the lot is held meanwhile, so that two people cannot send the same ones."""
    Lot.objects.select_for_update().get(pk=lot.pk)
    left = doses_left(lot, place)
    if doses < 1 or doses > left:
        raise NotEnough(left)
