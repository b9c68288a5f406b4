"""Report cards as a file, in the columns of the national card, for whoever enters them elsewhere."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingmiao.audit import door
from qingmiao.staff.access import NotAllowed
from qingmiao.surveillance.actions.cards import export_cards
from qingmiao.surveillance.card import FIELDS, codes_of
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.models import ReportCard
from qingmiao.web import access
from qingmiao.web.surveillance.card_form import LABELS

PERMISSION = "surveillance.export_cards"


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The cards that were handed in or reported, as CSV in UTF-8 with a mark that Excel understands."""
    who, at = access.actor(request), access.now(request)
    if not who.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    states = (ReportCard.State.SUBMITTED, ReportCard.State.REPORTED)
    cards = list(who.visible(PERMISSION, ReportCard).filter(state__in=states).order_by("due_at"))
    if cards:
        export_cards(by=who, place=cards[0].place, cards=cards, at=at)
        door.look(PERMISSION, by=who, at=at, people=cards)
    out = io.StringIO()
    table = csv.writer(out)
    head = [
        _("No."),
        _("First report or correction"),
        _("Code of the disease"),
        *(str(LABELS[name]) for name in FIELDS),
    ]
    table.writerow([*head, _("Reported by"), _("Filled in at")])
    table.writerows(_row(card) for card in cards)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="report-cards-{timezone.localdate(at).isoformat()}.csv"'
    return response


def _row(card: ReportCard) -> list[str]:
    fields = card.fields
    known = diseases().get(card.disease)
    cells = [_safe(_printed(name, fields.get(name, ""), card)) for name in FIELDS]
    kind = "2" if card.corrects_id else "1"
    filled = timezone.localtime(card.submitted_at or card.opened_at).strftime("%Y-%m-%d %H:%M")
    return [str(card.pk), kind, known.code if known else "", *cells, card.place.name, filled]


def _printed(name: str, value: str, card: ReportCard) -> str:
    if name == "area":
        return card.area.name if card.area else ""
    if name in ("age_unit", "sex") and value:
        return codes_of(name)[value]["zh"]
    return value.replace("T", " ") if name == "diagnosed_at" else value


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
