"""Sending: each waiting message is decided, handed over outside of any transaction, and its fate written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from qingmiao.outreach.actions.messages import claim_message, record_delivery
from qingmiao.outreach.channels import Gateway, Letter, NotDelivered
from qingmiao.outreach.models import Message
from qingmiao.outreach.queries.messages import address_of
from qingmiao.staff.access import Actor

State = Message.State


def send_waiting(by: Actor, messages: QuerySet[Message], ways: Mapping[str, Gateway], at: datetime) -> Counter[str]:
    """Send what waits on channels that have a gateway; letters wait for the printer. How many came to what."""
    done: Counter[str] = Counter()
    for message in messages.filter(state=State.WAITING, channel__in=list(ways)).order_by("pk"):
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
