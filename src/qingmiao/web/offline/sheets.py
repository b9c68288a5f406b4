"""The sheet for a site without any network: out with drop-downs and row ids, in through the rules of the tablets."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from qingmiao.clinic.actions.sync import MOST_EVENTS, take_in
from qingmiao.clinic.models import Session, SyncBatch, Visit
from qingmiao.clinic.queries.sync import (
    digest_of,
    lots_of_site,
    people_of_day,
    sent_before,
    session_of_sheet,
    usable_lots,
    visits_of_sheet,
)
from qingmiao.clinic.rules import Event
from qingmiao.clinic.screening import form_for
from qingmiao.clinic.sheets import FILLED, KEYS, Choices, SheetRow, Trouble, events_of
from qingmiao.clinic.sync import Outcome, read_event
from qingmiao.clinic.words import BODY_SITES
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.registry.ledger.reading.source import opened
from qingmiao.stock.models import Lot
from qingmiao.web import access
from qingmiao.web.consent.words import RELATIONS
from qingmiao.web.export import SHEET
from qingmiao.web.front_desk.site_day import SiteDay, site_day

MARK = "qingmiao-sheet"
KEPT = "_qm"  # the hidden sheet that says which sheet this is
FIRST_ROW = 2  # of people, from 1: the header stands above them
LARGEST = 20 * 1024 * 1024
USUAL_SITES = ("left_deltoid", "right_deltoid")


def _titles() -> dict[str, str]:
    return {
        "visit": _("Row id"),
        "ticket": _("Ticket"),
        "name": _("Name"),
        "sex": _("Sex"),
        "born_on": _("Born on"),
        "number": _("Number"),
        "unit": _("Unit"),
        "arrived": _("Arrived at (9:05)"),
        "signed": _("Signed at"),
        "signer": _("Signed by (name)"),
        "relation": _("Relation, if a guardian"),
        "celsius": _("Temperature ℃"),
        "screened": _("Screened at"),
        "all_no": _("All answers no"),
        "given": _("Given at"),
        "lot": _("Lot"),
        "body_site": _("Body site"),
        "released": _("Released at"),
        "away": _("Not vaccinated"),
        "away_reason": _("Why not"),
    }


def _choices(lots: Sequence[Lot]) -> Choices:
    return Choices(
        lots={f"{lot.number} ({lot.expires_on})": lot.pk for lot in lots},
        body_sites={str(BODY_SITES[code]): code for code in USUAL_SITES},
        relations={str(word): code for code, word in RELATIONS.items()},
        away={_("Declines"): Event.DECLINE.value, _("Leaves, may come back"): Event.LEAVE.value},
        yes=pgettext("sheet", "Yes, all no"),
    )


@require_GET
def out(request: HttpRequest) -> HttpResponse:
    """The people of today with empty columns for every step; what is known already is not asked again."""
    day = site_day(request, "clinic.use_tablet")
    if day.session is None:
        messages.error(request, _("There is no session today: nobody to put on a sheet."))
        return redirect("offline:sendings")
    visits = people_of_day(day.session)
    access.looked_at(request, "clinic.take_list_along", [visit.person for visit in visits])
    answer = HttpResponse(_workbook(day, day.session, visits), content_type=SHEET)
    answer.headers["Content-Disposition"] = f'attachment; filename="site-{day.day.isoformat()}.xlsx"'
    return answer


def _workbook(day: SiteDay, session: Session, visits: Sequence[Visit]) -> bytes:
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    choices = _choices(usable_lots(day.site, day.day))
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(day.day.isoformat())
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        fixed = book.add_format({"bg_color": "#eceff0"})
        open_cell = book.add_format({"locked": False, "num_format": "@", "bottom": 4})
        titles = _titles()
        page.write_row(0, 0, [titles[key] for key in KEYS], head)
        for place, visit in enumerate(visits, 1):
            for column, key in enumerate(KEYS):
                if key in FILLED:
                    page.write_blank(place, column, None, open_cell)
                else:
                    page.write_string(place, column, _shown(visit, key), fixed)
        _drop_downs(book, page, choices, len(visits))
        page.set_column(0, 0, 8)
        page.set_column(1, len(KEYS) - 1, 14)
        page.freeze_panes(1, KEYS.index("sex"))
        page.protect("", {"format_columns": True, "sort": True, "autofilter": True})
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        kept = book.add_worksheet(KEPT)
        kept.write_row(0, 0, [MARK, str(uuid4()), str(session.pk)])
        kept.hide()
    return file.getvalue()


def _drop_downs(book: Any, page: Any, choices: Choices, rows: int) -> None:
    """Lists of what may be chosen: on a hidden sheet, because a list in the cell holds 255 characters."""
    kept = book.add_worksheet("_lists")
    words = {
        "lot": list(choices.lots),
        "body_site": list(choices.body_sites),
        "relation": list(choices.relations),
        "away": list(choices.away),
        "all_no": [choices.yes],
    }
    for place, (key, values) in enumerate(words.items()):
        kept.write_column(0, place, values)
        letter, column = "ABCDE"[place], KEYS.index(key)
        if values and rows:
            source = f"=_lists!${letter}$1:${letter}${len(values)}"
            page.data_validation(1, column, rows, column, {"validate": "list", "source": source})
    kept.hide()


def _shown(visit: Visit, key: str) -> str:
    person = visit.person
    identifier = next(iter(person.identifiers.all()), None)
    values = {
        "visit": str(visit.pk),
        "ticket": visit.ticket or "",
        "name": person.name,
        "sex": str(person.get_sex_display()),
        "born_on": person.birth_date.isoformat() if person.birth_date else "",
        "number": identifier.masked if identifier else "",
        "unit": visit.batch.unit.name if visit.batch else "",
    }
    return values[key]


@require_POST
def take_in_sheet(request: HttpRequest) -> HttpResponse:
    """Read a filled sheet in: the same rules as for tablets; cells that cannot be understood are named."""
    day = site_day(request, "clinic.use_tablet")
    file = request.FILES.get("sheet")
    if file is None or (file.size or 0) > LARGEST:
        messages.error(request, _("Choose the filled sheet (.xlsx, at most 20 MB)."))
        return redirect("offline:sendings")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        kept.write(file.read())
        kept.flush()
        try:
            sheet_id, session, rows = _read(Path(kept.name), day)
        except (FileRefused, NotASheet):
            messages.error(request, _("This is not a sheet of this site. Take the one that was downloaded here."))
            return redirect("offline:sendings")
    events, troubles = _events(day, session, sheet_id, rows)
    batches = [
        take_in(by=day.who, site=day.site, raw=events[start : start + MOST_EVENTS], received_at=day.at)
        for start in range(0, len(events), MOST_EVENTS)
    ]
    return render(request, "offline/sheet_in.html", day.frame | _summary(batches, troubles, len(rows)))


class NotASheet(Exception):
    """The workbook does not carry the mark of a sheet of this site."""


def _read(path: Path, day: SiteDay) -> tuple[UUID, Session, list[SheetRow]]:
    """The sheet's id, its session, and its filled rows."""
    rows: list[SheetRow] = []
    mark: list[str] = []
    with opened(path, "") as source:
        for sheet in source.sheets():
            for batch in sheet.batches:
                for number, cells in batch:
                    texts = [_text(cell) for cell in cells]
                    if sheet.name == KEPT and number == 1:
                        mark = texts
                    elif not sheet.name.startswith("_") and number >= FIRST_ROW:
                        rows += _filled(number, texts)
    if len(mark) < 3 or mark[0] != MARK:
        raise NotASheet
    session = session_of_sheet(day.site, int(mark[2]))
    if session is None:
        raise NotASheet
    return UUID(mark[1]), session, rows


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _filled(place: int, texts: list[str]) -> list[SheetRow]:
    cells = dict(zip(KEYS, texts, strict=False))
    if not cells.get("visit", "").isdigit() or not any(cells.get(key) for key in FILLED):
        return []
    return [SheetRow(place, int(cells["visit"]), cells)]


