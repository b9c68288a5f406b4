"""Forms of the campaign: shown, sent, answered, with nothing typed lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qingmiao.campaign.models import Campaign
from qingmiao.campaign.queries.organisation import campaign_above, running
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.once import OnceForm


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class MomentField(forms.DateTimeField):
    """A day and a time."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    input_formats = ["%Y-%m-%dT%H:%M"]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M"], **kwargs)


class PictureField(forms.FileField):
    """A photo; on a phone it opens the camera. Cleans to its bytes, empty if none was taken."""

    widget = forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"})

    def clean(self, data: Any, initial: Any = None) -> bytes:
        file = super().clean(data, initial)
        return file.read() if isinstance(file, UploadedFile) else b""


@dataclass(frozen=True)
class Page:
    """What surrounds a form: its title, where it came from, the word on its button."""

    title: str
    back: str
    button: str
    place: str = ""
    note: str = ""
    said: str = ""


def asked(
    request: HttpRequest,
    form: OnceForm,
    carry_out: Callable[[dict[str, Any]], Any],
    page: Page,
    *,
    then: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show `form`, or carry out what was sent and go back (or to what `then` says); a refusal shows the form again."""
    if request.method == "POST" and form.is_valid():
        try:
            done = carry_out(dict(form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if page.said:
                messages.success(request, page.said)
            return redirect(then(done) if then else page.back)
    context = {"page": page, "form": form, "place": page.place}
    return render(request, "campaign/form.html", context, status=422 if form.errors else 200)


def pressed(request: HttpRequest, form_class: type[OnceForm], carry_out: Callable[[dict[str, Any]], Any]) -> bool:
    """Carry out what a button or a small form sent; what refuses it is said at the top of the next page."""
    form = form_class(request.POST)
    if not form.is_valid():
        for name, errors in form.errors.items():
            label = form.fields[name].label or name if name in form.fields else ""
            messages.error(request, f"{label} {' '.join(map(str, errors))}".strip())
        return False
    try:
        carry_out(dict(form.cleaned_data))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def campaign_asked(request: HttpRequest, permission: str = "campaign.see") -> Campaign | None:
    """The campaign that a desk is about: `?campaign=`, else the latest one that runs; None when there is none."""
    who = access.actor(request)
    if not who.paths_for(permission):
        raise NotAllowed(permission)
    wanted = request.GET.get("campaign", "")
    if wanted.isdecimal():
        return access.record(request, Campaign, permission, pk=int(wanted))
    return running(who.visible(permission, Campaign)).first()


def campaign_reached(request: HttpRequest, permission: str) -> Campaign | None:
    """The campaign that whoever holds `permission` works for: one they lead, else the one above their place."""
    who = access.actor(request)
    paths = who.paths_for(permission)
    if not paths:
        raise NotAllowed(permission)
    wanted = request.GET.get("campaign", "")
    if wanted.isdecimal() and who.paths_for("campaign.see"):
        return access.record(request, Campaign, "campaign.see", pk=int(wanted))
    found = running(who.visible(permission, Campaign)).first()
    return found or next(filter(None, map(campaign_above, paths)), None)


def places_reached(request: HttpRequest, permission: str, campaign: Campaign) -> QuerySet[Organisation]:
    """The places of the campaign where the actor holds `permission`, along the tree."""
    visible = access.actor(request).visible(permission, Organisation)
    return visible.filter(path__begins=campaign.organisation.path, closed_on=None).order_by("path")


def no_campaign(request: HttpRequest, title: str) -> HttpResponse:
    """The page of a desk that needs a campaign before there is one."""
    text = _("No campaign runs yet. The office opens one under “Campaign”; this desk follows by itself.")
    return render(request, "campaign/none.html", {"title": title, "text": text})
