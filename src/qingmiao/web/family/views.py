"""Families rate a visit by the code on their slip, and complain; the clinic reads, answers and closes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.queries.rooms import by_slip
from qingmiao.clinic.queries.waits import waits_at
from qingmiao.law.dated import threshold
from qingmiao.outreach.actions.opinions import (
    ANSWER,
    Marks,
    RatedAlready,
    TooMany,
    answer_complaint,
    close_complaint,
    raise_complaint,
    rate_visit,
)
from qingmiao.outreach.models import Complaint
from qingmiao.outreach.queries.opinions import ratings, time_to_close
from qingmiao.staff.access import NotAllowed, system
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.child.forms import SentForm
from qingmiao.web.middleware import open_to_all

DAYS = 30
MARKS = [(5, "5"), (4, "4"), (3, "3"), (2, "2"), (1, "1")]
SITES = ("site", "centre")


class RatingForm(forms.Form):
    """Three marks and a remark."""

    overall = forms.TypedChoiceField(
        label=gettext_lazy("All in all"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    waiting = forms.TypedChoiceField(
        label=gettext_lazy("Waiting time"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    explained = forms.TypedChoiceField(
        label=gettext_lazy("Was everything explained?"), choices=MARKS, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(label=gettext_lazy("Remark"), max_length=300, required=False, widget=forms.Textarea)


@open_to_all
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Rate a visit by the code on its slip, once, from the dose on."""
    visit = by_slip(token)
    if visit is None or visit.vaccinated_at is None:
        raise Http404
    form, context = RatingForm(request.POST or None), {"site": visit.session.site, "day": visit.session.day}
    if request.method == "POST" and form.is_valid():
        try:
            rate_visit(
                by=system("web public"),
                site=visit.session.site,
                day=visit.session.day,
                slip=token,
                marks=Marks(**form.cleaned_data),
                at=access.now(request),
            )
        except RatedAlready as rated:
            context["said"] = str(rated)
        else:
            context["said"] = _("Thank you. Your answer is kept without your name.")
    return render(request, "family/rate.html", context | {"form": form}, status=422 if form.errors else 200)


class ComplaintForm(SentForm):
    """What happened, and where the answer goes."""

    text = forms.CharField(label=gettext_lazy("What happened?"), max_length=2000, widget=forms.Textarea)
    contact = forms.RegexField(
        r"^\s*(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})\s*$",
        label=gettext_lazy("Phone for the answer"),
        required=False,
        help_text=gettext_lazy("May be left out; then nobody can answer you."),
    )


@open_to_all
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, site: int) -> HttpResponse:
    """Complain about a site, without an account."""
    place = Organisation.objects.filter(pk=site, kind__in=SITES, closed_on=None).first()
    if place is None:
        raise Http404
    form, context = ComplaintForm(request), {"site": place}
    if request.method == "POST" and form.is_valid():
        try:
            found = raise_complaint(by=system("web public"), site=place, at=access.now(request), **form.cleaned_data)
        except TooMany as many:
            form.add_error(None, str(many))
        else:
            said = _("Written down under number %(number)s. An answer is owed by %(day)s.")
            context["said"] = said % {"number": found.pk, "day": found.answer_by.date()}  # type: ignore[assignment]
    return render(request, "family/complain.html", context | {"form": form}, status=422 if form.errors else 200)


@require_GET
def opinions(request: HttpRequest) -> HttpResponse:
    """Ratings, waiting times and complaints of the reader's sites."""
    who, today = access.actor(request), access.today(request)
    if not who.paths_for(ANSWER):
        raise NotAllowed(ANSWER)
    sites = who.visible("staff.view_organisation", Organisation).filter(kind__in=SITES)
    pks, first = list(sites.values_list("pk", flat=True)), today - timedelta(days=DAYS)
    found = who.visible(ANSWER, Complaint).select_related("site")
    took = time_to_close(found)
    context = {
        "ratings": ratings(pks, first, today),
        "waits": waits_at(pks, first, today),
        "first": first,
        "complaints": [_shown(row, request) for row in found.order_by("closed_at", "answered_at", "raised_at")[:100]],
        "open": found.filter(closed_at=None).count(),
        "days_to_close": f"{took.total_seconds() / 86400:.1f}" if took is not None else "—",
        "sites": sites.filter(kind="site", closed_on=None),
        "answer_within": threshold("outreach", "opinions", "answer_within_days"),
    }
    return render(request, "family/opinions.html", context)


def _shown(row: Complaint, request: HttpRequest) -> dict[str, Any]:
    return {
        "row": row,
        "text": row.text.reveal(),
        "phone": row.contact.reveal() if row.contact is not None else "",
        "is_late": row.answered_at is None and row.answer_by < access.now(request),
    }


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the answer."""
    row = access.record(request, Complaint, ANSWER, pk=pk)
    text, version = request.POST.get("answer", "").strip()[:500], request.POST.get("version", "")
    if not text or not version.isdigit():
        messages.error(request, _("Write the answer first."))
    else:
        answer_complaint(
            by=access.actor(request), complaint=row, version=int(version), answer=text, at=access.now(request)
        )
        messages.success(request, _("Written down."))
    return redirect("family:opinions")


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a complaint that was answered."""
    row = access.record(request, Complaint, ANSWER, pk=pk)
    version = request.POST.get("version", "")
    if row.answered_at is None or not version.isdigit():
        messages.error(request, _("A complaint is closed after its answer."))
    else:
        close_complaint(by=access.actor(request), complaint=row, version=int(version), at=access.now(request))
        messages.success(request, _("Closed."))
    return redirect("family:opinions")
