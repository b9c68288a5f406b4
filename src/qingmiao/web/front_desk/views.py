"""The front desk: find who has come, record the arrival in one tap, call batches in."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingmiao.clinic.actions.front_desk import admit_walk_in, record_arrival, undo_step
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Visit, VisitEvent
from qingmiao.clinic.queries.areas import areas_of, suggested_area, waiting_by_area
from qingmiao.clinic.queries.days import batches_of, states_of_day, visits_of_day
from qingmiao.clinic.queries.front_desk import find_visits, find_walk_in, last_arrival
from qingmiao.clinic.queries.people import course_doses
from qingmiao.clinic.rules import (
    AFTER_THE_NEEDLE,
    AT_THE_SITE,
    EXPECTED,
    NOT_HERE,
    WITH_DOSE,
    WITHOUT_DOSE,
    Event,
    State,
    balanced_area,
)
from qingmiao.registry.models import Person
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.front_desk.newcomers import asked_groups
from qingmiao.web.front_desk.site_day import (
    SiteDay,
    carried_out,
    looked_at,
    site_day,
    strip,
    tag_of,
)
from qingmiao.web.once import request_id

ARRIVAL = "clinic.record_arrival"
UNDO_SHOWN_SECONDS = 120
MOST_SHOWN = 200


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """One field for who has come; the batches of today beside it."""
    day = site_day(request, ARRIVAL)
    context = day.frame | {"text": request.GET.get("q", "").strip(), "undo": _undo(day)}
    if day.session is None:
        return render(request, "front_desk/no_session.html", context)
    text = context["text"]
    visits = find_visits(day.session, text)
    walk_in = find_walk_in(day.session, text) if text and not visits else None
    looked_at(request, visits)
    if walk_in is not None:
        access.looked_at(request, "clinic.find_walk_in", [walk_in])
    batches, areas = list(batches_of(day.session)), _areas(day)
    states = states_of_day(day.day, site=day.site)
    context |= {
        "rows": _rows(visits, day, {one["area"].pk: one["waiting"] for one in areas}),
        "walk_in": _walk_in(walk_in, day) if walk_in else None,
        "groups": asked_groups(day.day),
        "may_register": bool(day.who.paths_for("registry.edit_person")),
        "areas": areas,
        "hint": _hint(areas, day),
        "batches": batches,
        "to_accept": [batch for batch in batches if batch.state == "submitted"],
        "next_batch": next((batch for batch in batches if batch.state == "accepted"), None),
        "arrived": sum(people for state, people in states.items() if state not in NOT_HERE),
        "expected": sum(states.values()),
    }
    return render(request, "front_desk/desk.html", context)


def _areas(day: SiteDay) -> list[dict[str, Any]]:
    assert day.session is not None
    waiting = waiting_by_area(day.session)
    return [{"area": area, "waiting": waiting.get(area.pk, 0)} for area in areas_of(day.site)]


def _hint(areas: list[dict[str, Any]], day: SiteDay) -> dict[str, str] | None:
    """Which area is fuller, when the difference matters."""
    fullest, emptiest = max(areas, key=itemgetter("waiting")), min(areas, key=itemgetter("waiting"))
    if fullest["waiting"] - emptiest["waiting"] <= figure("tolerated_difference", day.day).value:
        return None
    return {"full": fullest["area"].name, "free": emptiest["area"].name}


def _rows(visits: list[Visit], day: SiteDay, waiting: dict[int, int]) -> list[dict[str, Any]]:
    tolerated = figure("tolerated_difference", day.day).value
    doses = course_doses([visit.person_id for visit in visits], visits[0].product) if visits else {}
    return [
        {
            "visit": visit,
            "person": strip(visit),
            "tag": tag_of(visit, day.at, len(doses[visit.person_id]) + 1),
            "may_arrive": visit.where in NOT_HERE | WITHOUT_DOSE and visit.session.closed_at is None,
            "may_have_new_ticket": visit.where in AT_THE_SITE,
            "is_expected": visit.where in EXPECTED,
            "area": balanced_area(waiting, visit.batch.area_id if visit.batch else None, tolerated=tolerated),
        }
        for visit in visits
    ]


def _walk_in(person: Person, day: SiteDay) -> dict[str, Any]:
    assert day.session is not None
    identifier = person.identifiers.first()
    return {
        "person": person,
        "number": identifier.masked if identifier else "",
        "products": day.session.products.all(),
        "area": suggested_area(day.session),
    }


def _undo(day: SiteDay) -> dict[str, Any] | None:
    """The newest arrival recorded here, as long as it is fresh and the person has not gone on."""
    done = last_arrival(day.session, day.who.user_id) if day.session else None
    if done is None or (day.at - done.at).total_seconds() > UNDO_SHOWN_SECONDS or done.visit.where is not State.ARRIVED:
        return None
    visit = done.visit
    return {
        "text": _("{name} arrived at {time}: {ticket}, go to {area}").format(
            name=visit.person.name,
            time=timezone.localtime(done.at).strftime("%H:%M"),
            ticket=visit.ticket,
            area=visit.area.name if visit.area else "",
        ),
        "url": reverse("front_desk:undo", args=[done.pk]),
        "also": [
            {"label": _("Print ticket"), "url": reverse("front_desk:ticket", args=[visit.pk]), "print": True},
        ],
    }


@require_POST
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: the person is here."""
    visit = access.record(request, Visit, ARRIVAL, pk=pk)
    area = _chosen_area(request, visit.session.site)
    carried_out(
        request,
        lambda: record_arrival(
            by=access.actor(request),
            visit=visit,
            area=area or suggested_area(visit.session, visit.batch.area if visit.batch else None),
            at=access.now(request),
            priority_group=request.POST.get("priority_group", ""),
            request_id=request_id(request),
        ),
    )
    return redirect("front_desk:desk")


