"""Writes of single bookings: by staff, and by residents who name two things that only they and we know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.clinic.actions.steps import locked, step
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import BookedBy, BookingTry, Period, Visit
from qingmiao.clinic.queries.booking import TwoNumbers, keys_of, person_behind, tries_since
from qingmiao.clinic.queries.people import standings
from qingmiao.clinic.rules import EXPECTED, NOT_HERE, Event, Refused, State
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor
from qingmiao.stock.models import Product

HOUR = timedelta(hours=1)


class PeriodFull(Refused):
    """Every open place of the period is taken."""

    def __init__(self) -> None:
        super().__init__(_("This time is full now. Choose another one."))


class CannotCome(Refused):
    """The person is done, deferred, contraindicated, or booked already."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This vaccine cannot be booked for that day: it is complete, not due yet, deferred, or booked already. "
                "The site tells you more."
            )
        )


class NoMatch(Refused):
    """The two numbers do not belong to one person on record. Says the same whichever of them is unknown or wrong."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "These two numbers do not match a record here. Compare both with your papers, or ask at the site: "
                "there you can also be registered."
            )
        )


class TooManyTries(Refused):
    """So many tries from one address, or for one number, that the rest of the hour is refused."""

    def __init__(self) -> None:
        super().__init__(_("Too many tries. Wait an hour, or ask at the site."))


@action("clinic.book")
def book(
    *, by: Actor, period: Period, person: Person, product: Product, at: datetime, request_id: UUID | None = None
) -> Visit:
    """Book an open place for somebody, by the staff of the site. Raises PeriodFull or CannotCome."""
    by.must("clinic.book", period.session)
    return _booked(by, period, person, product, at, BookedBy.STAFF)


@action("clinic.book_oneself")
def book_oneself(
    *,
    by: Actor,
    period: Period,
    numbers: TwoNumbers,
    product: Product,
    at: datetime,
    request_id: UUID | None = None,
) -> Visit:
    """A resident books an open place, naming the identity number and the phone on record. Raises NoMatch."""
    person = person_behind(numbers)
    if person is None:
        raise NoMatch
    latest = timezone.localdate(at) + figure("bookable_ahead", timezone.localdate(at)).span
    if period.session.day > latest or _has_ended(period, at):
        raise PeriodFull
    return _booked(by, period, person, product, at, BookedBy.RESIDENT)


def _has_ended(period: Period, at: datetime) -> bool:
    return timezone.make_aware(datetime.combine(period.session.day, period.ends_at)) <= at


def _booked(by: Actor, period: Period, person: Person, product: Product, at: datetime, who: BookedBy) -> Visit:
    period = Period.objects.select_for_update(of=("self",)).select_related("session").get(pk=period.pk)
    if period.session.closed_at is not None or not period.session.products.filter(pk=product.pk).exists():
        raise CannotCome
    taken = period.visits.exclude(state__in=[State.CANCELLED, State.ABSENT]).count()
    if taken >= period.open_places:
        raise PeriodFull
    if not standings([person], product, period.session.day)[person.pk].is_bookable:
        raise CannotCome
    terms: dict[str, Any] = {"period": period, "product": product, "booked_by": who.value, "batch": None}
    earlier = Visit.objects.filter(session=period.session, person=person).first()
    if earlier is None:
        visit = Visit.objects.create(session=period.session, person=person, state=State.BOOKED.value, **terms)
    elif earlier.where in NOT_HERE - EXPECTED:
        visit = locked(earlier)
        step(visit, Event.BOOK, by=by, at=at, exit_code="", exit_reason="", **terms)
    else:
        raise CannotCome
    note(visit=visit.pk, period=period.pk, booked_by=who.value)
    return visit


@action("clinic.cancel_booking")
def cancel_booking(*, by: Actor, visit: Visit, at: datetime, request_id: UUID | None = None) -> Visit:
    """Give a booked place back, by the staff of the site."""
    by.must("clinic.book", visit.session)
    return _cancelled(by, visit, at)


@action("clinic.cancel_own_booking")
def cancel_own_booking(*, by: Actor, slip_token: str, at: datetime, request_id: UUID | None = None) -> Visit:
    """Whoever holds the slip gives a place back that a resident has booked."""
    return _cancelled(by, Visit.objects.get(slip_token=slip_token, booked_by=BookedBy.RESIDENT), at)


def _cancelled(by: Actor, visit: Visit, at: datetime) -> Visit:
    visit = locked(visit)
    if visit.batch_id is not None:
        raise Refused(_("This person is on the list of a unit: the unit takes them off."))
    step(visit, Event.CANCEL, by=by, at=at)
    return visit


@dataclass(frozen=True)
class TryAt:
    """From where somebody tries, and with which identity number."""

    address: str
    number: str


@action("clinic.try_to_book")
def note_try(*, by: Actor, tried: TryAt, at: datetime, request_id: UUID | None = None) -> None:
    """Count a try on the public page before it is looked at. Raises TooManyTries; kept apart from what it tries, so
    that a try that fails is counted all the same. Tries older than an hour are forgotten."""
    today = timezone.localdate(at)
    limits = (figure("tries_per_address", today).value, figure("tries_per_number", today).value)
    keys = keys_of(tried.address, tried.number)
    BookingTry.objects.filter(at__lt=at - HOUR).delete()
    if any(tries_since(key, at - HOUR) >= limit for key, limit in zip(keys, limits, strict=True)):
        raise TooManyTries
    BookingTry.objects.bulk_create(BookingTry(key=key, at=at) for key in keys)
