"""Fees of vaccines that the programme does not pay: taken today, given back with a reason."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qingmiao.audit.door import name_of
from qingmiao.clinic.queries.areas import session_at
from qingmiao.clinic.queries.queue import of_ticket
from qingmiao.stock.actions.counts import refund_fee, take_fee
from qingmiao.stock.models import Fee, Product
from qingmiao.stock.queries.counts import fees_of, sum_of
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import request_id
from qingmiao.web.stock_room.room import Room, carried_out, room

TAKE = "stock.take_fee"


@require_http_methods(["GET", "POST"])
def fees(request: HttpRequest) -> HttpResponse:
    """The fees of today with their sum; a ticket and a vaccine take one."""
    here = room(request, TAKE)
    if request.method == "POST":
        _take(request, here)
        return redirect("stock_room:fees")
    found = fees_of(here.place, here.day)
    if "xlsx" in request.GET:
        columns = (_("Time"), _("Vaccine"), _("Amount (yuan)"), _("Receipt"), _("Reason"))
        rows = ((fee.at, fee.product.name, fee.fen / 100, fee.receipt, fee.reason) for fee in found)
        return as_xlsx(_("Fees"), columns, rows)
    context = {
        "fees": [{"fee": fee, "yuan": fee.fen / 100, "is_open": _is_open(fee)} for fee in found],
        "sum": sum_of(found) / 100,
        "products": Product.objects.exclude(price_fen=None).order_by("code"),
    }
    return render(request, "stock_room/fees.html", here.frame | context)


def _is_open(fee: Fee) -> bool:
    return fee.fen > 0 and not hasattr(fee, "refund")


def _take(request: HttpRequest, here: Room) -> None:
    session = session_at(here.place, here.day)
    visit = of_ticket(session, request.POST.get("ticket", "")) if session else None
    product = Product.objects.filter(pk=request.POST.get("product") or 0).first()
    if product is None:
        return
    carried_out(
        request,
        lambda: take_fee(
            by=here.who,
            place=here.place,
            product=product,
            belongs_to=name_of(visit) if visit else f"receipt {request.POST.get('receipt', '')[:60]}",
            receipt=request.POST.get("receipt", ""),
            at=here.at,
            request_id=request_id(request),
        ),
    )


@require_POST
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a fee back, with the reason."""
    fee = access.record(request, Fee, TAKE, pk=pk)
    carried_out(
        request,
        lambda: refund_fee(
            by=access.actor(request),
            fee=fee,
            reason=request.POST.get("reason", ""),
            at=access.now(request),
            request_id=request_id(request),
        ),
    )
    return redirect("stock_room:fees")
