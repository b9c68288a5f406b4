"""Lots: what is on hand, one lot with its movements, deliveries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.staff.models import Organisation
from qingmiao.stock.actions import free_lot, hold_back_lot
from qingmiao.stock.actions.counts import close_vial, count_supply, open_vial
from qingmiao.stock.actions.deliveries import LotOnPaper, Papers, discard, give_back, send_on, take_delivery
from qingmiao.stock.cold_chain import supplies_for, supply_words
from qingmiao.stock.models import Lot, Movement, OpenVial, Product
from qingmiao.stock.queries.balances import Balance, balances
from qingmiao.stock.queries.counts import supplies_at
from qingmiao.stock.queries.vials import open_vials, rest_of
from qingmiao.stock.rules import ends_soon, obstacles
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import request_id
from qingmiao.web.stock_room.room import Room, carried_out, room

SEE, MOVE, RECEIVE = "stock.see_stock", "stock.move_doses", "stock.receive_doses"
COLUMNS = (
    gettext_lazy("Vaccine"), gettext_lazy("Manufacturer"), gettext_lazy("Lot"), gettext_lazy("Expires on"),
    gettext_lazy("Batch release number"), gettext_lazy("State"), gettext_lazy("Doses on hand"),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What is on hand per lot, first to expire in front; opened vials; syringes and kit. POST counts supplies."""
    here = room(request, SEE)
    if request.method == "POST":
        _count_supplies(request, here)
        return redirect("stock_room:home")
    found = [one for one in balances(here.place) if one.left or "all" in request.GET]
    if "xlsx" in request.GET:
        return as_xlsx(
            _("Stock of {place}").format(place=here.place.name),
            [str(one) for one in COLUMNS],
            (_cells(one) for one in found),
        )
    rows = [_row(one, here) for one in found]
    wanted = supplies_for(sum(one.left for one in found))
    words = supply_words(get_language() or "zh-hans")
    counted = supplies_at(here.place)
    context = {
        "rows": rows,
        "total": sum(one.left for one in found),
        "vials": [{"vial": vial, "rest": rest_of(vial, here.at)} for vial in open_vials(here.place)],
        "supplies": [
            {"item": item, "word": words[item], "wanted": need, "count": counted.get(item)}
            for item, need in wanted.items()
        ],
    }
    return render(request, "stock_room/home.html", here.frame | context)


def _cells(one: Balance) -> tuple[object, ...]:
    lot = one.lot
    state = lot.get_state_display()
    return (
        lot.product.name, lot.product.manufacturer, lot.number, lot.expires_on, lot.batch_release, state, one.left,
    )  # fmt: skip


def _row(one: Balance, here: Room) -> dict[str, Any]:
    stopped = obstacles(state=one.lot.state, expires_on=one.lot.expires_on, on=here.day)
    is_soon = not stopped and ends_soon(one.lot.expires_on, here.day)
    tone = "is-stop" if stopped or one.left < 0 else "is-wait" if is_soon else ""
    return {"balance": one, "lot": one.lot, "stopped": stopped, "is_soon": is_soon, "tone": tone}


def _count_supplies(request: HttpRequest, here: Room) -> None:
    done = 0
    for item in supplies_for(0):
        if (text := request.POST.get(item, "").strip()).isdigit():
            counted = carried_out(
                request,
                lambda item=item, text=text: count_supply(  # type: ignore[misc]
                    by=here.who, place=here.place, item=item, counted=int(text), at=here.at
                ),
            )
            done += counted is not None
    if done:
        messages.success(request, _("Counted."))