def _events(
    day: SiteDay, session: Session, sheet_id: UUID, rows: Sequence[SheetRow]
) -> tuple[list[dict[str, Any]], list[Trouble]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    choices = _choices(lots_of_site(day.site))
    known = visits_of_sheet(session, [row.visit for row in rows])
    events: list[dict[str, Any]] = []
    troubles: list[Trouble] = []
    for row in rows:
        visit = known.get(row.visit)
        form = form_for(visit.product.code, session.day) if visit else None
        questions = [one.id for one in form.questions_for(visit.person.sex)] if form and visit else []
        found, wrong = events_of(row, sheet_id, session.day, zone, choices, questions)
        events += found
        troubles += wrong
    return _revised(events), troubles


def _revised(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give a changed row the revision after the one that came before: a sheet counts none itself."""
    before = sent_before(UUID(event["id"]) for event in events)
    for event in events:
        kept = before.get(UUID(event["id"]))
        if kept is not None:
            is_same = bytes(kept.content_digest) == digest_of(read_event(event))
            event["revision"] = kept.revision if is_same else kept.revision + 1
    return events


def _summary(batches: Sequence[SyncBatch], troubles: list[Trouble], rows: int) -> dict[str, Any]:
    titles = _titles()
    return {
        "rows": rows,
        "counts": {one.value: sum(getattr(batch, one.value) for batch in batches) for one in Outcome},
        "troubles": [{"row": one.place, "column": titles[one.column], "text": one.text} for one in troubles],
    }
