"""Lists of deaths from elsewhere, compared with the certificates; deadlines of a place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.audit import door
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.actions.deaths import set_deadline, take_death_list_in
from qingmiao.surveillance.models import DeathList, PlaceDeadline
from qingmiao.surveillance.queries.deaths import compared
from qingmiao.web import access
from qingmiao.web.once import OnceForm

REVIEW = "surveillance.review_death"


class ListForm(OnceForm):
    """A list of deaths from the civil registry, the police or a village."""

    place = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Whose list"), empty_label=None)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=80)
    since = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label=gettext_lazy("File (.xlsx, .xls, .csv)"))

    def __init__(self, request: HttpRequest) -> None:
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None)
        _places(self, request)


class DeadlineForm(OnceForm):
    """A place's own days for the upload."""

    place = forms.ModelChoiceField(
        Organisation.objects.none(), label=pgettext_lazy("surveillance", "Where"), empty_label=None
    )
    days = forms.IntegerField(label=gettext_lazy("Days after issuing"), min_value=1, max_value=60)
    effective_from = forms.DateField(
        label=gettext_lazy("Effective from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(label=gettext_lazy("Document it rests on"), max_length=200)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        _places(self, request)


def _places(form: forms.Form, request: HttpRequest) -> None:
    field = form.fields["place"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = access.actor(request).visible(REVIEW, Organisation).filter(closed_on=None).order_by("path")


@require_http_methods(["GET", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """Take a list in; the lists so far."""
    who = access.actor(request)
    if not who.paths_for(REVIEW):
        raise NotAllowed(REVIEW)
    form = ListForm(request)
    if request.method == "POST" and form.is_valid():
        cleaned: dict[str, Any] = form.cleaned_data
        try:
            found = take_death_list_in(by=who, at=access.now(request), name=cleaned["file"].name, **cleaned)
            return redirect("deaths:compare", pk=found.pk)
        except FileRefused:
            form.add_error("file", _("No table with a header was found in this file. Save it as .xlsx or .csv."))
    rows = who.visible(REVIEW, DeathList).select_related("place")[:40]
    return render(
        request, "surveillance/death_lists.html", {"form": form, "rows": rows}, status=422 if form.errors else 200
    )


@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on the list and has no certificate, and the other way round."""
    found = access.record(request, DeathList, REVIEW, pk=pk)
    door.look(REVIEW, by=access.actor(request), at=access.now(request), people=[found])
    result = compared(found)
    counts = [
        {"count": len(result.only_listed), "label": _("On the list, no certificate"), "tone": "is-stop", "keep": True},
        {
            "count": len(result.only_certified),
            "label": _("Certificate, not on the list"),
            "tone": "is-wait",
            "keep": True,
        },
        {"count": len(result.both), "label": _("On both"), "tone": "is-go", "keep": True},
    ]
    return render(request, "surveillance/death_compare.html", {"found": found, "result": result, "counts": counts})


@require_http_methods(["GET", "POST"])
def deadlines(request: HttpRequest) -> HttpResponse:
    """The days of each place that has its own; the nation's stand where none is named."""
    who = access.actor(request)
    if not who.paths_for(REVIEW):
        raise NotAllowed(REVIEW)
    form = DeadlineForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            set_deadline(by=who, clock="death.upload", at=access.now(request), **form.cleaned_data)
            messages.success(request, _("Written down. Certificates issued from that day on follow it."))
            return redirect("deaths:deadlines")
        except ReasonMissing as missing:
            form.add_error("reason", str(missing))
    places = who.visible(REVIEW, Organisation)
    rows = (
        PlaceDeadline.objects.filter(place__in=places).select_related("place").order_by("place__path", "effective_from")
    )
    context = {"form": form, "rows": rows}
    return render(request, "surveillance/death_deadlines.html", context, status=422 if form.errors else 200)
