"""Writes of sessions and desks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.clinic.actions.steps import step
from qingmiao.clinic.models import Desk, Session, SessionPlaces
from qingmiao.clinic.reasons import reason_coded
from qingmiao.clinic.rules import AT_THE_SITE, EXPECTED, Event, Refused, Step
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product


class SessionExists(Refused):
    """The site has a session on that day already: change that one."""

    def __init__(self, session: Session) -> None:
        self.session = session
        super().__init__(_("There is a session on {day} already: change that one.").format(day=session.day))


@dataclass(frozen=True)
class PlacesFor:
    """Places kept for an organisation and everything below it; `places` None: as many as there are."""

    organisation: Organisation
    places: int | None = None


@action("clinic.plan_session")
def plan_session(
    *,
    by: Actor,
    site: Organisation,
    day: date,
    opens_at: time,
    closes_at: time,
    cut_off_at: datetime,
    products: Sequence[Product],
    places: Sequence[PlacesFor] = (),
    request_id: UUID | None = None,
) -> Session:
    """Open a day at `site`: which vaccines, from when to when, who may name batches until when."""
    by.must("clinic.plan_session", site)
    planned = Session.objects.filter(site=site, day=day).first()
    if planned is not None:
        raise SessionExists(planned)
    session = Session.objects.create(site=site, day=day, opens_at=opens_at, closes_at=closes_at, cut_off_at=cut_off_at)
    session.products.set(products)
    SessionPlaces.objects.bulk_create(
        SessionPlaces(session=session, organisation=kept.organisation, places=kept.places) for kept in places
    )
    return session


@action("clinic.move_cut_off")
def move_cut_off(
    *, by: Actor, session: Session, cut_off_at: datetime, version: int, request_id: UUID | None = None
) -> Session:
    """Move the cut-off of a session; who was late before stays marked."""
    by.must("clinic.plan_session", session)
    session.version = version
    change(session, cut_off_at=cut_off_at)
    return session


@action("clinic.close_session")
def close_session(
    *, by: Actor, session: Session, version: int, at: datetime, request_id: UUID | None = None
) -> Session:
    """End the day: whoever did not come is absent, whoever is still in a queue has left. Nobody stays in between.

    People under observation stay in the room until a person releases them.
    """
    by.must("clinic.plan_session", session)
    session.version = version
    change(session, closed_at=at, closed_by_id=by.user_id or 0)
    not_found: dict[str, Any] = {"exit_code": NOT_FOUND, "exit_reason": _words_of(NOT_FOUND)}
    open_ = session.visits.select_related("session__site", "product").filter(state__in=[*EXPECTED, *AT_THE_SITE])
    counts = {Event.MISS: 0, Event.LEAVE: 0}
    for visit in open_.select_for_update(of=("self",)):
        event = Event.MISS if visit.where in EXPECTED else Event.LEAVE
        step(visit, event, by=by, at=at, **({} if event is Event.MISS else not_found))
        counts[event] += 1
    note(absent=counts[Event.MISS], left=counts[Event.LEAVE])
    return session


NOT_FOUND = "not_found"


def _words_of(code: str) -> str:
    reason = reason_coded(code)
    return reason.word.zh if reason else code


@action("clinic.reopen_session")
def reopen_session(*, by: Actor, session: Session, version: int, request_id: UUID | None = None) -> Session:
    """The day goes on after all: whoever comes now is received. What the close wrote stays in the journal."""
    by.must("clinic.plan_session", session)
    session.version = version
    change(session, closed_at=None, closed_by_id=None)
    return session


@action("clinic.set_up_desk")
def set_up_desk(*, by: Actor, organisation: Organisation, step: Step, request_id: UUID | None = None) -> Desk:
    """Say what is done at a desk. A desk that is set up already is returned, with its new step."""
    by.must("clinic.plan_session", organisation)
    desk, _is_new = Desk.objects.update_or_create(organisation=organisation, defaults={"step": step.value})
    return desk
