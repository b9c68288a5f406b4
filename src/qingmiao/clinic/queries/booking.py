"""Finding the person and the booking behind two numbers, and counting tries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from qingmiao.clinic.models import BookedBy, BookingTry, Period, Visit
from qingmiao.clinic.rules import EXPECTED
from qingmiao.privacy.sealing import lookup_hash
from qingmiao.registry.models import Guardian, Identifier, Person, Phone
from qingmiao.registry.numbers import comparable, identifier_lookup, phone_lookup


@dataclass(frozen=True)
class TwoNumbers:
    """The whole identity number and the phone on record, of the person or of a guardian. Never printed."""

    number: str = field(repr=False)
    phone: str = field(repr=False)


def person_behind(numbers: TwoNumbers) -> Person | None:
    """The person to whom both numbers belong; None when either is unknown or they belong to different people.

    One query with both conditions: a wrong phone takes no longer than an unknown number.
    """
    phone = phone_lookup(numbers.phone)
    by_number = Identifier.objects.filter(lookup=identifier_lookup(numbers.number)).values("person")
    own = Phone.objects.filter(lookup=phone).values("person")
    of_guardian = Guardian.objects.filter(phone_lookup=phone).values("child")
    people = Person.objects.filter(pk__in=by_number, merged_into=None, status=Person.Status.PRESENT)
    return people.filter(Q(pk__in=own) | Q(pk__in=of_guardian)).first()


def next_booking(person: Person, today: date) -> Visit | None:
    """The person's next booking, today included."""
    booked = Visit.objects.filter(person=person, session__day__gte=today, state__in=EXPECTED)
    return booked.select_related("session").order_by("session__day").first()


def period_open(period_id: int, today: date) -> Period | None:
    """The period, if residents may still see it."""
    open_ = Period.objects.filter(pk=period_id, session__day__gte=today, open_places__gt=0)
    return open_.select_related("session__site").first()


def booking_of_slip(token: str) -> Visit | None:
    """The visit behind a slip, if a resident has booked it."""
    return Visit.objects.filter(slip_token=token, booked_by=BookedBy.RESIDENT).first()


def keys_of(address: str, number: str) -> tuple[str, str]:
    """What tries are counted by: keyed hashes of the network address and of the identity number."""
    return lookup_hash("address", address).hex(), lookup_hash("tried number", comparable(number)).hex()


def tries_since(key: str, since: datetime) -> int:
    """How many tries of a key were counted since then."""
    return BookingTry.objects.filter(key=key, at__gte=since).count()
