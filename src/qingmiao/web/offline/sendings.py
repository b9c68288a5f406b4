"""What tablets and sheets sent today, what was decided, and what somebody has to look at."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingmiao.clinic.actions.sync import record_event, settle_event
from qingmiao.clinic.models import SyncEvent
from qingmiao.clinic.queries.sync import counts_of, open_events, tablets_of
from qingmiao.clinic.sync import Kind
from qingmiao.clinic.sync_words import KINDS, OUTCOMES, words_of_reason
from qingmiao.stock.models import Lot
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import carried_out, looked_at, site_day, strip
from qingmiao.web.once import request_id

ANSWER = "clinic.answer_sync"
SHOWN = 100
TONES = {"new": "is-go", "updated": "is-go", "discarded": "is-wait", "invalid": "is-stop"}


@require_GET
def sendings(request: HttpRequest) -> HttpResponse:
    """Counts of the day by decision, what is open with what was written down, the tablets with what they still have."""
    day = site_day(request, ANSWER)
    events = list(open_events(day.who, day.site)[:SHOWN])
    looked_at(request, [event.visit for event in events if event.visit is not None])
    counts = counts_of(day.site, day.day)
    context = {
        "events": [_event(event) for event in events],
        "counts": [
            {"label": str(word), "count": counts[code], "tone": TONES.get(code, "is-later"), "keep": True}
            for code, word in OUTCOMES.items()
        ],
        "tablets": list(tablets_of(day.site)),
    }
    return render(request, "offline/sendings.html", day.frame | context)


def _event(event: SyncEvent) -> dict[str, Any]:
    content = json.loads(event.content.reveal()) if event.kind else {}
    return {
        "event": event,
        "kind": KINDS.get(event.kind, event.kind),
        "why": words_of_reason(event.reason),
        "person": strip(event.visit) if event.visit else None,
        "facts": _facts(event.kind, content),
        "may_record": event.kind == Kind.DOSE and event.visit is not None and event.reason == "dose_on_record",
    }


def _facts(kind: str, content: dict[str, Any]) -> list[str]:
    """What was written down, as far as it tells two acts apart."""
    if kind == Kind.DOSE:
        lot = Lot.objects.filter(pk=content.get("lot") or 0).first()
        return [f"{_('Lot')} {lot.number}"] if lot else []
    return [str(content[name]) for name in ("reason", "celsius", "signer") if content.get(name)]


@require_POST
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nothing is to be recorded; why is written down."""
    event = access.record(request, SyncEvent, ANSWER, pk=pk)
    done = carried_out(
        request,
        lambda: settle_event(
            by=access.actor(request),
            event=event,
            said=request.POST.get("said", ""),
            at=access.now(request),
            request_id=request_id(request),
        ),
    )
    if done is not None:
        messages.success(request, _("Answered. What was written down stays on record."))
    return redirect("offline:sendings")


@require_POST
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was a second injection: record it."""
    event = access.record(request, SyncEvent, ANSWER, pk=pk)
    done = carried_out(
        request,
        lambda: record_event(
            by=access.actor(request), event=event, at=access.now(request), request_id=request_id(request)
        ),
    )
    if done is not None:
        messages.success(request, _("Recorded as a second injection of the day."))
    return redirect("offline:sendings")
