"""Counting at close, and the month: what came, was given, wasted, is left; and whether the ledger agrees."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.law.months import next_month
from qingmiao.registry.queries.recalls import given_by_lot
from qingmiao.stock.actions.counts import count_lot
from qingmiao.stock.queries.balances import of_day, of_month
from qingmiao.stock.queries.counts import counts_of
from qingmiao.web.export import as_xlsx
from qingmiao.web.stock_room.room import Room, carried_out, room


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """The count at close: on hand + came − given − wasted − went = left, beside what was counted."""
    here = room(request, "stock.count")
    rows = [one for one in of_day(here.place, here.day) if one.before or one.moved]
    said: dict[int, dict[str, str]] = {}
    if request.method == "POST":
        said = _counted(request, here, [one.lot for one in rows])
        if not said:
            return redirect("stock_room:close")
    counts = counts_of(here.place, here.day)
    context = {
        "rows": [{"balance": one, "count": counts.get(one.lot.pk), "said": said.get(one.lot.pk)} for one in rows],
        "open": [one for one in rows if one.lot.pk not in counts],
    }
    return render(request, "stock_room/close.html", here.frame | context, status=422 if said else 200)


def _counted(request: HttpRequest, here: Room, lots: list[Any]) -> dict[int, dict[str, str]]:
    """Write the counts that were typed; what was refused is given back as it was typed, by lot."""
    refused: dict[int, dict[str, str]] = {}
    for lot in lots:
        text = request.POST.get(f"counted-{lot.pk}", "").strip()
        if not text.isdigit():
            continue
        why, who = request.POST.get(f"why-{lot.pk}", ""), request.POST.get(f"who-{lot.pk}", "")
        done = carried_out(
            request,
            lambda lot=lot, text=text, why=why, who=who: count_lot(  # type: ignore[misc]
                by=here.who, place=here.place, lot=lot, counted=int(text), explanation=why, explained_by=who, at=here.at
            ),
        )
        if done is None:
            refused[lot.pk] = {"counted": text, "why": why, "who": who}
    if not refused:
        messages.success(request, _("Counted."))
    return refused


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The month of every lot, and its doses by the ledger: a difference is named."""
    here = room(request, "stock.see_stock")
    first = _month(request.GET.get("month", ""), here.day)
    ledger = given_by_lot(here.place.path, first, next_month(first))
    rows: list[dict[str, Any]] = [
        {"balance": one, "ledger": ledger.get(one.lot.pk, 0), "difference": ledger.get(one.lot.pk, 0) - one.given}
        for one in of_month(here.place, first)
        if one.before or one.moved
    ]
    if "xlsx" in request.GET:
        title = _("Stock in {month}").format(month=f"{first:%Y-%m}")
        return as_xlsx(title, _columns(), (_cells(row) for row in rows))
    context = {
        "rows": rows,
        "month": f"{first:%Y-%m}",
        "differences": [row for row in rows if row["difference"]],
        "given": sum(row["balance"].given for row in rows),
        "ledger": sum(row["ledger"] for row in rows),
    }
    return render(request, "stock_room/month.html", here.frame | context)


def _columns() -> list[str]:
    return [
        _("Vaccine"), _("Manufacturer"), _("Lot"), _("Expires on"), _("On hand before"), pgettext("stock", "Came"),
        _("Used"), _("Discarded"), _("Returned or sent on"), _("Corrected by count"), pgettext("stock", "Left"),
        _("Doses on the ledger"), _("Difference"),
    ]  # fmt: skip


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    one = row["balance"]
    lot = one.lot
    return (
        lot.product.name, lot.product.manufacturer, lot.number, lot.expires_on, one.before, one.came, one.given,
        one.wasted, one.went, one.corrected, one.left, row["ledger"], row["difference"],
    )  # fmt: skip
