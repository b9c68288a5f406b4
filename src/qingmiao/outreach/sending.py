"""Sending: each waiting message is decided, handed over outside of any transaction, and its fate written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from qingmiao.outreach.actions.messages import claim_message, record_delivery
from qingmiao.outreach.channels import Gateway, Letter, NotDelivered
from qingmiao.outreach.models import Message
from qingmiao.outreach.queries.messages import address_of
from qingmiao.outreach.rules import is_quiet
from qingmiao.staff.access import Actor

State = Message.State


def may_go(messages: QuerySet[Message], ways: Mapping[str, Gateway], at: datetime) -> QuerySet[Message]:
    """What waits on channels that have a gateway and are not quiet at this hour; letters wait for the printer."""
    hour = timezone.localtime(at).time()
    return messages.filter(state=State.WAITING, channel__in=[one for one in ways if not is_quiet(one, hour)])


def send_waiting(
    by: Actor,
    messages: QuerySet[Message],
    ways: Mapping[str, Gateway],
    at: datetime,
    told: Callable[[int], None] = lambda _done: None,
) -> Counter[str]:
    """Send what may go; how many came to what. `told` hears of each. Whoever runs it again sends nothing twice."""
    done: Counter[str] = Counter()
    for message in may_go(messages, ways, at).order_by("pk"):
        told(1)
        claimed = claim_message(by=by, message=message, at=at)
        if claimed is None:
            continue
        if claimed.state == State.SENDING:
            claimed = _handed_over(by, claimed, ways[claimed.channel], at)
        done[claimed.state] += 1
    return done


def _handed_over(by: Actor, message: Message, way: Gateway, at: datetime) -> Message:
    to = address_of(message.person, message.channel)
    letter = Letter(to, str(message.text.reveal()), str(message.get_kind_display()), f"qm{message.pk}")
    try:
        number = way.send(letter)
    except NotDelivered as failed:
        return record_delivery(by=by, message=message, state=State.FAILED, reason=failed.code, at=at)
    return record_delivery(by=by, message=message, state=State.SENT, gateway_id=number, at=at)


def ask_for_receipts(by: Actor, messages: QuerySet[Message], ways: Mapping[str, Gateway], at: datetime) -> int:
    """Ask the gateways what became of messages that were sent; how many answered."""
    answered = 0
    for message in messages.filter(state=State.SENT, channel__in=list(ways)).order_by("pk"):
        try:
            found = ways[message.channel].state(message.gateway_id)
        except NotDelivered:
            continue
        if found:
            record_delivery(
                by=by, message=message, state=found, reason="" if found == "delivered" else "gateway", at=at
            )
            answered += 1
    return answered


def printed(by: Actor, messages: QuerySet[Message], at: datetime) -> list[Message]:
    """Letters that go to the printer now: those that may go are marked as sent."""
    found = []
    for message in messages.filter(state=State.WAITING, channel="letter").order_by("pk"):
        claimed = claim_message(by=by, message=message, at=at)
        if claimed is not None and claimed.state == State.SENDING:
            found.append(record_delivery(by=by, message=claimed, state=State.SENT, gateway_id="printed", at=at))
    return found
