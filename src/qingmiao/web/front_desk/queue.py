"""What consent, screening and injection desks share: choose a desk, take the next person, pass over, send away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from qingmiao.clinic.actions.front_desk import send_away
from qingmiao.clinic.actions.queue import PERMISSION, call_person, pass_over, put_back, take_next
from qingmiao.clinic.models import Desk, Visit
from qingmiao.clinic.queries.queue import at_desk, desks_of, of_ticket, passed_over, waiting
from qingmiao.clinic.reasons import LISTED, reason_coded
from qingmiao.clinic.rules import QUEUES, Event, State, Step
from qingmiao.clinic.words import STEPS
from qingmiao.staff.access import Actor
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import SiteDay, carried_out, looked_at, priority_word, site_day
from qingmiao.web.once import request_id
from qingmiao.web.templatetags.qm import clock

SHOWN = 12  # of the queue; the rest is a figure


@dataclass(frozen=True)
class Station:
    """One desk on the day of the request, with the person who sits at it."""

    day: SiteDay
    desk: Desk
    visit: Visit | None

    @property
    def url(self) -> str:
        return reverse(f"{self.desk.step}:desk", args=[self.desk.pk])

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What every desk's page shows: who waits, who was passed over, the person at the desk and the steps so far."""
        queue = waiting(self.desk, self.day.at)
        people = queue.order_by().aggregate(waiting=Count("pk"), since=Min("queued_at"))
        passed = list(passed_over(self.desk, self.day.at))
        if self.visit is not None:
            looked_at(request, [self.visit])
        area = self.desk.organisation.parent
        return self.day.frame | {
            "station": self,
            "desk": self.desk,
            "visit": self.visit,
            "queue": [_shown(visit) for visit in queue.select_related("person", "session")[:SHOWN]],
            "waiting": people["waiting"],
            "longest": _minutes(people["since"], self.day),
            "passed": passed,
            "place_detail": area.name if area is not None and area != self.day.site else "",
            "steps": steps_of(self.visit, Step(self.desk.step)) if self.visit else [],
        }


def _shown(visit: Visit) -> Visit:
    """The visit with the word why it is called first, for the list."""
    visit.first_word = priority_word(visit)  # type: ignore[attr-defined]
    return visit


