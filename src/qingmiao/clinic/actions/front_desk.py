"""Writes of the front desk: somebody arrives, comes back, goes away, or was tapped by mistake."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.clinic.actions.steps import draw_number, locked, step
from qingmiao.clinic.models import Session, Visit, VisitEvent
from qingmiao.clinic.queries.areas import letter_of
from qingmiao.clinic.rules import UNDOABLE, Event, Refused, State, ticket, waits_for
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product


class TooLateToUndo(Refused):
    """The person has gone on since, or the step is none that is undone."""

    def __init__(self) -> None:
        super().__init__(_("This can no longer be undone: the person has gone on since. Use the next step instead."))


@action("clinic.record_arrival")
def record_arrival(
    *, by: Actor, visit: Visit, area: Organisation, at: datetime, request_id: UUID | None = None
) -> Visit:
    """The person is here: gets a ticket of `area` and waits for a consent desk. Called by hand or by a scan."""
    by.must("clinic.record_arrival", visit)
    visit = locked(visit)
    if not visit.session.site.contains(area):
        raise Refused(_("This area belongs to another site."))
    letter = letter_of(area)
    drawn = visit.ticket or ticket(letter, draw_number(visit.session, letter))
    event = Event.RETURN if visit.arrived_at else Event.ARRIVE
    step(
        visit,
        event,
        by=by,
        at=at,
        area=area,
        ticket=drawn,
        arrived_at=at,
        deferred_until=None,
        exit_reason="",
    )
    return visit


@action("clinic.admit_walk_in")
def admit_walk_in(
    *,
    by: Actor,
    session: Session,
    person: Person,
    product: Product,
    area: Organisation,
    at: datetime,
    request_id: UUID | None = None,
) -> Visit:
    """Somebody who is on no list of today is taken in: the visit is opened and the arrival recorded."""
    by.must("clinic.find_walk_in", session)
    if not session.products.filter(pk=product.pk).exists():
        raise Refused(_("This session does not give {product}.").format(product=product.name))
    visit, _is_new = Visit.objects.get_or_create(
        session=session, person=person, defaults={"product": product, "state": State.BOOKED.value}
    )
    return record_arrival(by=by, visit=visit, area=area, at=at)


@action("clinic.send_away")
def send_away(
    *, by: Actor, visit: Visit, event: Event, reason: str, at: datetime, request_id: UUID | None = None
) -> Visit:
    """The person declines (Event.DECLINE) or goes away without the dose (Event.LEAVE), with the reason they gave."""
    by.must("clinic.turn_away", visit)
    if event not in (Event.DECLINE, Event.LEAVE) or not reason.strip():
        raise Refused(_("Say why: the reason is kept for the unit and the next day."))
    visit = locked(visit)
    step(visit, event, by=by, at=at, desk=visit.called_to, reason=reason, exit_reason=reason.strip()[:200])
    return visit


@action("clinic.undo_step")
def undo_step(*, by: Actor, done: VisitEvent, at: datetime, request_id: UUID | None = None) -> VisitEvent:
    """Take a wrong tap back: the visit stands where it stood before. Only its newest step, and only some steps."""
    visit = locked(done.visit)
    by.must(_permission_to_undo(done), visit)
    newest = visit.events.order_by("-pk").first()
    if newest is None or newest.pk != done.pk or Event(done.event) not in UNDOABLE:
        raise TooLateToUndo
    before = State(done.before)
    changes: dict[str, object] = {"exit_reason": "", "deferred_until": None}
    if Event(done.event) is Event.ARRIVE:
        changes |= {"ticket": None, "area": None, "arrived_at": None}
    if Event(done.event) is Event.RELEASE:
        changes["released_at"] = None
    changes["queued_at"] = at if waits_for(before) else None
    change(visit, state=before.value, called_to=None, called_at=None, **changes)
    note(visit=visit.pk, undone=done.event)
    return VisitEvent.objects.create(
        visit=visit, event=done.event, before=done.after, after=done.before, at=at, by_id=by.user_id, undoes=done
    )


def _permission_to_undo(done: VisitEvent) -> str:
    if Event(done.event) is Event.ARRIVE:
        return "clinic.record_arrival"
    return "clinic.observe" if Event(done.event) in (Event.RELEASE, Event.LEAVE_EARLY) else "clinic.turn_away"
