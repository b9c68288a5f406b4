"""What units declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from qingmiao.campaign.models import Declaration, HeadCount
from qingmiao.staff.models import Organisation


def head_count_at(organisation: Organisation, at: datetime) -> HeadCount | None:
    """The latest round opened at `organisation`, or at the nearest one above it, up to `at`; None if there was none."""
    above = [int(pk) for pk in organisation.path.strip("/").split("/")]
    rounds = HeadCount.objects.filter(organisation__in=above, opened_on__lte=timezone.localdate(at))
    return rounds.select_related("organisation").order_by("-organisation__path", "-opened_on", "-pk").first()


def declarations_at(head_count: HeadCount | None, at: datetime) -> Mapping[int, Declaration]:
    """Each unit's number (by unit id) at `at`: the last one recorded until then. Silent units are absent."""
    if head_count is None:
        return {}
    recorded = head_count.declarations.filter(recorded_at__lte=at).order_by("recorded_at", "pk")
    return {row.unit_id: row for row in recorded}


def is_late(head_count: HeadCount, declaration: Declaration | None, at: datetime) -> bool:
    """Whether a unit missed the deadline: it answered after it, or has not answered and it has passed."""
    answered_at = declaration.recorded_at if declaration else at
    return answered_at > head_count.due_at
