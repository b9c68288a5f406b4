"""Forms of meetings and of supervision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingmiao.campaign.models import Campaign, Duty, Meeting, Point
from qingmiao.campaign.queries.organisation import duties_of
from qingmiao.campaign.queries.plan import sites_of
from qingmiao.staff.models import Organisation
from qingmiao.web.campaign.asking import MomentField, PictureField
from qingmiao.web.campaign.forms import TaskForm
from qingmiao.web.once import OnceForm, VersionedForm


class MeetingForm(OnceForm):
    """A meeting to be opened."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)
    chair = forms.CharField(label=_("Chair"), max_length=64)
    present = forms.CharField(label=_("Who is present"), max_length=400, required=False)
    minutes_by = forms.CharField(label=_("Minutes by"), max_length=64, required=False)


class CloseForm(VersionedForm):
    """A meeting to be closed."""

    present = forms.CharField(label=_("Who is present"), max_length=400, required=False)
    minutes_by = forms.CharField(label=_("Minutes by"), max_length=64, required=False)


class PointForm(OnceForm):
    """A problem or a decision."""

    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=Point.Kind.choices)
    text = forms.CharField(label=_("What was said"), max_length=400)
    place_of_point = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("About which unit"), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Organisation.objects.filter(
            path__begins=campaign.organisation.path,
            closed_on=None,
            kind__in=(
                Organisation.Kind.COMMUNITY,
                Organisation.Kind.BUREAU,
                Organisation.Kind.UNIT,
                Organisation.Kind.SCHOOL,
                Organisation.Kind.SITE,
            ),
        )
        self.fields["place_of_point"].queryset = places.order_by("path")  # type: ignore[attr-defined]


class ActionForm(TaskForm):
    """An action with its owner and due time, perhaps against one of the meeting's problems."""

    answers = forms.ModelChoiceField(
        Point.objects.none(), label=_("Against which problem"), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, campaign=meeting.campaign, **kwargs)
        field = self.fields["answers"]
        field.queryset = meeting.points.filter(kind=Point.Kind.PROBLEM)  # type: ignore[attr-defined]
        field.label_from_instance = lambda point: point.text[:40]  # type: ignore[attr-defined]


class SendForm(OnceForm):
    """A word with the bulletin."""

    text = forms.CharField(
        label=_("Message"), max_length=400, required=False, help_text=_("Goes with the line of each unit.")
    )


class CorrectionForm(VersionedForm):
    """How a finding was put right."""

    correction = forms.CharField(label=_("How it was put right"), max_length=300)
    picture = PictureField(label=_("Photo"), required=False)


class ReopenForm(VersionedForm):
    """A finding that is not right yet."""

    due_at = MomentField(label=_("To be put right by"))


class InspectionForm(OnceForm):
    """The place that is looked at; its checklist follows in the template."""

    place_seen = forms.ModelChoiceField(Organisation.objects.none(), label=_("Place"))

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place_seen"].queryset = places  # type: ignore[attr-defined]


def duty_choices(campaign: Campaign) -> list[tuple[int, str]]:
    """Duties to choose from, by group."""
    return [(duty.pk, f"{duty.group.name} · {duty.title}") for duty in duties_of(campaign)]


def inspected_places(campaign: Campaign, checklist: str) -> QuerySet[Organisation]:
    """Where a checklist fits: sites, or communities and units."""
    if checklist == "site":
        return sites_of(campaign)
    kinds = (Organisation.Kind.COMMUNITY, Organisation.Kind.UNIT, Organisation.Kind.SCHOOL)
    return Organisation.objects.filter(
        path__begins=campaign.organisation.path, kind__in=kinds, closed_on=None
    ).order_by("path")


def duty_of(campaign: Campaign, pk: str) -> Duty | None:
    """The duty with this id, if it is one of the campaign's."""
    return duties_of(campaign).filter(pk=int(pk)).first() if pk.isdecimal() else None
