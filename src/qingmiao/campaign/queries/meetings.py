"""Reads of meetings and of what was sent to units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from qingmiao.campaign.models import Campaign, Dispatch, Meeting, MeetingTask, Point
from qingmiao.campaign.rules.meetings import Line, shown_from
from qingmiao.staff.access import Actor, below


@dataclass(frozen=True)
class Minutes:
    """A meeting with everything on its table."""

    meeting: Meeting
    inherited: list[MeetingTask]
    given: list[MeetingTask]
    problems: list[Point]
    decisions: list[Point]


def minutes_of(meeting: Meeting) -> Minutes:
    """What the minutes of a meeting say."""
    table = list(meeting.tasks.select_related("task__duty__group", "answers"))
    points = list(meeting.points.select_related("place", "answers"))
    return Minutes(
        meeting,
        [row for row in table if row.is_inherited],
        [row for row in table if not row.is_inherited],
        [point for point in points if point.kind == Point.Kind.PROBLEM],
        [point for point in points if point.kind == Point.Kind.DECISION],
    )


def meetings_of(campaign: Campaign) -> QuerySet[Meeting]:
    """The meetings of a campaign, the latest first."""
    return campaign.meetings.order_by("-day", "-opened_at")


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The last meeting of the same kind on an earlier day: what a bulletin compares with."""
    return meetings_of(meeting.campaign).filter(kind=meeting.kind, day__lt=meeting.day).first()


def lines_of(meeting: Meeting | None) -> Mapping[int, Line]:
    """The lines of the places that a meeting was shown, by the place's id."""
    shown = shown_from(meeting.figures) if meeting else None
    return {line.key: line for line in shown.places} if shown else {}


def dispatches_for(actor: Actor) -> QuerySet[Dispatch]:
    """What was sent to the units that the actor works for, the latest first."""
    reach = below("unit__path", actor.paths_for("campaign.work_in_field"))
    return Dispatch.objects.filter(reach).select_related("unit", "meeting__campaign").order_by("-sent_at", "unit__path")
