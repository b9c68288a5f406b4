"""A bureau's work summary as a Word file: a template, the figures of one snapshot, and the office's own texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from qingmiao.reports.bulletin import Bulletin, bulletin_of
from qingmiao.reports.indicators import indicator
from qingmiao.reports.language import enumerated, sentences, speaks_chinese
from qingmiao.reports.models import Snapshot, SnapshotMember
from qingmiao.reports.queries.frozen import first_doses_by_day
from qingmiao.reports.summary.chart import units_chart
from qingmiao.reports.summary.fields import CHANNELS, FIELDS, Field
from qingmiao.reports.summary.figures import OWNERS, Figures, figures_of, long_day, long_moment
from qingmiao.staff.models import Assignment, Role

PACKAGED = Path(__file__).resolve().parent.parent / "documents"
NO_PICTURES: Mapping[str, bytes | None] = {}
BLANK = re.compile("(【[^】]*】)")


class TemplateWrong(Exception):
    """The Word template asks for something that there is not; says what, and that the packaged one still works."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            _("The template {name} cannot be filled: {problem}. Correct it in Word, or remove it to use ours.").format(
                name=path.name, problem=problem
            )
        )


@dataclass(frozen=True)
class Summary:
    """A finished Word file, the fields that nobody has written yet, and the figures it used."""

    content: bytes
    blanks: list[Field]
    annex: list[dict[str, Any]]


def template_of(name: str, language: str | None = None) -> Path:
    """The template called `name`: the office's own if it has put one into the data folder, else ours."""
    spoken = language or get_language() or settings.LANGUAGE_CODE
    file = f"{name}.{'zh-hans' if spoken.startswith('zh') else 'en'}.docx"
    own = Path(settings.HOME) / "documents" / file
    return own if own.exists() else PACKAGED / file


