"""Reports of a stretch of days: their facts with doors, the office's own texts, and the Word file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.reports.actions.written import DaysWrong, compile_facts
from qingmiao.reports.models import Compilation
from qingmiao.reports.queries.texts import summary_texts
from qingmiao.reports.summary.kinds import Kind, UnknownKind, kind_of
from qingmiao.reports.summary.kinds.clinic import counted_vaccines
from qingmiao.reports.summary.written import cited, written
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.once import OnceForm
from qingmiao.web.paper import word_answer
from qingmiao.web.reports.texts import WRITE, TextsForm, blank_in, keep_texts, shown_texts

SEE = "reports.see_figures"


def _kind(code: str) -> Kind:
    try:
        return kind_of(code)
    except UnknownKind as unknown:
        raise Http404 from unknown


def _day_picker() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DaysForm(OnceForm):
    """From which day to which the facts are counted."""

    since = forms.DateField(label=gettext_lazy("From"), widget=_day_picker())
    until = forms.DateField(label=gettext_lazy("Until"), widget=_day_picker())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A report of a place: its days, its facts, and what the office writes itself."""
    organisation = access.record(request, Organisation, WRITE, pk=pk)
    kind, kept = _kind(code), summary_texts(organisation, code)
    facts = _facts_asked(request, organisation, code)
    form = TextsForm(
        kind.fields, request.POST or None, initial=shown_texts(kept, kind.said(facts.facts) if facts else {})
    )
    if request.method == "POST" and form.is_valid():
        keep_texts(request, organisation, code, form)
        return redirect("reports:written", pk=pk, code=code)
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "kind": kind,
        "form": form,
        "kept": kept,
        "facts": facts,
        "rows": _rows(facts) if facts else [],
        "days": DaysForm(initial=_days(kind, access.today(request))),
        "blank": blank_in(kept, kind.fields),
    }
    return render(request, "reports_desk/written.html", context, status=422 if form.errors else 200)


def _days(kind: Kind, today: date) -> dict[str, date]:
    """The stretch that is offered: the last seven days, or the last full year for a clinic."""
    if kind.code == "weekly":
        return {"since": today - timedelta(days=6), "until": today}
    if kind.code == "clinic":
        return {"since": date(today.year - 1, 1, 1), "until": date(today.year - 1, 12, 31)}
    return {"since": date(today.year, 1, 1), "until": today}


def _facts_asked(request: HttpRequest, organisation: Organisation, code: str) -> Compilation | None:
    asked = request.GET.get("facts", "")
    if asked.isdecimal():
        return access.record(request, Compilation, SEE, pk=int(asked), organisation=organisation, kind=code)
    return Compilation.objects.filter(organisation=organisation, kind=code).first()


def _rows(facts: Compilation) -> list[dict[str, Any]]:
    """Each fact with its title, query and door."""
    shown = cited(facts)
    names = kind_of(facts.kind).names(facts.facts)
    return [
        {"title": named.title, "value": shown[name], "query": named.query, "url": _door(facts, name)}
        for name, named in names.items()
        if name in shown and not isinstance(shown[name], (list, dict))
    ]


def _door(facts: Compilation, name: str) -> str:
    """Where a fact opens to its rows; "" where it is a figure of figures."""
    days = f"since={facts.since.isoformat()}&until={facts.until.isoformat()}"
    doses = reverse("reports:doses", args=[facts.organisation_id])
    if name == "total" or name == "doses":
        return f"{doses}?{days}"
    codes = next((vaccine["codes"] for vaccine in counted_vaccines() if vaccine["key"] == name), None)
    if codes and facts.kind == "clinic":
        return f"{doses}?{days}&" + "&".join(f"code={code}" for code in codes)
    if name in ("done", "of"):
        people = reverse("reports:people", args=[facts.organisation_id])
        return f"{people}?which={'done' if name == 'done' else 'all'}&on={facts.until.isoformat()}"
    return ""


@require_POST
def compile_now(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Count and keep the facts of a stretch of days."""
    organisation = access.record(request, Organisation, WRITE, pk=pk)
    _kind(code)
    form = DaysForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give both days."))
        return redirect("reports:written", pk=pk, code=code)
    try:
        facts = compile_facts(
            by=access.actor(request),
            organisation=organisation,
            kind=code,
            since=form.cleaned_data["since"],
            until=form.cleaned_data["until"],
            today=access.today(request),
            at=access.now(request),
            request_id=form.cleaned_data["request_id"],
        )
    except DaysWrong as wrong:
        messages.error(request, str(wrong))
        return redirect("reports:written", pk=pk, code=code)
    return redirect(f"{reverse('reports:written', args=[pk, code])}?facts={facts.pk}")


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The Word file made from kept facts and the texts as they are now."""
    facts = access.record(request, Compilation, SEE, pk=pk)
    access.actor(request).must(WRITE, facts.organisation)
    name = get_valid_filename(f"{facts.organisation_name}-{facts.until.isoformat()}.docx")
    texts = summary_texts(facts.organisation, facts.kind).texts
    back = reverse("reports:written", args=[facts.organisation_id, facts.kind])
    return word_answer(request, lambda: written(facts, texts).content, name=name, back=back)
