"""The observation room: who sits here until when, who may go, who is gone, who is unwell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.actions.observation import (
    close_reaction,
    give_seat,
    give_up_calling_back,
    note_call_back,
    note_came_back,
    note_left_early,
    number_seats,
    observe_longer,
    release,
    report_unwell,
    undo_release,
)
from qingmiao.clinic.models import CallBack, Observation, Reaction, Visit, VisitEvent
from qingmiao.clinic.queries.rooms import SOON, called_back, ended_on, in_room, newest_release, of_units, seats_of
from qingmiao.clinic.rules import Event, Refused, State
from qingmiao.clinic.words import SIGNS
from qingmiao.safety.actions.green import note_treatment
from qingmiao.safety.models import Treatment
from qingmiao.safety.observing import why_longer
from qingmiao.safety.queries.green import treatments_of_dose
from qingmiao.safety.rules import Refused as NothingMeasured
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.web import access
from qingmiao.web.codes import qr_svg
from qingmiao.web.front_desk.site_day import SiteDay, carried_out, looked_at, site_day, strip
from qingmiao.web.once import request_id
from qingmiao.web.status import Tone
from qingmiao.web.templatetags.qm import clock

OBSERVE = "clinic.observe"
UNDO_SECONDS = 120
FIGURE = re.compile(r"\d{1,3}([./]\d{1,3})?", re.ASCII)
VITALS: dict[str, tuple[str | Promise, str]] = {
    "pressure": (gettext_lazy("Blood pressure"), "mmHg"),
    "pulse": (gettext_lazy("Pulse"), "/min"),
    "breaths": (gettext_lazy("Breaths"), "/min"),
    "oxygen": (gettext_lazy("Oxygen saturation"), "%"),
    "celsius": (gettext_lazy("Temperature"), "℃"),
}
TIGHT_FROM = 31
LONGER_MINUTES = (45, 60, 90, 120)


@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """Cards by the time left: alarms first, then who may go."""
    day = site_day(request, OBSERVE)
    seats = [seat(one, day.at) for one in in_room(day.site)]
    looked_at(request, [one["observation"].visit for one in seats])
    wanted = request.GET.get("q", "").strip().rstrip("/").rsplit("/", 1)[-1]
    shown = [one for one in seats if not wanted or wanted.upper() == one["ticket"] or wanted == one["token"]]
    if wanted and not shown:
        messages.error(request, _("Nobody in the room has this ticket."))
        return redirect("observation:room")
    context = {
        "seats": shown,
        "is_one": bool(wanted),
        "is_tight": len(shown) >= TIGHT_FROM,
        "counts": _counts(seats, ended_on(day.site, day.day).count()),
        "seats_in_all": seats_of(day.site),
        "may_number_seats": day.who.may("clinic.plan_session", day.site),
        "undo": _undo(day),
    }
    return render(request, "observation/room.html", day.frame | context)


def seat(observation: Observation, at: datetime) -> dict[str, Any]:
    """One card for components/seat.html."""
    visit = observation.visit
    left = observation.until - at
    is_gone = visit.where is State.LEFT_EARLY
    short = observation.until - observation.left_at if is_gone and observation.left_at else left
    minutes = max(0, -int(-short.total_seconds() // 60))
    tone, word = _tone(visit.where, left.total_seconds(), left <= SOON)
    return {
        "observation": observation,
        "ticket": visit.ticket,
        "token": visit.slip_token,
        "name": visit.person.masked_name,
        "place": observation.seat,
        "until": observation.until,
        "minutes": minutes,
        "tone": tone,
        "word": word,
        "alarm": is_gone,
        "is_ill": visit.where is State.REACTION,
        "is_free": tone is Tone.GO,
    }


def _tone(where: State, seconds: float, is_soon: bool) -> tuple[Tone, str]:
    if where is State.LEFT_EARLY:
        return Tone.STOP, _("Left early")
    if where is State.REACTION:
        return Tone.STOP, _("Unwell")
    if seconds <= 0:
        return Tone.GO, _("Free to go")
    return (Tone.WAIT, _("Nearly over")) if is_soon else (Tone.LATER, _("Under observation"))


def _counts(seats: list[dict[str, Any]], released: int) -> list[dict[str, Any]]:
    return [
        {
            "count": sum(one["alarm"] for one in seats),
            "label": _("left early"),
            "tone": "is-stop",
            "url": reverse("observation:call-backs"),
        },
        {"count": sum(one["is_ill"] for one in seats), "label": _("unwell"), "tone": "is-stop"},
        {"count": sum(one["is_free"] for one in seats), "label": _("free to go"), "tone": "is-go", "keep": True},
        {"count": sum(one["tone"] is Tone.WAIT for one in seats), "label": _("over in 5 minutes"), "tone": "is-wait"},
        {"count": len(seats), "label": _("in the room"), "tone": "is-later", "keep": True},
        {"count": released, "label": _("gone today"), "tone": "is-later", "url": reverse("observation:ended")},
    ]


def count_in_room(who: Actor, at: datetime) -> int:
    """For the left column: people under observation where the actor works."""
    return who.visible(OBSERVE, Observation).filter(ending="").count()


def _undo(day: SiteDay) -> dict[str, Any] | None:
    done = newest_release(day.site, day.who.user_id)
    if done is None or (day.at - done.at).total_seconds() > UNDO_SECONDS:
        return None
    return {
        "text": _("{ticket} released at {time}").format(ticket=done.visit.ticket, time=clock(done.at)),
        "url": reverse("observation:undo", args=[done.pk]),
    }


@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Release, left early, came back."""
    observation = access.record(request, Observation, OBSERVE, pk=pk)
    by, at, asked = access.actor(request), access.now(request), request_id(request)
    acts = {
        "release": lambda: release(by=by, observation=observation, at=at, request_id=asked),
        "gone": lambda: note_left_early(by=by, observation=observation, at=at, request_id=asked),
        "back": lambda: note_came_back(by=by, observation=observation, answer=_("Came back"), at=at, request_id=asked),
    }
    carried_out(request, acts[what])
    return redirect("observation:room")


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The wrong card was tapped."""
    done = get_object_or_404(
        VisitEvent, pk=pk, event=Event.RELEASE, visit__in=access.actor(request).visible("clinic.see_visit", Visit)
    )
    carried_out(request, lambda: undo_release(by=access.actor(request), done=done, at=access.now(request)))
    return redirect("observation:room")


@require_http_methods(["GET", "POST"])
def gone(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody left early: the name and phones to call, every try so far, and what was done in the end."""
    observation = access.record(request, Observation, OBSERVE, pk=pk)
    visit = observation.visit
    if request.method == "POST" and "result" in request.POST:
        carried_out(request, lambda: _called(request, observation))
        return redirect("observation:gone", pk)
    if request.method == "POST":
        done = carried_out(
            request,
            lambda: give_up_calling_back(
                by=access.actor(request),
                observation=observation,
                answer=request.POST.get("answer", ""),
                at=access.now(request),
                request_id=request_id(request),
            ),
        )
        if done is not None:
            return redirect("observation:room")
    access.looked_at(request, "clinic.call_back", [visit.person])
    leader = visit.batch.leader if visit.batch else ""
    context = {
        "observation": observation,
        "person": strip(visit),
        "phones": [phone.number.reveal() for phone in visit.person.phones.all()],
        "leader": leader,
        "unit": visit.batch.unit.name if visit.batch else "",
        "tries": observation.call_backs.order_by("-pk"),
        "results": CallBack.Result.choices,
    }
    return render(request, "observation/gone.html", site_day(request, OBSERVE).frame | context)


