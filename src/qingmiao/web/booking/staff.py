"""Booking by the staff of the site, for somebody who stands at the desk or rings and names the whole number."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qingmiao.clinic.actions.booking import book, cancel_booking
from qingmiao.clinic.models import Period, Session, Visit
from qingmiao.clinic.queries.capacity import Load, loads_of
from qingmiao.clinic.queries.front_desk import person_by_number
from qingmiao.clinic.rules import Refused
from qingmiao.registry.models import Person
from qingmiao.stock.models import Product
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import carried_out, looked_at, strip, tag_of
from qingmiao.web.once import request_id

BOOK = "clinic.book"


class NumberForm(forms.Form):
    """Whom the place is for: a name alone does not open the register."""

    number = forms.CharField(
        label=gettext_lazy("Identity number"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-scan": "", "autofocus": True}),
    )
    product = forms.ModelChoiceField(Product.objects.none(), label=gettext_lazy("Vaccine"), empty_label=None)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = session.products.all()  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def book_for(request: HttpRequest, period_id: int) -> HttpResponse:
    """Who has booked this period, and a place for one more."""
    who = access.actor(request)
    session = access.record(request, Session, BOOK, periods=period_id)
    load = next(load for load in loads_of(session) if load.period.pk == period_id)
    form = NumberForm(request.POST or None, session=session)
    if form.is_bound and form.is_valid():
        person = person_by_number(form.cleaned_data["number"])
        if person is None:
            form.add_error("number", _("Nobody on record has this number. Register the person at the front desk."))
        elif _is_booked(request, load.period, person, form):
            return redirect("booking:staff", period_id)
    context = _context(request, session, load, form) | {"may_book": who.may(BOOK, session)}
    return render(request, "booking/staff.html", context, status=422 if form.errors else 200)


def _is_booked(request: HttpRequest, period: Period, person: Person, form: NumberForm) -> bool:
    try:
        book(
            by=access.actor(request),
            period=period,
            person=person,
            product=form.cleaned_data["product"],
            at=access.now(request),
            request_id=request_id(request),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    text = _("{name} is booked for {time}.")
    messages.success(request, text.format(name=person.name, time=period.starts_at.strftime("%H:%M")))
    return True


def _context(request: HttpRequest, session: Session, load: Load, form: NumberForm) -> dict[str, Any]:
    visits = list(
        load.period.visits.exclude(state="cancelled")
        .select_related("person", "batch__unit", "session")
        .prefetch_related("person__identifiers")
        .order_by("person__name_spelled", "pk")
    )
    looked_at(request, visits)
    rows = [{"visit": visit, "person": strip(visit), "tag": tag_of(visit, access.now(request))} for visit in visits]
    return {"session": session, "load": load, "form": form, "rows": rows, "place": session.site.name}


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a booked place back."""
    visit = access.record(request, Visit, "clinic.record_arrival", pk=pk)
    period = visit.period_id
    carried_out(request, lambda: cancel_booking(by=access.actor(request), visit=visit, at=access.now(request)))
    return redirect("booking:staff", period) if period else redirect("front_desk:desk")
