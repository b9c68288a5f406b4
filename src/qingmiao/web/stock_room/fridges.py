"""The cold chain: fridges, two readings a day, loggers, breaches and their decisions."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.registry.ledger.reading.source import opened
from qingmiao.stock.actions.fridges import decide_breach, read_fridge, read_logger, set_up_fridge
from qingmiao.stock.cold_chain import Temperature
from qingmiao.stock.models import Breach, Fridge, Lot, Reading
from qingmiao.stock.queries.fridges import fridges_at, limits_today, readings_of
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import request_id
from qingmiao.web.stock_room.room import carried_out, room

COLD = "stock.keep_cold"
DAYS_SHOWN = 7
LARGEST = 20 * 1024 * 1024
WIDTH, HEIGHT, LOWEST, HIGHEST = 1080, 220, -6.0, 18.0


@require_http_methods(["GET", "POST"])
def fridges(request: HttpRequest) -> HttpResponse:
    """Every fridge with its last temperature and whether a reading is due; POST enters a fridge."""
    here = room(request, COLD)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if request.POST.get("number", "").strip() and kind in Fridge.Kind.values:
            set_up_fridge(by=here.who, place=here.place, number=request.POST["number"], kind=Fridge.Kind(kind))
        return redirect("stock_room:fridges")
    found = fridges_at(here.place, here.at)
    breaches = here.who.visible("stock.decide_breach", Breach).filter(decision="").select_related("fridge")
    context = {"fridges": found, "kinds": Fridge.Kind.choices, "breaches": list(breaches.order_by("started_at")[:50])}
    return render(request, "stock_room/fridges.html", here.frame | context)


@require_http_methods(["GET"])
def fridge(request: HttpRequest, pk: int) -> HttpResponse:
    """One fridge: a week of temperatures as a chart, a reading to enter, its breaches."""
    here = room(request, COLD)
    found = access.record(request, Fridge, COLD, pk=pk)
    since = here.at - timedelta(days=DAYS_SHOWN)
    readings = readings_of(found, since, here.at + timedelta(minutes=10))
    if "xlsx" in request.GET:
        rows = ((one.at, float(one.celsius), one.get_source_display(), one.note) for one in readings)
        return as_xlsx(
            _("Fridge {number}").format(number=found.number),
            (_("Time"), "℃", pgettext("reading", "How"), _("Note")),
            rows,
        )
    limits = limits_today(found, here.day)
    hand = [one for one in readings if one.source == Reading.Source.HAND]
    context = {
        "fridge": found,
        "latest": next((one for one in fridges_at(here.place, here.at) if one.fridge.pk == found.pk), None),
        "svg": _chart(readings, limits, since, here.at),
        "limits": limits,
        "columns": [_("Time"), "℃", _("Note")],
        "rows": [[f"{timezone.localtime(one.at):%m-%d %H:%M}", one.celsius, one.note] for one in hand[-40:]],
        "breaches": list(found.breaches.order_by("-started_at")[:20]),
        "count": len(readings),
    }
    return render(request, "stock_room/fridge.html", here.frame | context)


def _chart(readings: list[Reading], limits: tuple[float, float], since: datetime, until: datetime) -> SafeString:
    """Temperatures over time, the limits as a band; plain shapes, no style: the page's policy allows none."""
    span = (until - since).total_seconds()
    low, high = min(LOWEST, limits[0] - 4), max(HIGHEST, limits[1] + 6)

    def place(at: datetime, celsius: float) -> str:
        x = 40 + (at - since).total_seconds() / span * (WIDTH - 50)
        y = 10 + (high - max(low, min(high, celsius))) / (high - low) * (HEIGHT - 30)
        return f"{x:.1f} {y:.1f}"

    top, bottom = (float(place(since, value).split()[1]) for value in (limits[1], limits[0]))
    step = max(1, len(readings) // 600)
    points = "L".join(place(one.at, float(one.celsius)) for one in readings[::step])
    hand = [one for one in readings if one.source == Reading.Source.HAND]
    spots = [place(one.at, float(one.celsius)).split() for one in hand]
    dots = "".join(f'<circle class="bar" cx="{x}" cy="{y}" r="4"/>' for x, y in spots)
    days = [since + timedelta(days=day) for day in range(DAYS_SHOWN + 1)]
    marks = "".join(
        f'<text x="{place(day, low).split()[0]}" y="{HEIGHT - 4}" class="mid">{timezone.localtime(day):%m-%d}</text>'
        for day in days[1:-1]
    )
    label = _("Temperatures of the last {days} days").format(days=DAYS_SHOWN)
    return mark_safe(  # noqa: S308 (numbers and days only)
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f'<rect class="span" x="40" y="{top:.1f}" width="{WIDTH - 50}" height="{bottom - top:.1f}"/>'
        f'<text x="34" y="{top + 5:.1f}" class="ends">{limits[1]:g}</text>'
        f'<text x="34" y="{bottom + 5:.1f}" class="ends">{limits[0]:g}</text>'
        f'<path class="plan" fill="none" d="M{points or "40 10"}"/>{dots}{marks}</svg>'
    )


class ReadingForm(forms.Form):
    celsius = forms.DecimalField(max_digits=4, decimal_places=1)
    note = forms.CharField(max_length=120, required=False)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """A temperature read by hand, now."""
    found = access.record(request, Fridge, COLD, pk=pk)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the temperature as a number, such as 4.5."))
        return redirect("stock_room:fridge", pk)
    reading = carried_out(
        request,
        lambda: read_fridge(
            by=access.actor(request),
            fridge=found,
            celsius=form.cleaned_data["celsius"],
            said=form.cleaned_data["note"],
            at=access.now(request),
            request_id=request_id(request),
        ),
    )
    if reading is not None and found.breaches.filter(decision="", ended_at=None).exists():
        messages.error(
            request, _("Outside its limits: put the vaccine into another fridge, then decide what becomes of it.")
        )
    return redirect("stock_room:fridge", pk)


@require_POST
def logger(request: HttpRequest, pk: int) -> HttpResponse:
    """A logger's file: CSV or Excel with a column of times and one of temperatures."""
    found = access.record(request, Fridge, COLD, pk=pk)
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST:
        messages.error(request, _("Choose the logger's file (CSV or Excel, at most 20 MB)."))
        return redirect("stock_room:fridge", pk)
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(file.read())
        kept.flush()
        try:
            temperatures = _temperatures(Path(kept.name))
        except FileRefused:
            messages.error(request, _("This file cannot be read. Export it from the logger again, as CSV or Excel."))
            return redirect("stock_room:fridge", pk)
    done = carried_out(
        request,
        lambda: read_logger(
            by=access.actor(request),
            fridge=found,
            temperatures=temperatures,
            at=access.now(request),
            request_id=request_id(request),
        ),
    )
    if done is not None:
        messages.success(request, _("{count} temperatures read.").format(count=len(temperatures)))
    return redirect("stock_room:fridge", pk)


def _temperatures(path: Path) -> list[Temperature]:
    """Every row that has an instant and a number behind it; headers and remarks are passed over."""
    found: list[Temperature] = []
    with opened(path, "logger") as source:
        for sheet in source.sheets():
            for batch in sheet.batches:
                for _number, cells in batch:
                    if (one := _temperature(cells)) is not None:
                        found.append(one)
    return found


def _temperature(cells: list[Any]) -> Temperature | None:
    instant: datetime | None = None
    for cell in cells:
        text = str(cell[-1] if isinstance(cell, tuple) else cell).strip()
        if instant is None:
            instant = _instant(text)
            continue
        try:
            return instant, float(Decimal(text.rstrip("℃°C ")))
        except InvalidOperation:
            continue
    return None


def _instant(text: str) -> datetime | None:
    """A local time as loggers write it; a bare number is no time."""
    text = text.replace("/", "-").replace("T", " ")
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M"):
        try:
            return timezone.make_aware(datetime.strptime(text, shape))  # noqa: DTZ007 (made aware at once)
        except ValueError:
            continue
    return None


@require_http_methods(["GET", "POST"])
def breach(request: HttpRequest, pk: int) -> HttpResponse:
    """A breach: from when to when, how warm or cold, which stock; and what becomes of it."""
    here = room(request, "stock.decide_breach")
    found = access.record(request, Breach, "stock.decide_breach", pk=pk)
    if request.method == "POST":
        decision = request.POST.get("decision", "")
        done = carried_out(
            request,
            lambda: decide_breach(
                by=here.who,
                breach=found,
                decision=Breach.Decision(decision) if decision in Breach.Decision.values else Breach.Decision.OPEN,
                said=request.POST.get("said", ""),
                at=here.at,
                request_id=request_id(request),
            ),
        )
        if done is not None:
            return redirect("stock_room:fridges")
    lots = Lot.objects.filter(pk__in=[int(one) for one in found.affected]).select_related("product")
    span = (found.ended_at or here.at) - found.started_at
    context = {
        "breach": found,
        "lots": [{"lot": lot, "doses": found.affected[str(lot.pk)]} for lot in lots],
        "hours": round(span.total_seconds() / 3600, 1),
        "decisions": [choice for choice in Breach.Decision.choices if choice[0]],
        "said": request.POST.get("said", ""),
    }
    return render(request, "stock_room/breach.html", here.frame | context)
