"""Writes of the cold chain: fridges, readings by hand and from loggers, breaches and what was decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.actions.deliveries import StockRefused, discard
from qingmiao.stock.actions.doses import free_lot, hold_back_lot
from qingmiao.stock.cold_chain import Temperature, limits_of, outsides
from qingmiao.stock.models import Breach, Fridge, Lot, Reading
from qingmiao.stock.queries.balances import balances
from qingmiao.stock.queries.lots import doses_left

LOOK_BACK = timedelta(days=2)  # of readings, to find where a breach began
COLDEST, WARMEST = Decimal(-100), Decimal(80)


@action("stock.set_up_fridge")
def set_up_fridge(
    *, by: Actor, place: Organisation, number: str, kind: Fridge.Kind, request_id: UUID | None = None
) -> Fridge:
    """Enter a fridge of a place, or return it as it stands."""
    by.must("stock.keep_cold", place)
    fridge, _is_new = Fridge.objects.get_or_create(place=place, number=number.strip()[:20], defaults={"kind": kind})
    return fridge


@action("stock.read_fridge")
def read_fridge(
    *, by: Actor, fridge: Fridge, celsius: Decimal, at: datetime, said: str = "", request_id: UUID | None = None
) -> Reading:
    """A temperature read by hand. Outside its limits it opens a breach at once, or goes on with the open one."""
    by.must("stock.keep_cold", fridge.place)
    _must_be_real(celsius)
    reading = Reading.objects.create(
        fridge=fridge, at=at, celsius=celsius, source=Reading.Source.HAND, note=said[:120], by_id=by.user_id
    )
    _find_breaches(fridge, at - LOOK_BACK, at)
    return reading


@action("stock.read_logger")
def read_logger(
    *, by: Actor, fridge: Fridge, temperatures: Sequence[Temperature], at: datetime, request_id: UUID | None = None
) -> Fridge:
    """Take in a logger's file; what came before is left as it is, so a file read twice adds nothing."""
    by.must("stock.keep_cold", fridge.place)
    if not temperatures:
        raise StockRefused(_("No temperatures were found in the file: it needs a column of times and one of °C."))
    for instant, celsius in temperatures:
        _must_be_real(Decimal(str(celsius)))
        if instant > at + timedelta(minutes=5):
            raise StockRefused(_("The file has temperatures of the future: set the logger's clock and read it again."))
    first, last = min(temperatures)[0], max(temperatures)[0]
    source = Reading.Source.LOGGER
    known = set(
        Reading.objects.filter(fridge=fridge, source=source, at__range=(first, last)).values_list("at", flat=True)
    )
    new = {
        instant: Reading(
            fridge=fridge, at=instant, celsius=Decimal(str(round(celsius, 1))), source=source, by_id=by.user_id
        )
        for instant, celsius in temperatures
        if instant not in known
    }
    Reading.objects.bulk_create(new.values(), batch_size=500)
    found = _find_breaches(fridge, first - LOOK_BACK, max(last, at))
    note(fridge=fridge.pk, readings=len(new), breaches=found)
    return fridge


def _must_be_real(celsius: Decimal) -> None:
    if not COLDEST <= celsius <= WARMEST:
        raise StockRefused(_("{celsius} ℃ cannot be: read the thermometer again.").format(celsius=celsius))


def _find_breaches(fridge: Fridge, since: datetime, until: datetime) -> int:
    """Open a breach for every time outside that is not on record, close those that have ended; how many are new."""
    Fridge.objects.select_for_update().get(pk=fridge.pk)
    earliest = Breach.objects.filter(fridge=fridge, ended_at=None).order_by("started_at").first()
    since = min(since, earliest.started_at) if earliest else since
    rows = Reading.objects.filter(fridge=fridge, at__range=(since, until)).values_list("at", "celsius")
    limits = limits_of(fridge.kind, timezone.localdate(until))
    known = {breach.started_at: breach for breach in Breach.objects.filter(fridge=fridge, started_at__gte=since)}
    new = 0
    for outside in outsides([(at, float(celsius)) for at, celsius in rows], limits):
        found = known.get(outside.started_at) or _overlapping(known.values(), outside.started_at)
        worst = Decimal(str(outside.worst_celsius))
        if found is None:
            affected = {str(one.lot.pk): one.left for one in balances(fridge.place) if one.left > 0}
            Breach.objects.create(
                fridge=fridge,
                started_at=outside.started_at,
                ended_at=outside.ended_at,
                worst_celsius=worst,
                affected=affected,
            )
            new += 1
        elif (found.ended_at, found.worst_celsius) != (outside.ended_at, worst):
            change(found, ended_at=outside.ended_at, worst_celsius=worst)
    return new


def _overlapping(breaches: Iterable[Breach], at: datetime) -> Breach | None:
    """A breach on record that was running at an instant: a later file may show that it began earlier."""
    return next((one for one in breaches if one.started_at <= at and (one.ended_at is None or at < one.ended_at)), None)


@action("stock.decide_breach")
def decide_breach(
    *,
    by: Actor,
    breach: Breach,
    decision: Breach.Decision,
    said: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Breach:
    """What becomes of the vaccine that was in the fridge: used, held back until the holder answers, or discarded.

    Held back and discarded lots are stopped at every desk at once. A breach that was held back may be decided again.
    """
    place = breach.fridge.place
    by.must("stock.decide_breach", place)
    if not decision or not said.strip():
        raise StockRefused(_("Choose what becomes of the vaccine, and write why and whom you asked."))
    if breach.decision not in (Breach.Decision.OPEN, Breach.Decision.QUARANTINE):
        raise StockRefused(_("This was decided already."))
    reason = _("Cold chain, fridge {fridge}: {said}").format(fridge=breach.fridge.number, said=said.strip())[:120]
    for lot in Lot.objects.filter(pk__in=[int(pk) for pk in breach.affected]).order_by("pk"):
        _carry_out(by, breach, lot, decision, reason, at)
    change(
        breach,
        decision=decision,
        decision_note=said.strip()[:200],
        decided_by_id=by.user_id or 0,
        decided_at=at,
    )
    note(fridge=breach.fridge_id, decision=decision.value, lots=len(breach.affected))
    return breach


def _carry_out(by: Actor, breach: Breach, lot: Lot, decision: Breach.Decision, reason: str, at: datetime) -> None:
    place = breach.fridge.place
    if decision is Breach.Decision.QUARANTINE and lot.state == Lot.State.USABLE:
        hold_back_lot(by=by, lot=lot, state=Lot.State.QUARANTINED, reason=reason)
    elif decision is Breach.Decision.USE and lot.state == Lot.State.QUARANTINED and breach.decision:
        free_lot(by=by, lot=lot)
    elif (
        decision is Breach.Decision.DISCARD and (left := min(breach.affected[str(lot.pk)], doses_left(lot, place))) > 0
    ):
        discard(by=by, place=place, lot=lot, doses=left, reason=reason, at=at)
