"""Writes of head-counts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.models import Declaration, HeadCount
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


class HeadCountOpen(Exception):
    """One round is still open at this organisation; a second one beside it would leave two numbers for one unit."""

    def __init__(self, head_count: HeadCount) -> None:
        self.head_count = head_count
        super().__init__(
            _("“{title}” is still open here. Close it before you open another.").format(title=head_count.title)
        )


class HeadCountClosed(Exception):
    """A number came for a round that is over."""

    def __init__(self, head_count: HeadCount) -> None:
        super().__init__(
            _("“{title}” was closed on {day}. Ask the bureau to open a new head-count.").format(
                title=head_count.title, day=head_count.closed_on
            )
        )


class NotOfThisRound(Exception):
    """A number was declared for a unit that the asking organisation does not lead."""

    def __init__(self, unit: Organisation) -> None:
        super().__init__(_("{unit} does not belong to the organisation that asks.").format(unit=unit.name))


@action("campaign.open_head_count")
def open_head_count(
    *,
    by: Actor,
    organisation: Organisation,
    title: str,
    opened_on: date,
    due_at: datetime,
    request_id: UUID | None = None,
) -> HeadCount:
    """Ask all units below `organisation` for their numbers until `due_at`. Raises HeadCountOpen if one runs already."""
    by.must("campaign.open_head_count", organisation)
    running = HeadCount.objects.filter(organisation=organisation, closed_on=None).first()
    if running is not None:
        raise HeadCountOpen(running)
    return HeadCount.objects.create(organisation=organisation, title=title, opened_on=opened_on, due_at=due_at)


@action("campaign.close_head_count")
def close_head_count(
    *, by: Actor, head_count: HeadCount, version: int, closed_on: date, request_id: UUID | None = None
) -> HeadCount:
    """End a round; its numbers stay. `version` is the one that was shown."""
    by.must("campaign.open_head_count", head_count)
    head_count.version = version
    change(head_count, closed_on=closed_on)
    return head_count


@action("campaign.declare_number")
def declare_number(
    *,
    by: Actor,
    head_count: HeadCount,
    unit: Organisation,
    people: int,
    declared_on: date,
    said_by: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Declaration:
    """Write down how many people `unit` says it has. Declaring again adds a row; the last one counts.

    A number after the deadline is taken and shows as late: a fact is never refused. Raises HeadCountClosed for a
    round that is over, NotOfThisRound for somebody else's unit.
    """
    by.must("campaign.declare_number", unit)
    if not unit.path.startswith(head_count.organisation.path):
        raise NotOfThisRound(unit)
    if head_count.closed_on is not None:
        raise HeadCountClosed(head_count)
    note(unit=unit.pk, people=people)
    return Declaration.objects.create(
        head_count=head_count,
        unit=unit,
        people=people,
        declared_on=declared_on,
        said_by=said_by,
        recorded_at=at,
        recorded_by_id=by.user_id,
    )
