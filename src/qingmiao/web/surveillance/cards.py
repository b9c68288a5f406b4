"""Report cards: a list with its clocks, the card as a form that saves itself, one card with what happened to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.law.deadlines import source_of
from qingmiao.privacy.masking import masked_number, masked_phone
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.cards import (
    CardIncomplete,
    ReasonMissing,
    ReportedAlready,
    decide_sign,
    hand_in_card,
    open_card,
    report_zero,
    save_card,
)
from qingmiao.surveillance.card import codes_of, deadline_of, faults_of, supplement_fields
from qingmiao.surveillance.deadlines import deadline
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.models import OutbreakSign, ReportCard
from qingmiao.surveillance.outbreaks import looked_back
from qingmiao.surveillance.queries.cards import cards_of, open_signs, overdue, same_case_as, waiting, zero_reports_due
from qingmiao.surveillance.queries.staff_names import names_of_staff
from qingmiao.surveillance.words import language
from qingmiao.web import access
from qingmiao.web.once import request_id
from qingmiao.web.surveillance.alike import asked, happened, kept_so_far, paper_of
from qingmiao.web.surveillance.card_form import LABELS, CardForm, typed
from qingmiao.web.surveillance.clocks import clock_of

FILL, REVIEW, SEE = "surveillance.fill_card", "surveillance.review_card", "surveillance.see_cards"
State = ReportCard.State
TONES = {
    State.DRAFT: "is-wait",
    State.SUBMITTED: "is-due",
    State.RETURNED: "is-stop",
    State.REPORTED: "is-due",
    State.ACCEPTED: "is-go",
    State.CORRECTED: "is-later",
    State.DUPLICATE: "is-later",
    State.DROPPED: "is-later",
}
GROUPS: dict[str, tuple[str, ...]] = {
    "open": (State.DRAFT, State.RETURNED),
    "review": (State.SUBMITTED,),
    "accept": (State.REPORTED,),
    "done": (State.ACCEPTED, State.CORRECTED),
    "aside": (State.DUPLICATE, State.DROPPED),
}
ON_A_PAGE = 50


def card_of(request: HttpRequest, pk: int) -> ReportCard:
    """The card, if the actor reviews its place or wrote it; else 404."""
    return paper_of(request, cards_of, pk, write=FILL, see=SEE)


def work_places(request: HttpRequest) -> QuerySet[Organisation]:
    """Where this actor may fill in cards, the narrowest places they hold a role at."""
    return access.actor(request).visible(FILL, Organisation).filter(closed_on=None).order_by("path")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The cards, by what is to be done with them; what is late, and what looks like an outbreak, first."""
    who, at = access.actor(request), access.now(request)
    if not who.paths_for(FILL) and not who.paths_for(SEE):
        raise NotAllowed(SEE)
    cards = cards_of(who)
    reviews = bool(who.paths_for(REVIEW))
    group = request.GET.get("group", "")
    group = group if group in (*GROUPS, "late") else ("review" if reviews else "open")
    shown = overdue(cards, at) if group == "late" else cards.filter(state__in=GROUPS[group])
    if disease := request.GET.get("disease", ""):
        shown = shown.filter(disease=disease)
    page = Paginator(shown.order_by("due_at", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    place = work_places(request).first()
    if page.object_list:
        door.look(SEE, by=who, at=at, people=list(page.object_list))
    may_zero = bool(who.paths_for("surveillance.report_zero"))
    context = {
        "rows": [_line(card, at) for card in page],
        "page": page,
        "query": f"group={group}",
        "group": group,
        "counts": _counts(cards, at, group),
        "signs": [_sign(sign, at) for sign in open_signs(who)],
        "zeros": zero_reports_due(place, access.today(request)) if place and may_zero else [],
        "place_to_write": place,
        "lang": language(),
        "may_export": bool(who.paths_for("surveillance.export_cards")),
    }
    return render(request, "surveillance/cards.html", context)


def _counts(cards: QuerySet[ReportCard], at: datetime, current: str) -> list[dict[str, Any]]:
    late = overdue(cards, at).count()
    words = {
        "open": (_("To be written"), "is-wait"),
        "review": (pgettext("surveillance", "To be reviewed"), "is-due"),
        "accept": (pgettext("surveillance", "To be accepted"), "is-due"),
        "done": (_("Done"), "is-go"),
        "aside": (pgettext("surveillance", "Put aside"), "is-later"),
    }
    cells = [
        {"count": cards.filter(state__in=GROUPS[group]).count(), "label": label, "tone": tone,
         "url": f"?group={group}", "current": group == current, "keep": group != "aside"}
        for group, (label, tone) in words.items()
    ]  # fmt: skip
    past = {"count": late, "label": _("Past the deadline"), "tone": "is-stop", "url": "?group=late"}
    return [past | {"current": current == "late"}, *cells]


def _line(card: ReportCard, at: datetime) -> dict[str, Any]:
    """What a list shows of a card."""
    fields = card.fields
    return {
        "card": card,
        "name": fields.get("name") or _("No name yet"),
        "disease": disease_word(card),
        "clock": clock_of(card.due_at, card.reported_at, at),
        "tone": TONES[State(card.state)],
        "missing": len(faults_of(fields, now=at)) if card.state in GROUPS["open"] else 0,
    }


def disease_word(card: ReportCard) -> str:
    """The disease of a card, in the reader's language."""
    found = diseases().get(card.disease)
    if found is None:
        return _("No disease yet")
    return found.name if language() == "zh" else found.name_en


def _sign(sign: OutbreakSign, at: datetime) -> dict[str, Any]:
    return {"sign": sign, "clock": clock_of(sign.due_at, None, at)}


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin a card; it exists from this moment."""
    asked = request.POST.get("place", "")
    place = (
        access.record(request, Organisation, FILL, pk=int(asked)) if asked.isdigit() else work_places(request).first()
    )
    if place is None:
        raise NotAllowed(FILL)
    card = open_card(by=access.actor(request), place=place, at=access.now(request), request_id=request_id(request))
    return redirect("cards:write", pk=card.pk)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The card as a form: `save` keeps it, `hand_in` gives it to review if nothing stands against it."""
    card = card_of(request, pk)
    if card.state not in GROUPS["open"]:
        return redirect("cards:card", pk=pk)
    if request.method == "GET":
        return _form(request, card, is_shown=card.state == State.RETURNED or "check" in request.GET)
    saved = _save(request, card)
    if "hand_in" not in request.POST:
        messages.success(request, _("Saved. You can leave; the card waits for you under “To be written”."))
        return redirect("cards:write", pk=pk)
    return _hand_in(request, saved)


def _save(request: HttpRequest, card: ReportCard) -> ReportCard:
    """What was typed so far: saved again and again while one types, so that no two savings are one request."""
    told = asked(request, card) | {"request_id": None}
    return save_card(**told, card=card, content=typed(request.POST.dict()))


def _hand_in(request: HttpRequest, card: ReportCard) -> HttpResponse:
    try:
        hand_in_card(
            by=access.actor(request),
            card=card,
            version=card.version,
            at=access.now(request),
            another_case_because=request.POST.get("another_case_because", ""),
        )
    except CardIncomplete as incomplete:
        return _form(request, card, told=str(incomplete), status=422)
    except ReportedAlready as already:
        return _form(request, card, told=str(already), known=already.cards, status=422)
    messages.success(request, _("Handed in. It is reported when your prevention office has entered it."))
    return redirect("cards:card", pk=card.pk)


def _form(
    request: HttpRequest,
    card: ReportCard,
    *,
    is_shown: bool = True,
    told: str = "",
    known: list[ReportCard] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = access.now(request)
    faults = faults_of(card.fields, now=at)
    context = {
        "card": card,
        "form": CardForm(card.fields, faults, is_shown=is_shown),
        "told": told,
        "known": [_known(request, other) for other in known or []],
        "clock": clock_of(card.due_at, None, at),
        "law": source_of(deadline_of(card.fields), language()),
        "missing": len(faults),
        "another_case_because": request.POST.get("another_case_because", ""),
    }
    return render(request, "surveillance/card_write.html", context, status=status)


def _known(request: HttpRequest, other: ReportCard) -> dict[str, Any]:
    """An earlier card of the same case: with its link only for whoever may read it."""
    return {
        "card": other,
        "disease": disease_word(other),
        "may_see": cards_of(access.actor(request)).filter(pk=other.pk).exists(),
    }


@require_POST
def check(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what was typed so far and say what stands against it: asked by the page while one types."""
    saved, at = _save(request, card_of(request, pk)), access.now(request)
    clock = clock_of(saved.due_at, None, at)
    return kept_so_far(
        saved.version,
        faults_of(saved.fields, now=at),
        at,
        clock=clock["text"] if clock else "",
        supplement=supplement_fields(saved.fields),
    )


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: what it says, until when, what happened to it, and the next act."""
    card = card_of(request, pk)
    who, at = access.actor(request), access.now(request)
    may_review = who.may(REVIEW, card)
    context = {
        "card": card,
        "disease": disease_word(card),
        "tone": TONES[State(card.state)],
        "strip": _strip(card),
        "facts": _facts(card),
        "clock": clock_of(card.due_at, card.reported_at, at),
        "law": source_of(deadline_of(card.fields), language()),
        "review_by": _review_clock(card, at),
        "events": _events(card),
        "known": [_known(request, other) for other in same_case_as(card)],
        "may_review": may_review,
        "may_write": card.written_by_id == who.user_id or may_review,
        "reported_at": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M"),
        "is_late_now": card.due_at is not None and at > card.due_at,
    }
    return render(request, "surveillance/card.html", context)


def _review_clock(card: ReportCard, at: datetime) -> dict[str, Any] | None:
    if card.reported_at is None or card.state != State.REPORTED:
        return None
    clock = deadline_of(card.fields)
    name = "card.review_at_once" if clock and clock.clock == "card.at_once" else "card.review"
    return clock_of(deadline(name, card.reported_at).due_at, None, at)


def _strip(card: ReportCard) -> dict[str, Any]:
    fields = card.fields
    return {
        "name": fields.get("name") or "—",
        "sex": codes_of("sex").get(fields.get("sex", ""), {}).get(language(), ""),
        "age": _("{age} years").format(age=card.age_years) if card.age_years is not None else "",
        "number": masked_number(fields.get("number", "")),
        "phone": masked_phone(fields.get("phone", "")),
        "unit": fields.get("workplace", ""),
    }


def _facts(card: ReportCard) -> list[tuple[str, str]]:
    """The card's fields as they are printed, but those of the strip."""
    fields, lang = card.fields, language()
    shown: list[tuple[str, str]] = []
    for name in PRINTED:
        value = fields.get(name, "")
        if name == "area":
            value = card.area.name if card.area else ""
        elif name in ("case_kind", "acute_kind", "belongs_to", "occupation"):
            value = codes_of(name).get(value, {}).get(lang, value)
        if value:
            shown.append((str(LABELS[name]), value.replace("T", " ")))
    for name, entry in supplement_fields(fields).items():
        value = fields.get(name, "")
        shown.append((entry[lang], entry.get("codes", {}).get(value, {}).get(lang, value) or "—"))
    return shown


PRINTED = (
    "case_kind", "acute_kind", "onset_on", "diagnosed_at", "died_on", "parent_name", "birth_date", "belongs_to",
    "area", "address", "occupation", "department", "doctor", "remark", "no_number_because",
)  # fmt: skip
EVENT_WORDS: dict[str, Callable[[], str]] = {
    "handed_in": lambda: pgettext("surveillance", "Handed in"),
    "returned": lambda: pgettext("surveillance", "Returned"),
    "reported": lambda: _("Entered in the national system"),
    "accepted": lambda: pgettext("surveillance", "Accepted"),
    "corrected": lambda: _("Replaced by a correction"),
    "duplicate": lambda: _("Set aside as a duplicate"),
    "dropped": lambda: pgettext("surveillance", "Put aside"),
    "taken_up": lambda: _("Taken up again"),
}
EVENT_TONES = {"returned": "is-stop", "accepted": "is-go", "reported": "is-go"}


def _events(card: ReportCard) -> list[dict[str, Any]]:
    by = names_of_staff([card.written_by_id]).get(card.written_by_id, "")
    begun = {"at": card.opened_at, "text": _("Begun"), "note": by}
    return [begun, *happened(card.events.all(), EVENT_WORDS, lambda event: EVENT_TONES.get(event, "is-later"))]


@require_POST
def zero(request: HttpRequest, kind: str) -> HttpResponse:
    """Say that there was no case in the last ended period."""
    place = access.record(request, Organisation, "surveillance.report_zero", pk=int(request.POST.get("place") or 0))
    report_zero(by=access.actor(request), place=place, kind=kind, on=access.today(request), at=access.now(request))
    messages.success(request, _("Zero report written down."))
    return redirect("cards:cards")


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """A sign of an outbreak with its cards, and the decision on it."""
    found = access.record(request, OutbreakSign, "surveillance.decide_sign", pk=pk)
    who, at = access.actor(request), access.now(request)
    if request.method == "POST":
        try:
            decide_sign(
                by=who,
                sign=found,
                version=int(request.POST.get("version") or found.version),
                is_outbreak=request.POST.get("is_outbreak") == "yes",
                finding=request.POST.get("finding", ""),
                at=at,
                request_id=request_id(request),
            )
            return redirect("cards:cards")
        except ReasonMissing as missing:
            messages.error(request, str(missing))
    since = timezone.localdate(found.found_at) - looked_back()
    same = cards_of(who).filter(place_lookup=found.place_lookup, onset_on__gte=since)
    cards = [_line(card, at) for card in same.order_by("onset_on")]
    door.look(SEE, by=who, at=at, people=[line["card"] for line in cards])
    context = {"sign": found, "cards": cards, "clock": clock_of(found.due_at, None, at)}
    return render(request, "surveillance/sign.html", context)


def count_waiting(by: Any, at: datetime) -> int:
    """What waits at this desk, for the left column."""
    return waiting(by, at)
