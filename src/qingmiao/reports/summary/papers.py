"""The papers of a day as Word files from templates: the minutes of a meeting, and the bulletin of a frozen figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext

from qingmiao.campaign.models import MeetingTask
from qingmiao.campaign.queries.meetings import Minutes
from qingmiao.campaign.rules.meetings import Shown
from qingmiao.reports.bulletin import Bulletin, Line
from qingmiao.reports.language import enumerated
from qingmiao.reports.summary.document import filled, template_of
from qingmiao.reports.summary.figures import long_day, long_moment

RANKED = ("name", "place", "done", "of", "rate", "new", "change")  # the columns of a meeting's ranking, in their order


def minutes_as_word(minutes: Minutes, shown: Shown | None, ranking: Iterable[Sequence[Any]]) -> bytes:
    """The minutes with their figures, the order of the units, and every action with its owner and time.

    `ranking` are rows of RANKED. Raises TemplateWrong.
    """
    meeting, office = minutes.meeting, minutes.meeting.campaign.organisation.name
    context = {
        "office": office,
        "campaign": meeting.campaign.title,
        "kind": meeting.get_kind_display(),
        "day": long_day(meeting.day),
        "clock": timezone.localtime(meeting.opened_at).strftime("%H:%M"),
        "opened": long_moment(meeting.opened_at),
        "chair": meeting.chair,
        "present": meeting.present,
        "minutes_by": meeting.minutes_by,
        "shown": shown,
        "snapshot": meeting.snapshot,
        "ranking": [dict(zip(RANKED, ("" if v is None else v for v in row), strict=True)) for row in ranking],
        "inherited": [_action(row) for row in minutes.inherited],
        "problems": [point.text for point in minutes.problems],
        "decisions": [point.text for point in minutes.decisions],
        "actions": [_action(row) for row in minutes.given],
    }
    source = f"{shown.rule} · snapshot {meeting.snapshot}" if shown else ""
    return filled(template_of("meeting_minutes"), context, author=office, source=source)


def _action(row: MeetingTask) -> Mapping[str, str]:
    duty = row.task.duty
    due_at = timezone.localtime(row.due_then).strftime("%Y-%m-%d %H:%M")
    return {"task": row.task.title, "group": duty.group.name, "duty": duty.title, "due_at": due_at}


def bulletin_as_word(bulletin: Bulletin, template: Path | None = None) -> bytes:
    """The bulletin of a day, as the page and the PDF say it. Raises TemplateWrong."""
    snapshot, total = bulletin.snapshot, bulletin.total
    context = {
        "office": total.name,
        "subject": bulletin.subject,
        "number": bulletin.number,
        "on": long_day(snapshot.on),
        "total": _row(total),
        "has_before": total.before is not None,
        "lines": [_row(line) for line in bulletin.lines],
        "several": bulletin.in_several_units,
        "ranking": bulletin.ranking_reason if bulletin.small else "",
        "obstacles": [{"title": row.title, "reason": row.reason, "people": row.people} for row in bulletin.obstacles],
        "silent": enumerated(line.name for line in bulletin.silent),
        "listed": bulletin.check.listed,
        "matched": bulletin.check.matched,
        "differences": [{"title": title, "rows": rows} for title, rows in bulletin.check.counted],
        "rule": snapshot.rule,
        "snapshot": snapshot.pk,
        "taken_at": long_moment(snapshot.taken_at),
        "taken_by": snapshot.taken_by_name,
    }
    source = f"{snapshot.rule} · snapshot {snapshot.pk}"
    return filled(template or template_of("daily_bulletin"), context, author=total.name, source=source)


def _row(line: Line) -> Mapping[str, Any]:
    place = "—" if line.placed.place is None else f"{line.placed.place}{'=' if line.placed.is_shared else ''}"
    declared = (pgettext("declaration", "late") if line.is_late else "—") if line.declared is None else line.declared
    return {
        "place": place,
        "name": line.name,
        "declared": declared,
        "of": line.now.of,
        "done": line.now.done,
        "open": line.now.open,
        "rate": line.rate,
        "added": line.added,
        "points": line.points,
    }
