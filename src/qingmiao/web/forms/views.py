"""Statutory forms: which are due, one form with its cells, sending and amending, and the people behind a cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingmiao.law.months import month_before, next_month
from qingmiao.reports.actions.forms import (
    MonthNotOver,
    NothingToAmend,
    ReasonMissing,
    WrongState,
    amend_form,
    count_form,
    open_form,
    submit_form,
)
from qingmiao.reports.forms.cells import said
from qingmiao.reports.forms.counting import counted
from qingmiao.reports.forms.definitions import UnknownForm
from qingmiao.reports.language import speaks_chinese
from qingmiao.reports.models import Form, FormIssue
from qingmiao.reports.queries.forms import changed_cells, clinics_below, definition_of, expected
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import OnceForm, VersionedForm
from qingmiao.web.paper import pdf_answer

SEE, SUBMIT = "reports.see_form", "reports.submit_form"
MONTHS = 12


def forms_waiting(actor: Any, at: Any) -> int:
    """How many forms of the last month the actor still has to send."""
    from django.utils import timezone

    last = month_before(timezone.localdate(at))
    units = [unit for path in actor.paths_for(SUBMIT) for unit in clinics_below(path)]
    return sum(not one.is_sent for one in expected(units, [last]))


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The forms of a year, unit by unit; the last full year's when `?year=` says so."""
    who, today = access.actor(request), access.today(request)
    paths = who.paths_for(SEE)
    if not paths:
        raise NotAllowed(SEE)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1990 <= int(asked) <= today.year else month_before(today).year
    periods = [date(year, month, 1) for month in range(1, 13) if date(year, month, 1) <= today]
    units = list({unit.pk: unit for path in paths for unit in clinics_below(path)}.values())
    tables = [{"unit": unit, "may": who.may(SUBMIT, unit), "kinds": _by_kind(unit, periods, today)} for unit in units]
    context = {
        "tables": tables,
        "year": year,
        "years": range(today.year, today.year - 6, -1),
        "today": today,
    }
    return render(request, "forms/home.html", context)


def _by_kind(unit: Organisation, periods: list[date], today: date) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in expected([unit], periods):
        kind = found.setdefault(one.definition.id, {"definition": one.definition, "months": []})
        kind["months"].append({"expected": one, "is_late": one.is_late(today)})
    return list(found.values())


class OpenForm(OnceForm):
    """Which form of which month."""

    kind = forms.CharField()
    period = forms.DateField()


@require_POST
def start(request: HttpRequest, unit: int) -> HttpResponse:
    """Open a form and go to it."""
    clinic = access.record(request, Organisation, SEE, pk=unit)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return redirect("forms:home")
    asked = form.cleaned_data
    try:
        opened = open_form(
            by=access.actor(request),
            unit=clinic,
            kind=asked["kind"],
            period=asked["period"],
            at=access.now(request),
            request_id=asked["request_id"],
        )
    except UnknownForm as unknown:
        raise Http404 from unknown
    return redirect("forms:form", pk=opened.pk)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: as counted, or with `?issue=` as it was sent; `?compare=1` counts anew and shows what differs."""
    form = access.record(request, Form, SEE, pk=pk)
    issue = _issue_asked(request, form)
    context = _context(form, issue) | {
        "may": access.actor(request).may(SUBMIT, form),
        "is_over": access.today(request) >= next_month(form.period),
    }
    if request.GET.get("compare") and form.state != Form.State.DRAFT:
        now = counted(definition_of(form), form.unit, form.period)
        context |= {"changes": _changes(form, now), "compared": True}
    return render(request, "forms/form.html", context)


def _issue_asked(request: HttpRequest, form: Form) -> FormIssue | None:
    asked = request.GET.get("issue", "")
    if not asked:
        return None
    issue = form.issues.filter(number=int(asked)).first() if asked.isdecimal() else None
    if issue is None:
        raise Http404
    return issue


def _context(form: Form, issue: FormIssue | None = None) -> dict[str, Any]:
    what, content = definition_of(form), (issue or form).content
    side = "zh" if speaks_chinese() else "en"
    rows = [
        {
            "key": row["key"],
            "title": row[side],
            "cells": [
                {
                    "column": column,
                    "value": said(row["cells"].get(column.id), side),
                    "opens": column.opens and not issue,
                }
                for column in what.columns
            ],
        }
        for row in content["rows"]
    ]
    return {
        "place": form.unit.name,
        "form": form,
        "what": what,
        "issue": issue,
        "issues": list(form.issues.all()),
        "rows": rows,
        "rules": content.get("rules", ""),
        "due_on": what.due_on(form.period),
        "counted_at": (issue or form).counted_at,
        "month": f"{form.period:%Y-%m}",
    }


def _changes(form: Form, now: dict[str, Any]) -> list[dict[str, Any]]:
    titles = {column.id: column.title for column in definition_of(form).columns}
    side = "zh" if speaks_chinese() else "en"
    return [
        {"row": row[side], "column": titles.get(column, column), "before": said(before, side), "now": said(after, side)}
        for row, column, before, after in changed_cells(form.content, now)
    ]


def _done(request: HttpRequest, pk: int, act: Callable[[], object], said: str) -> HttpResponse:
    """Carry out, say so, and go back to the form; a refusal is said as well."""
    try:
        act()
    except (WrongState, MonthNotOver, NothingToAmend, ReasonMissing) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("forms:form", pk=pk)


class SendForm(VersionedForm):
    """The state that was shown, and why it is sent again."""

    reason = forms.CharField(required=False, max_length=200)


def _sent(request: HttpRequest) -> dict[str, Any]:
    form = SendForm(request.POST)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


@require_POST
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a draft anew."""
    form, sent = access.record(request, Form, SEE, pk=pk), _sent(request)

    def act() -> object:
        return count_form(by=access.actor(request), form=form, version=sent["version"], at=access.now(request))

    return _done(request, pk, act, _("Counted anew."))


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft."""
    form, sent = access.record(request, Form, SEE, pk=pk), _sent(request)

    def act() -> object:
        return submit_form(
            by=access.actor(request),
            form=form,
            version=sent["version"],
            today=access.today(request),
            at=access.now(request),
            request_id=sent["request_id"],
        )

    return _done(request, pk, act, _("Submitted."))


@require_POST
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a form again with a reason."""
    form, sent = access.record(request, Form, SEE, pk=pk), _sent(request)

    def act() -> object:
        return amend_form(
            by=access.actor(request),
            form=form,
            version=sent["version"],
            reason=sent["reason"],
            at=access.now(request),
            request_id=sent["request_id"],
        )

    return _done(request, pk, act, _("Amended."))


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as a spreadsheet."""
    form = access.record(request, Form, SEE, pk=pk)
    context = _context(form, _issue_asked(request, form))
    columns = [str(context["what"].row_title), *(str(column.title) for column in context["what"].columns)]
    rows = [[row["title"], *(one["value"] for one in row["cells"])] for row in context["rows"]]
    return as_xlsx(f"{context['what'].title} {form.unit.name} {context['month']}", columns, rows)


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as a PDF file; where the system cannot draw one, a page that says what to install."""
    form = access.record(request, Form, SEE, pk=pk)
    html = render_to_string("reports/form.html", _context(form, _issue_asked(request, form)))
    name, page = f"{form.kind}-{form.period:%Y-%m}.pdf", reverse("forms:form", args=[pk])
    return pdf_answer(request, html, name=name, page=page, place=form.unit.name)
