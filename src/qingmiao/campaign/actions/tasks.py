"""Writes of tasks. Each leaves a step that is never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.actions.pictures import keep_picture
from qingmiao.campaign.models import Campaign, Duty, Picture, Task, TaskStep
from qingmiao.campaign.queries.tasks import holds
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor, NotAllowed

LEAD = "campaign.lead"
Kind = TaskStep.Kind
State = Task.State


class NotInThisState(Refused):
    """The task has gone on since: what was asked for does not fit any more."""

    def __init__(self, task: Task) -> None:
        super().__init__(
            _("“{task}” is now: {state}. Open it again to see what happened.").format(
                task=task.title, state=State(task.state).label
            )
        )


class SaysNothing(Refused):
    """Evidence or reason is missing."""

    def __init__(self) -> None:
        super().__init__(_("Write what was done, or why: the next meeting reads it."))


class NotOfThisCampaign(Refused):
    """A task was given to a duty of another campaign."""

    def __init__(self) -> None:
        super().__init__(_("This duty belongs to another campaign. Choose one of this campaign's duties."))


@action("campaign.give_task")
def give_task(
    *,
    by: Actor,
    campaign: Campaign,
    duty: Duty,
    title: str,
    due_at: datetime,
    at: datetime,
    request_id: UUID | None = None,
) -> Task:
    """Give a duty something to do by `due_at`. Raises NotOfThisCampaign, SaysNothing."""
    by.must(LEAD, campaign)
    if duty.group.campaign_id != campaign.pk:
        raise NotOfThisCampaign
    if not title.strip():
        raise SaysNothing
    task = Task.objects.create(
        campaign=campaign, duty=duty, title=title.strip(), due_at=due_at, opened_at=at, opened_by_id=by.user_id
    )
    _step(task, Kind.OPENED, by=by, at=at)
    note(duty=duty.pk)
    return task


@action("campaign.report_task")
def report_task(
    *,
    by: Actor,
    task: Task,
    version: int,
    evidence: str,
    at: datetime,
    picture: bytes = b"",
    request_id: UUID | None = None,
) -> Task:
    """Say what was done, with a photo if there is one. Whoever holds the duty may, and whoever leads the campaign.

    Raises NotInThisState, SaysNothing, NotAPicture.
    """
    if not holds(by, task.duty, at) and not by.may(LEAD, task.campaign):
        raise NotAllowed(LEAD)
    _must_be(task, State.OPEN)
    kept = keep_picture(picture, by=by, at=at, place=task.campaign.organisation)
    task.version = version
    change(task, state=State.REPORTED, reported_at=at)
    _step(task, Kind.REPORTED, by=by, at=at, text=evidence, picture=kept)
    return task


@action("campaign.accept_task")
def accept_task(*, by: Actor, task: Task, version: int, at: datetime, request_id: UUID | None = None) -> Task:
    """The evidence is enough: the task is done. Raises NotInThisState."""
    by.must(LEAD, task.campaign)
    _must_be(task, State.REPORTED)
    task.version = version
    change(task, state=State.CLOSED, ended_at=at)
    _step(task, Kind.ACCEPTED, by=by, at=at)
    return task


@action("campaign.send_task_back")
def send_task_back(
    *, by: Actor, task: Task, version: int, reason: str, at: datetime, request_id: UUID | None = None
) -> Task:
    """The evidence is not enough, or the task is not done after all: it is open again. Raises SaysNothing."""
    by.must(LEAD, task.campaign)
    _must_be(task, State.REPORTED, State.CLOSED)
    task.version = version
    change(task, state=State.OPEN, reported_at=None, ended_at=None)
    _step(task, Kind.SENT_BACK, by=by, at=at, text=reason)
    return task


@action("campaign.move_task")
def move_task(
    *,
    by: Actor,
    task: Task,
    version: int,
    due_at: datetime,
    reason: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Task:
    """Give a task another time; the old one stays in its history. Raises SaysNothing without a reason."""
    by.must(LEAD, task.campaign)
    _must_be(task, State.OPEN)
    task.version = version
    change(task, due_at=due_at)
    _step(task, Kind.MOVED, by=by, at=at, text=reason)
    return task


@action("campaign.drop_task")
def drop_task(
    *, by: Actor, task: Task, version: int, reason: str, at: datetime, request_id: UUID | None = None
) -> Task:
    """The task is not needed any more. Raises SaysNothing without a reason."""
    by.must(LEAD, task.campaign)
    _must_be(task, State.OPEN, State.REPORTED)
    task.version = version
    change(task, state=State.DROPPED, ended_at=at)
    _step(task, Kind.DROPPED, by=by, at=at, text=reason)
    return task


def _must_be(task: Task, *states: State) -> None:
    if task.state not in states:
        raise NotInThisState(task)


def _step(task: Task, kind: Kind, *, by: Actor, at: datetime, text: str = "", picture: Picture | None = None) -> None:
    if kind not in (Kind.OPENED, Kind.ACCEPTED) and not text.strip():
        raise SaysNothing
    TaskStep.objects.create(
        task=task,
        kind=kind,
        text=text.strip(),
        picture=picture,
        due_at=task.due_at,
        at=at,
        by_id=by.user_id,
        by_name=by.name,
    )
