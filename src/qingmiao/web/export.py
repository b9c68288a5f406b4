"""Lists as spreadsheets: what the screen shows, with the columns named in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40


def as_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A spreadsheet called `title` to be downloaded. Text stays text: nothing that is shown becomes a formula.

    Who shows people in it leaves a `look` himself, as for the page.
    """
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        widths = [len(str(column)) for column in columns]
        sheet.write_row(0, 0, [str(column) for column in columns], bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                shown = plain(value)
                sheet.write(number, place, shown)
                widths[place] = max(widths[place], len(str(shown)))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(width * 1.7 + 2, WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    answer = HttpResponse(out.getvalue(), content_type=SHEET)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(title)}.xlsx"
    return answer


def plain(value: object) -> str | int | float:
    """A value as a cell holds it: numbers stay numbers, days and moments are written as on the screen."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
