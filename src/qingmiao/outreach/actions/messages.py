"""Writes of messages: plan them, decide at the last moment, write down what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from qingmiao.audit.door import action, note
from qingmiao.outreach.models import Address, Message
from qingmiao.outreach.models.messages import Channel
from qingmiao.outreach.queries.messages import standing_of, text_of
from qingmiao.outreach.withholding import withheld_because
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation

PERMISSION = "outreach.write"
State = Message.State


@dataclass(frozen=True)
class About:
    """What one message is to say: to whose guardian, about which doses (series, number)."""

    person: Person
    doses: tuple[tuple[str, int], ...] = ()


@action("outreach.plan_messages")
def plan_messages(
    *,
    by: Actor,
    kind: str,
    about: Iterable[About],
    for_day: date,
    channel: str,
    at: datetime,
    instead_of: date | None = None,
    language: str = "zh",
    request_id: UUID | None = None,
) -> None:
    """Put messages into the queue; a child that has one of this kind, day and channel already gets no second one."""
    if not by.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    rows = [
        Message(
            person=one.person,
            kind=kind,
            channel=channel,
            language=language,
            for_day=for_day,
            instead_of=instead_of,
            series=[list(dose) for dose in one.doses],
            planned_at=at,
            planned_by_id=by.user_id,
        )
        for one in about
    ]
    for row in rows[:1]:
        by.must(PERMISSION, row)
    before = Message.objects.count()
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    note(planned=Message.objects.count() - before, asked=len(rows))


@action("outreach.claim_message")
def claim_message(*, by: Actor, message: Message, at: datetime, clinic: Organisation | None = None) -> Message | None:
    """Decide whether a waiting message goes: it is withheld with its reason, or claimed for sending with its text.

    None if somebody else was faster. A message that stays claimed was cut off: nobody knows whether it went.
    """
    row = Message.objects.select_for_update().select_related("person").get(pk=message.pk)
    if row.state != State.WAITING:
        return None
    on = timezone.localdate(at)
    reason = withheld_because(
        standing_of(row, on), on, is_dated=row.kind in (Message.Kind.REMINDER, Message.Kind.CHANGED)
    )
    if reason:
        row.state, row.reason, row.answered_at = State.WITHHELD, reason, at
    else:
        row.state, row.text = State.SENDING, Sealed.of(text_of(row, clinic))
    row.save(update_fields=["state", "reason", "text", "answered_at"])
    note(message=row.pk, state=row.state, reason=reason)
    return row


@action("outreach.record_delivery")
def record_delivery(
    *, by: Actor, message: Message, state: str, at: datetime, gateway_id: str = "", reason: str = ""
) -> Message:
    """What became of a message: sent, delivered, or failed with a reason."""
    changes: dict[str, object] = {"state": state, "reason": reason[:40]}
    if state == State.SENT:
        changes |= {"sent_at": at, "gateway_id": gateway_id[:80]}
    else:
        changes |= {"answered_at": at}
    Message.objects.filter(pk=message.pk, state__in=[State.SENDING, State.SENT]).update(**changes)
    message.refresh_from_db()
    note(message=message.pk, state=state)
    return message


@action("outreach.keep_address")
def keep_address(
    *, by: Actor, person: Person, channel: str, address: str, at: datetime, request_id: UUID | None = None
) -> Address:
    """Where a guardian wants to be written to; the newest address of a channel holds."""
    by.must("registry.see_record", person)
    values: Mapping[str, object] = {"address": Sealed.of(address) if address else None, "added_at": at}
    row, _created = Address.objects.update_or_create(person=person, channel=channel, defaults=values)
    note(person=person.pk, channel=Channel(channel).value)
    return row
