"""Forms of the work at the door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingmiao.campaign.models import DoorVisit, Forerunner, Level
from qingmiao.campaign.rulebook import choices
from qingmiao.staff.models import Organisation, User
from qingmiao.web.campaign.asking import DayField, PictureField
from qingmiao.web.once import OnceForm


def reasons() -> list[tuple[str, str]]:
    """Why people refuse, with nothing chosen first."""
    return [("", "—"), *choices("fieldwork", "reasons")]


class VisitForm(OnceForm):
    """What was heard."""

    result = forms.ChoiceField(label=_("Result"), choices=DoorVisit.Result.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"), choices=reasons, required=False, help_text=_("If refused."))
    until = DayField(label=_("Until"), required=False, help_text=_("If later: from which day on."))
    remark = forms.CharField(label=_("Note"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("I come as"), choices=Level.choices)
    picture = PictureField(label=_("Photo"), required=False)


class SignForm(OnceForm):
    """The figures of the day, signed."""

    declared = forms.IntegerField(label=_("People declared"), min_value=0, required=False)
    signed_by = forms.CharField(label=_("Signed by"), max_length=64)


class DayListForm(OnceForm):
    """How many people go on the list of today."""

    most = forms.IntegerField(label=_("How many"), min_value=1, max_value=500)


class ForerunnerForm(OnceForm):
    """As what somebody goes first."""

    kind = forms.ChoiceField(label=_("Goes first as"), choices=Forerunner.Kind.choices)


class ResponsibilityForm(OnceForm):
    """Who answers for a place or its doors."""

    place_kept = forms.ModelChoiceField(Organisation.objects.none(), label=_("Place"))
    doors = forms.CharField(
        label=_("Doors"),
        max_length=80,
        required=False,
        help_text=_("Beginning of the address, such as 3号楼2单元; empty: all."),
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    name = forms.CharField(label=_("Name"), max_length=64)
    phone = forms.CharField(label=_("Duty phone"), max_length=32, required=False)
    username = forms.CharField(label=_("Account"), max_length=64, required=False)
    valid_from = DayField(label=_("Valid from"))

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_kept"].queryset = places  # type: ignore[attr-defined]

    def clean_username(self) -> User | None:
        typed = self.cleaned_data["username"].strip()
        user = User.objects.filter(username=typed, is_active=True).first() if typed else None
        if typed and user is None:
            raise forms.ValidationError(
                _("There is no account of that name. Leave it empty, or ask who opens accounts.")
            )
        return user
