"""The work summary: the form for what the data cannot know, and the Word file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.reports.models import Snapshot, SummaryText
from qingmiao.reports.queries.campaigns import rule_at
from qingmiao.reports.queries.frozen import snapshots_of
from qingmiao.reports.queries.texts import summary_texts
from qingmiao.reports.summary.document import bureau_summary, default_texts
from qingmiao.reports.summary.fields import CHANNELS, FIELDS, Field
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.paper import word_answer
from qingmiao.web.reports.texts import WRITE, TextsForm, blank_in, keep_texts, shown_texts

KIND = SummaryText.Kind.BUREAU


class SummaryForm(TextsForm):
    """The texts of the summary; the channels of publicity are ticked."""

    def field_for(self, text: Field) -> forms.Field:
        if text.name != "channels":
            return super().field_for(text)
        return forms.MultipleChoiceField(
            label=text.label,
            help_text=text.help,
            required=False,
            choices=list(CHANNELS.items()),
            widget=forms.CheckboxSelectMultiple,
        )

    def texts(self) -> dict[str, str]:
        said = self.cleaned_data | {"channels": ",".join(self.cleaned_data["channels"])}
        return {text.name: said[text.name].strip() for text in self.asked}


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What the office writes itself; beside it the figures the summary will use."""
    organisation = access.record(request, Organisation, WRITE, pk=pk)
    snapshot = _snapshot_asked(request, organisation)
    kept = summary_texts(organisation, KIND)
    form = SummaryForm(FIELDS, request.POST or None, initial=_initial(kept, snapshot))
    if request.method == "POST" and form.is_valid():
        keep_texts(request, organisation, KIND, form)
        return redirect("reports:summary", pk=pk)
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "form": form,
        "kept": kept,
        "snapshot": snapshot,
        "blank": blank_in(kept, FIELDS),
        "may_freeze": access.actor(request).may("reports.freeze_figure", organisation),
    }
    return render(request, "reports_desk/summary.html", context, status=422 if form.errors else 200)


def _initial(kept: SummaryText, snapshot: Snapshot | None) -> dict[str, Any]:
    texts = shown_texts(kept, default_texts(snapshot) if snapshot else {})
    return texts | {"channels": [code for code in texts.get("channels", "").split(",") if code]}


def _snapshot_asked(request: HttpRequest, organisation: Organisation) -> Snapshot | None:
    """The snapshot in the address, else the latest one."""
    asked = request.GET.get("snapshot", "")
    if asked.isdecimal():
        return access.record(request, Snapshot, "reports.see_figures", pk=int(asked), organisation=organisation)
    return snapshots_of(organisation, rule_at(organisation).id).first()


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The Word file made from one snapshot and the texts as they are now."""
    snapshot = access.record(request, Snapshot, "reports.see_figures", pk=pk)
    access.actor(request).must(WRITE, snapshot.organisation)
    name = get_valid_filename(f"{snapshot.organisation_name}-{snapshot.on.isoformat()}.docx")
    texts, back = (
        summary_texts(snapshot.organisation, KIND).texts,
        reverse("reports:summary", args=[snapshot.organisation_id]),
    )
    return word_answer(request, lambda: bureau_summary(snapshot, texts).content, name=name, back=back)
