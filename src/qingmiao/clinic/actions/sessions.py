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
from qingmiao.clinic.capacity import PeriodPlan, overlap
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Desk, Period, Session, SessionPlaces, Visit
from qingmiao.clinic.queries.capacity import would_fall
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
    periods: Sequence[PeriodPlan] = (),
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
    _must_be_plausible(session, periods)
    Period.objects.bulk_create(Period(session=session, **vars(plan)) for plan in periods)
    return session


class PeriodsImplausible(Refused):
    """Periods overlap, lie outside the opening hours, or open more places than there are."""


def _must_be_plausible(session: Session, plans: Sequence[PeriodPlan]) -> None:
    minutes = figure("minutes_per_dose", session.day).value
    if (second := overlap(plans)) is not None:
        text = _("The period from {time} begins before the one before it ends.")
        raise PeriodsImplausible(text.format(time=second.starts_at.strftime("%H:%M")))
    for plan in plans:
        time_ = plan.starts_at.strftime("%H:%M")
        if not session.opens_at <= plan.starts_at < plan.ends_at <= session.closes_at:
            raise PeriodsImplausible(_("The period from {time} does not lie in the opening hours.").format(time=time_))
        if plan.open_places > plan.places(minutes):
            text = _(
                "From {time}: {vaccinators} vaccinators give {places} doses, at {minutes} minutes each. Open fewer."
            )
            found = {"time": time_, "vaccinators": plan.vaccinators, "places": plan.places(minutes), "minutes": minutes}
            raise PeriodsImplausible(text.format(**found))


class BookingsWouldFall(Refused):
    """The new plan has no place for some people who have booked; nothing was saved. `visits` are theirs."""

    def __init__(self, visits: Sequence[Visit]) -> None:
        self.visits = list(visits)
        super().__init__(
            _("{count} bookings fall with this plan. Save again to cancel them, then call the people.").format(
                count=len(visits)
            )
        )


@action("clinic.plan_periods")
def plan_periods(
    *,
    by: Actor,
    session: Session,
    version: int,
    plans: Sequence[PeriodPlan],
    at: datetime,
    falling: int = 0,
    request_id: UUID | None = None,
) -> Session:
    """Make `plans` the periods of a session.

    Shrinking raises BookingsWouldFall, unless `falling` says how many bookings fall: those are cancelled, and the
    day's list names the people to be called.
    """
    by.must("clinic.plan_session", session)
    _must_be_plausible(session, plans)
    session.version = version
    change(session)  # held from here on: two heads do not plan at once
    list(session.periods.select_for_update())
    fallen = would_fall(session, plans)
    if len(fallen) != falling:
        raise BookingsWouldFall(fallen)
    for visit in fallen:
        step(visit, Event.CANCEL, by=by, at=at, exit_code=SHRUNK, exit_reason=_("The session was made smaller"))
    _replace_periods(session, plans)
    note(periods=len(plans), fallen=len(fallen))
    return session


SHRUNK = "session_shrunk"


def _replace_periods(session: Session, plans: Sequence[PeriodPlan]) -> None:
    starts = [plan.starts_at for plan in plans]
    gone = session.periods.exclude(starts_at__in=starts)
    Visit.objects.filter(period__in=gone).update(period=None)
    gone.delete()
    for plan in plans:
        Period.objects.update_or_create(session=session, starts_at=plan.starts_at, defaults=vars(plan))


@action("clinic.keep_places")
def keep_places(
    *,
    by: Actor,
    session: Session,
    version: int,
    places: Sequence[PlacesFor],
    opens_at: time,
    closes_at: time,
    cut_off_at: datetime,
    products: Sequence[Product],
    request_id: UUID | None = None,
) -> Session:
    """Change hours, cut-off, vaccines, and for whom places are kept. Lists that were named stay."""
    by.must("clinic.plan_session", session)
    session.version = version
    change(session, opens_at=opens_at, closes_at=closes_at, cut_off_at=cut_off_at)
    session.products.set(products)
    session.places.all().delete()
    SessionPlaces.objects.bulk_create(
        SessionPlaces(session=session, organisation=kept.organisation, places=kept.places) for kept in places
    )
    return session


@action("clinic.close_desk")
def close_desk(*, by: Actor, desk: Desk, day: date, request_id: UUID | None = None) -> Desk:
    """Take a desk down from `day` on; whoever sits there is finished with or put back first."""
    by.must("clinic.plan_session", desk.organisation)
    held = Desk.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=desk.pk)
    if (here := Visit.objects.filter(called_to=held).first()) is not None:
        raise Refused(_("{ticket} is still at this desk: finish or pass over first.").format(ticket=here.ticket))
    change(held.organisation, closed_on=day)
    return held


@action("clinic.reopen_desk")
def reopen_desk(*, by: Actor, desk: Desk, request_id: UUID | None = None) -> Desk:
    """Put a desk up again."""
    by.must("clinic.plan_session", desk.organisation)
    change(desk.organisation, closed_on=None)
    return desk


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
