"""Writes of batches: the unit names people, the site accepts with number, time, leader and area, and calls them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.clinic.actions.steps import draw_number, step
from qingmiao.clinic.models import Batch, Session, Visit
from qingmiao.clinic.queries.capacity import is_open_to, places_left_for
from qingmiao.clinic.queries.people import StandingCode, standings
from qingmiao.clinic.rules import EXPECTED, Event, Refused, State
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product


class NotOpenToUnit(Refused):
    """No places of the session are kept for the unit or anything above it."""

    def __init__(self) -> None:
        super().__init__(_("This session keeps no places for your unit. Ask the site to open it for you."))


class NotBookable(Refused):
    """Some of the people cannot be named for that day; `people` are their ids."""

    def __init__(self, people: Sequence[int]) -> None:
        self.people = list(people)
        super().__init__(
            _(
                "{count} of the people chosen cannot come on that day (done, deferred, contraindicated or on another "
                "list). The list shows who and why: take them off and send again."
            ).format(count=len(people))
        )


class NoPlacesLeft(Refused):
    """More people than the places that are kept."""

    def __init__(self, places: int) -> None:
        super().__init__(_("Only {places} places are left for your units in this session.").format(places=places))


class BatchIncomplete(Refused):
    """Accepting needs time, leader and area."""

    def __init__(self) -> None:
        super().__init__(_("A batch is accepted with time, leader and area. Fill in what is missing."))


@action("clinic.name_batch")
def name_batch(
    *,
    by: Actor,
    session: Session,
    unit: Organisation,
    product: Product,
    people: Sequence[Person],
    at: datetime,
    leader: str = "",
    request_id: UUID | None = None,
) -> Batch:
    """Name the people of `unit` who will come to `session`. After the cut-off the list is taken as late, and marked."""
    by.must("clinic.name_batch", unit)
    if not session.products.filter(pk=product.pk).exists():
        raise Refused(_("This session does not give {product}.").format(product=product.name))
    batch = Batch.objects.create(
        session=session,
        unit=unit,
        product=product,
        leader=leader,
        submitted_at=at,
        submitted_by_id=by.user_id,
        is_late=at > session.cut_off_at,
    )
    _put_on(batch, people, by=by, at=at)
    note(batch=batch.pk, people=len(people))
    return batch


@action("clinic.change_batch")
def change_batch(
    *,
    by: Actor,
    batch: Batch,
    version: int,
    people: Sequence[Person],
    at: datetime,
    leader: str = "",
    request_id: UUID | None = None,
) -> Batch:
    """Make `people` the list of the batch. Whoever is added after the cut-off is a late addition; who arrived stays."""
    by.must("clinic.name_batch", batch)
    batch.version = version
    wanted = {person.pk for person in people}
    on_it = {visit.person_id: visit for visit in batch.visits.exclude(state=State.CANCELLED)}
    changes: dict[str, object] = {"leader": leader or batch.leader}
    if batch.state == Batch.State.RETURNED:
        changes |= {"state": Batch.State.SUBMITTED, "returned_because": "", "submitted_at": at}
    change(batch, **changes)
    for visit in on_it.values():
        if visit.person_id not in wanted and visit.where in EXPECTED:
            step(visit, Event.CANCEL, by=by, at=at)
    _put_on(batch, [person for person in people if person.pk not in on_it], by=by, at=at)
    note(batch=batch.pk, people=len(wanted))
    return batch


def _put_on(batch: Batch, people: Sequence[Person], *, by: Actor, at: datetime) -> None:
    _must_be_open(batch.session, batch.unit, len(people))
    elsewhere = {visit.person_id: visit for visit in Visit.objects.filter(session=batch.session, person__in=people)}
    standing = standings(people, batch.product, batch.session.day)
    refused = [
        person.pk
        for person in people
        if not standing[person.pk].is_bookable
        or (person.pk in elsewhere and elsewhere[person.pk].where is not State.CANCELLED)
    ]
    if refused:
        raise NotBookable(refused)
    is_late = at > batch.session.cut_off_at
    state = State.NAMED if batch.number is None else State.BOOKED
    for person in people:
        if (visit := elsewhere.get(person.pk)) is not None:
            step(visit, Event.BOOK, by=by, at=at, batch=batch, product=batch.product, is_late_addition=is_late)
        else:
            Visit.objects.create(
                session=batch.session,
                person=person,
                product=batch.product,
                batch=batch,
                state=state.value,
                is_late_addition=is_late,
            )


def _must_be_open(session: Session, unit: Organisation, more: int) -> None:
    """Raise unless places are kept for the unit or something above it, and enough of them are left."""
    if not is_open_to(session, unit):
        raise NotOpenToUnit
    left = places_left_for(session, unit)
    if left is not None and more > left:
        raise NoPlacesLeft(left)


@action("clinic.accept_batch")
def accept_batch(
    *,
    by: Actor,
    batch: Batch,
    version: int,
    starts_at: datetime,
    area: Organisation,
    leader: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Batch:
    """Accept a batch, or change the terms of an accepted one. Its number is drawn once and stays."""
    by.must("clinic.accept_batch", batch.session)
    if not leader.strip() or not batch.session.site.contains(area):
        raise BatchIncomplete
    if timezone.localdate(starts_at) != batch.session.day:
        raise Refused(_("The time must be on the day of the session, {day}.").format(day=batch.session.day))
    batch.version = version
    number = batch.number or draw_number(batch.session, "batch")
    state = Batch.State.CALLED if batch.state == Batch.State.CALLED else Batch.State.ACCEPTED
    change(
        batch,
        state=state,
        number=number,
        starts_at=starts_at,
        area=area,
        leader=leader.strip(),
        returned_because="",
    )
    for visit in batch.visits.filter(state=State.NAMED):
        step(visit, Event.BOOK, by=by, at=at)
    note(batch=batch.pk, number=number, area=area.pk)
    return batch


class BatchUnderWay(Refused):
    """Some of the batch are here already."""

    def __init__(self, here: int) -> None:
        super().__init__(
            _("{count} people of this batch are here already: it can no longer be moved.").format(count=here)
        )


@action("clinic.move_batch")
def move_batch(
    *,
    by: Actor,
    batch: Batch,
    version: int,
    session: Session,
    starts_at: datetime,
    area: Organisation,
    at: datetime,
    request_id: UUID | None = None,
) -> Batch:
    """Move a whole accepted batch to another time, or to another session of the site.

    Everybody on the list moves along, under a number of the new day. Raises NotBookable when somebody cannot come
    then, NoPlacesLeft when the session is full, BatchUnderWay when somebody has arrived.
    """
    by.must("clinic.accept_batch", batch.session)
    by.must("clinic.accept_batch", session)
    visits = list(batch.visits.select_for_update(of=("self",)).select_related("person", "session").order_by("pk"))
    here = [visit for visit in visits if visit.arrived_at is not None]
    if here:
        raise BatchUnderWay(len(here))
    if timezone.localdate(starts_at) != session.day:
        raise Refused(_("The time must be on the day of the session, {day}.").format(day=session.day))
    if not session.site.contains(area) or not session.products.filter(pk=batch.product_id).exists():
        raise Refused(_("This session does not give {product}.").format(product=batch.product.name))
    batch.version = version
    moving = [visit for visit in visits if visit.where in EXPECTED]
    if session != batch.session:
        _move_people(batch, session, moving)
    terms = {"starts_at": starts_at, "area": area, "state": Batch.State.ACCEPTED, "called_at": None}
    number = batch.number if session == batch.session else draw_number(session, "batch")
    if batch.number is None:
        terms = {"state": batch.state, "called_at": None}
        number = None
    change(batch, session=session, number=number, **terms)
    note(batch=batch.pk, session=session.pk, people=len(moving))
    return batch


def _move_people(batch: Batch, session: Session, visits: Sequence[Visit]) -> None:
    _must_be_open(session, batch.unit, len(visits))
    people = [visit.person for visit in visits]
    elsewhere = {one.person_id: one for one in Visit.objects.filter(session=session, person__in=people)}
    # A row of the new day that was cancelled or missed would stand in the way of the one that moves there.
    taken = [one.person_id for one in elsewhere.values()]
    standing = standings(people, batch.product, session.day)
    stopped = {StandingCode.DEFERRED, StandingCode.CONTRAINDICATED, StandingCode.COMPLETE, StandingCode.TOO_SOON}
    refused = [pk for pk, one in standing.items() if one.code in stopped]
    if taken or refused:
        raise NotBookable(sorted({*taken, *refused}))
    for visit in visits:
        change(visit, session=session, period=None)


@action("clinic.return_batch")
def return_batch(*, by: Actor, batch: Batch, version: int, reason: str, request_id: UUID | None = None) -> Batch:
    """Send a list back to its unit, saying why. Only before it is accepted."""
    by.must("clinic.accept_batch", batch.session)
    if batch.number is not None:
        raise Refused(_("This batch is accepted already: change its time or area instead."))
    batch.version = version
    change(batch, state=Batch.State.RETURNED, returned_because=reason)
    return batch


@action("clinic.call_batch")
def call_batch(*, by: Actor, batch: Batch, version: int, at: datetime, request_id: UUID | None = None) -> Batch:
    """Call a batch in: boards and the unit see it. Calling again is a reminder."""
    by.must("clinic.call_batch", batch.session)
    if batch.number is None:
        raise Refused(_("Accept the batch first: it needs number, time, leader and area."))
    batch.version = version
    change(batch, state=Batch.State.CALLED, called_at=at)
    return batch


@action("clinic.uncall_batch")
def uncall_batch(*, by: Actor, batch: Batch, version: int, request_id: UUID | None = None) -> Batch:
    """Take a call back: it was the wrong batch."""
    by.must("clinic.call_batch", batch.session)
    batch.version = version
    change(batch, state=Batch.State.ACCEPTED, called_at=None)
    return batch
