"""Writes of the front desk: somebody arrives, comes back, goes away, or was tapped by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.clinic.actions.steps import draw_number, locked, step
from qingmiao.clinic.figures import priority_groups, rank_of
from qingmiao.clinic.models import Session, Visit, VisitEvent
from qingmiao.clinic.queries.areas import letter_of
from qingmiao.clinic.reasons import LISTED, reason_coded
from qingmiao.clinic.rules import UNDOABLE, Event, Refused, State, ticket, waits_for
from qingmiao.registry.actions.people import Number, NumberTaken, Particulars, register_person
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product


class TooLateToUndo(Refused):
    """The person has gone on since, or the step is none that is undone."""

    def __init__(self) -> None:
        super().__init__(_("This can no longer be undone: the person has gone on since. Use the next step instead."))


class DayClosed(Refused):
    """The head of the site has closed the day."""

    def __init__(self) -> None:
        super().__init__(_("The day is closed. The head of the site opens it again on the page of the day."))


class AlreadyOnRecord(Refused):
    """The number belongs to somebody on record."""

    def __init__(self) -> None:
        super().__init__(
            _("This number is on record already: scan or type it at the front desk, then admit the person found.")
        )


NOT_OUT: dict[str, Any] = {"deferred_until": None, "exit_reason": "", "exit_code": "", "transferred_to": ""}


@action("clinic.record_arrival")
def record_arrival(
    *,
    by: Actor,
    visit: Visit,
    area: Organisation,
    at: datetime,
    priority_group: str = "",
    request_id: UUID | None = None,
) -> Visit:
    """The person is here: gets a ticket of `area` and waits for a consent desk. Called by hand or by a scan.

    Age alone puts some people first; `priority_group` says what the front desk sees or is told (pregnant, …).
    """
    by.must("clinic.record_arrival", visit)
    visit = locked(visit)
    if visit.session.closed_at is not None:
        raise DayClosed
    _must_be_here(visit, area)
    letter = letter_of(area)
    drawn = visit.ticket or ticket(letter, draw_number(visit.session, letter))
    event = Event.RETURN if visit.arrived_at else Event.ARRIVE
    first = _called_first(visit, priority_group)
    step(visit, event, by=by, at=at, area=area, ticket=drawn, arrived_at=at, **first, **NOT_OUT)
    return visit


def _must_be_here(visit: Visit, area: Organisation) -> None:
    if not visit.session.site.contains(area):
        raise Refused(_("This area belongs to another site."))


def _called_first(visit: Visit, group: str) -> dict[str, Any]:
    day = visit.session.day
    if group not in {"", *(one.code for one in priority_groups(day) if one.is_asked)}:
        raise Refused(_("This is no group that is called first."))
    return {"priority": rank_of(visit.person.age_on(day), group, day), "priority_group": group}


@action("clinic.draw_new_ticket")
def draw_new_ticket(
    *,
    by: Actor,
    visit: Visit,
    area: Organisation,
    at: datetime,
    priority_group: str = "",
    request_id: UUID | None = None,
) -> Visit:
    """A new number at the end of the queue of `area`: the person was passed over, changes the area, or lost the slip.

    The old number is void. Somebody who sits at a desk is put back there first.
    """
    by.must("clinic.record_arrival", visit)
    visit = locked(visit)
    _must_be_here(visit, area)
    if visit.called_to_id is not None:
        raise Refused(
            _("{ticket} is called to a desk right now: put them back there first.").format(ticket=visit.ticket)
        )
    letter = letter_of(area)
    drawn = ticket(letter, draw_number(visit.session, letter))
    first = _called_first(visit, priority_group)
    step(visit, Event.RE_TICKET, by=by, at=at, area=area, ticket=drawn, queued_at=at, passed_over_at=None, **first)
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
    priority_group: str = "",
    request_id: UUID | None = None,
) -> Visit:
    """Somebody who is on no list of today is taken in: the visit is opened and the arrival recorded."""
    by.must("clinic.find_walk_in", session)
    if not session.products.filter(pk=product.pk).exists():
        raise Refused(_("This session does not give {product}.").format(product=product.name))
    visit, _is_new = Visit.objects.get_or_create(
        session=session, person=person, defaults={"product": product, "state": State.BOOKED.value}
    )
    return record_arrival(by=by, visit=visit, area=area, at=at, priority_group=priority_group)


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is not on record yet, as the document and they themselves say."""

    particulars: Particulars
    numbers: Sequence[Number] = ()
    phones: Sequence[str] = ()


@action("clinic.admit_new_person")
def admit_new_person(
    *,
    by: Actor,
    session: Session,
    newcomer: Newcomer,
    product: Product,
    area: Organisation,
    at: datetime,
    priority_group: str = "",
    request_id: UUID | None = None,
) -> Visit:
    """Somebody who is not on record is written down, on behalf of the site, and arrives. Raises AlreadyOnRecord."""
    by.must("clinic.find_walk_in", session)
    try:
        person = register_person(
            by=by,
            particulars=newcomer.particulars,
            numbers=newcomer.numbers,
            phones=newcomer.phones,
            brought_by=session.site,
        )
    except NumberTaken:
        raise AlreadyOnRecord from None
    return admit_walk_in(
        by=by, session=session, person=person, product=product, area=area, at=at, priority_group=priority_group
    )


@action("clinic.send_away")
def send_away(
    *,
    by: Actor,
    visit: Visit,
    event: Event,
    reason: str = "",
    code: str = "",
    to: str = "",
    at: datetime,
    request_id: UUID | None = None,
) -> Visit:
    """The person declines, leaves, or is sent on (Event.TRANSFER, `to` another site or hospital) without the dose.

    `code` is a reason of rules/clinic/reasons.yaml, which figures count; `reason` is what was said besides.
    """
    by.must("clinic.turn_away", visit)
    listed = reason_coded(code)
    said = reason.strip() or (listed.word.zh if listed else "")
    if event not in LISTED or not said or (listed is not None and listed.event is not event):
        raise Refused(_("Say why: the reason is kept for the unit and the next day."))
    if event is Event.TRANSFER and not to.strip():
        raise Refused(_("Say where the person is sent: the other site or hospital."))
    visit = locked(visit)
    kept: dict[str, Any] = {
        "exit_reason": said[:200],
        "exit_code": code or OTHER[event],
        "transferred_to": to.strip()[:120],
    }
    step(visit, event, by=by, at=at, desk=visit.called_to, reason=said, **kept)
    return visit


# How a reason that nobody chose from the list is counted.
OTHER = {Event.DECLINE: "refused_other", Event.LEAVE: "left_other", Event.TRANSFER: "other_site"}


@action("clinic.undo_step")
def undo_step(*, by: Actor, done: VisitEvent, at: datetime, request_id: UUID | None = None) -> VisitEvent:
    """Take a wrong tap back: the visit stands where it stood before. Only its newest step, and only some steps."""
    visit = locked(done.visit)
    by.must(_permission_to_undo(done), visit)
    newest = visit.events.order_by("-pk").first()
    if newest is None or newest.pk != done.pk or Event(done.event) not in UNDOABLE:
        raise TooLateToUndo
    before = State(done.before)
    changes: dict[str, object] = dict(NOT_OUT)
    if Event(done.event) is Event.ARRIVE:
        changes |= {"ticket": None, "area": None, "arrived_at": None, "priority": 0, "priority_group": ""}
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
