"""One case: opened from the dose, its card written, handed in, investigated, concluded, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.words import BODY_SITES
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.cases import (
    TYPED,
    Conclusion,
    Edit,
    HandedIn,
    Seen,
    begin_investigation,
    conclude_case,
    drop_case,
    hand_in_investigation,
    hand_in_report,
    name_another_dose,
    open_case,
    write_card,
)
from qingmiao.safety.models import Case, Report
from qingmiao.safety.queries.cards import card_of
from qingmiao.safety.queries.cases import cases_of_dose, clock_of, other_doses
from qingmiao.safety.rules import Grave, Refused, choices, classes, is_in_window, items, missing, reactions
from qingmiao.web import access
from qingmiao.web.once import request_id
from qingmiao.web.paper import pdf_answer
from qingmiao.web.safety.shared import INVESTIGATE, REPORT, SEE, attempt, language, looked_at, moment, strip, words
from qingmiao.web.safety.words import GRAVE, PARTS

LONG = ("course",)
TOGETHER = ("fever", "redness", "induration")  # asked inside item 14


@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case from a dose: which reaction, since when, how grave. The rest of the card comes after."""
    dose = access.record(request, Dose, REPORT, pk=pk)
    at = access.now(request)
    if request.method == "POST":
        case = attempt(request, lambda: _opened(request, dose, at))
        if case is not None:
            return redirect("safety:case", case.pk)
    looked_at(request, [dose.person])
    local = timezone.localtime(at)
    context = {
        "dose": dose,
        "person": strip(dose.person),
        "known": [(one, reactions()[one.reaction].in_language(language())) for one in cases_of_dose(dose)],
        "reactions": [(code, one.in_language(language())) for code, one in reactions().items()],
        "grave": GRAVE.items(),
        "typed": request.POST,
        "ticked": request.POST.getlist("grave"),
        "day": request.POST.get("day") or local.strftime("%Y-%m-%d"),
        "time": request.POST.get("time") or local.strftime("%H:%M"),
    }
    return render(request, "safety/open.html", context, status=422 if request.method == "POST" else 200)


def _opened(request: HttpRequest, dose: Dose, at: datetime) -> Case:
    onset_at = moment(request.POST.get("day", ""), request.POST.get("time", ""))
    if onset_at is None:
        raise Refused(_("Enter the day and time at which it began."))
    seen = Seen(
        reaction=request.POST.get("reaction", ""),
        onset_at=onset_at,
        found_at=at,
        grave=_grave(request),
        is_serious="is_serious" in request.POST,
        typed={"course": request.POST.get("course", "")},
    )
    return open_case(by=access.actor(request), dose=dose, seen=seen, at=at, request_id=request_id(request))


def _grave(request: HttpRequest) -> list[str]:
    return [code for code in request.POST.getlist("grave") if code in set(Grave)]


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The card as it reads now; every save keeps what is there, complete or not."""
    found = access.record(request, Case, SEE, pk=pk)
    who, at = access.actor(request), access.now(request)
    if request.method == "POST":
        kept = attempt(request, lambda: _written(request, found, at))
        if kept is not None:
            messages.success(request, _("Kept."))
            return redirect("safety:case", pk)
    looked_at(request, [found.person])
    card = card_of(found, by=who, at=at)
    reaction = reactions()[found.reaction]
    given_at = found.dose.given_at
    context = {
        "case": found,
        "person": strip(found.person),
        "reaction": reaction.in_language(language()),
        "is_inside": is_in_window(reaction, given_at, found.onset_at) if given_at else None,
        "clock": clock_of(found, at),
        "fields": _fields(card | (request.POST.dict() if request.method == "POST" else {})),
        "missing": [item.in_language(language()) for item in missing(card)],
        "grave": GRAVE.items(),
        "others": found.others.order_by("pk"),
        "other_doses": other_doses(found),
        "reports": found.reports.order_by("-pk"),
        "hows": Report.How.choices,
        "classes": [(code, words(entry)) for code, entry in classes().items()],
        "concluded": words(classes()[found.classification]) if found.classification else "",
        "conclusion": found.conclusion.reveal() if found.conclusion else "",
        "may_report": who.may(REPORT, found),
        "may_investigate": who.may(INVESTIGATE, found),
        "is_closed": found.state in (Case.State.CONCLUDED, Case.State.DROPPED),
    }
    return render(request, "safety/case.html", context, status=422 if request.method == "POST" else 200)


def _fields(card: dict[str, Any]) -> list[dict[str, Any]]:
    """The items that are typed, in the card's order, each with its choices."""
    titles = {item.key: item for item in items()}
    keys = [item.key for item in items() if item.key in {*TYPED, "outcome", "first_class"}]
    at = keys.index("course") + 1
    keys[at:at] = TOGETHER
    return [
        {
            "key": key,
            "number": titles[key].number if key in titles else "",
            "title": titles[key].in_language(language()) if key in titles else str(PARTS[key]),
            "is_mandatory": key in titles and titles[key].is_mandatory,
            "value": card.get(key, ""),
            "choices": [(code, words(entry)) for code, entry in choices(key).items()],
            "is_long": key in LONG,
        }
        for key in [*keys, "reporter_phone"]
    ]


