"""What an office writes itself into a report: a form with a field for each text, kept as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qingmiao.reports.actions import write_summary_text
from qingmiao.reports.models import SummaryText
from qingmiao.reports.summary.fields import Field
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.once import VersionedForm

WRITE = "reports.write_summary"


class WantedField(forms.CharField):
    """A text that the report needs to be complete, but that may be saved empty until somebody knows it."""

    def validate(self, value: Any) -> None:
        """Nothing is refused: a half-written form is kept."""


class TextsForm(VersionedForm):
    """A field for each text of a report."""

    use_required_attribute = False

    def __init__(self, texts: Sequence[Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = texts
        self.fields |= {text.name: self.field_for(text) for text in texts}

    def field_for(self, text: Field) -> forms.Field:
        """How a text is entered."""
        return (WantedField if text.is_needed else forms.CharField)(
            label=text.label,
            help_text=text.help,
            required=text.is_needed,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": text.rows}),
        )

    def sections(self) -> list[dict[str, Any]]:
        """The fields by section of the report, in its order."""
        grouped: dict[str, list[Any]] = {}
        for text in self.asked:
            grouped.setdefault(str(text.section), []).append(self[text.name])
        return [{"title": title, "fields": fields} for title, fields in grouped.items()]

    def texts(self) -> dict[str, str]:
        """What was written, by field."""
        return {text.name: self.cleaned_data[text.name].strip() for text in self.asked}


def keep_texts(request: HttpRequest, organisation: Organisation, kind: str, form: TextsForm) -> None:
    """Keep what was sent, and say so."""
    write_summary_text(
        by=access.actor(request),
        organisation=organisation,
        kind=kind,
        texts=form.texts(),
        version=form.cleaned_data["version"],
        at=access.now(request),
        request_id=form.cleaned_data["request_id"],
    )
    messages.success(request, _("Saved."))


def blank_in(kept: SummaryText, texts: Sequence[Field]) -> list[Field]:
    """Texts that the report needs and nobody has written yet."""
    return [text for text in texts if text.is_needed and not kept.texts.get(text.name, "").strip()]


def shown_texts(kept: SummaryText, said: Mapping[str, str]) -> dict[str, Any]:
    """What was written before; where nothing was, what the data can say."""
    return {**said, **{name: text for name, text in kept.texts.items() if text}, "version": kept.version}
