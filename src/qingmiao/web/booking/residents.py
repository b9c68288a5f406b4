"""What residents do on their phone: see free times, book with two numbers, find and cancel their booking.

No page shows a name. Two numbers that do not match a record get one answer, whichever of them is wrong.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.actions.booking import (
    NoMatch,
    TooManyTries,
    TryAt,
    book_oneself,
    cancel_own_booking,
    note_try,
)
from qingmiao.clinic.models import BookedBy, Period, Visit
from qingmiao.clinic.queries.booking import TwoNumbers, booking_of_slip, next_booking, period_open, person_behind
from qingmiao.clinic.queries.capacity import Load, bookable_periods, loads_of
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.web import access
from qingmiao.web.middleware import open_to_all
from qingmiao.web.once import request_id
from qingmiao.web.order import by_pinyin


class TwoNumbersForm(forms.Form):
    """Both numbers, as on the papers. Sent in the body of the form, never in an address."""

    number = forms.CharField(
        label=gettext_lazy("Identity number"), max_length=32, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone that you gave us"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    @property
    def numbers(self) -> TwoNumbers:
        return TwoNumbers(self.cleaned_data["number"], self.cleaned_data["phone"])


def resident(request: HttpRequest) -> Actor:
    """Somebody without an account: holds no permission anywhere."""
    return Actor(None, "", f"web {request.META.get('REMOTE_ADDR', '')}")


@open_to_all
@require_GET
def times(request: HttpRequest) -> HttpResponse:
    """Times with open places, by day and site, `?vaccine=` of one vaccine; full ones stay, so that nobody wonders."""
    loads = bookable_periods(access.today(request))
    products = {product.pk: product for load in loads for product in load.period.session.products.all()}
    asked = request.GET.get("vaccine", "")
    vaccine = products.get(int(asked)) if asked.isdecimal() else None
    days = [
        {"session": loads_[0].period.session, "loads": loads_}
        for _key, group in groupby(loads, key=lambda load: load.period.session_id)
        if (loads_ := list(group)) and (vaccine is None or vaccine in loads_[0].period.session.products.all())
    ]
    chosen = sorted(products.values(), key=lambda product: by_pinyin(product.title))
    return render(request, "booking/times.html", {"days": days, "products": chosen, "vaccine": vaccine})


def _counted(request: HttpRequest, form: TwoNumbersForm) -> None:
    """Count this try; raises TooManyTries."""
    tried = TryAt(request.META.get("REMOTE_ADDR", ""), form.cleaned_data["number"])
    note_try(by=resident(request), tried=tried, at=access.now(request))


@open_to_all
@require_http_methods(["GET", "POST"])
def book_time(request: HttpRequest, period_id: int) -> HttpResponse:
    """Book one place of a period."""
    load = _load(request, period_id)
    form = TwoNumbersForm(request.POST or None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                _counted(request, form)
                visit = _booked(request, load.period, form)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 429 if isinstance(refusal, TooManyTries) else 422
            else:
                return redirect("slip", visit.slip_token)
    session = load.period.session
    context = {"load": load, "session": session, "products": session.products.all(), "form": form}
    return render(request, "booking/book.html", context, status=status)


def _load(request: HttpRequest, period_id: int) -> Load:
    """The period, if residents may still see it; else 404."""
    period = period_open(period_id, access.today(request))
    if period is None:
        raise Http404
    return next(load for load in loads_of(period.session) if load.period.pk == period.pk)


def _booked(request: HttpRequest, period: Period, form: TwoNumbersForm) -> Visit:
    product = get_object_or_404(period.session.products, pk=request.POST.get("product") or 0)
    return book_oneself(
        by=resident(request),
        period=period,
        numbers=form.numbers,
        product=product,
        at=access.now(request),
        request_id=request_id(request),
    )


@open_to_all
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """My booking, by the same two numbers: leads to the page of the slip, which names nobody."""
    form = TwoNumbersForm(request.POST or None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                _counted(request, form)
                return redirect("slip", _found(request, form).slip_token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 429 if isinstance(refusal, TooManyTries) else 422
    return render(request, "booking/find.html", {"form": form}, status=status)


def _found(request: HttpRequest, form: TwoNumbersForm) -> Visit:
    """The next booking behind the two numbers; a person without one gets the answer of somebody unknown."""
    person = person_behind(form.numbers)
    booking = next_booking(person, access.today(request)) if person else None
    if booking is None:
        raise NoMatch
    return booking


@open_to_all
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give the place back that a resident has booked."""
    visit = booking_of_slip(token)
    if visit is None:
        raise Http404
    try:
        cancel_own_booking(by=resident(request), slip_token=visit.slip_token, at=access.now(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("slip", token)
    messages.success(request, _("Your place is given back. Thank you."))
    return redirect("booking:times")


def for_slip(visit: Visit) -> dict[str, Any]:
    """What the page behind a slip shows of a booking: day, time and place, and whether its holder may cancel."""
    starts_at = visit.period.starts_at if visit.period else None
    return {"starts_at": starts_at, "may_cancel": visit.booked_by == BookedBy.RESIDENT, "token": visit.slip_token}
