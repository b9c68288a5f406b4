"""The consent desk: two fields compared aloud, the notice read, the signature drawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingmiao.clinic.actions.consent import Signed, inform, take_consent
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Visit
from qingmiao.clinic.rules import IDENTITY_FIELDS, State, Step, is_identity_checked, needs_guardian
from qingmiao.clinic.screening import form_for
from qingmiao.law.ages import adult_from
from qingmiao.web.consent.words import RELATIONS, SPOKEN
from qingmiao.web.fields import Signature, SignatureField
from qingmiao.web.front_desk.queue import Station, station
from qingmiao.web.front_desk.site_day import carried_out, strip
from qingmiao.web.once import request_id
from qingmiao.web.screening.words import AWAY_REASONS


class ConsentForm(forms.Form):
    """Nothing is ticked beforehand: a tick says that a person said it and the document agrees."""

    identity = forms.MultipleChoiceField(
        choices=[(field, field) for field in IDENTITY_FIELDS],
        error_messages={"required": gettext_lazy("Compare two fields first, then tick what was compared.")},
    )
    informed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick that the notice was read or read out, and questions answered.")}
    )
    relation = forms.ChoiceField(required=False)
    signer = forms.CharField(required=False, max_length=64)
    signature = SignatureField()

    def __init__(self, *args: Any, on: date, age: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.age, self.on = age, on
        self.fields["relation"].choices = [("", ""), *RELATIONS.items()]  # type: ignore[attr-defined]

    def clean_identity(self) -> list[str]:
        compared: list[str] = self.cleaned_data["identity"]
        if not is_identity_checked(compared, figure("identity_fields_to_compare", self.on).value):
            raise forms.ValidationError(_("Compare more fields: that is not enough yet."))
        return compared

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        signs_from = adult_from(self.on)
        if needs_guardian(self.age, signs_from) and not (found.get("relation") and found.get("signer")):
            text = _("A guardian signs for somebody under {age}: choose the relation, write the name.")
            self.add_error("signer", text.format(age=signs_from))
        return found


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, desk_id: int) -> HttpResponse:
    """The person at this desk, or the queue."""
    here = station(request, desk_id, Step.CONSENT)
    if here.visit is None:
        return render(request, "consent/desk.html", here.context(request))
    form = ConsentForm(request.POST or None, on=here.day.day, age=here.visit.person.age_on(here.day.day))
    if request.method == "POST" and str(here.visit.pk) != request.POST.get("visit"):
        messages.error(request, _("Another person is at this desk now. Nothing was signed: look again."))
        return redirect(here.url)
    if request.method == "POST" and form.is_valid() and _signed(request, here, here.visit, form.cleaned_data):
        messages.success(request, _("{ticket} has signed and goes to screening.").format(ticket=here.visit.ticket))
        return redirect(here.url)
    if form.is_bound and form.cleaned_data.get("informed") and here.visit.where is State.ARRIVED:
        visit = here.visit  # told, but not signed yet: that much is true
        carried_out(request, lambda: inform(by=here.day.who, desk=here.desk, visit=visit, at=here.day.at))
        here.visit.refresh_from_db(fields=["state", "informed_at", "version"])
    return render(request, "consent/desk.html", _context(request, here, here.visit, form))


def _signed(request: HttpRequest, here: Station, visit: Visit, found: dict[str, Any]) -> bool:
    drawn: Signature = found["signature"]
    consent = carried_out(
        request,
        lambda: take_consent(
            by=here.day.who,
            desk=here.desk,
            visit=visit,
            identity_fields=found["identity"],
            signed=Signed(drawn.path, drawn.typed, found["signer"], found["relation"]),
            language=get_language() or "zh-hans",
            at=here.day.at,
            request_id=request_id(request),
        ),
    )
    return consent is not None


def _context(request: HttpRequest, here: Station, visit: Visit, form: ConsentForm) -> dict[str, Any]:
    notice = form_for(visit.product.code, here.day.day).notice
    language = get_language() or "zh-hans"
    signs_from = adult_from(here.day.day)
    return here.context(request) | {
        "form": form,
        "person": strip(visit),
        "fields": _fields(visit, form),
        "notice": {
            "title": notice.title.in_language(language),
            "paragraphs": [text.in_language(language) for text in notice.paragraphs],
            "version": notice.version,
            "source": notice.source.title.in_language(language),
            "needs_signature": notice.source.needs_signature,
        },
        "needs_guardian": needs_guardian(visit.person.age_on(here.day.day), signs_from),
        "signs_from": signs_from,
        "relations": RELATIONS.items(),
        "away_reasons": AWAY_REASONS,
    }


def _fields(visit: Visit, form: ConsentForm) -> list[dict[str, Any]]:
    """What may be compared: the value on record, and whether it was ticked in a form that came back."""
    person, phone = visit.person, visit.person.phones.first()
    identifier = person.identifiers.first()
    values = {
        "name": person.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "number": identifier.masked if identifier else "",
        "phone": phone.masked if phone else "",
    }
    ticked = form.data.getlist("identity") if form.is_bound else []  # type: ignore[attr-defined]
    return [
        {"id": field, "ask": SPOKEN[field], "value": values[field], "ticked": field in ticked}
        for field in IDENTITY_FIELDS
        if values[field]
    ]
