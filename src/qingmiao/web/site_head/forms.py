"""Forms of a session: its hours and vaccines, for whom places are kept, and its periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingmiao.clinic.actions.sessions import PlacesFor
from qingmiao.clinic.capacity import PeriodPlan
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product

CLOCK = {"type": "time", "class": "auto"}
WHO_NAMES = (Organisation.Kind.BUREAU, Organisation.Kind.SUBDISTRICT)
MOST_PEOPLE = 5000


class SessionForm(forms.Form):
    """What a session is: hours, cut-off, vaccines, and who may name batches."""

    opens_at = forms.TimeField(
        label=gettext_lazy("Opens at"), initial=time(8), widget=forms.TimeInput(format="%H:%M", attrs=CLOCK)
    )
    closes_at = forms.TimeField(
        label=gettext_lazy("Closes at"), initial=time(17, 30), widget=forms.TimeInput(format="%H:%M", attrs=CLOCK)
    )
    cut_off = forms.TimeField(
        label=gettext_lazy("Cut-off for lists, the day before"),
        initial=time(18),
        widget=forms.TimeInput(format="%H:%M", attrs=CLOCK),
    )
    products = forms.ModelMultipleChoiceField(
        Product.objects.all(), label=gettext_lazy("Vaccines"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, kept: Mapping[int, int | None] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept or {}
        self.bureaus = list(Organisation.objects.filter(kind__in=WHO_NAMES, closed_on=None).order_by("path"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("opens_at") and found.get("closes_at") and found["opens_at"] >= found["closes_at"]:
            self.add_error("closes_at", _("The site must close after it opens."))
        return found

    @property
    def kept_rows(self) -> list[dict[str, Any]]:
        """Each bureau: whether it may name, and how many places are kept for it (empty: as many as there are)."""
        return [
            {
                "organisation": one,
                "may": f"may-{one.pk}" in self.data if self.is_bound else one.pk in self.kept,
                "places": self.data.get(f"places-{one.pk}", "") if self.is_bound else self.kept.get(one.pk) or "",
            }
            for one in self.bureaus
        ]

    @property
    def places(self) -> list[PlacesFor]:
        chosen = [one for one in self.bureaus if f"may-{one.pk}" in self.data]
        return [PlacesFor(one, _number(self.data.get(f"places-{one.pk}", ""))) for one in chosen]

    def cut_off_at(self, day: Any) -> datetime:
        return timezone.make_aware(datetime.combine(day - timedelta(days=1), self.cleaned_data["cut_off"]))


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and int(text) <= MOST_PEOPLE else None


class PlanForm(SessionForm):
    """A new session: also its day, and how many vaccinate at a time."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "auto"})
    )
    vaccinators = forms.IntegerField(label=gettext_lazy("Vaccinators"), min_value=1, max_value=99, initial=2)
    open_places = forms.IntegerField(
        label=gettext_lazy("Open places per hour"),
        min_value=0,
        max_value=MOST_PEOPLE,
        initial=0,
        help_text=gettext_lazy("For residents who book by themselves; the rest is for units."),
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("For how many weeks"),
        required=False,
        min_value=1,
        max_value=26,
        initial=1,
        help_text=gettext_lazy(
            "The same weekday with the same vaccines; a day that is planned already stays as it is."
        ),
    )
    field_order = ("day", "weeks", "opens_at", "closes_at", "cut_off", "vaccinators", "open_places", "products")


class PeriodForm(forms.Form):
    """One stretch of the day; a row without a beginning is no period."""

    starts_at = forms.TimeField(required=False, widget=forms.TimeInput(format="%H:%M", attrs=CLOCK))
    ends_at = forms.TimeField(required=False, widget=forms.TimeInput(format="%H:%M", attrs=CLOCK))
    vaccinators = forms.IntegerField(required=False, min_value=0, max_value=99)
    open_places = forms.IntegerField(required=False, min_value=0, max_value=MOST_PEOPLE)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("starts_at") and not found.get("ends_at"):
            self.add_error("ends_at", _("Until when?"))
        return found

    @property
    def plan(self) -> PeriodPlan | None:
        found = self.cleaned_data
        if not found.get("starts_at") or not found.get("ends_at"):
            return None
        vaccinators, open_places = found.get("vaccinators") or 0, found.get("open_places") or 0
        return PeriodPlan(found["starts_at"], found["ends_at"], vaccinators, open_places)


Periods = forms.formset_factory(PeriodForm, extra=1, max_num=40)