def _written(request: HttpRequest, found: Case, at: datetime) -> Case:
    version = request.POST.get("version", "")
    sent = {key: request.POST[key] for key in (*TYPED, "outcome", "first_class") if key in request.POST}
    edit = Edit(typed=sent, grave=_grave(request), is_serious="is_serious" in request.POST)
    return write_card(
        by=access.actor(request),
        case=found,
        version=int(version) if version.isdigit() else 0,
        edit=edit,
        at=at,
        request_id=request_id(request),
    )


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, begin to investigate, hand in the form, conclude, drop."""
    found = access.record(request, Case, SEE, pk=pk)
    asked = _acts(request, found).get(request.POST.get("act", ""))
    if asked is None:
        raise Http404
    if attempt(request, asked) is not None:
        messages.success(request, _("Written down."))
    return redirect("safety:case", pk)


def _acts(request: HttpRequest, found: Case) -> dict[str, Callable[[], Any]]:
    by, at, posted, asked = access.actor(request), access.now(request), request.POST, request_id(request)
    how = Report.How(posted["how"]) if posted.get("how") in Report.How.values else Report.How.ONLINE
    return {
        "report": lambda: hand_in_report(
            by=by, case=found, handed_in=HandedIn(how, posted.get("told", "")), at=at, request_id=asked
        ),
        "begin": lambda: begin_investigation(by=by, case=found, team=posted.get("team", ""), at=at, request_id=asked),
        "form": lambda: hand_in_investigation(
            by=by, case=found, is_complete="is_complete" in posted, at=at, request_id=asked
        ),
        "conclude": lambda: conclude_case(
            by=by,
            case=found,
            conclusion=Conclusion(
                posted.get("classification", ""), posted.get("conclusion", ""), posted.get("experts", "")
            ),
            at=at,
            request_id=asked,
        ),
        "another": lambda: _another(request, found),
        "drop": lambda: drop_case(by=by, case=found, why=posted.get("why", ""), at=at, request_id=asked),
    }


def _another(request: HttpRequest, found: Case) -> Case:
    chosen = next((dose for dose in other_doses(found) if str(dose.pk) == request.POST.get("dose")), None)
    if chosen is None:
        raise Refused(_("Choose another dose of the same person."))
    return name_another_dose(by=access.actor(request), case=found, dose=chosen, request_id=request_id(request))


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """The card by the layout of its 22 items, to be printed."""
    return render(request, "safety/form.html", _paper(request, pk))


@require_GET
def form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a file."""
    context = _paper(request, pk)
    name = f"aefi-{context['case'].number or context['case'].pk}.pdf"
    html = render_to_string("print/aefi_card.html", context)
    return pdf_answer(request, html, name=name, page=reverse("safety:form", args=[pk]))


def _paper(request: HttpRequest, pk: int) -> dict[str, Any]:
    found = access.record(request, Case, SEE, pk=pk)
    looked_at(request, [found.person])
    report = found.reports.order_by("-pk").first()
    card = report.card if report else card_of(found, by=access.actor(request), at=access.now(request))
    return {
        "case": found,
        "report": report,
        "items": [
            {"number": item.number, "title": item.in_language(language()), "must": item.is_mandatory,
             "text": _as_printed(item.key, card)} for item in items()
        ],
        "vaccines": [_vaccine_as_printed(one) for one in card["vaccines"]],
        "reaction": reactions()[found.reaction].in_language(language()),
        "printed_at": access.now(request),
    }  # fmt: skip


def _as_printed(key: str, card: dict[str, Any]) -> str:
    value = card.get(key, "")
    if key == "vaccines":
        return ""
    if key == "sex":
        return {"1": _("Male"), "2": _("Female")}.get(str(value), str(value))
    if key == "course":
        parts = [f"{PARTS[part]} {_choice(part, card.get(part, ''))}" for part in TOGETHER if card.get(part)]
        return "；".join([str(value), *parts]) if value else "；".join(parts)
    return _choice(key, value)


def _vaccine_as_printed(vaccine: dict[str, Any]) -> dict[str, Any]:
    body_site = str(vaccine["body_site"])
    return vaccine | {
        "given_at": _moment_as_printed(str(vaccine["given_at"])),
        "body_site": BODY_SITES.get(body_site, body_site),
    }


def _moment_as_printed(text: str) -> str:
    """A moment of a frozen card, without the zone: 2026-11-22 23:28."""
    return text[:16].replace("T", " ")


def _choice(key: str, value: Any) -> str:
    entry = choices(key).get(str(value))
    if key in ("onset_at", "found_at"):
        return _moment_as_printed(str(value))
    return words(entry) if entry else str(value or "")