def _minutes(since: datetime | None, day: SiteDay) -> int | None:
    return int((day.at - since).total_seconds() // 60) if since else None


def station(request: HttpRequest, desk_id: int, step: Step) -> Station:
    """The desk of the address, if the actor may work there; else 404."""
    desk = access.record(request, Desk, PERMISSION[step], pk=desk_id, step=step.value)
    return Station(site_day(request, PERMISSION[step]), desk, at_desk(desk))


def steps_of(visit: Visit, now: Step) -> list[dict[str, Any]]:
    """The chain of a visit for components/steps.html."""
    minutes = {
        "arrived": (pgettext("step", "Reception"), visit.arrived_at),
        "informed": (pgettext("step", "Notice"), visit.informed_at),
        "consent": (pgettext("step", "Signature"), visit.consented_at),
        "screening": (pgettext("step", "Screening"), visit.screened_at),
        "injection": (pgettext("step", "Injection"), visit.vaccinated_at),
    }
    here = "informed" if now is Step.CONSENT and visit.where is State.ARRIVED else now.value
    steps: list[dict[str, Any]] = [
        {"title": title, "state": "now" if key == here else "done" if at else "", "note": clock(at)}
        for key, (title, at) in minutes.items()
    ]
    return [
        *steps,
        {"title": pgettext("step", "Observation"), "state": "", "note": _("by the clock")},
        {"title": pgettext("step", "Release"), "state": "", "note": _("by a person")},
    ]


def waiting_for_consent(who: Actor, at: datetime) -> int:
    """How many people wait for a consent desk where the actor works."""
    return _count(Step.CONSENT, who, at)


def waiting_for_screening(who: Actor, at: datetime) -> int:
    """How many people wait for a screening desk where the actor works."""
    return _count(Step.SCREENING, who, at)


def waiting_for_injection(who: Actor, at: datetime) -> int:
    """How many people wait for an injection desk where the actor works."""
    return _count(Step.INJECTION, who, at)


def _count(step: Step, who: Actor, at: datetime) -> int:
    visits = who.visible(PERMISSION[step], Visit)
    return visits.filter(session__day=timezone.localdate(at), state__in=QUEUES[step]).count()


@require_GET
def choose(request: HttpRequest, step: Step) -> HttpResponse:
    """The desks of the site for one step; straight to the only one."""
    day = site_day(request, PERMISSION[step])
    desks = list(desks_of(day.site, step))
    if len(desks) == 1:
        return redirect(f"{step.value}:desk", desks[0].pk)
    rows = [{"desk": desk, "waiting": waiting(desk, day.at).count(), "here": at_desk(desk)} for desk in desks]
    return render(request, "front_desk/choose.html", day.frame | {"rows": rows, "title": STEPS[step], "step": step})


def queue_urls(step: Step) -> list[URLPattern]:
    """The addresses that every queueing desk has besides its own."""
    here = {"step": step}
    return [
        path("", choose, here, name="desks"),
        path("<int:desk_id>/next/", next_person, here, name="next"),
        path("<int:desk_id>/call/", call, here, name="call"),
        path("<int:desk_id>/pass/", passed, here, name="pass"),
        path("<int:desk_id>/back/", back, here, name="back"),
        path("<int:desk_id>/away/", away, here, name="away"),
    ]


@require_POST
def next_person(request: HttpRequest, desk_id: int, step: Step) -> HttpResponse:
    """Take whoever is next in the queue."""
    here = station(request, desk_id, step)
    carried_out(
        request, lambda: take_next(by=here.day.who, desk=here.desk, at=here.day.at, request_id=request_id(request))
    )
    return redirect(here.url)


@require_POST
def call(request: HttpRequest, desk_id: int, step: Step) -> HttpResponse:
    """Take a person out of turn, by the list or by the slip."""
    here = station(request, desk_id, step)
    visit = _meant(request, here)
    if visit is None:
        messages.error(request, _("Nobody here has this ticket today. Scan the slip again, or type the number."))
    else:
        carried_out(request, lambda: call_person(by=here.day.who, desk=here.desk, visit=visit, at=here.day.at))
    return redirect(here.url)


@require_POST
def passed(request: HttpRequest, desk_id: int, step: Step) -> HttpResponse:
    """Pass over whoever was called and did not come."""
    here = station(request, desk_id, step)
    if (visit := here.visit) is not None:
        carried_out(request, lambda: pass_over(by=here.day.who, desk=here.desk, visit=visit, at=here.day.at))
    return redirect(here.url)


@require_POST
def back(request: HttpRequest, desk_id: int, step: Step) -> HttpResponse:
    """Put whoever was called back to where they stood."""
    here = station(request, desk_id, step)
    if (visit := here.visit) is not None:
        carried_out(request, lambda: put_back(by=here.day.who, desk=here.desk, visit=visit))
    return redirect(here.url)


@require_POST
def away(request: HttpRequest, desk_id: int, step: Step) -> HttpResponse:
    """Whoever sits here goes: later, elsewhere, or home."""
    here, sent = station(request, desk_id, step), request.POST
    if (visit := here.visit) is not None:
        carried_out(
            request,
            lambda: send_away(
                by=here.day.who,
                visit=visit,
                event=event_of(sent.get("reason", ""), sent.get("event", "")),
                reason=sent.get("reason_other", ""),
                code=sent.get("reason", ""),
                to=sent.get("to", ""),
                at=here.day.at,
                request_id=request_id(request),
            ),
        )
    return redirect(here.url)


def event_of(code: str, sent: str) -> Event:
    """What happens to somebody who goes for a reason: as the list of reasons says, else as was chosen."""
    listed = reason_coded(code)
    if listed is not None:
        return listed.event
    return Event(sent) if sent in set(LISTED) else Event.LEAVE


def _meant(request: HttpRequest, here: Station) -> Visit | None:
    """The visit that was tapped in the list, or whose ticket or slip was scanned."""
    if here.day.session is None:
        return None
    if pk := request.POST.get("visit", ""):
        return here.day.session.visits.filter(pk=pk).first() if pk.isdigit() else None
    return of_ticket(here.day.session, request.POST.get("q", ""))
