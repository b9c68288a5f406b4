"""Forms of training."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.web.once import OnceForm

LARGEST_FILE = 20 * 1024 * 1024


class TrainingForm(OnceForm):
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Held by"))
    topic = forms.CharField(label=_("Topic"), max_length=120)
    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.DecimalField(label=_("Hours"), min_value=0.5, max_value=99, decimal_places=1)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    teacher = forms.CharField(label=_("Teacher"), max_length=64, required=False)
    content = forms.CharField(label=_("What was taught"), widget=forms.Textarea(attrs={"rows": 4}), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        places = Organisation.objects.filter(path__in=actor.paths_for("training.hold"))
        field.queryset = places.order_by("path")
        if places.count() == 1:
            field.initial, field.widget = places[0].pk, forms.HiddenInput()


class MaterialForm(OnceForm):
    file = forms.FileField(label=_("File"), max_length=160)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("Larger than 20 MB. Send a smaller file, or put its address into the text."))
        return file
