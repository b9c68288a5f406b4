"""What offices wrote into their summaries."""

from __future__ import annotations

from datetime import UTC, datetime

from qingmiao.reports.models import SummaryText
from qingmiao.staff.models import Organisation

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def summary_texts(organisation: Organisation, kind: str) -> SummaryText:
    """The texts of an office's summary; an unsaved empty one of version 0 where nothing has been written yet."""
    written = SummaryText.objects.filter(organisation=organisation, kind=kind).first()
    return written or SummaryText(organisation=organisation, kind=kind, version=0, written_at=NEVER)
