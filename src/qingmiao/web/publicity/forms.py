"""Forms of publicity and opinion."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingmiao.campaign.models import Campaign, Material, Rumour
from qingmiao.campaign.rulebook import choices
from qingmiao.staff.models import Organisation
from qingmiao.web.campaign.asking import DayField, MomentField, PictureField
from qingmiao.web.once import OnceForm, VersionedForm


def channels() -> list[tuple[str, str]]:
    """The channels of rules/campaign/publicity.yaml."""
    return choices("publicity", "channels")


class _AtPlace(OnceForm):
    place_told = forms.ModelChoiceField(Organisation.objects.none(), label=_("Place"))

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_told"].queryset = places  # type: ignore[attr-defined]


class ActivityForm(_AtPlace):
    """What was done to tell people."""

    channel = forms.ChoiceField(label=_("Channel"), choices=channels)
    material = forms.ModelChoiceField(
        Material.objects.none(), label=_("Publicity material"), required=False, empty_label="—",
        help_text=_("Only what is approved and in force can be chosen."),
    )  # fmt: skip
    where = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    happened_at = MomentField(label=_("When"))
    reach = forms.IntegerField(
        label=_("People reached"),
        min_value=0,
        required=False,
        help_text=_("Copies, readers or doors; empty: not known."),
    )
    picture = PictureField(label=_("Photo"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, materials: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].queryset = campaign.materials.filter(pk__in=materials)  # type: ignore[attr-defined]


class MaterialForm(OnceForm):
    """A text or poster."""

    title = forms.CharField(label=_("Publicity material"), max_length=120)
    text = forms.CharField(label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    source = forms.CharField(
        label=_("Source"), max_length=160, required=False, help_text=_("Whose statement it rests on.")
    )
    expires_on = DayField(label=_("Use until"))
    picture = PictureField(label=_("Photo"), required=False)


class QuestionForm(OnceForm):
    """A question with its answer."""

    question = forms.CharField(label=_("Question"), max_length=200)
    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    source = forms.CharField(
        label=_("Source"), max_length=160, required=False, help_text=_("Whose statement it rests on.")
    )


class RumourForm(_AtPlace):
    """What is said against it."""

    text = forms.CharField(label=_("What people say"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    channel = forms.ChoiceField(label=_("Seen in"), choices=channels)
    where = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=Rumour.Risk.choices, widget=forms.RadioSelect)
    seen_at = MomentField(label=_("Seen at"))
    picture = PictureField(label=_("Photo"), required=False)


class DraftForm(VersionedForm):
    """The answer to a rumour."""

    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class AnsweredForm(VersionedForm):
    """Where the answer went out."""

    answered_where = forms.CharField(label=_("Answered where"), max_length=120)


class OutcomeForm(VersionedForm):
    """What became of it."""

    outcome = forms.CharField(label=_("What became of it"), max_length=200)
