"""One step of a visit: the only code that moves a person along the chain."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import note, running
from qingmiao.audit.models import change
from qingmiao.audit.statements import Prepared, Slot, insert, update
from qingmiao.clinic.models import Counter, Desk, Session, Visit, VisitEvent
from qingmiao.clinic.rules import Event, NotNow, Refused, State, after, waits_for
from qingmiao.clinic.words import STATES
from qingmiao.registry.models import Dose
from qingmiao.staff.access import Actor
from qingmiao.stock.models import Lot


class StepNotPossible(Refused):
    """The person stands elsewhere on the chain than the desk thought: somebody was faster, or a step was left out."""

    def __init__(self, visit: Visit, event: Event) -> None:
        self.visit, self.event = visit, event
        super().__init__(
            _(
                "{ticket} stands at “{state}” now, so this is not possible. Nothing was saved: look at the desk again "
                "and go on from there."
            ).format(ticket=visit.ticket or _("This person"), state=STATES[visit.where])
        )


_visits = Prepared(
    lambda: (
        Visit.objects.select_for_update(of=("self",))
        .select_related("session__site", "product", "person")
        .filter(pk__among=Slot("visits"))
        .order_by("pk")
    )
)


def hold(visits: Collection[int]) -> list[Visit]:
    """These visits as they are now, held until the end of the transaction, in one order: no two wait in a ring."""
    held = _visits(visits=visits)
    for visit in held:
        visit.held_in = running()
    return held


def locked(visit: Visit) -> Visit:
    """The visit as it is now, held until the end of the action; read again unless this very row is held already."""
    if visit.held_in is not None and visit.held_in is running():
        return visit
    return _visits(visits=[visit.pk])[0]


def step(
    visit: Visit,
    event: Event,
    *,
    by: Actor,
    at: datetime,
    desk: Desk | None = None,
    reason: str = "",
    back_to: State | None = None,
    **changes: Any,
) -> VisitEvent:
    """Move a locked visit by `event`, write `changes` with it, and leave the step in its journal.

    An event that takes another back leads `back_to` where that one began; all others lead where the table says. Raises
    StepNotPossible when the table has no such step. A person who goes on to another queue frees the desk.
    """
    before = visit.where
    try:
        state = after(before, event)
    except NotNow:
        raise StepNotPossible(visit, event) from None
    state = back_to or state
    if waits_for(state) is not waits_for(before) or waits_for(state) is None:
        changes = {"called_to": None, "called_at": None, "passed_over_at": None} | changes
        changes = {"queued_at": at if waits_for(state) else None} | changes
    change(visit, state=state.value, **changes)
    note(visit=visit.pk, event=event.value)
    done = VisitEvent(
        visit=visit,
        event=event.value,
        before=before.value,
        after=state.value,
        at=at,
        by_id=by.user_id,
        desk=desk,
        reason=reason[:200],
    )
    insert([done])
    return done


def ticket_of_latecomer(visit: Visit, at: datetime) -> dict[str, Any]:
    """Somebody who was never received still gets what the row of a person at the site must have."""
    if visit.ticket is not None:
        return {}
    return {"ticket": f"V{visit.pk}"[:8], "arrived_at": at}


_counter = Prepared(
    lambda: Counter.objects.select_for_update().filter(session__is=Slot("session"), series__is=Slot("series"))
)


def draw_number(session: Session, series: str) -> int:
    """The next number of a series: drawn under the counter's row lock, so no two are equal; gaps are harmless."""
    held = _counter.first(session=session, series=series)
    if held is None:
        Counter.objects.get_or_create(session=session, series=series)
        held = _counter.one(session=session, series=series)
    update(Counter, where={"id": held.pk}, last=held.last + 1)
    return held.last + 1


def dose_row(visit: Visit, lot: Lot, body_site: str, at: datetime, by: Actor, dose_number: int) -> Dose:
    """The ledger's row of an injection at this site, not yet written."""
    return Dose(
        person_id=visit.person_id,
        product_code=lot.product.code,
        vaccine=lot.product.name,
        dose_number=dose_number,
        given_on=timezone.localdate(at),
        given_at=at,
        lot=lot,
        lot_number=lot.number,
        manufacturer=lot.product.manufacturer,
        site=visit.session.site,
        site_name=visit.session.site.name,
        body_site=body_site,
        given_by_id=by.user_id,
        source=Dose.Source.HERE,
    )
