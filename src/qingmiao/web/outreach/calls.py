"""The call desk: one home at a time, leased to the caller; what was said; who came after the call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingmiao.audit import door
from qingmiao.law.dated import rule_file, threshold
from qingmiao.outreach.actions.calls import PERMISSION, NotYourHome, give_back_home, record_call, take_home
from qingmiao.outreach.models import Call, CallHome
from qingmiao.outreach.queries.calls import Home, call_figures, calls_about, home_leased, still_to_ring
from qingmiao.outreach.rules import outcomes
from qingmiao.registry.models import Person
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.child.views import SEE
from qingmiao.web.child.words import dose_word, in_language
from qingmiao.web.once import OnceForm
from qingmiao.web.outreach.lists import people_for, vaccine_of

FIGURES_DAYS = 30


class SaidForm(OnceForm):
    """What came of the call about one child."""

    outcome = forms.ChoiceField()
    until = forms.DateField(required=False)
    remark = forms.CharField(max_length=200, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, key) for key in outcomes()]


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The home that is rung now, or the next one to take; below, what calls brought in the last weeks."""
    who, today = access.actor(request), access.today(request)
    if not who.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    people = people_for(request)
    home = home_leased(people, who.user_id or 0, access.now(request), today)
    if home is not None:
        door.look("outreach.call", by=who, at=access.now(request), people=home.children)
    context = {
        "home": home,
        "from_memory": rule_file("outreach", "calls")["from_memory"],
        "children": [_child(person, home) for person in home.children] if home else [],
        "left": still_to_ring(people, today),
        "figures": _figures(request),
        "outcomes": [
            {"key": key, "title": in_language(row.title), "closes": row.closes} for key, row in outcomes().items()
        ],
    }
    return render(request, "outreach/calls.html", context)


def _child(person: Person, home: Home) -> dict[str, Any]:
    guardian = person.guardians.order_by("pk").first()
    phone = guardian.phone if guardian and guardian.phone else None
    own = person.phones.order_by("pk").first()
    return {
        "person": person,
        "guardian": guardian,
        # Whoever rings must see whom to ring: that this number was shown is in the trail.
        "phone": phone.reveal() if phone else own.number.reveal() if own else "",
        "owed": [
            {"text": f"{vaccine_of(row)} {dose_word(row.dose_number)}", "since": row.recommended}
            for row in home.owed.get(person.pk, [])
        ],
        "earlier": [_earlier(call) for call in calls_about(person)],
    }  # fmt: skip


def _earlier(call: Call) -> dict[str, Any]:
    row = outcomes().get(call.outcome)
    return {
        "at": call.at,
        "text": in_language(row.title) if row else call.outcome,
        "note": call.note,
        "until": call.until,
    }


def _figures(request: HttpRequest) -> dict[str, Any]:
    today = access.today(request)
    first = today - timedelta(days=FIGURES_DAYS)
    found = call_figures(people_for(request), first, today)
    names = outcomes()
    return {
        "found": found,
        "first": first,
        "rule": threshold("outreach", "calls", "came_within_days"),
        "by_outcome": [(in_language(names[key].title), n) for key, n in found.by_outcome.items() if key in names],
    }


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the next home."""
    if take_home(by=access.actor(request), at=access.now(request)) is None:
        messages.info(request, _("Nobody is left to ring today."))
    return redirect("outreach:calls")


@require_POST
def said(request: HttpRequest, home: int, pk: int) -> HttpResponse:
    """What was said about one child."""
    person = access.record(request, Person, SEE, pk=pk)
    form = SaidForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what came of the call; a date is written 2026-12-31."))
        return redirect("outreach:calls")
    try:
        record_call(
            by=access.actor(request),
            home=_home(home),
            person=person,
            at=access.now(request),
            **form.cleaned_data,
        )
    except NotYourHome as gone:
        messages.error(request, str(gone))
    else:
        rule = outcomes()[form.cleaned_data["outcome"]]
        messages.success(request, _("Written down."))
        if rule.ends_management:
            messages.info(request, _("Close the record as well: residence and unit, no longer here."))
            return redirect("child:manage", pk=pk)
    return redirect("outreach:calls")


@require_POST
def done(request: HttpRequest, home: int) -> HttpResponse:
    """Give the home back, and take the next if that was asked."""
    who = access.actor(request)
    if not who.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    try:
        give_back_home(by=who, home=_home(home), at=access.now(request))
    except NotYourHome as gone:
        messages.error(request, str(gone))
    if "next" in request.POST:
        return take(request)
    return redirect("outreach:calls")


def _home(pk: int) -> CallHome:
    """A home by its number; 404 for one that nobody ever took."""
    return get_object_or_404(CallHome, pk=pk)
