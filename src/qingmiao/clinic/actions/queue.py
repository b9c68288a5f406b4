"""Writes of the queues: a desk takes the next person, and no two desks ever take the same one."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.clinic.actions.steps import locked
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Desk, Visit, VisitEvent
from qingmiao.clinic.queries.queue import at_desk, waiting
from qingmiao.clinic.rules import Event, Refused, Step, waits_for
from qingmiao.staff.access import Actor

TRIES = 8  # of one desk, when each person it looks at is taken in the same moment

PERMISSION = {
    Step.CONSENT: "clinic.take_consent",
    Step.SCREENING: "clinic.screen",
    Step.INJECTION: "clinic.record_dose",
}


class NobodyWaits(Refused):
    """The queue of this desk is empty."""

    def __init__(self) -> None:
        super().__init__(_("Nobody is waiting for this desk."))


class NotInThisQueue(Refused):
    """The person does not wait for this desk: is elsewhere, or was called by another desk."""

    def __init__(self) -> None:
        super().__init__(_("This person is not waiting here any more: another desk has called them, or they went on."))


class TooSoonToCallAgain(Refused):
    """The person was called a moment ago and may still be on the way."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(_("Called a moment ago: call again in {seconds} seconds.").format(seconds=seconds))


def _must_work_at(by: Actor, desk: Desk) -> None:
    """Raise NotAllowed unless the actor may do at this desk what is done there."""
    by.must(PERMISSION[Step(desk.step)], desk)


@action("clinic.take_next")
def take_next(*, by: Actor, desk: Desk, at: datetime, request_id: UUID | None = None) -> Visit:
    """Call the next person to `desk` and return the visit; a desk that still has somebody gets that person again.

    Raises NobodyWaits when the queue is empty.
    """
    _must_work_at(by, desk)
    desk = _locked(desk)
    if (here := at_desk(desk)) is not None:
        return here
    queue = waiting(desk, at)
    if connection.features.has_select_for_update_skip_locked:
        queue = queue.select_for_update(skip_locked=True, of=("self",))
    for _try in range(TRIES):
        visit = queue.first()  # one row only: the others stay free for the desks that press next now
        if visit is None:
            break
        if _call(by, visit, desk, at):
            return visit
    raise NobodyWaits


@action("clinic.call_person")
def call_person(*, by: Actor, desk: Desk, visit: Visit, at: datetime, request_id: UUID | None = None) -> Visit:
    """Call one person of the queue to `desk`, also somebody passed over or scanned.

    Called again it is a reminder on the board, not before the time to come is over (TooSoonToCallAgain).
    """
    _must_work_at(by, desk)
    desk = _locked(desk)
    visit = locked(visit)
    if waits_for(visit.where) is not Step(desk.step) or not desk.organisation.path.startswith(visit.session.site.path):
        raise NotInThisQueue
    if visit.called_to_id == desk.pk:
        return _called_again(visit, at)
    here = at_desk(desk)
    if here is not None:
        raise Refused(_("{ticket} is still at this desk: finish or pass over first.").format(ticket=here.ticket))
    if not _call(by, visit, desk, at):
        raise NotInThisQueue
    return visit


def _called_again(visit: Visit, at: datetime) -> Visit:
    assert visit.called_at is not None  # the database keeps desk and time together
    early = figure("recall_after", visit.session.day).span - (at - visit.called_at)
    if early > timedelta():
        raise TooSoonToCallAgain(ceil(early.total_seconds()))
    Visit.objects.filter(pk=visit.pk).update(called_at=at)
    return visit


def _locked(desk: Desk) -> Desk:
    """The desk, held until the end of the action: two browsers at one desk take turns."""
    return Desk.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=desk.pk)


def _call(by: Actor, visit: Visit, desk: Desk, at: datetime) -> bool:
    """Whether this desk got the person: decided by one conditional update, whatever was read before."""
    got = Visit.objects.filter(pk=visit.pk, state=visit.state, called_to=None).update(
        called_to=desk, called_at=at, passed_over_at=None, version=visit.version + 1
    )
    if got:
        visit.called_to, visit.called_at, visit.passed_over_at = desk, at, None
        visit.version += 1
        note(visit=visit.pk, desk=desk.pk)
        VisitEvent.objects.create(
            visit=visit,
            event=Event.CALL.value,
            before=visit.state,
            after=visit.state,
            at=at,
            by_id=by.user_id,
            desk=desk,
        )
    return bool(got)


@action("clinic.pass_over")
def pass_over(*, by: Actor, desk: Desk, visit: Visit, at: datetime, request_id: UUID | None = None) -> Visit:
    """The person did not come: the desk is free, and the board asks them to the front desk until called again."""
    return _free(by, desk, visit, passed_over_at=at)


@action("clinic.put_back")
def put_back(*, by: Actor, desk: Desk, visit: Visit, request_id: UUID | None = None) -> Visit:
    """Back to the place in the queue: called by mistake, or the desk closes."""
    return _free(by, desk, visit, passed_over_at=None)


def _free(by: Actor, desk: Desk, visit: Visit, passed_over_at: datetime | None) -> Visit:
    _must_work_at(by, desk)
    freed = Visit.objects.filter(pk=visit.pk, called_to=desk).update(
        called_to=None, called_at=None, passed_over_at=passed_over_at
    )
    if not freed:
        raise NotInThisQueue
    note(visit=visit.pk, desk=desk.pk)
    return visit
