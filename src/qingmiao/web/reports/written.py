"""Reports of a stretch of days: their facts with doors, the office's own texts, and the Word file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.reports.actions import write_summary_text
from qingmiao.reports.actions.written import DaysWrong, compile_facts
from qingmiao.reports.models import Compilation, SummaryText
from qingmiao.reports.queries.texts import summary_texts
from qingmiao.reports.summary.document import TemplateWrong
from qingmiao.reports.summary.kinds import Kind, UnknownKind, kind_of
from qingmiao.reports.summary.kinds.clinic import counted_vaccines
from qingmiao.reports.summary.written import cited, written
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.once import OnceForm, VersionedForm
from qingmiao.web.reports.summary import WORD, WRITE, WantedField

SEE = "reports.see_figures"


def _kind(code: str) -> Kind:
    try:
        return kind_of(code)
    except UnknownKind as unknown:
        raise Http404 from unknown


class TextsForm(VersionedForm):
    """A field for each text of a report."""

    use_required_attribute = False

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for field in kind.fields:
            self.fields[field.name] = (WantedField if field.is_needed else forms.CharField)(
                label=field.label,
                help_text=field.help,
                required=field.is_needed,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": field.rows}),
            )

    def sections(self) -> list[dict[str, Any]]:
        """The fields by section of the report, in its order."""
        grouped: dict[str, list[Any]] = {}
        for field in self.kind.fields:
            grouped.setdefault(str(field.section), []).append(self[field.name])
        return [{"title": title, "fields": fields} for title, fields in grouped.items()]

    def texts(self) -> dict[str, str]:
        """What was written, by field."""
        return {field.name: self.cleaned_data[field.name].strip() for field in self.kind.fields}


def _day_picker() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DaysForm(OnceForm):
    """From which day to which the facts are counted."""

    since = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A report of a place: its days, its facts, and what the office writes itself."""
    organisation = access.record(request, Organisation, WRITE, pk=pk)
    kind, kept = _kind(code), summary_texts(organisation, code)
    facts = _facts_asked(request, organisation, code)
    form = TextsForm(kind, request.POST or None, initial=_initial(kind, kept, facts))
    if request.method == "POST" and form.is_valid():
        write_summary_text(
            by=access.actor(request),
            organisation=organisation,
            kind=code,
            texts=form.texts(),
            version=form.cleaned_data["version"],
            at=access.now(request),
            request_id=form.cleaned_data["request_id"],
        )
        messages.success(request, _("Saved."))
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
        "blank": [field for field in kind.fields if field.is_needed and not kept.texts.get(field.name, "").strip()],
    }
    return render(request, "reports_desk/written.html", context, status=422 if form.errors else 200)


def _days(kind: Kind, today: date) -> dict[str, date]:
    """The stretch that is offered: the last seven days, or the last full year for a clinic."""
    if kind.code == "weekly":
        return {"since": today - timedelta(days=6), "until": today}
    if kind.code == "clinic":
        return {"since": date(today.year - 1, 1, 1), "until": date(today.year - 1, 12, 31)}
    return {"since": date(today.year, 1, 1), "until": today}


def _initial(kind: Kind, kept: SummaryText, facts: Compilation | None) -> dict[str, Any]:
    texts = dict(kind.said(facts.facts)) if facts else {}
    texts |= {name: text for name, text in kept.texts.items() if text}
    return texts | {"version": kept.version}


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
    try:
        made = written(facts, summary_texts(facts.organisation, facts.kind).texts)
    except TemplateWrong as wrong:
        context = {"place": facts.organisation_name, "facts": facts, "reason": str(wrong)}
        return render(request, "reports_desk/written_wrong.html", context, status=422)
    name = get_valid_filename(f"{facts.organisation_name}-{facts.until.isoformat()}.docx")
    answer = HttpResponse(made.content, content_type=WORD)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"report.docx\"; filename*=UTF-8''{quote(name)}"
    return answer
