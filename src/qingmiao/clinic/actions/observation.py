"""Writes of the observation room: nobody goes before the time, and nobody goes without a person who lets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.audit.statements import Prepared, Slot
from qingmiao.clinic.actions.front_desk import undo_step
from qingmiao.clinic.actions.steps import locked, step
from qingmiao.clinic.models import CallBack, Observation, Reaction, SeatPlan, Visit, VisitEvent
from qingmiao.clinic.queries.rooms import seats_of
from qingmiao.clinic.rules import Event, Refused, may_release
from qingmiao.clinic.words import SIGNS
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


class TooEarly(Refused):
    """The observation is not over."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            _("Not before {time}: the observation is not over. If the person is gone, press “Left early”.").format(
                time=timezone.localtime(until).strftime("%H:%M")
            )
        )


class ObservationOver(Refused):
    """The observation has ended already."""

    def __init__(self) -> None:
        super().__init__(_("This observation has ended already. Look at the room again."))


def _running(observation: Observation) -> tuple[Visit, Observation]:
    """The visit and its observation, both held: the visit first, as everywhere, so no two actions wait in a ring."""
    visit = locked(observation.visit)
    held = _observations.one(pk=observation.pk)
    held.visit = visit
    if held.ending:
        raise ObservationOver
    return visit, held


_observations = Prepared(
    lambda: Observation.objects.select_for_update(of=("self",)).select_related("dose").filter(pk__is=Slot("pk"))
)


def _end(observation: Observation, ending: Observation.Ending, *, by: Actor, at: datetime, **more: object) -> None:
    change(observation, ending=ending, ended_at=at, ended_by_id=by.user_id, **more)


@action("clinic.release")
def release(*, by: Actor, observation: Observation, at: datetime, request_id: UUID | None = None) -> Observation:
    """Let the person go. Raises TooEarly before the time; the database refuses it as well."""
    by.must("clinic.observe", observation)
    visit, observation = _running(observation)
    if not may_release(observation.until, at):
        raise TooEarly(observation.until)
    step(visit, Event.RELEASE, by=by, at=at, released_at=at)
    _end(observation, Observation.Ending.RELEASED, by=by, at=at)
    return observation


@action("clinic.undo_release")
def undo_release(*, by: Actor, done: VisitEvent, at: datetime, request_id: UUID | None = None) -> Observation:
    """The wrong card was tapped: the person is in the room again."""
    observation = Observation.objects.filter(visit=done.visit).latest("pk")
    by.must("clinic.observe", observation)
    undo_step(by=by, done=done, at=at)
    change(observation, ending="", ended_at=None, ended_by_id=None)
    return observation


@action("clinic.note_left_early")
def note_left_early(
    *, by: Actor, observation: Observation, at: datetime, request_id: UUID | None = None
) -> Observation:
    """Somebody is gone before the time: the alarm stands until it is answered."""
    by.must("clinic.observe", observation)
    visit, observation = _running(observation)
    if may_release(observation.until, at):
        raise Refused(_("The time is over: release this person instead."))
    step(visit, Event.LEAVE_EARLY, by=by, at=at)
    change(observation, left_at=at)
    return observation


@action("clinic.note_came_back")
def note_came_back(
    *, by: Actor, observation: Observation, answer: str, at: datetime, request_id: UUID | None = None
) -> Observation:
    """Whoever had left is in the room again; the time runs on from the dose."""
    by.must("clinic.observe", observation)
    visit, observation = _running(observation)
    step(visit, Event.COME_BACK, by=by, at=at, reason=answer)
    change(observation, left_answer=answer[:200])
    return observation


@action("clinic.give_up_calling_back")
def give_up_calling_back(
    *, by: Actor, observation: Observation, answer: str, at: datetime, request_id: UUID | None = None
) -> Observation:
    """Whoever had left does not come back: what was said on the phone is kept, and the alarm ends."""
    by.must("clinic.observe", observation)
    visit, observation = _running(observation)
    if not answer.strip():
        raise Refused(_("Write what was done: who was reached, how the person feels."))
    step(visit, Event.GIVE_UP, by=by, at=at, reason=answer)
    _end(observation, Observation.Ending.LEFT, by=by, at=at, left_answer=answer.strip()[:200])
    return observation


