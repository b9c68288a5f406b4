"""The form that puts a document into the archive."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qingmiao.archive.actions import Label
from qingmiao.archive.kinds import MONTHS, Period, kinds, period_from
from qingmiao.staff.access import Actor, below
from qingmiao.staff.models import Organisation
from qingmiao.web.once import OnceForm

LARGEST = 50 * 1024 * 1024


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.title(get_language() or "")) for kind in kinds().values()]


class DocumentForm(OnceForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=_kind_choices)
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Unit"))
    day = forms.DateField(
        label=_("Day or period"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Any day of the month, quarter or year that the document is about."),
    )
    title = forms.CharField(label=_("Title"), max_length=160, required=False, help_text=_("Empty: the file's name."))
    note = forms.CharField(label=_("Note"), max_length=240, required=False)
    file = forms.FileField(label=_("File"), max_length=160)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        kept_at = [Organisation.Kind.AREA, Organisation.Kind.DESK]
        reach = Organisation.objects.filter(below("path", actor.paths_for("archive.keep"))).exclude(kind__in=kept_at)
        field.queryset = reach.order_by("path")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Larger than 50 MB. Split the scan, or lower its resolution."))
        return file

    def label(self) -> Label:
        """What the form says, with the period that the kind goes by."""
        said = self.cleaned_data
        return Label(
            kind=said["kind"],
            organisation=said["organisation"],
            period=_period(said["kind"], said["day"]),
            title=said["title"] or said["file"].name.rpartition(".")[0] or said["file"].name,
            note=said["note"],
        )


def _period(kind: str, day: date) -> Period:
    length = MONTHS.get(kinds()[kind].every)
    if length is None:
        return Period(day, day)
    return period_from(date(day.year, day.month - (day.month - 1) % length, 1), length)
