"""Writes of the call list: take the next home, say what came of it, give it back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.outreach.models import Call, CallHome
from qingmiao.outreach.queries.calls import home_of, to_ring
from qingmiao.outreach.rules import lease, outcomes
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor, NotAllowed

PERMISSION = "outreach.call"
TRIES = 200


class NotYourHome(Exception):
    """The lease is over, or somebody else holds the home: what was said is not written, so nobody is rung twice."""

    def __init__(self) -> None:
        super().__init__(_("This home is no longer yours: the time is over or a colleague has it. Take the next one."))


@action("outreach.take_home")
def take_home(*, by: Actor, at: datetime, request_id: UUID | None = None) -> CallHome | None:
    """Lease the next home to this caller; None when nobody is left. Two callers never get the same home.

    Whoever holds a home keeps it until it is given back or its time is over.
    """
    people = _people(by)
    held = CallHome.objects.filter(leased_by_id=by.user_id, leased_until__gt=at).first()
    if held is not None:
        return held
    seen: set[bytes] = set()
    for person in to_ring(people, timezone.localdate(at))[:TRIES]:
        home = home_of(person)
        if home not in seen and (row := _leased(home, by, at)) is not None:
            note(home=row.pk)
            return row
        seen.add(home)
    return None


def _leased(home: bytes, by: Actor, at: datetime) -> CallHome | None:
    """The home if it was free: one conditional update decides, whoever asks at the same moment."""
    row, _created = CallHome.objects.get_or_create(home=home)
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    until = at + lease()
    if not CallHome.objects.filter(free, pk=row.pk).update(leased_by_id=by.user_id, leased_until=until):
        return None
    row.refresh_from_db()
    return row


@action("outreach.record_call")
def record_call(
    *,
    by: Actor,
    home: CallHome,
    person: Person,
    outcome: str,
    at: datetime,
    until: date | None = None,
    remark: str = "",
    request_id: UUID | None = None,
) -> Call:
    """What came of the call about one child of a leased home. Raises NotYourHome when the lease is over."""
    by.must(PERMISSION, Call(person=person))
    _must_hold(by, home, at)
    rule = outcomes()[outcome]
    note(person=person.pk, outcome=outcome)
    return Call.objects.create(
        person=person,
        outcome=outcome,
        until=rule.until(timezone.localdate(at), until),
        closes=rule.closes != "no",
        note=remark[:200],
        at=at,
        by_id=by.user_id,
    )


@action("outreach.give_back_home")
def give_back_home(*, by: Actor, home: CallHome, at: datetime, request_id: UUID | None = None) -> CallHome:
    """The caller is done with a home, or cannot ring it now."""
    _must_hold(by, home, at)
    CallHome.objects.filter(pk=home.pk).update(leased_by_id=None, leased_until=None)
    home.refresh_from_db()
    return home


def _must_hold(by: Actor, home: CallHome, at: datetime) -> None:
    """Lock the home and make sure that this caller holds it."""
    held = CallHome.objects.select_for_update().filter(pk=home.pk, leased_by_id=by.user_id, leased_until__gt=at)
    if not held.exists():
        raise NotYourHome


def _people(by: Actor) -> QuerySet[Person]:
    if not by.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    return by.visible("registry.see_record", Person)
