"""Writes of opinions: a rating after a visit, a complaint, its answer, its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.outreach.models import Complaint, Rating
from qingmiao.outreach.rules import rule_file
from qingmiao.privacy.sealing import Sealed
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

ANSWER = "outreach.answer_complaint"


class RatedAlready(Exception):
    """This slip's answer was given; one visit is rated once."""

    def __init__(self) -> None:
        super().__init__(_("This visit was rated already. Thank you."))


class TooMany(Exception):
    """More complaints in an hour than a site can have: a machine, or a day on which one should ring."""

    def __init__(self) -> None:
        super().__init__(_("Too many messages at the moment. Please ring the clinic, or try again in an hour."))


@dataclass(frozen=True)
class Marks:
    """From 1 (bad) to 5 (good)."""

    overall: int
    waiting: int
    explained: int
    text: str = ""


@action("outreach.rate_visit")
def rate_visit(*, by: Actor, site: Organisation, day: date, slip: str, marks: Marks, at: datetime) -> Rating:
    """The opinion of whoever holds a slip. The slip's code is hashed: a rating leads to nobody."""
    ticket = sha256(slip.encode()).digest()
    row, is_new = Rating.objects.get_or_create(
        ticket=ticket, defaults={"site": site, "day": day, "at": at, **vars(marks)}
    )
    if not is_new:
        raise RatedAlready
    return row


@action("outreach.raise_complaint")
def raise_complaint(
    *, by: Actor, site: Organisation, text: str, contact: str, at: datetime, request_id: UUID | None = None
) -> Complaint:
    """A complaint about a site; nobody needs an account for it. Raises TooMany."""
    limit = rule_file("opinions")["complaints_per_hour"]["value"]
    if Complaint.objects.filter(site=site, raised_at__gt=at - timedelta(hours=1)).count() >= limit:
        raise TooMany
    days = rule_file("opinions")["answer_within_days"]["value"]
    return Complaint.objects.create(
        site=site,
        text=Sealed.of(text),
        contact=Sealed.of(contact) if contact else None,
        raised_at=at,
        answer_by=at + timedelta(days=days),
    )


@action("outreach.answer_complaint")
def answer_complaint(
    *, by: Actor, complaint: Complaint, version: int, answer: str, at: datetime, request_id: UUID | None = None
) -> Complaint:
    """The answer, by whoever answers for the site. A later answer replaces an earlier one until it is closed."""
    by.must(ANSWER, complaint)
    complaint.version = version
    change(complaint, answer=answer, answered_at=at, answered_by_id=by.user_id)
    note(complaint=complaint.pk)
    return complaint


@action("outreach.close_complaint")
def close_complaint(
    *, by: Actor, complaint: Complaint, version: int, at: datetime, request_id: UUID | None = None
) -> Complaint:
    """The matter is settled."""
    by.must(ANSWER, complaint)
    complaint.version = version
    change(complaint, closed_at=at)
    return complaint
