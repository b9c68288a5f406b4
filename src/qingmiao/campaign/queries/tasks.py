"""Reads of tasks: whose they are, what is late, and how far up it has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from qingmiao.campaign.models import Campaign, Duty, Holder, Task
from qingmiao.campaign.rulebook import rulebook
from qingmiao.campaign.rules.tasks import Level, Rung, reached
from qingmiao.staff.access import Actor

OPEN_STATES = (Task.State.OPEN, Task.State.REPORTED)
Rank = Duty.Rank


def ladder() -> list[Rung]:
    """How a late task goes up, by rules/campaign/tasks.yaml."""
    return [Rung(rung["after_hours"], Level(rung["to"])) for rung in rulebook("tasks")["escalation"]]


def _held_by(by: Actor, at: datetime) -> QuerySet[Holder]:
    day = timezone.localdate(at)
    return Holder.objects.filter(user_id=by.user_id or 0, valid_from__lte=day).exclude(valid_until__lt=day)


def holds(by: Actor, duty: Duty, at: datetime) -> bool:
    """Whether the actor holds the duty today, or stands in for its holder."""
    return _held_by(by, at).filter(duty=duty).exists()


def level_of(task: Task, at: datetime) -> Level:
    """How far up the task has gone at `at`."""
    return reached(task.due_at, at, ladder()) if task.state == Task.State.OPEN else Level.OWNER


@dataclass(frozen=True)
class Mine:
    """A task that somebody finds among his own: `level` says how far up it has come because it is late."""

    task: Task
    level: Level


def tasks_of(campaign: Campaign) -> QuerySet[Task]:
    """All tasks of a campaign, the next due first."""
    return campaign.tasks.select_related("duty__group", "campaign")


def open_tasks(campaign: Campaign) -> QuerySet[Task]:
    """Tasks that are not done: open, or reported and not yet accepted."""
    return tasks_of(campaign).filter(state__in=OPEN_STATES)


def tasks_for(by: Actor, at: datetime) -> list[Mine]:
    """The open tasks of the actor's duties, and those that came up to a duty of theirs because they are late."""
    held = list(_held_by(by, at).select_related("duty__group"))
    campaigns = {holder.duty.group.campaign_id for holder in held}
    tasks = Task.objects.filter(state__in=OPEN_STATES, campaign__in=campaigns).select_related("duty__group", "campaign")
    own = {holder.duty_id for holder in held if not holder.is_deputy}
    found = [Mine(task, level_of(task, at)) for task in tasks]
    return [mine for mine in found if mine.task.duty_id in own or _came_up(mine, held)]


def _came_up(mine: Mine, held: Sequence[Holder]) -> bool:
    """Whether a late task has come up to a duty that is held here."""
    order = list(Level)
    heights = [order.index(level) for holder in held if (level := _hears_from(holder, mine.task)) is not None]
    return any(order.index(mine.level) >= height for height in heights)


def _hears_from(holder: Holder, task: Task) -> Level | None:
    """The level from which the holder of a duty hears of somebody else's late task; None: never."""
    duty = holder.duty
    if holder.is_deputy and duty.pk == task.duty_id:
        return Level.DEPUTY
    if duty.group_id == task.duty.group_id and duty.rank in (Rank.DEPUTY, Rank.LEADER):
        return Level(duty.rank)
    is_head = duty.group.is_leading and duty.rank == Rank.LEADER and duty.group.campaign_id == task.campaign_id
    return Level.HEAD if is_head else None


@dataclass(frozen=True)
class Todo:
    """What waits in a campaign, counted from the state of its tasks."""

    late: int
    to_accept: int
    open: int


def todo_of(campaign: Campaign, at: datetime) -> Todo:
    """How many tasks are late, wait to be accepted, and are open at all."""
    tasks = open_tasks(campaign)
    late = tasks.filter(state=Task.State.OPEN, due_at__lt=at)
    return Todo(late.count(), tasks.filter(state=Task.State.REPORTED).count(), tasks.count())
