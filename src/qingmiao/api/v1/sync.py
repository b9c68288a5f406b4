"""Tablets that work without the server: the day's list out, what was written down in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_GET, require_POST

from qingmiao.api.v1.answers import BadContent, body_of, machine, text_of
from qingmiao.clinic.actions.sync import enrol_tablet, open_tablet, take_in
from qingmiao.clinic.models import Tablet
from qingmiao.clinic.queries.sync import day_of, people_of_day, tablet_known
from qingmiao.clinic.sync_words import words_of_reason
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import site_day

USE = "clinic.use_tablet"


@machine
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """The day's list of the site where the actor works, with what a desk needs to go on alone, and a fresh token."""
    here = site_day(request, USE)
    people = people_of_day(here.session) if here.session else []
    if people:
        access.looked_at(request, "clinic.take_list_along", [visit.person for visit in people])
    content = day_of(here.who, here.site, here.session, people, here.at)
    return JsonResponse(content | {"token": get_token(request)})


@machine
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """A tablet makes itself known: {id, name, key}; the key opens its queue when the word is forgotten."""
    here, content = site_day(request, USE), body_of(request)
    tablet = enrol_tablet(
        by=here.who,
        site=here.site,
        tablet_id=_uuid(content, "id"),
        name=text_of(content, "name", 40),
        key=text_of(content, "key", 100),
        at=here.at,
    )
    return JsonResponse({"id": str(tablet.pk), "name": tablet.name}, status=201)


@machine
@require_POST
def key(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The key of a tablet's queue, for somebody of its site who has forgotten the word. Stays in the trail."""
    tablet = access.record(request, Tablet, USE, pk=pk)
    opened = open_tablet(by=access.actor(request), tablet=tablet)
    return JsonResponse({"key": opened.key.reveal()})


@machine
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take in what a tablet wrote down: {tablet, sent_at, unsent, events}; an answer for each event, and the counts."""
    who, at = access.actor(request), access.now(request)
    if not who.paths_for(USE):
        raise NotAllowed(USE)
    content = body_of(request)
    tablet = tablet_known(_uuid(content, "tablet"))
    if tablet is None or not who.may(USE, tablet):
        raise Http404
    events, unsent = content.get("events"), content.get("unsent")
    if not isinstance(events, list):
        raise BadContent("events")
    batch = take_in(
        by=who,
        site=tablet.site,
        raw=events,
        received_at=at,
        tablet=tablet,
        seconds_behind=(at - _instant(content, "sent_at")).total_seconds(),
        unsent=unsent if isinstance(unsent, int) else None,
    )
    counts = {name: getattr(batch, name) for name in ("new", "identical", "updated", "old", "discarded", "invalid")}
    answers = [_answer(one) for one in batch.decisions]  # type: ignore[attr-defined]
    return JsonResponse({"received_at": at.isoformat(), "counts": counts, "answers": answers})


def _answer(decision: Any) -> dict[str, str]:
    found = {"id": decision.id, "outcome": decision.outcome.value}
    if decision.reason:
        found |= {"reason": decision.reason, "text": str(words_of_reason(decision.reason))}
    return found | ({"stands": decision.stands} if decision.stands else {})


def _uuid(content: dict[str, Any], field: str) -> UUID:
    try:
        return UUID(str(content.get(field)))
    except ValueError as error:
        raise BadContent(field) from error


def _instant(content: dict[str, Any], field: str) -> datetime:
    try:
        instant = datetime.fromisoformat(str(content.get(field)))
    except ValueError as error:
        raise BadContent(field) from error
    if instant.tzinfo is None:
        raise BadContent(field)
    return instant
