"""Writes of the daily meeting and of the evening dispatch."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.actions.tasks import give_task
from qingmiao.campaign.models import Campaign, Dispatch, Duty, Meeting, MeetingTask, Point, Task
from qingmiao.campaign.queries.tasks import open_tasks
from qingmiao.campaign.rules.meetings import Shown
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

LEAD = "campaign.lead"


class MeetingHeld(Refused):
    """There was such a meeting on that day."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        super().__init__(_("This meeting of {day} was opened already: go on with it.").format(day=meeting.day))


class MeetingClosed(Refused):
    """The meeting is over: its minutes stand."""

    def __init__(self) -> None:
        super().__init__(_("This meeting is closed and its minutes stand. Bring it up at the next one."))


@action("campaign.open_meeting")
def open_meeting(
    *,
    by: Actor,
    campaign: Campaign,
    kind: str,
    day: date,
    chair: str,
    at: datetime,
    present: str = "",
    minutes_by: str = "",
    figures: Shown | None = None,
    snapshot: int | None = None,
    request_id: UUID | None = None,
) -> Meeting:
    """Open a meeting with what is unfinished on its table, and keep the figures it is shown. Raises MeetingHeld."""
    by.must(LEAD, campaign)
    held = campaign.meetings.filter(day=day, kind=kind).first()
    if held is not None:
        raise MeetingHeld(held)
    meeting = Meeting.objects.create(
        campaign=campaign,
        kind=kind,
        day=day,
        opened_at=at,
        chair=chair,
        present=present,
        minutes_by=minutes_by,
        figures=figures.as_kept() if figures else {},
        snapshot=snapshot,
    )
    tasks = list(open_tasks(campaign))
    MeetingTask.objects.bulk_create(_on_table(meeting, task, is_inherited=True) for task in tasks)
    note(inherited=len(tasks), snapshot=snapshot)
    return meeting


def _on_table(meeting: Meeting, task: Task, *, is_inherited: bool, answers: Point | None = None) -> MeetingTask:
    return MeetingTask(
        meeting=meeting,
        task=task,
        is_inherited=is_inherited,
        state_then=task.state,
        due_then=task.due_at,
        answers=answers,
    )


def _must_be_open(meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        raise MeetingClosed


@action("campaign.note_point")
def note_point(
    *,
    by: Actor,
    meeting: Meeting,
    kind: str,
    text: str,
    at: datetime,
    place: Organisation | None = None,
    answers: Point | None = None,
    request_id: UUID | None = None,
) -> Point:
    """Write down a problem, or a decision (that may answer a problem). Raises MeetingClosed."""
    by.must(LEAD, meeting.campaign)
    _must_be_open(meeting)
    if not text.strip():
        raise Refused(_("Write what was said."))
    return Point.objects.create(
        meeting=meeting, kind=kind, text=text.strip(), place=place, answers=answers, at=at, by_id=by.user_id
    )


@action("campaign.decide_action")
def decide_action(
    *,
    by: Actor,
    meeting: Meeting,
    duty: Duty,
    title: str,
    due_at: datetime,
    at: datetime,
    answers: Point | None = None,
    request_id: UUID | None = None,
) -> Task:
    """Give a duty something to do, on the record of the meeting. Raises MeetingClosed, NotOfThisCampaign."""
    _must_be_open(meeting)
    task = give_task(by=by, campaign=meeting.campaign, duty=duty, title=title, due_at=due_at, at=at)
    _on_table(meeting, task, is_inherited=False, answers=answers).save()
    note(meeting=meeting.pk)
    return task


@action("campaign.close_meeting")
def close_meeting(
    *,
    by: Actor,
    meeting: Meeting,
    version: int,
    at: datetime,
    present: str = "",
    minutes_by: str = "",
    request_id: UUID | None = None,
) -> Meeting:
    """End the meeting: its minutes are what was written. Raises MeetingClosed."""
    by.must(LEAD, meeting.campaign)
    _must_be_open(meeting)
    meeting.version = version
    change(
        meeting,
        closed_at=at,
        present=present or meeting.present,
        minutes_by=minutes_by or meeting.minutes_by or by.name,
    )
    return meeting


@action("campaign.send_bulletin")
def send_bulletin(
    *, by: Actor, meeting: Meeting, at: datetime, text: str = "", request_id: UUID | None = None
) -> Meeting:
    """Send each place of the meeting's figures its own line; one that was sent it already keeps what it has."""
    by.must(LEAD, meeting.campaign)
    there = set(meeting.dispatches.values_list("unit", flat=True))
    lines = [line for line in meeting.figures.get("places", ()) if line["key"] not in there]
    Dispatch.objects.bulk_create(
        Dispatch(meeting=meeting, unit_id=line["key"], line=line, text=text.strip(), sent_at=at) for line in lines
    )
    note(units=len(lines), subject=f"campaign.Meeting:{meeting.pk}")
    return meeting


@action("campaign.see_dispatch")
def see_dispatch(*, by: Actor, dispatch: Dispatch, at: datetime, request_id: UUID | None = None) -> Dispatch:
    """A unit's liaison has opened what was sent; the first time counts."""
    by.must("campaign.work_in_field", dispatch.unit)
    if dispatch.seen_at is None:
        change(dispatch, seen_at=at, seen_by_id=by.user_id)
    return dispatch
