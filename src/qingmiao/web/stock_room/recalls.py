"""A recall: from the lot to everybody who was given it, as a call list and as letters."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from qingmiao.registry.queries.recalls import PERMISSION, Recipient, recipients
from qingmiao.stock.models import Lot
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.stock_room.room import room

SHOWN = 200
LETTERS = 500


@require_GET
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who was given the lot, with phone and guardian; ?xlsx is the call list."""
    here = room(request, PERMISSION)
    lot = access.record(request, Lot, PERMISSION, pk=pk)
    found = recipients(here.who, lot)
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    shown = found if "xlsx" in request.GET else page.object_list
    if shown:
        access.looked_at(request, PERMISSION, [one.person for one in shown])
    if "xlsx" in request.GET:
        columns = (
            _("Name"),
            _("Born on"),
            _("Guardian"),
            _("Phone"),
            _("Given on"),
            _("Site"),
            pgettext("call list", "Reached"),
            _("Answer"),
        )
        title = _("Call list of lot {lot}").format(lot=lot.number)
        return as_xlsx(title, columns, (_cells(one) for one in found))
    context = {
        "lot": lot,
        "people": [_shown(one) for one in shown],
        "count": len(found),
        "page": page,
        "unreachable": sum(not one.phones for one in found),
    }
    return render(request, "stock_room/recall.html", here.frame | context)


def _cells(one: Recipient) -> tuple[object, ...]:
    return (
        one.person.name, one.person.birth_date, one.guardian, " / ".join(number.reveal() for number in one.phones),
        one.given_on, one.doses[-1].site_name, "", "",
    )  # fmt: skip


def _shown(one: Recipient) -> dict[str, Any]:
    return {
        "person": one.person,
        "doses": one.doses,
        "guardian": one.guardian,
        "given_on": one.given_on,
        "phones": [number.reveal() for number in one.phones],
        "site": one.doses[-1].site_name,
    }


@require_GET
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter for each recipient, one to a page, to be printed; ?from= goes on after the first 500."""
    here = room(request, PERMISSION)
    lot = access.record(request, Lot, PERMISSION, pk=pk)
    start = int(text) if (text := request.GET.get("from", "")).isdigit() else 0
    found = recipients(here.who, lot)
    shown = found[start : start + LETTERS]
    if shown:
        access.looked_at(request, PERMISSION, [one.person for one in shown])
    context = {
        "lot": lot,
        "people": [_shown(one) for one in shown],
        "next": start + LETTERS if len(found) > start + LETTERS else None,
    }
    return render(request, "stock_room/letters.html", here.frame | context)