@require_POST
def admit(request: HttpRequest) -> HttpResponse:
    """Take somebody in who is on no list of today, found by the whole number typed or scanned."""
    day = site_day(request, "clinic.find_walk_in")
    session = day.session
    person = find_walk_in(session, request.POST.get("number", "")) if session else None
    if session is None or person is None:
        messages.error(request, _("Scan the document again: nobody outside today's lists has this number."))
        return redirect("front_desk:desk")
    product = get_object_or_404(session.products, pk=request.POST.get("product"))
    carried_out(
        request,
        lambda: admit_walk_in(
            by=day.who,
            session=session,
            person=person,
            product=product,
            area=_chosen_area(request, day.site) or suggested_area(session),
            at=day.at,
            priority_group=request.POST.get("priority_group", ""),
            request_id=request_id(request),
        ),
    )
    return redirect("front_desk:desk")


def _chosen_area(request: HttpRequest, site: Organisation) -> Organisation | None:
    return next((area for area in areas_of(site) if str(area.pk) == request.POST.get("area")), None)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong tap back."""
    done = get_object_or_404(
        VisitEvent, pk=pk, visit__in=access.actor(request).visible(ARRIVAL, Visit), event__in=[Event.ARRIVE]
    )
    if carried_out(request, lambda: undo_step(by=access.actor(request), done=done, at=access.now(request))):
        messages.success(request, _("Taken back: {ticket} is void.").format(ticket=done.visit.ticket))
    return redirect("front_desk:desk")


LISTS = {
    "expected": lambda state: state is not State.CANCELLED,
    "missing": lambda state: state in EXPECTED | {State.ABSENT},
    "arrived": lambda state: state not in NOT_HERE,
    "away": lambda state: state in WITHOUT_DOSE,
    "given": lambda state: state in AFTER_THE_NEEDLE | WITH_DOSE,
    "observed": lambda state: state is State.OBSERVING,
    "stopped": lambda state: state in (State.REACTION, State.LEFT_EARLY),
}


@require_GET
def day_list(request: HttpRequest) -> HttpResponse:
    """The people behind the figures of the day: ?show=expected, missing, arrived or away; ?batch=…; ?area=…."""
    day = site_day(request, "clinic.see_visit")
    show = request.GET.get("show", "expected")
    visits = visits_of_day(day.day, site=day.site).prefetch_related("person__identifiers")
    if (batch := request.GET.get("batch", "")).isdigit():
        visits = visits.filter(batch=int(batch))
    if (area := request.GET.get("area", "")).isdigit():
        visits = visits.filter(area=int(area))
    chosen = [visit for visit in visits if LISTS.get(show, LISTS["expected"])(visit.where)]
    shown = chosen[:MOST_SHOWN]
    looked_at(request, shown)
    rows = [{"visit": visit, "person": strip(visit), "tag": tag_of(visit, day.at)} for visit in shown]
    titles = {
        "missing": _("Not here yet"),
        "arrived": _("Arrived today"),
        "away": _("Went without the dose"),
        "given": _("Vaccinated today"),
        "observed": _("Under observation"),
        "stopped": _("Unwell or left early"),
    }
    context = {"rows": rows, "count": len(chosen), "title": titles.get(show, _("Expected today")), "show": show}
    return render(request, "front_desk/list.html", day.frame | context)
