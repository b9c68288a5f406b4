"""Tickets: printed with their QR, and drawn anew for who was passed over, changes the area or lost the slip."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.clinic.actions.front_desk import draw_new_ticket
from qingmiao.clinic.models import Visit
from qingmiao.clinic.queries.areas import areas_of, suggested_area, waiting_by_area
from qingmiao.web import access
from qingmiao.web.codes import qr_svg
from qingmiao.web.front_desk.newcomers import asked_groups
from qingmiao.web.front_desk.site_day import carried_out, priority_word, site_day, strip, tag_of
from qingmiao.web.once import request_id

ARRIVAL = "clinic.record_arrival"


@require_GET
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The ticket on paper: number, area, what comes next; its QR finds the person again at every desk."""
    visit = access.record(request, Visit, "clinic.see_visit", pk=pk)
    arrived = timezone.localtime(visit.arrived_at).strftime("%Y-%m-%d %H:%M") if visit.arrived_at else "—"
    first = priority_word(visit)
    slip = {
        "title": visit.session.site.name,
        "ticket": visit.ticket,
        "headline": _("Please go to"),
        "big": visit.area.name if visit.area else "",
        "lines": [_("Keep this slip until you leave."), _("Have your identity card ready and one upper arm free.")],
        "facts": [
            {"term": _("Arrived"), "text": arrived},
            *([{"term": _("Called first"), "text": first}] if first else []),
        ],
        "code": qr_svg(request.build_absolute_uri(reverse("slip", args=[visit.slip_token]))),
        "back": _("Scan to see where you stand"),
    }
    return render(request, "front_desk/paper.html", {"slip": slip, "wide": "wide" in request.GET})


@require_http_methods(["GET", "POST"])
def new_ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a new number at the end of the queue; the old one is void."""
    visit = access.record(request, Visit, ARRIVAL, pk=pk)
    if request.method == "POST" and _drawn(request, visit):
        return redirect("front_desk:desk")
    return render(request, "front_desk/new_ticket.html", _context(request, visit))


def _drawn(request: HttpRequest, visit: Visit) -> bool:
    areas = {str(area.pk): area for area in areas_of(visit.session.site)}
    area = areas.get(request.POST.get("area", "")) or visit.area or suggested_area(visit.session)
    drawn = carried_out(
        request,
        lambda: draw_new_ticket(
            by=access.actor(request),
            visit=visit,
            area=area,
            at=access.now(request),
            priority_group=request.POST.get("priority_group", ""),
            request_id=request_id(request),
        ),
    )
    if drawn is None:
        return False
    text = _("{old} is void. New number {new}, please to {area}.")
    messages.success(request, text.format(old=visit.ticket, new=drawn.ticket, area=area.name))
    return True


def _context(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    day = site_day(request, ARRIVAL)
    access.looked_at(request, ARRIVAL, [visit.person])
    waiting = waiting_by_area(visit.session)
    return day.frame | {
        "visit": visit,
        "person": strip(visit),
        "tag": tag_of(visit, day.at),
        "areas": [{"area": area, "waiting": waiting.get(area.pk, 0)} for area in areas_of(visit.session.site)],
        "groups": asked_groups(visit.session.day),
    }
