"""Public pages of a site: tickets, windows and minutes only."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.clinic.queries.areas import areas_of
from qingmiao.clinic.queries.days import called_batches
from qingmiao.clinic.queries.rooms import Board, Window, board, by_slip, in_room
from qingmiao.clinic.rules import AT_THE_SITE, EXPECTED, State, Step
from qingmiao.clinic.words import STEPS
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.booking.residents import for_slip
from qingmiao.web.middleware import open_to_all
from qingmiao.web.observation.views import seat

OTHER_WINDOWS = 6
BATCHES = 2
TIGHT_FROM = 25


@open_to_all
@require_GET
def site(request: HttpRequest, site_id: int, area_id: int | None = None) -> HttpResponse:
    """Who is called where, who is next, how many wait: for the whole site or one area."""
    place = get_object_or_404(Organisation, pk=site_id, kind=Organisation.Kind.SITE)
    area = next((one for one in areas_of(place) if one.pk == area_id), None)
    if area_id is not None and area is None:
        raise Http404
    shown = board(place, access.today(request), area)
    others = [one for one in shown.windows if one.ticket and one != shown.latest]
    context = {
        "place": place.name,
        "area": area.name if area else "",
        "latest": shown.latest,
        "call": _call(shown.latest) if shown.latest else None,
        "others": others[:OTHER_WINDOWS],
        "batches": called_batches(place, access.today(request), area)[:BATCHES],
        "queues": _queues(shown),
        "passed": shown.passed_over,
        "now": access.now(request),
    }
    return render(request, "board/site.html", context)


def _call(window: Window) -> dict[str, str]:
    """What changes when somebody is called, and what is said."""
    called = window.called_at.isoformat() if window.called_at else ""
    return {
        "key": f"{window.ticket}-{window.desk.pk}-{called}",
        "say": _("Number {ticket}, please come to {desk}").format(ticket=window.ticket, desk=window.name),
    }


def _queues(shown: Board) -> list[dict[str, Any]]:
    return [{"title": STEPS[step], "waiting": shown.waiting[step], "next": shown.next[step]} for step in Step]


@open_to_all
@require_GET
def observation(request: HttpRequest, site_id: int) -> HttpResponse:
    """Tickets and minutes left, for the wall of the observation room."""
    place = get_object_or_404(Organisation, pk=site_id, kind=Organisation.Kind.SITE)
    at = access.now(request)
    seats = [
        {key: one[key] for key in ("ticket", "minutes", "tone", "is_free", "alarm", "is_ill")}
        for one in (seat(observed, at) for observed in in_room(place))
    ]
    context = {"place": place.name, "seats": seats, "is_tight": len(seats) >= TIGHT_FROM, "now": at}
    return render(request, "board/observation.html", context)


@open_to_all
@require_GET
def slip(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder of a slip sees: the ticket, where it stands, until when to stay. No personal data."""
    visit = by_slip(token)
    if visit is None:
        raise Http404
    where = visit.where
    running = visit.observations.exclude(ending="withdrawn").order_by("-pk").first()
    context = {
        "token": token,
        "ticket": visit.ticket or "",
        "site": visit.session.site.name,
        "day": visit.session.day,
        "area": visit.area.name if visit.area else "",
        "is_waiting": where in AT_THE_SITE,
        "is_called": visit.called_to_id is not None,
        "desk": visit.called_to.name if visit.called_to else "",
        "is_out": where not in AT_THE_SITE and running is None,
        "observation": running,
        "is_released": where is State.RELEASED,
        "is_over": running is not None and access.now(request) >= running.until,
        "before": _before(visit) if where in AT_THE_SITE else None,
        "booking": for_slip(visit) if where in EXPECTED else None,
    }
    return render(request, "board/slip.html", context)


def _before(visit: Any) -> int | None:
    """How many of the same area wait in front for the same step."""
    queue = visit.session.visits.filter(state=visit.state, area=visit.area, called_to=None, passed_over_at=None)
    earlier = Q(priority=visit.priority, queued_at__lt=visit.queued_at)
    return int(queue.filter(earlier | Q(priority__gt=visit.priority)).count())