def filled(
    path: Path,
    context: Mapping[str, Any],
    *,
    author: str,
    source: str,
    pictures: Mapping[str, bytes | None] = NO_PICTURES,
) -> bytes:
    """The Word file that a template becomes; `author` and `source` go into its properties. Raises TemplateWrong."""
    document = DocxTemplate(str(path))
    drawn = {
        name: InlineImage(document, BytesIO(picture), width=Mm(150)) if picture else ""
        for name, picture in pictures.items()
    }
    try:
        document.render({**context, **drawn}, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except TemplateError as error:
        raise TemplateWrong(path, str(error.message)) from error
    finish(document.docx, author, source)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def bureau_summary(snapshot: Snapshot, texts: Mapping[str, str], template: Path | None = None) -> Summary:
    """The summary of the organisation of `snapshot`, in the language now active.

    Every figure comes from `snapshot`. A text that nobody wrote stands as a marked blank, unless the data can say it.
    Raises TemplateWrong.
    """
    bulletin = bulletin_of(snapshot)
    figures = figures_of(snapshot, bulletin)
    written, blanks = _written(snapshot, bulletin, texts)
    content = filled(
        template or template_of("bureau_summary"),
        _context(snapshot, bulletin, figures) | {"t": written},
        author=snapshot.organisation_name,
        source=f"{snapshot.rule} · snapshot {snapshot.pk}",
        pictures={"chart": units_chart([line for line in bulletin.lines if line.now.of])},
    )
    return Summary(content, blanks, list(figures.annex()))


def _context(snapshot: Snapshot, bulletin: Bulletin, figures: Figures) -> dict[str, Any]:
    rule = indicator(snapshot.indicator)
    days = first_doses_by_day(snapshot)
    kept = snapshot.definition
    side = "zh" if speaks_chinese() else "en"
    return {
        "f": figures,
        "has": _has(snapshot, bulletin),
        "annex": figures.annex(),
        "office": snapshot.organisation_name,
        "subject": bulletin.subject,
        "on": long_day(snapshot.on),
        "first_day": long_day(days[0].day) if days else "",
        "head_count": _head_count(snapshot),
        "signed_on": long_day(timezone.localdate(snapshot.taken_at)),
        "indicator": enumerated([kept["title"][side], snapshot.rule]),
        "denominator": kept["denominator"]["definition"][side],
        "numerator": kept["numerator"]["definition"][side],
        "notes": _notes(bulletin, str(rule.ranking_reason)),
    }


def _has(snapshot: Snapshot, bulletin: Bulletin) -> dict[str, bool]:
    """Which figures there are, to be asked without citing them."""
    return {
        "head_count": bool(snapshot.also.get("head_count")),
        "several": bool(bulletin.in_several_units),
        "batches": bool(snapshot.also.get("batches")),
        "owners": snapshot.members.filter(position__in=OWNERS).exists(),
        "bulletins": bulletin.number > 1,
        "days": snapshot.numerator > 0,
        "obstacles": bool(bulletin.obstacles),
        "lists": bool(bulletin.check.listed),
    }


def _head_count(snapshot: Snapshot) -> dict[str, str]:
    round_ = snapshot.also.get("head_count")
    if not round_:
        return {}
    opened_on, due_at = parse_date(round_["opened_on"]), parse_datetime(round_["due_at"])
    return {
        "title": round_["title"],
        "opened_on": long_day(opened_on) if opened_on else "",
        "due_at": long_moment(due_at) if due_at else "",
    }


def _notes(bulletin: Bulletin, ranking: str) -> str:
    return ranking if bulletin.small else ""


def _written(snapshot: Snapshot, bulletin: Bulletin, texts: Mapping[str, str]) -> tuple[dict[str, str], list[Field]]:
    """The office's texts by field, and the fields that are still blank."""
    defaults = default_texts(snapshot, bulletin)
    written: dict[str, str] = {}
    blanks = []
    for field in FIELDS:
        text = texts.get(field.name, "").strip() or defaults.get(field.name, "")
        if not text and field.is_needed:
            blanks.append(field)
            text = _("【to be written: {what}】").format(what=field.label)
        written[field.name] = text
    written["channels"] = enumerated(str(CHANNELS[code]) for code in written["channels"].split(",") if code in CHANNELS)
    return written, blanks


def default_texts(snapshot: Snapshot, bulletin: Bulletin | None = None) -> dict[str, str]:
    """What the data can say for the office: who is its liaison, and what is left to do."""
    bulletin = bulletin or bulletin_of(snapshot)
    State = SnapshotMember.State
    said = [
        _("Next, the {open} people who are not vaccinated yet will be brought in.").format(open=bulletin.total.now.open)
    ]
    if deferred := bulletin.obstacles_in(State.DEFERRED):
        said.append(
            _("The {people} who were deferred will be booked when their time has come.").format(people=deferred)
        )
    if refused := bulletin.obstacles_in(State.REFUSED):
        said.append(_("The {people} who refused will be visited and their questions answered.").format(people=refused))
    texts = {"next": sentences(said)} if bulletin.total.now.open else {}
    if liaisons := liaisons_of(snapshot):
        texts["onsite"] = _("{names} is in touch with the site.").format(names=enumerated(liaisons))
    return texts


def liaisons_of(snapshot: Snapshot) -> list[str]:
    """Names of the organisation's liaisons on the day of the snapshot."""
    held = Assignment.objects.filter(
        organisation=snapshot.organisation, role=Role.BUREAU_LIAISON, valid_from__lte=snapshot.on
    ).exclude(valid_until__lt=snapshot.on)
    return list(held.order_by("pk").values_list("user__display_name", flat=True))


def finish(document: Document, author: str, source: str) -> None:
    """Mark the blanks, drop paragraphs that came out empty, and write who and what into the file's properties."""
    for paragraph in list(document.paragraphs):
        if (
            paragraph.style is not None
            and paragraph.style.name in ("QM Body", "QM Note")
            and not paragraph.text.strip()
        ):
            paragraph._p.getparent().remove(paragraph._p)
        elif "【" in paragraph.text:
            _mark_blanks(paragraph)
    properties = document.core_properties
    properties.author = properties.last_modified_by = author
    properties.title = document.paragraphs[0].text
    properties.comments = source


def _mark_blanks(paragraph: Paragraph) -> None:
    """Colour what is still to be written, so that nobody signs it unseen."""
    for run in list(paragraph.runs):
        pieces = [piece for piece in BLANK.split(run.text) if piece]
        if len(pieces) < 2 and not BLANK.fullmatch(run.text):
            continue
        for piece in pieces:
            element = deepcopy(run._r)
            run._r.addprevious(element)
            copy = Run(element, paragraph)
            copy.text = piece
            if BLANK.fullmatch(piece):
                copy.font.highlight_color = WD_COLOR_INDEX.YELLOW
        run._r.getparent().remove(run._r)
