"""Writes of supervision on site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.actions.pictures import keep_picture
from qingmiao.campaign.models import Campaign, Duty, Finding, Inspection
from qingmiao.campaign.rulebook import rulebook
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

LEAD, PUT_RIGHT = "campaign.lead", "campaign.put_right"


@dataclass(frozen=True)
class Found:
    """What was found at an item that is not as it should be."""

    item: str
    text: str
    picture: bytes = b""
    duty: Duty | None = None


class NothingSaid(Refused):
    """An item is not as it should be, and nothing says what."""

    def __init__(self) -> None:
        super().__init__(_("Write at each item that is not as it should be what was found."))


class FindingMoved(Refused):
    """The finding has gone on since."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(_("This finding is now: {state}.").format(state=Finding.State(finding.state).label))


@action("campaign.inspect")
def inspect(
    *,
    by: Actor,
    campaign: Campaign,
    place: Organisation,
    checklist: str,
    answers: Mapping[str, str],
    found: Sequence[Found],
    at: datetime,
    request_id: UUID | None = None,
) -> Inspection:
    """Write down a visit to `place`: every answer, and each finding with the time to put it right.

    Raises NothingSaid when an item is answered no and no finding says what.
    """
    by.must(LEAD, campaign)
    book = rulebook("supervision")
    if {item for item, answer in answers.items() if answer == "no"} - {one.item for one in found if one.text.strip()}:
        raise NothingSaid
    inspection = Inspection.objects.create(
        campaign=campaign,
        place=place,
        at=at,
        by_id=by.user_id,
        by_name=by.name,
        checklist=checklist,
        checklist_version=book["version"],
        answers=dict(answers),
    )
    due_at = at + timedelta(hours=book["put_right_within_hours"])
    for one in found:
        Finding.objects.create(
            inspection=inspection,
            item=one.item,
            text=one.text.strip(),
            duty=one.duty,
            due_at=due_at,
            picture=keep_picture(one.picture, by=by, at=at, place=place),
        )
    note(findings=len(found))
    return inspection


@action("campaign.correct_finding")
def correct_finding(
    *,
    by: Actor,
    finding: Finding,
    version: int,
    correction: str,
    at: datetime,
    picture: bytes = b"",
    request_id: UUID | None = None,
) -> Finding:
    """Say how a finding was put right: its place does, or who leads the campaign. Raises FindingMoved."""
    place = finding.inspection.place
    by.must(PUT_RIGHT, place)
    if finding.state != Finding.State.OPEN:
        raise FindingMoved(finding)
    if not correction.strip():
        raise Refused(_("Write how it was put right."))
    kept = keep_picture(picture, by=by, at=at, place=place)
    finding.version = version
    change(
        finding,
        state=Finding.State.CORRECTED,
        correction=correction.strip(),
        corrected_at=at,
        corrected_by_name=by.name,
        correction_picture=kept,
    )
    return finding


@action("campaign.close_finding")
def close_finding(
    *, by: Actor, finding: Finding, version: int, at: datetime, request_id: UUID | None = None
) -> Finding:
    """Looked at again, and it is right. Raises FindingMoved."""
    by.must(LEAD, finding.inspection.campaign)
    if finding.state != Finding.State.CORRECTED:
        raise FindingMoved(finding)
    finding.version = version
    change(finding, state=Finding.State.CLOSED, closed_at=at, closed_by_name=by.name)
    return finding


@action("campaign.reopen_finding")
def reopen_finding(
    *, by: Actor, finding: Finding, version: int, due_at: datetime, request_id: UUID | None = None
) -> Finding:
    """Looked at again, and it is not right: it is open until `due_at`."""
    by.must(LEAD, finding.inspection.campaign)
    finding.version = version
    change(finding, state=Finding.State.OPEN, due_at=due_at, closed_at=None, closed_by_name="")
    return finding
