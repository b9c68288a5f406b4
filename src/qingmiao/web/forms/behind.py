"""What stands behind a cell of a form: people and doses, cases, or a fridge's readings and breaches."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingmiao.reports.forms.cells import said
from qingmiao.reports.forms.cold_chain import behind_log
from qingmiao.reports.forms.counting import behind, rows_behind
from qingmiao.reports.forms.reactions import cases_in
from qingmiao.reports.language import speaks_chinese
from qingmiao.reports.models import Form
from qingmiao.reports.queries.forms import definition_of
from qingmiao.web import access
from qingmiao.web.forms.views import SEE
from qingmiao.web.reports.coverage import Counted

PER_PAGE = 50


@require_GET
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """What is behind a cell, `?row=` and `?column=`, by what is recorded now."""
    form = access.record(request, Form, SEE, pk=pk)
    what, key, column = definition_of(form), request.GET.get("row", ""), request.GET.get("column", "")
    found = next((one for one in what.columns if one.id == column and one.opens), None)
    row = next((one for one in form.content["rows"] if one["key"] == key), None)
    if found is None or row is None:
        raise Http404
    side = "zh" if speaks_chinese() else "en"
    context = {
        "place": form.unit.name,
        "form": form,
        "what": what,
        "row": row[side],
        "asked_column": found,
        "value": said(row["cells"].get(column), side),
        "month": f"{form.period:%Y-%m}",
    }
    if what.source == "cold_chain":
        return _readings(request, form, key, context)
    return _people(request, form, key, column, context)


def _people(request: HttpRequest, form: Form, key: str, column: str, context: dict[str, Any]) -> HttpResponse:
    """The people and doses; of reactions with the way to their cases, for whoever may see cases."""
    who = access.actor(request)
    is_about_cases = context["what"].source == "reactions"
    who.must("safety.see_case" if is_about_cases else "registry.see_person", form.unit)
    if is_about_cases:
        context["cases"] = list(cases_in(form.unit, form.period, key)[:PER_PAGE])
    pairs = behind(form, key, column)
    page = Counted(pairs, PER_PAGE, len(pairs)).get_page(request.GET.get("page"))
    page.object_list = rows_behind(page.object_list)
    access.looked_at(request, "reports.see_names", [person for person, _dose in page.object_list])
    return render(request, "forms/cell.html", context | {"page": page})


def _readings(request: HttpRequest, form: Form, key: str, context: dict[str, Any]) -> HttpResponse:
    """The readings by hand and the breaches of a fridge's day, or all breaches of the month."""
    who = access.actor(request)
    readings, breaches = behind_log(form.unit, form.period, key)
    rows = [(breach, who.may("stock.decide_breach", breach)) for breach in breaches]
    return render(request, "forms/readings.html", context | {"readings": readings, "breaches": rows})
