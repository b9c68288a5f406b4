"""Writes of who manages a child's record."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.registry.models import Management, Person
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation

PERMISSION = "registry.manage_child"
STATUS_AFTER = {
    Management.Ending.MOVED: Person.Status.MOVED,
    Management.Ending.AWAY: Person.Status.MOVED,
    Management.Ending.DEAD: Person.Status.DEAD,
}


class OutOfOrder(Exception):
    """The day lies before birth, before the running stretch began, or in the future."""

    def __init__(self, day: date, first: date | None, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(
            _("{day} cannot be: the day must lie between {first} and {last}. Check the day and send it again.").format(
                day=day.isoformat(), first=first.isoformat() if first else "—", last=last.isoformat()
            )
        )


class NotManaged(Exception):
    """Nobody manages this record at the moment, so nothing can end."""

    def __init__(self) -> None:
        super().__init__(_("No unit manages this record at the moment. Take it over first."))


@action("registry.take_charge")
def take_charge(
    *,
    by: Actor,
    person: Person,
    unit: Organisation,
    residence: str,
    since: date,
    at: datetime,
    came_from: str = "",
    reason: str = "",
    request_id: UUID | None = None,
) -> Management:
    """A unit manages the record from a day on; a stretch that was running ends on that day. Raises OutOfOrder."""
    by.must(PERMISSION, person)
    if not any(unit.path.startswith(start) for start in by.paths_for(PERMISSION)):
        raise NotAllowed(PERMISSION)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _in_order(person, since, at)
    _end(person, since, Management.Ending.CHANGED)
    row = Management.objects.create(
        person=person,
        unit=unit,
        residence=residence,
        since=since,
        came_from=came_from[:120],
        reason=reason[:200],
        recorded_at=at,
        recorded_by_id=by.user_id,
    )
    change(person, residence=residence, status=Person.Status.PRESENT, status_on=since)
    note(person=person.pk, unit=unit.pk)
    return row


@action("registry.end_management")
def end_management(
    *,
    by: Actor,
    person: Person,
    ending: str,
    on: date,
    at: datetime,
    reason: str = "",
    request_id: UUID | None = None,
) -> Management:
    """The record is no longer managed from a day on: moved, away, or dead. The doses stay and still count."""
    by.must(PERMISSION, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _in_order(person, on, at)
    status = STATUS_AFTER[Management.Ending(ending)]
    row = _end(person, on, ending, reason)
    if row is None:
        raise NotManaged
    change(person, status=status, status_on=on)
    note(person=person.pk, ending=ending)
    return row


def _in_order(person: Person, day: date, at: datetime) -> None:
    running = Management.objects.filter(person=person, until=None).first()
    first = running.since if running else person.birth_date
    last = timezone.localdate(at)
    if (first and day < first) or day > last:
        raise OutOfOrder(day, first, last)


def _end(person: Person, on: date, ending: str, reason: str = "") -> Management | None:
    running = Management.objects.filter(person=person, until=None).first()
    if running is not None:
        text = reason[:200] or running.reason
        Management.objects.filter(pk=running.pk, until=None).update(until=on, ending=ending, reason=text)
        running.refresh_from_db()
    return running
