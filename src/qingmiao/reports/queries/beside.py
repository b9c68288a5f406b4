"""What is counted beside a figure at the moment it is frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qingmiao.campaign.queries import head_count_at
from qingmiao.clinic.models import Batch, Visit
from qingmiao.reports.queries.differences import checked_lists
from qingmiao.staff.models import Organisation


def counted_beside(organisation: Organisation, on: date, at: datetime) -> dict[str, Any]:
    """As JSON: `batches` of the units that were called at a site up to that day and the `batch_people` of them who
    arrived; `head_count` with title, first day and deadline, or None where there was none; `check`, which
    `checked_lists` explains."""
    called = Batch.objects.filter(unit__path__begins=organisation.path, session__day__lte=on, state=Batch.State.CALLED)
    round_ = head_count_at(organisation, at)
    return {
        "batches": called.count(),
        "batch_people": Visit.objects.filter(batch__in=called, arrived_at__isnull=False).count(),
        "check": checked_lists(organisation, at),
        "head_count": round_
        and {
            "title": round_.title,
            "opened_on": round_.opened_on.isoformat(),
            "due_at": round_.due_at.isoformat(),
        },
    }
