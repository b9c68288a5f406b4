"""Forms of the organisation and of tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingmiao.campaign.models import Campaign, Duty
from qingmiao.campaign.queries.organisation import duties_of
from qingmiao.campaign.rulebook import rulebook, worded
from qingmiao.staff.models import Organisation, User
from qingmiao.web.campaign.asking import DayField, MomentField, PictureField
from qingmiao.web.once import OnceForm, VersionedForm


def kinds() -> list[tuple[str, str]]:
    """The campaigns there are templates for."""
    return [(code, worded(entry["title"])) for code, entry in rulebook("organisation")["campaigns"].items()]


class CampaignForm(OnceForm):
    """A new campaign."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Which organisation leads it"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=kinds,
        help_text=_("Its working groups come with it and can be changed, added and closed."),
    )
    title = forms.CharField(label=_("Title"), max_length=120)
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"), help_text=_("Last day of the plan."))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        content = super().clean() or {}
        if content.get("starts_on") and content.get("ends_on") and content["ends_on"] < content["starts_on"]:
            self.add_error("ends_on", _("The last day must not come before the first."))
        return content


class CampaignChangeForm(VersionedForm):
    """Title and days of a campaign."""

    title = forms.CharField(label=_("Title"), max_length=120)
    starts_on = DayField(label=_("Starts on"))
    ends_on = DayField(label=_("Ends on"))


class GroupForm(OnceForm):
    """A working group."""

    name = forms.CharField(label=_("Group"), max_length=64)
    remit = forms.CharField(label=_("What it answers for"), max_length=400, required=False, widget=forms.Textarea)


class GroupChangeForm(VersionedForm):
    """A working group as it is; a day in `closed_on` closes it."""

    name = forms.CharField(label=_("Group"), max_length=64)
    remit = forms.CharField(label=_("What it answers for"), max_length=400, required=False, widget=forms.Textarea)
    position = forms.IntegerField(label=_("Place on the chart"), min_value=0, max_value=99)
    closed_on = DayField(label=_("Closed on"), required=False)


class DutyForm(OnceForm):
    """A duty."""

    title = forms.CharField(label=_("Duty post"), max_length=64)
    rank = forms.ChoiceField(label=_("Rank"), choices=Duty.Rank.choices, initial=Duty.Rank.MEMBER)
    does = forms.CharField(label=_("What it does"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Duty phone"),
        max_length=32,
        required=False,
        help_text=_("Belongs to the duty and stays when people change."),
    )


class DutyChangeForm(DutyForm):
    """A duty as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class HandOverForm(OnceForm):
    """Who holds a duty from a day on."""

    name = forms.CharField(label=_("Name"), max_length=64)
    belongs_to = forms.CharField(label=_("Unit and post"), max_length=120, required=False)
    username = forms.CharField(
        label=_("Account"),
        max_length=64,
        required=False,
        help_text=_("With an account the tasks of the duty are among one's own; without one they are on paper."),
    )
    valid_from = DayField(label=_("Valid from"))
    is_deputy = forms.BooleanField(label=_("Only stands in for the holder"), required=False)

    def clean_username(self) -> User | None:
        typed = self.cleaned_data["username"].strip()
        if not typed:
            return None
        user = User.objects.filter(username=typed, is_active=True).first()
        if user is None:
            raise forms.ValidationError(
                _("There is no account of that name. Leave it empty, or ask who opens accounts.")
            )
        return user


class MemberForm(OnceForm):
    """A member unit of the leading group."""

    name = forms.CharField(label=_("Member unit"), max_length=120)
    spoken_for_by = forms.CharField(label=_("Who speaks for it"), max_length=64, required=False)
    phone = forms.CharField(label=_("Duty phone"), max_length=32, required=False)
    valid_from = DayField(label=_("Valid from"))


class _WithDuty(OnceForm):
    duty = forms.ModelChoiceField(Duty.objects.none(), label=_("Duty post"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["duty"]
        field.queryset = duties_of(campaign)  # type: ignore[attr-defined]
        field.label_from_instance = lambda duty: f"{duty.group.name} · {duty.title}"  # type: ignore[attr-defined]


class WatchForm(_WithDuty):
    """Somebody on call."""

    name = forms.CharField(label=_("Name"), max_length=64)
    phone = forms.CharField(
        label=_("Duty phone"), max_length=32, required=False, help_text=_("Empty: the phone of the duty.")
    )
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))


class TaskForm(_WithDuty):
    """Something to be done."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_at = MomentField(label=_("Due"))


class EvidenceForm(VersionedForm):
    """What was done."""

    evidence = forms.CharField(
        label=_("What was done"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("With numbers.")
    )
    picture = PictureField(label=_("Photo"), required=False)


class ReasonForm(VersionedForm):
    """Why a task is sent back or dropped."""

    reason = forms.CharField(label=_("Reason"), max_length=400)


class MoveForm(ReasonForm):
    """Another time for a task."""

    due_at = MomentField(label=_("New time"))
