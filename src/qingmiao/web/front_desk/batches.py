"""The site's side of batches: accept with time, leader and area, send back, call in; and planning a session."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.actions.batches import accept_batch, call_batch, move_batch, return_batch, uncall_batch
from qingmiao.clinic.models import Batch, Session
from qingmiao.clinic.queries.areas import areas_of, sessions_from
from qingmiao.clinic.queries.days import batches_of, suggested_terms
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import carried_out, looked_at, site_day, strip, tag_of
from qingmiao.web.once import request_id

ACCEPT = "clinic.accept_batch"


class TermsForm(forms.Form):
    """Time, leader and area of a batch."""

    starts_at = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    area = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Area"), widget=forms.RadioSelect, empty_label=None
    )
    leader = forms.CharField(label=gettext_lazy("Leader"), max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, site: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [area.pk for area in areas_of(site)]
        self.fields["area"].queryset = Organisation.objects.filter(pk__in=ids).order_by("name")  # type: ignore[attr-defined]


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Sessions from today on, each with its batches: those to be accepted first."""
    day = site_day(request, ACCEPT)
    sessions = [
        {"session": session, "batches": list(batches_of(session))} for session in sessions_from(day.site, day.day)
    ]
    may_plan = day.who.may("clinic.plan_session", day.site)
    return render(request, "front_desk/batches.html", day.frame | {"sessions": sessions, "may_plan": may_plan})


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: who is on it, and its terms to accept or change."""
    found = access.record(request, Batch, ACCEPT, pk=pk)
    site = found.session.site
    form = TermsForm(request.POST or None, site=site, initial=_terms(found))
    if request.method == "POST" and form.is_valid():
        terms = form.cleaned_data
        starts_at = timezone.make_aware(datetime.combine(found.session.day, terms["starts_at"]))
        accepted = carried_out(
            request,
            lambda: accept_batch(
                by=access.actor(request),
                batch=found,
                version=terms["version"],
                starts_at=starts_at,
                area=terms["area"],
                leader=terms["leader"],
                at=access.now(request),
                request_id=request_id(request),
            ),
        )
        if accepted is not None:
            messages.success(request, _("Batch {number} is accepted.").format(number=accepted.number))
            return redirect("front_desk:batches")
    return render(request, "front_desk/batch.html", _batch_context(request, found, form))


def _terms(found: Batch) -> dict[str, Any]:
    starts_at, area = (found.starts_at, found.area_id) if found.starts_at else suggested_terms(found)
    return {
        "starts_at": timezone.localtime(starts_at).strftime("%H:%M"),
        "area": area,
        "leader": found.leader,
        "version": found.version,
    }


def _batch_context(request: HttpRequest, found: Batch, form: TermsForm) -> dict[str, Any]:
    day = site_day(request, ACCEPT)
    visits = list(found.visits.exclude(state="cancelled").select_related("person", "batch__unit", "session"))
    looked_at(request, visits)
    visits.sort(key=lambda visit: (visit.is_late_addition, visit.person.name_spelled))
    rows = [{"visit": visit, "person": strip(visit), "tag": tag_of(visit, day.at)} for visit in visits]
    terms = {"session": found.session_id, "area": found.area_id, "starts_at": _terms(found)["starts_at"]}
    moving = MoveForm(site=found.session.site, today=day.day, initial=terms, auto_id="move_%s")
    may_move = found.number is not None and not any(visit.arrived_at for visit in visits)
    return day.frame | {"batch": found, "form": form, "rows": rows, "moving": moving if may_move else None}


class MoveForm(forms.Form):
    """Where a whole batch goes: another time, or another day of the site."""

    session = forms.ModelChoiceField(Session.objects.none(), label=gettext_lazy("Day"), empty_label=None)
    starts_at = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    area = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Area"), empty_label=None)

    def __init__(self, *args: Any, site: Organisation, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [area.pk for area in areas_of(site)]
        self.fields["session"].queryset = sessions_from(site, today)  # type: ignore[attr-defined]
        self.fields["session"].label_from_instance = lambda one: one.day.isoformat()  # type: ignore[attr-defined]
        self.fields["area"].queryset = Organisation.objects.filter(pk__in=areas).order_by("name")  # type: ignore[attr-defined]


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a whole accepted batch to another time or day."""
    found = access.record(request, Batch, ACCEPT, pk=pk)
    form = MoveForm(request.POST, site=found.session.site, today=access.today(request))
    version = request.POST.get("version", "")
    if not form.is_valid() or not version.isdigit():
        messages.error(request, _("Choose day, time and area."))
        return redirect("front_desk:batch", found.pk)
    terms = form.cleaned_data
    starts_at = timezone.make_aware(datetime.combine(terms["session"].day, terms["starts_at"]))
    moved = carried_out(
        request,
        lambda: move_batch(
            by=access.actor(request),
            batch=found,
            version=int(version),
            session=terms["session"],
            starts_at=starts_at,
            area=terms["area"],
            at=access.now(request),
            request_id=request_id(request),
        ),
    )
    if moved is None:
        return redirect("front_desk:batch", found.pk)
    text = _("The batch has moved: number {number}, {day} {time}. Tell the unit.")
    day, time_ = moved.session.day.isoformat(), terms["starts_at"].strftime("%H:%M")
    messages.success(request, text.format(number=moved.number, day=day, time=time_))
    return redirect("front_desk:batches")


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a list back to its unit, saying why."""
    found = access.record(request, Batch, ACCEPT, pk=pk)
    reason, version = request.POST.get("reason", "").strip(), request.POST.get("version", "")
    if not reason or not version.isdigit():
        messages.error(request, _("Say why the list is sent back: the unit reads it."))
        return redirect("front_desk:batch", found.pk)
    done = carried_out(
        request,
        lambda: return_batch(
            by=access.actor(request),
            batch=found,
            version=int(version),
            reason=reason[:120],
            request_id=request_id(request),
        ),
    )
    if done is not None:
        messages.success(request, _("Sent back to {unit}.").format(unit=found.unit.name))
    return redirect("front_desk:batches")


@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a batch in, or take the call back."""
    found = access.record(request, Batch, "clinic.accept_batch", pk=pk)
    version = request.POST.get("version", "")
    who, at = access.actor(request), access.now(request)
    if version.isdigit() and "undo" in request.POST:
        carried_out(request, lambda: uncall_batch(by=who, batch=found, version=int(version)))
    elif version.isdigit() and (
        carried_out(request, lambda: call_batch(by=who, batch=found, version=int(version), at=at)) is not None
    ):
        messages.success(
            request,
            _("Batch {number} is called: {leader} brings the people to {area}.").format(
                number=found.number, leader=found.leader, area=found.area.name if found.area else ""
            ),
        )
    return redirect("front_desk:desk")
