"""The chart of a child's record: vaccines downwards, ages to the right, today as a line. Drawn as SVG, no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qingmiao.schedule.child import Band, ChildRecord, RecordedDose
from qingmiao.schedule.queries import SeriesVerdict
from qingmiao.web.child.words import dose_word, series_order, series_title

LEFT, RIGHT, TOP, ROW = 130, 884, 26, 30
DAYS_A_MONTH = 30.4375
# Months and where they lie between the left and the right edge: the first year takes most of the room.
SCALE = ((0, 0.0), (12, 0.46), (24, 0.66), (72, 0.92), (216, 1.0))
TICKS = (0, 2, 4, 6, 8, 12, 18, 24, 36, 48, 60, 72, 168)
SHOWN = ("due", "overdue", "due_later")


def record_chart(record: ChildRecord) -> SafeString:
    """The chart; empty when the birth date is not known, because nothing has an age then."""
    born = record.person.birth_date
    if born is None or born > record.on:
        return SafeString("")
    rows = shown_series(record)
    height = TOP + ROW * len(rows) + 8
    parts = [_ticks(height), *(_row(record, born, place, series) for place, series in enumerate(rows))]
    label = _("Doses by vaccine and age; the figures are in the table below")
    return format_html(
        '<svg class="broad" viewBox="0 0 900 {}" role="img" aria-label="{}">{}{}</svg>',
        height,
        label,
        joined(parts),
        _today(born, record.on, height),
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Parts of a drawing as one."""
    return format_html_join("", "{}", ((part,) for part in parts))


def shown_series(record: ChildRecord) -> list[str]:
    """Series with a dose, a due dose or a printed time, in the order of the programme."""
    having = {row.group for dose in record.doses for row in dose.judged}
    having |= {row.series for row in record.judgement.series if row.status in SHOWN}
    having |= {band.series for band in record.bands}
    return [series for series in series_order() if series in having]


def _x(born: date, day: date) -> int:
    """Where an age lies; what is beyond eighteen years stands at the right edge."""
    months = max((day - born).days / DAYS_A_MONTH, 0)
    for (start, left), (end, right) in pairwise(SCALE):
        if months <= end:
            share = left + (right - left) * (months - start) / (end - start)
            return round(LEFT + share * (RIGHT - LEFT))
    return RIGHT


def _ticks(height: int) -> SafeString:
    born = date(2000, 1, 1)
    marks = ((x := _x(born, born + timedelta(days=months * DAYS_A_MONTH)), x, height - 6, x, _age(months))
             for months in TICKS)  # fmt: skip
    return format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="22" y2="{}"/><text class="mid soft" x="{}" y="16">{}</text>',
        marks,
    )


def _age(months: int) -> str:
    if months == 0:
        return _("birth")
    if months < 24:
        return ngettext("%(count)s mo", "%(count)s mo", months) % {"count": months}
    return ngettext("%(count)s yr", "%(count)s yr", months // 12) % {"count": months // 12}


def _row(record: ChildRecord, born: date, place: int, series: str) -> SafeString:
    y = TOP + ROW * place + ROW // 2
    line = format_html(
        '<line class="grid" x1="0" x2="900" y1="{}" y2="{}"/><text x="0" y="{}">{}</text>',
        y + ROW // 2,
        y + ROW // 2,
        y + 5,
        short_title(series),
    )
    bands = [_span(born, band, y) for band in record.bands if band.series == series]
    due = next((row for row in record.judgement.series if row.series == series and row.status in SHOWN), None)
    return joined([line, *bands, *_due(record, born, due, y), *_given(record, born, series, y)])


def short_title(series: str) -> str:
    """The name of a series without the word vaccine and what stands in brackets: it has little room."""
    title = series_title(series).partition("（")[0].removesuffix("疫苗")
    return title if len(title) <= 16 else title[:15] + "…"


def _span(born: date, band: Band, y: int) -> SafeString:
    left = _x(born, band.start) - 10
    right = _x(born, band.end) + 10 if band.end else left + 20
    return format_html(
        '<rect class="span" x="{}" y="{}" width="{}" height="20" rx="10"/>', left, y - 10, max(right - left, 20)
    )


def _given(record: ChildRecord, born: date, series: str, y: int) -> Iterator[SafeString]:
    for row in reversed(record.doses):
        judged = next((one for one in row.judged if one.group == series), None)
        if judged is None or row.dose.given_on is None:
            continue
        x = _x(born, row.dose.given_on)
        if judged.status == "valid":
            yield from _late(born, row, series, x, y, record.bands)
            yield _dot("bar", x, y, judged.number or "", "inv")
        elif judged.status == "extra":
            yield format_html('<g class="is-later"><circle class="ring" cx="{}" cy="{}" r="7"/></g>', x, y)
        else:
            yield _cross(x, y)


def _late(born: date, row: RecordedDose, series: str, x: int, y: int, bands: tuple[Band, ...]) -> Iterator[SafeString]:
    number = next((one.number for one in row.judged if one.group == series), None)
    end = next((band.end for band in bands if band.series == series and band.number == number), None)
    if row.late_by_days and end is not None and _x(born, end) < x:
        yield _bar(_x(born, end), x, y)


def _bar(left: int, right: int, y: int) -> SafeString:
    return format_html('<line class="late" x1="{}" x2="{}" y1="{}" y2="{}"/>', left, right, y, y)


def _dot(shape: str, x: int, y: int, number: object, text: str) -> SafeString:
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="10"/><text class="mid {}" x="{}" y="{}">{}</text>',
        shape, x, y, text, x, y + 5, number,
    )  # fmt: skip


def _cross(x: int, y: int) -> SafeString:
    return format_html('<path class="cross" d="M{} {}l14 14m0-14l-14 14"/>', x - 7, y - 7)


def _due(record: ChildRecord, born: date, due: SeriesVerdict | None, y: int) -> Iterator[SafeString]:
    """The next dose as a ring: where it stands in time, or at today's line when it waits already."""
    if due is None or due.earliest is None:
        return
    day = max(due.recommended or due.earliest, record.on)
    x = _x(born, day)
    is_late = due.status == "overdue"
    if is_late and due.overdue_from and _x(born, due.overdue_from) < x:
        yield _bar(_x(born, due.overdue_from), x, y)
    tone = "is-stop" if is_late else "is-due" if due.status == "due" else "is-later"
    yield format_html('<g class="{}">{}</g>', tone, _dot("ring", x, y, due.next_dose or "", "tone"))


def _today(born: date, on: date, height: int) -> SafeString:
    x = _x(born, on)
    return format_html('<line class="now" x1="{}" x2="{}" y1="20" y2="{}"/>', x, x, height - 4)


def table_rows(record: ChildRecord) -> list[list[str]]:
    """The chart as a table: vaccine, doses that count with their days, those that do not, and the next one."""
    rows = []
    for series in shown_series(record):
        judged = [
            (row.dose.given_on, one)
            for row in reversed(record.doses)
            for one in row.judged
            if one.group == series and row.dose.given_on
        ]
        counted = "; ".join(f"{dose_word(one.number)} {day}" for day, one in judged if one.status == "valid")
        other = "; ".join(f"{day}" for day, one in judged if one.status != "valid")
        due = next((row for row in record.judgement.series if row.series == series and row.status in SHOWN), None)
        coming = f"{dose_word(due.next_dose)} {due.recommended or due.earliest or ''}" if due else "—"
        rows.append([series_title(series), counted or "—", other or "—", coming])
    return rows
