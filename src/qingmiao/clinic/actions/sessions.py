"""Writes of sessions and desks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action
from qingmiao.audit.models import change
from qingmiao.clinic.models import Desk, Session, SessionPlaces
from qingmiao.clinic.rules import Refused, Step
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


@action("clinic.set_up_desk")
def set_up_desk(*, by: Actor, organisation: Organisation, step: Step, request_id: UUID | None = None) -> Desk:
    """Say what is done at a desk. A desk that is set up already is returned, with its new step."""
    by.must("clinic.plan_session", organisation)
    desk, _is_new = Desk.objects.update_or_create(organisation=organisation, defaults={"step": step.value})
    return desk