@action("clinic.report_unwell")
def report_unwell(
    *,
    by: Actor,
    observation: Observation,
    signs: Sequence[str],
    at: datetime,
    seen: str = "",
    request_id: UUID | None = None,
) -> Reaction:
    """Somebody feels unwell: a record is opened at once with what is seen. Possible after the release as well."""
    by.must("clinic.observe", observation)
    observation = Observation.objects.select_related("visit__session__site", "dose").get(pk=observation.pk)
    if not signs or set(signs) - set(SIGNS):
        raise Refused(_("Tick what you see; “something else” with a note is enough."))
    step(locked(observation.visit), Event.FALL_ILL, by=by, at=at)
    note(signs=len(signs))
    return Reaction.objects.create(
        visit=observation.visit,
        dose=observation.dose,
        signs=sorted(signs),
        note=seen[:200],
        opened_at=at,
        opened_by_id=by.user_id or 0,
    )


@action("clinic.close_reaction")
def close_reaction(
    *, by: Actor, reaction: Reaction, outcome: str, what_was_done: str, at: datetime, request_id: UUID | None = None
) -> Reaction:
    """The person recovered (the observation goes on) or was referred (and leaves the site with the ambulance)."""
    observation = Observation.objects.select_related("visit__session__site").get(dose=reaction.dose_id)
    by.must("clinic.observe", observation)
    if outcome not in ("recovered", "referred") or not what_was_done.strip():
        raise Refused(_("Choose what became of it, and write what was done."))
    reaction = Reaction.objects.select_for_update().get(pk=reaction.pk)
    if reaction.outcome:
        raise Refused(_("This record is closed already."))
    visit = locked(observation.visit)
    is_over = observation.ending != ""
    if outcome == "referred":
        step(visit, Event.REFER, by=by, at=at)
        if not is_over:
            _end(observation, Observation.Ending.REFERRED, by=by, at=at)
    else:
        step(visit, Event.RECOVER, by=by, at=at)
        if is_over:  # they had been released before: nothing to wait for any more
            step(visit, Event.RELEASE, by=by, at=at, released_at=at)
    change(reaction, outcome=outcome, outcome_note=what_was_done.strip()[:200], closed_at=at)
    return reaction


@action("clinic.observe_longer")
def observe_longer(
    *, by: Actor, observation: Observation, minutes: int, because: str, at: datetime, request_id: UUID | None = None
) -> Observation:
    """A doctor wants this person to stay longer, `minutes` from the dose in all. Never shorter than it is now."""
    by.must("clinic.observe", observation)
    _visit, held = _running(observation)
    until = held.since + timedelta(minutes=minutes)
    if until <= held.until:
        raise Refused(_("The observation can be made longer, never shorter."))
    if not because.strip():
        raise Refused(_("Say why: the person and the next nurse will ask."))
    change(held, until=until, longer_because=because.strip()[:200])
    return held


@action("clinic.give_seat")
def give_seat(*, by: Actor, observation: Observation, seat: str, request_id: UUID | None = None) -> Observation:
    """The person sits on another seat. Two people never hold one."""
    by.must("clinic.observe", observation)
    visit, held = _running(observation)
    site = visit.session.site
    SeatPlan.objects.select_for_update().filter(site=site).first()
    seats, seat = seats_of(site), seat.strip()
    if not seat or (seats is not None and not (seat.isdigit() and 1 <= int(seat) <= seats)):
        raise Refused(_("There is no seat {seat} here.").format(seat=seat or "—"))
    taken = Observation.objects.filter(visit__session__site=site, ending="", seat=seat).exclude(pk=held.pk)
    if taken.exists():
        raise Refused(_("Seat {seat} is taken.").format(seat=seat))
    change(held, seat=seat)
    return held


@action("clinic.number_seats")
def number_seats(*, by: Actor, site: Organisation, seats: int, request_id: UUID | None = None) -> SeatPlan:
    """Say how many seats the observation room has; from now on every dose gets the lowest free one."""
    by.must("clinic.plan_session", site)
    if seats < 1:
        raise Refused(_("A room has at least one seat."))
    plan, _is_new = SeatPlan.objects.update_or_create(site=site, defaults={"seats": seats})
    return plan


@action("clinic.note_call_back")
def note_call_back(
    *,
    by: Actor,
    observation: Observation,
    result: CallBack.Result,
    at: datetime,
    said: str = "",
    request_id: UUID | None = None,
) -> CallBack:
    """One try to reach somebody who left early. The alarm stands until they are back or given up."""
    by.must("clinic.observe", observation)
    _visit, held = _running(observation)
    return CallBack.objects.create(
        observation=held, result=result, note=said.strip()[:200], by_id=by.user_id or 0, at=at
    )
