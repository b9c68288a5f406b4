"""The minutes of a meeting as a Word file in the style of official papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.run import Run

from qingmiao.campaign.models import Task
from qingmiao.campaign.queries.meetings import Minutes
from qingmiao.campaign.rules.meetings import Shown

TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋"  # Word falls back to what the office has
LATIN = "Times New Roman"


def minutes_as_word(
    minutes: Minutes, shown: Shown | None, columns: Sequence[str], ranking: Iterable[Sequence[Any]]
) -> bytes:
    """The minutes with their figures, the order of the units, and every action with its owner and time."""
    meeting = minutes.meeting
    document = Document()
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
            Mm(28),
            Mm(26),
            Mm(37),
            Mm(35),
        )
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title.add_run(f"{meeting.campaign.title}{meeting.get_kind_display()}{_('Minutes')}"), TITLE, 22)
    for term, text in _facts(minutes):
        _line(document, f"{term}{_colon()}{text}")
    _heading(document, _("1. The figures"))
    if shown is not None:
        _line(document, _figures(minutes, shown))
        _table(document, columns, ranking)
    _heading(document, _("2. Unfinished from before"))
    _listed(document, (_action(row.task, row.due_then) for row in minutes.inherited))
    _heading(document, _("3. Problems"))
    _listed(document, (point.text for point in minutes.problems))
    _heading(document, _("4. Decisions"))
    _listed(document, (point.text for point in minutes.decisions))
    _heading(document, _("5. Actions"))
    _listed(document, (_action(row.task, row.due_then) for row in minutes.given))
    document.core_properties.author = meeting.campaign.organisation.name
    document.core_properties.comments = f"{shown.rule} · snapshot {meeting.snapshot}" if shown else ""
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _colon() -> str:
    return "：" if (get_language() or "zh").startswith("zh") else ": "


def _facts(minutes: Minutes) -> list[tuple[str, str]]:
    meeting = minutes.meeting
    facts = [
        (_("When"), f"{meeting.day.isoformat()} {_clock(meeting.opened_at)}"),
        (_("Chair"), meeting.chair),
        (_("Who is present"), meeting.present),
        (_("Minutes by"), meeting.minutes_by),
    ]
    return [(term, text) for term, text in facts if text]


def _clock(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _figures(minutes: Minutes, shown: Shown) -> str:
    told = _("As of %(at)s: %(done)s of %(of)s vaccinated; %(new)s that day, %(planned)s planned.") % {
        "at": _moment(minutes.meeting.opened_at),
        "done": f"{shown.done:,}",
        "of": f"{shown.of:,}",
        "new": f"{shown.new:,}",
        "planned": f"{shown.planned:,}",
    }
    source = _("snapshot %(snapshot)s") % {"snapshot": minutes.meeting.snapshot} if minutes.meeting.snapshot else ""
    return " ".join(part for part in (told, shown.rule, source) if part)


def _action(task: Task, due_at: Any) -> str:
    return _("{task} ({group} · {duty}, due {at})").format(
        task=task.title, group=task.duty.group.name, duty=task.duty.title, at=_moment(due_at)
    )


def _run(run: Run, font: str, points: float) -> None:
    run.font.name, run.font.size = LATIN, Pt(points)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _line(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(32)
    paragraph.paragraph_format.line_spacing = Pt(28)
    _run(paragraph.add_run(text), BODY, 16)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(32)
    _run(paragraph.add_run(text), HEADING, 16)


def _listed(document: Any, lines: Iterable[str]) -> None:
    written = list(lines)
    for number, text in enumerate(written, 1):
        _line(document, f"{number}. {text}")
    if not written:
        _line(document, _("None."))


def _table(document: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    for line in (columns, *rows):
        cells = table.rows[0].cells if line is columns else table.add_row().cells
        for cell, text in zip(cells, line, strict=True):
            _run(cell.paragraphs[0].add_run("" if text is None else str(text)), BODY, 10.5)
