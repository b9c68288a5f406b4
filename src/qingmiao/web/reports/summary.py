"""The work summary: the form for what the data cannot know, and the Word file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.reports.actions import write_summary_text
from qingmiao.reports.models import Snapshot, SummaryText
from qingmiao.reports.queries.campaigns import rule_at
from qingmiao.reports.queries.frozen import snapshots_of
from qingmiao.reports.queries.texts import summary_texts
from qingmiao.reports.summary.document import TemplateWrong, bureau_summary, default_texts
from qingmiao.reports.summary.fields import CHANNELS, FIELDS
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.once import VersionedForm

WRITE = "reports.write_summary"
KIND = SummaryText.Kind.BUREAU
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class WantedField(forms.CharField):
    """A text that the summary needs to be complete, but that may be saved empty until somebody knows it."""

    def validate(self, value: Any) -> None:
        """Nothing is refused: a half-written form is kept."""


class SummaryForm(VersionedForm):
    """A field for each text of the summary."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in FIELDS:
            self.fields[field.name] = (
                forms.MultipleChoiceField(
                    label=field.label,
                    help_text=field.help,
                    required=False,
                    choices=list(CHANNELS.items()),
                    widget=forms.CheckboxSelectMultiple,
                )
                if field.name == "channels"
                else (WantedField if field.is_needed else forms.CharField)(
                    label=field.label,
                    help_text=field.help,
                    required=field.is_needed,
                    max_length=2000,
                    widget=forms.Textarea(attrs={"rows": field.rows}),
                )
            )

    def sections(self) -> list[dict[str, Any]]:
        """The fields by section of the summary, in its order."""
        grouped: dict[str, list[Any]] = {}
        for field in FIELDS:
            grouped.setdefault(str(field.section), []).append(self[field.name])
        return [{"title": title, "fields": fields} for title, fields in grouped.items()]

    def texts(self) -> dict[str, str]:
        """What was written, by field."""
        return {
            field.name: ",".join(self.cleaned_data[field.name])
            if field.name == "channels"
            else self.cleaned_data[field.name].strip()
            for field in FIELDS
        }


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What the office writes itself; beside it the figures the summary will use."""
    organisation = access.record(request, Organisation, WRITE, pk=pk)
    snapshot = _snapshot_asked(request, organisation)
    kept = summary_texts(organisation, KIND)
    form = SummaryForm(request.POST or None, initial=_initial(kept, snapshot))
    if request.method == "POST" and form.is_valid():
        write_summary_text(
            by=access.actor(request),
            organisation=organisation,
            kind=KIND,
            texts=form.texts(),
            version=form.cleaned_data["version"],
            at=access.now(request),
            request_id=form.cleaned_data["request_id"],
        )
        messages.success(request, _("Saved."))
        return redirect("reports:summary", pk=pk)
    context = {
        "place": organisation.name,
        "organisation": organisation,
        "form": form,
        "kept": kept,
        "snapshot": snapshot,
        "blank": [field for field in FIELDS if field.is_needed and not kept.texts.get(field.name, "").strip()],
        "may_freeze": access.actor(request).may("reports.freeze_figure", organisation),
    }
    return render(request, "reports_desk/summary.html", context, status=422 if form.errors else 200)


def _initial(kept: SummaryText, snapshot: Snapshot | None) -> dict[str, Any]:
    """What was written before; where nothing was, what the data can say."""
    texts = default_texts(snapshot) if snapshot else {}
    texts |= {name: text for name, text in kept.texts.items() if text}
    channels = [code for code in texts.get("channels", "").split(",") if code]
    return texts | {"channels": channels, "version": kept.version}


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
    try:
        made = bureau_summary(snapshot, summary_texts(snapshot.organisation, KIND).texts)
    except TemplateWrong as wrong:
        return template_wrong(request, wrong, reverse("reports:summary", args=[snapshot.organisation_id]))
    name = get_valid_filename(f"{snapshot.organisation_name}-{snapshot.on.isoformat()}.docx")
    answer = HttpResponse(made.content, content_type=WORD)
    answer.headers["Content-Disposition"] = _attachment(name)
    return answer


def template_wrong(request: HttpRequest, wrong: TemplateWrong, back: str) -> HttpResponse:
    """Says what is wrong with an office's own template, and leads back."""
    return render(request, "reports_desk/template_wrong.html", {"reason": str(wrong), "back": back}, status=422)


def _attachment(name: str) -> str:
    from urllib.parse import quote

    return f"attachment; filename=\"summary.docx\"; filename*=UTF-8''{quote(name)}"
