"""Head-counts: declared against found, unit by unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import (
    HeadCountClosed,
    HeadCountOpen,
    NotOfThisRound,
    close_head_count,
    declare_number,
    open_head_count,
)
from qingmiao.campaign.models import HeadCount
from qingmiao.campaign.queries import declarations_at, head_count_at, is_late
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import rule_at
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.lists import wants_file
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import OnceForm, VersionedForm

SEE = "campaign.see_head_count"


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The head-count of an organisation."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    now = access.now(request)
    head_count = head_count_at(organisation, now)
    rows = _rows(request, organisation, head_count)
    if wants_file(request):
        return _as_file(organisation, rows)
    declared = [row["said"].people for row in rows if row["said"]]
    who = access.actor(request)
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "head_count": head_count,
        "is_past": head_count is not None and head_count.due_at < now,
        "rows": rows,
        "declared": sum(declared) if declared else None,
        "found": live.figure_of(rule_at(organisation), organisation, access.today(request)).of,
        "silent": sum(1 for row in rows if not row["said"]),
        "may_open": who.may("campaign.open_head_count", organisation),
        "may_close": head_count is not None and who.may("campaign.open_head_count", head_count),
    }
    return render(request, "reports_desk/head_count.html", context)


def _as_file(organisation: Organisation, rows: list[dict[str, Any]]) -> HttpResponse:
    late = pgettext("declaration", "late")
    columns = [_("Unit"), _("Declared"), _("Found"), _("Who says so"), _("Declared on"), late]
    cells = [
        [row["unit"].name, said.people if said else None, row["found"], said.said_by if said else None,
         said.declared_on if said else None, _("yes") if row["is_late"] else None]
        for row in rows
        for said in [row["said"]]
    ]  # fmt: skip
    return as_xlsx(_("Head-count of {place}").format(place=organisation.name), columns, cells)


def _rows(request: HttpRequest, organisation: Organisation, head_count: HeadCount | None) -> list[dict[str, Any]]:
    """A row for each unit: declared, found, whether they agree, whether it is late, whether one may declare for it."""
    now, who = access.now(request), access.actor(request)
    said = declarations_at(head_count, now)
    figures = live.figures_by_unit(rule_at(organisation), organisation, access.today(request))
    rows = []
    for figure in figures:
        declaration = said.get(figure.unit.pk)
        rows.append(
            {
                "unit": figure.unit,
                "said": declaration,
                "found": figure.of,
                "difference": figure.of - declaration.people if declaration else None,
                "is_late": head_count is not None and is_late(head_count, declaration, now),
                "may_declare": who.may("campaign.declare_number", figure.unit),
            }
        )
    return rows


class RoundForm(OnceForm):
    """A new head-count."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    due_at = forms.DateTimeField(
        label=gettext_lazy("Deadline"),
        help_text=gettext_lazy("Who has not declared by then is reported as late."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M"],
    )


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a head-count."""
    organisation = access.record(request, Organisation, "campaign.open_head_count", pk=pk)
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            open_head_count(
                by=access.actor(request),
                organisation=organisation,
                title=form.cleaned_data["title"],
                opened_on=access.today(request),
                due_at=form.cleaned_data["due_at"],
                request_id=form.cleaned_data["request_id"],
            )
        except HeadCountOpen as running:
            form.add_error(None, str(running))
        else:
            return redirect("reports:head-count", pk=pk)
    context = {"place": organisation.name, "organisation": organisation, "form": form}
    return render(request, "reports_desk/head_count_open.html", context, status=422 if form.errors else 200)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the running head-count."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    head_count = access.record(request, HeadCount, SEE, organisation=organisation, closed_on=None)
    form = VersionedForm(request.POST)
    if form.is_valid():
        close_head_count(
            by=access.actor(request), head_count=head_count, closed_on=access.today(request), **form.cleaned_data
        )
        messages.success(request, _("Closed. Its numbers stay."))
    return redirect("reports:head-count", pk=pk)


class DeclarationForm(OnceForm):
    """A unit's number."""

    people = forms.IntegerField(
        label=gettext_lazy("People declared"),
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("Owners, employees and floating people together. Zero is an answer too."),
    )
    declared_on = forms.DateField(
        label=gettext_lazy("Declared on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    said_by = forms.CharField(
        label=gettext_lazy("Who says so"),
        max_length=64,
        help_text=gettext_lazy("Name of the person who answers for it."),
    )


@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Write down the number of one unit."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    place = access.record(request, Organisation, "campaign.declare_number", pk=unit)
    head_count = head_count_at(organisation, access.now(request))
    if head_count is None:
        return redirect("reports:head-count", pk=pk)
    form = DeclarationForm(request.POST or None, initial={"declared_on": access.today(request)})
    if request.method == "POST" and form.is_valid():
        try:
            declare_number(
                by=access.actor(request), head_count=head_count, unit=place, at=access.now(request), **form.cleaned_data
            )
        except (HeadCountClosed, NotOfThisRound) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Declared for {unit}.").format(unit=place.name))
            return redirect("reports:head-count", pk=pk)
    context = {"place": place.name, "organisation": organisation, "unit": place, "head_count": head_count, "form": form}
    return render(request, "reports_desk/declare.html", context, status=422 if form.errors else 200)
