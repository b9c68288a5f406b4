"""What the pages of report cards and of death certificates do alike: both are sealed, written, reviewed, returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit import door
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.surveillance.card import Fault
from qingmiao.surveillance.models import CardEvent, DeathCertificate, DeathEvent, ReportCard
from qingmiao.surveillance.queries.staff_names import names_of_staff
from qingmiao.surveillance.words import said
from qingmiao.web import access
from qingmiao.web.once import request_id

P = TypeVar("P", ReportCard, DeathCertificate)


def paper_of(request: HttpRequest, papers: Callable[[Actor], QuerySet[P]], pk: int, *, write: str, see: str) -> P:
    """The paper, if it is among those the actor reviews or wrote; else 404. The look at it is in the trail."""
    who = access.actor(request)
    if not who.paths_for(write) and not who.paths_for(see):
        raise NotAllowed(write)
    found = papers(who).filter(pk=pk).first()
    if found is None:
        raise Http404
    door.look(see, by=who, at=access.now(request), people=[found])
    return found


def asked(request: HttpRequest, paper: ReportCard | DeathCertificate) -> dict[str, Any]:
    """What every act on a paper is told: who, when, on which state of it, and the number of the request."""
    return {
        "by": access.actor(request),
        "version": int(request.POST.get("version") or paper.version),
        "at": access.now(request),
        "request_id": request_id(request),
    }


def acted(request: HttpRequest, act: Callable[[], int | None], refusals: tuple[type[Exception], ...]) -> int | None:
    """Carry out an act; what stands against it is told on the next page. The paper that it begins, if it does."""
    try:
        return act()
    except refusals as refused:
        messages.error(request, str(refused))
        return None


def happened(
    events: Iterable[CardEvent | DeathEvent],
    words: Mapping[str, Callable[[], str]],
    tone_of: Callable[[str], str],
) -> list[dict[str, Any]]:
    """The events of a paper for components/timeline.html: what, when, who and why."""
    found = list(events)
    names = names_of_staff([event.by_id for event in found])
    return [
        {
            "at": event.at,
            "text": words[event.event](),
            "note": " ".join(part for part in (names.get(event.by_id, ""), event.reason) if part),
            "tone": tone_of(event.event),
        }
        for event in found
    ]


def kept_so_far(
    version: int, faults: Iterable[Fault], at: datetime, *, clock: str = "", supplement: Iterable[str] = ()
) -> JsonResponse:
    """The answer to a page that saves while one types: the first fault of each field, and when it was saved."""
    told: dict[str, str] = {}
    for fault in faults:
        told.setdefault(fault.field, said(fault))
    saved = _("Saved {time}").format(time=timezone.localtime(at).strftime("%H:%M:%S"))
    return JsonResponse(
        {"version": version, "faults": told, "saved": saved, "clock": clock, "supplement": sorted(supplement)}
    )