@require_GET
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """One lot at this place: every movement, and what may be done with it."""
    here = room(request, SEE)
    found = access.record(request, Lot, "stock.hold_back_lot", pk=pk)
    movements = Movement.objects.filter(lot=found, place__path__begins=here.place.path).select_related("place")
    balance = next((one for one in balances(here.place) if one.lot.pk == found.pk), Balance(found))
    others = here.who.visible(MOVE, Organisation).filter(kind__in=("site", "centre")).exclude(pk=here.place.pk)
    context = {
        "lot": found,
        "balance": balance,
        "movements": list(movements.order_by("-at", "-pk")[:200]),
        "stopped": obstacles(state=found.state, expires_on=found.expires_on, on=here.day),
        "may_move": here.who.may(MOVE, here.place),
        "may_free": here.who.may("stock.free_lot", found),
        "others": list(others.order_by("path")[:50]),
        "many_doses": found.product.doses_per_vial > 1,
    }
    return render(request, "stock_room/lot.html", here.frame | context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Doses leave: sent on, returned, or discarded with a reason."""
    here = room(request, MOVE)
    found = access.record(request, Lot, "stock.hold_back_lot", pk=pk)
    doses = int(text) if (text := request.POST.get("doses", "")).isdigit() else 0
    reason = request.POST.get("reason", "")
    common = {"by": here.who, "place": here.place, "lot": found, "doses": doses, "at": here.at}
    asked = request_id(request)

    def carry_out() -> Movement:
        if request.POST.get("what") == "send":
            to = access.record(request, Organisation, MOVE, pk=request.POST.get("to") or 0)
            celsius = float(request.POST.get("celsius") or 99)
            return send_on(**common, to=to, celsius=celsius, request_id=asked)  # type: ignore[arg-type]
        if request.POST.get("what") == "return":
            to_whom = request.POST.get("supplier", "")
            return give_back(**common, to=to_whom, reason=reason, request_id=asked)  # type: ignore[arg-type]
        return discard(**common, reason=reason, request_id=asked)  # type: ignore[arg-type]

    if carried_out(request, carry_out) is not None:
        messages.success(request, _("Written down: {doses} doses.").format(doses=doses))
    return redirect("stock_room:lot", pk)


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Quarantine, recall, or free a lot: every desk stops or takes it at once."""
    found = access.record(request, Lot, "stock.hold_back_lot", pk=pk)
    who, what = access.actor(request), request.POST.get("what", "")
    reason = request.POST.get("reason", "").strip()
    if what == "free":
        carried_out(request, lambda: free_lot(by=who, lot=found, request_id=request_id(request)))
        return redirect("stock_room:lot", pk)
    if not reason:
        messages.error(request, _("Write why, and by whose order."))
        return redirect("stock_room:lot", pk)
    state = Lot.State.RECALLED if what == "recall" else Lot.State.QUARANTINED
    carried_out(
        request, lambda: hold_back_lot(by=who, lot=found, state=state, reason=reason, request_id=request_id(request))
    )
    return redirect("stock_room:recall" if what == "recall" else "stock_room:lot", pk)


@require_POST
def vial(request: HttpRequest, pk: int) -> HttpResponse:
    """A vial of several doses was opened here."""
    here = room(request, "stock.lay_out_lot")
    found = access.record(request, Lot, "stock.hold_back_lot", pk=pk)
    carried_out(
        request,
        lambda: open_vial(by=here.who, place=here.place, lot=found, at=here.at, request_id=request_id(request)),
    )
    return redirect("stock_room:home")


@require_POST
def close_open_vial(request: HttpRequest, pk: int) -> HttpResponse:
    """An opened vial is empty or over: its rest is discarded."""
    found = access.record(request, OpenVial, "stock.lay_out_lot", pk=pk)
    carried_out(
        request,
        lambda: close_vial(
            by=access.actor(request), vial=found, at=access.now(request), request_id=request_id(request)
        ),
    )
    return redirect("stock_room:home")


class DeliveryForm(forms.Form):
    """A delivery as the papers say it; without its temperatures it is refused."""

    product = forms.ModelChoiceField(Product.objects.order_by("code", "manufacturer"), label=gettext_lazy("Vaccine"))
    lot_number = forms.CharField(label=gettext_lazy("Lot"), max_length=40)
    expires_on = forms.DateField(label=gettext_lazy("Expires on"))
    batch_release = forms.CharField(label=gettext_lazy("Batch release number"), max_length=40)
    doses = forms.IntegerField(label=gettext_lazy("Doses"), min_value=1, max_value=10_000_000)
    supplier = forms.CharField(label=gettext_lazy("Supplier"), max_length=120)
    document = forms.CharField(label=gettext_lazy("Delivery note"), max_length=60)
    departed_at = forms.DateTimeField(label=gettext_lazy("Departed at"))
    arrived_at = forms.DateTimeField(label=gettext_lazy("Arrived at"))
    temperatures = forms.CharField(
        label=gettext_lazy("Temperatures on the way"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One per line: 2026-11-22 08:00 4.5. At departure, at most every 6 hours, at arrival."),
    )

    def clean_temperatures(self) -> list[tuple[Any, float]]:
        moment, found = forms.DateTimeField(), []
        for line in self.cleaned_data["temperatures"].splitlines():
            when, _space, celsius = line.strip().rpartition(" ")
            if not line.strip():
                continue
            try:
                found.append((moment.clean(when.strip()), float(celsius.rstrip("℃°C"))))
            except (ValueError, forms.ValidationError) as error:
                raise forms.ValidationError(_("This line cannot be read: {line}").format(line=line)) from error
        return found


@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest) -> HttpResponse:
    """Take a delivery in, or read why it must be refused; nothing typed is lost."""
    here = room(request, RECEIVE)
    form = DeliveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        movement = carried_out(
            request,
            lambda: take_delivery(
                by=here.who,
                place=here.place,
                product=given["product"],
                lot=LotOnPaper(given["lot_number"].strip(), given["expires_on"], given["batch_release"]),
                doses=given["doses"],
                papers=Papers(
                    given["supplier"],
                    given["document"],
                    given["departed_at"],
                    given["arrived_at"],
                    given["temperatures"],
                ),
                at=here.at,
                request_id=request_id(request),
            ),
        )
        if movement is not None:
            messages.success(request, _("Taken in: {doses} doses.").format(doses=given["doses"]))
            return redirect("stock_room:lot", movement.lot_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "stock_room/delivery.html", here.frame | {"form": form}, status=status)
