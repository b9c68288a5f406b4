"""The acts on a report card, each a button of its page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingmiao.surveillance.actions.cards import (
    NotByOneself,
    NotInThisState,
    ReasonMissing,
    accept_card,
    correct_card,
    report_card,
    return_card,
    set_card_aside,
    take_card_up_again,
)
from qingmiao.surveillance.card import moment_of
from qingmiao.surveillance.models import ReportCard
from qingmiao.surveillance.queries.cards import same_case_as
from qingmiao.web import access
from qingmiao.web.once import request_id
from qingmiao.web.surveillance.alike import acted, asked
from qingmiao.web.surveillance.cards import card_of


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of the acts on a card, named in the address; what stands against it is told on the card."""
    card = card_of(request, pk)
    if verb not in ACTS:
        raise Http404
    begun = acted(request, lambda: ACTS[verb](request, card), (NotInThisState, ReasonMissing, NotByOneself))
    return redirect("cards:write" if begun else "cards:card", pk=begun or pk)


def _return(request: HttpRequest, card: ReportCard) -> None:
    return_card(**asked(request, card), card=card, reason=request.POST.get("reason", ""))
    messages.success(request, _("Returned. The doctor sees it at once, with your reason."))


def _report(request: HttpRequest, card: ReportCard) -> None:
    reported_at = moment_of(request.POST.get("reported_at", ""))
    if reported_at is None:
        raise ReasonMissing(_("Give the moment at which it was entered in the national system."))
    report_card(
        **asked(request, card),
        card=card,
        reported_at=reported_at,
        national_number=request.POST.get("national_number", ""),
        late_because=request.POST.get("late_because", ""),
    )
    messages.success(request, _("Written down as reported."))


def _accept(request: HttpRequest, card: ReportCard) -> None:
    accept_card(**asked(request, card), card=card)
    messages.success(request, _("Accepted."))


def _correct(request: HttpRequest, card: ReportCard) -> int:
    who, at = access.actor(request), access.now(request)
    return correct_card(by=who, card=card, at=at, request_id=request_id(request)).pk


def _aside(request: HttpRequest, card: ReportCard) -> None:
    said = request.POST.get("duplicate_of", "")
    known = {other.pk: other for other in same_case_as(card)}
    other = known.get(int(said)) if said.isdigit() else None
    set_card_aside(**asked(request, card), card=card, duplicate_of=other, reason=request.POST.get("reason", ""))
    messages.success(request, _("Put aside. It is kept, and can be taken up again."))


def _again(request: HttpRequest, card: ReportCard) -> int:
    return take_card_up_again(**asked(request, card), card=card).pk


ACTS: dict[str, Callable[[HttpRequest, ReportCard], int | None]] = {
    "return": _return,
    "report": _report,
    "accept": _accept,
    "correct": _correct,
    "aside": _aside,
    "again": _again,
}