def _called(request: HttpRequest, observation: Observation) -> CallBack:
    try:
        result = CallBack.Result(request.POST["result"])
    except ValueError:
        raise Refused(_("Choose what came of the call.")) from None
    return note_call_back(
        by=access.actor(request),
        observation=observation,
        result=result,
        said=request.POST.get("said", ""),
        at=access.now(request),
        request_id=request_id(request),
    )


@require_GET
def call_backs(request: HttpRequest) -> HttpResponse:
    """Everybody who left early and is not back: whom to call, how often it was tried, what was said."""
    day = site_day(request, OBSERVE)
    gone = called_back(day.site)
    looked_at(request, [observation.visit for observation in gone])
    rows = [_call_row(observation) for observation in gone]
    return render(request, "observation/call_backs.html", day.frame | {"rows": rows})


def _call_row(observation: Observation) -> dict[str, Any]:
    tries = sorted(observation.call_backs.all(), key=lambda call: call.pk)
    short = observation.until - (observation.left_at or observation.until)
    return {
        "observation": observation,
        "short": max(0, -int(-short.total_seconds() // 60)),
        "tries": tries,
        "last": tries[-1] if tries else None,
    }


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person in the room: another seat, a longer stay, what was measured."""
    observation = access.record(request, Observation, OBSERVE, pk=pk)
    if request.method == "POST":
        done = carried_out(request, lambda: _changed(request, observation))
        return redirect("observation:room") if done is not None else redirect("observation:one", pk)
    looked_at(request, [observation.visit])
    context = {
        "observation": observation,
        "person": strip(observation.visit),
        "minutes": int((observation.until - observation.since).total_seconds() // 60),
        "because": why_longer(observation.longer_because, get_language() or "zh-hans"),
        "choices": LONGER_MINUTES,
    } | measured_context(observation)
    return render(request, "observation/one.html", site_day(request, OBSERVE).frame | context)


def measured_context(observation: Observation) -> dict[str, Any]:
    """What was measured and given so far, and the fields of the next measurement."""
    return {
        "measured": [
            {"at": one.at, "text": f"{one.get_what_display()} {one.text.reveal()}"}
            for one in treatments_of_dose(observation.dose)
        ],
        "vitals": [{"name": name, "title": title, "unit": unit} for name, (title, unit) in VITALS.items()],
    }


@require_POST
def vitals(request: HttpRequest, pk: int) -> HttpResponse:
    """Blood pressure, pulse and so on, as measured now: figures only, at least one of them."""
    observation = access.record(request, Observation, OBSERVE, pk=pk)
    try:
        note_treatment(
            by=access.actor(request),
            site=observation.visit.session.site,
            dose=observation.dose,
            what=Treatment.What.VITALS,
            text=_as_line(request.POST),
            at=access.now(request),
            request_id=request_id(request),
        )
    except NothingMeasured as refusal:
        messages.error(request, str(refusal))
    reaction = observation.dose.reactions.filter(outcome="").first()
    return redirect("observation:reaction", reaction.pk) if reaction else redirect("observation:one", pk)


def _as_line(typed: Mapping[str, str]) -> str:
    """The figures that were typed, with their names and units."""
    parts = []
    for name, (title, unit) in VITALS.items():
        figure = typed.get(name, "").strip()
        if figure and not FIGURE.fullmatch(figure):
            raise NothingMeasured(_("{what}: figures only, for example {example}.").format(what=title, example="120"))
        if figure:
            parts.append(f"{title} {figure} {unit}".strip())
    if not parts:
        raise NothingMeasured(_("Write how much, or what was measured."))
    return "，".join(parts)


def _changed(request: HttpRequest, observation: Observation) -> Observation:
    who, asked = access.actor(request), request_id(request)
    if "seat" in request.POST:
        return give_seat(by=who, observation=observation, seat=request.POST["seat"], request_id=asked)
    minutes = request.POST.get("minutes", "")
    return observe_longer(
        by=who,
        observation=observation,
        minutes=int(minutes) if minutes.isdigit() else 0,
        because=request.POST.get("because", ""),
        at=access.now(request),
        request_id=asked,
    )


@require_POST
def seats(request: HttpRequest) -> HttpResponse:
    """How many seats the room has."""
    day = site_day(request, "clinic.plan_session")
    asked = request.POST.get("seats", "")
    carried_out(request, lambda: number_seats(by=day.who, site=day.site, seats=int(asked) if asked.isdigit() else 0))
    return redirect("observation:room")


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """For whoever leads a unit in: who of theirs may not leave yet, who has gone early, who may go home."""
    who = access.actor(request)
    if not who.paths_for("clinic.name_batch"):
        raise NotAllowed("clinic.name_batch")
    at = access.now(request)
    rows = of_units(who, access.today(request))
    if rows:
        access.looked_at(request, "clinic.see_batch", [row.visit.person for row in rows])
    running = [seat(row, at) | {"unit": row.visit.batch.unit.name, "full_name": row.visit.person.name} for row in rows
               if not row.ending and row.visit.batch]  # fmt: skip
    context = {
        "stay": [one for one in running if not one["is_free"] and not one["alarm"]],
        "alarms": [one for one in running if one["alarm"]],
        "free": [one for one in running if one["is_free"]],
        "gone": [row for row in rows if row.ending],
        "now": at,
    }
    return render(request, "observation/units.html", context)


@require_http_methods(["GET", "POST"])
def unwell(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a record of somebody who feels unwell: what is seen, in one press each."""
    observation = access.record(request, Observation, OBSERVE, pk=pk)
    if request.method == "POST":
        reaction = carried_out(
            request,
            lambda: report_unwell(
                by=access.actor(request),
                observation=observation,
                signs=request.POST.getlist("signs"),
                seen=request.POST.get("seen", ""),
                at=access.now(request),
                request_id=request_id(request),
            ),
        )
        if reaction is not None:
            return redirect("observation:reaction", reaction.pk)
    looked_at(request, [observation.visit])
    context = {"observation": observation, "person": strip(observation.visit), "signs": SIGNS.items()}
    return render(request, "observation/unwell.html", site_day(request, OBSERVE).frame | context)


@require_http_methods(["GET", "POST"])
def reaction(request: HttpRequest, pk: int) -> HttpResponse:
    """A reaction that is open: what was seen, since when; closed with what became of it."""
    day = site_day(request, OBSERVE)
    found = access.record(request, Reaction, OBSERVE, pk=pk)
    if request.method == "POST":
        closed = carried_out(
            request,
            lambda: close_reaction(
                by=day.who,
                reaction=found,
                outcome=request.POST.get("outcome", ""),
                what_was_done=request.POST.get("what_was_done", ""),
                at=day.at,
                request_id=request_id(request),
            ),
        )
        if closed is not None:
            return redirect("observation:room")
    looked_at(request, [found.visit])
    context = {
        "reaction": found,
        "person": strip(found.visit),
        "signs": [SIGNS[code] for code in found.signs],
        "minutes": int((day.at - found.opened_at).total_seconds() // 60),
        "observation": (observation := found.dose.observation),
    } | measured_context(observation)
    return render(request, "observation/reaction.html", day.frame | context)


@require_GET
def ended(request: HttpRequest) -> HttpResponse:
    """Who has gone today, when and how."""
    day = site_day(request, OBSERVE)
    rows = list(ended_on(day.site, day.day)[:200])
    looked_at(request, [row.visit for row in rows])
    return render(request, "observation/ended.html", day.frame | {"rows": rows})


@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The observation slip: ticket, time in, time out; its QR opens a page without personal data."""
    observation = get_object_or_404(
        Observation, pk=pk, visit__in=access.actor(request).visible("clinic.see_visit", Visit)
    )
    visit, dose = observation.visit, observation.dose
    paper = {
        "title": _("Observation slip"),
        "place": visit.session.site.name,
        "ticket": visit.ticket,
        "name": visit.person.masked_name,
        "seat": observation.seat,
        "headline": _("Do not leave before"),
        "big": clock(observation.until),
        "facts": [
            {"term": _("Time in"), "text": timezone.localtime(observation.since).strftime("%Y-%m-%d %H:%M")},
            {"term": _("Time out"), "text": clock(observation.until)},
            {"term": _("Vaccine"), "text": dose.vaccine},
            {"term": _("Lot"), "text": dose.lot_number},
        ],
        "warning": _("Unwell? Raise your hand at once."),
        "lines": [_("A member of staff lets you go.")],
        "code": qr_svg(request.build_absolute_uri(reverse("slip", args=[visit.slip_token]))),
        "back": _("Scan to see the time left"),
    }
    return render(request, "front_desk/paper.html", {"slip": paper, "wide": "wide" in request.GET})
