"""The correction desk: find the dose, say what is wrong, let a second person agree."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.clinic.actions.corrections import (
    Proposal,
    confirm_correction,
    propose_correction,
    refuse_correction,
    take_back_correction,
)
from qingmiao.clinic.models import Correction, Visit
from qingmiao.clinic.queries.corrections import (
    CONFIRM,
    PROPOSE,
    corrections_decided,
    corrections_waiting,
    doses_to_correct,
    history_of,
    open_findings,
    person_at_desk,
)
from qingmiao.registry.models import Dose, Person
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.stock.models import Lot
from qingmiao.stock.queries import lots_at
from qingmiao.web import access
from qingmiao.web.corrections.words import FOLLOWS, KINDS, finding_word
from qingmiao.web.front_desk.site_day import carried_out
from qingmiao.web.once import request_id

Kind = Correction.Kind
PER_PAGE = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Corrections that wait for a second person first, then the dose one is looking for."""
    who = access.actor(request)
    if not who.paths_for(PROPOSE):
        raise NotAllowed(PROPOSE)
    text = request.GET.get("q", "")
    doses = doses_to_correct(who, text, access.today(request))
    waiting = list(corrections_waiting(who)) if who.paths_for(CONFIRM) else []
    decided = list(corrections_decided(who)[:PER_PAGE])
    _looked_at(request, [*doses, *(one.dose for one in waiting), *(one.dose for one in decided)])
    context = {
        "text": text,
        "doses": doses,
        "waiting": waiting,
        "decided": decided,
        "me": who.user_id,
        "findings": open_findings(who).count() if who.paths_for("clinic.decide_finding") else None,
    }
    return render(request, "corrections/home.html", context)


def _looked_at(request: HttpRequest, doses: list[Dose]) -> None:
    people = list({dose.person_id: dose.person for dose in doses}.values())
    if people:
        access.looked_at(request, "clinic.see_visit", people)


def _dose(request: HttpRequest, pk: int) -> Dose:
    """The dose of the address, if it was given where the actor works; else 404."""
    who = access.actor(request)
    if not who.paths_for(PROPOSE):
        raise NotAllowed(PROPOSE)
    return get_object_or_404(Dose, pk=pk, injection__visit__in=who.visible(PROPOSE, Visit))


@require_GET
def dose(request: HttpRequest, pk: int) -> HttpResponse:
    """One dose with everything that happened to its record, and what can be wrong with it."""
    found = _dose(request, pk)
    _looked_at(request, [found])
    rows = history_of(found)
    newest = rows[-1]
    context = {
        "dose": newest,
        "person": strip_of(newest.person),
        "rows": rows,
        "is_old": newest.pk != found.pk,
        "open": newest.corrections.filter(state=Correction.State.PROPOSED).first(),
        "kinds": [{"code": code, "title": title, "help": text} for code, (title, text) in KINDS.items()],
        "findings": [
            {"finding": one, "word": finding_word(one.code), "decision": getattr(one, "decision", None)}
            for one in newest.findings.select_related("decision")
        ],
        "may_report": access.actor(request).may("safety.report_case", newest),
        "may_decide": bool(access.actor(request).paths_for("clinic.decide_finding")),
    }
    return render(request, "corrections/dose.html", context)


def strip_of(person: Person) -> dict[str, Any]:
    identifier = person.identifiers.first()
    return {
        "name": person.name,
        "sex": person.get_sex_display(),
        "born_on": person.birth_date,
        "number": identifier.masked if identifier else "",
    }


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Say what the dose should read; what was typed stays on the page when something is missing."""
    found = _dose(request, pk)
    if kind not in KINDS:
        raise Http404
    typed = {name: request.POST.get(name, "").strip() for name in ("lot", "day", "time", "number", "reason")}
    person = person_at_desk(typed["number"]) if typed["number"] else None
    if request.method == "POST":
        proposal = Proposal(
            kind=Kind(kind), lot=_lot(found, typed["lot"]), given_at=_moment(typed["day"], typed["time"]), person=person
        )
        done = carried_out(
            request,
            lambda: propose_correction(
                by=access.actor(request),
                dose=found,
                proposal=proposal,
                reason=typed["reason"],
                at=access.now(request),
                request_id=request_id(request),
            ),
        )
        if done is not None:
            messages.success(request, _("Proposed. It holds as soon as a second person confirms it."))
            return redirect("corrections:decide", done.pk)
    _looked_at(request, [found])
    context = {
        "dose": found,
        "person": strip_of(found.person),
        "kind": kind,
        "title": KINDS[kind][0],
        "help": KINDS[kind][1],
        "follows": FOLLOWS[kind],
        "lots": _lots(found, kind) if kind in (Kind.LOT, Kind.PRODUCT) else [],
        "typed": typed,
        "found_person": person,
    }
    return render(request, "corrections/propose.html", context, status=422 if request.method == "POST" else 200)


def _lots(dose: Dose, kind: str) -> list[Lot]:
    """Lots that came to the site: of the same vaccine, or of the others; expired ones too, for they may be true."""
    if dose.site is None or dose.lot is None:
        return []
    if kind == Kind.LOT:
        return list(lots_at(dose.site, dose.lot.product).exclude(pk=dose.lot.pk))
    here = Lot.objects.filter(movements__place__path__begins=dose.site.path).exclude(product=dose.lot.product)
    return list(here.select_related("product").distinct().order_by("product__name", "expires_on"))


def _lot(dose: Dose, text: str) -> Lot | None:
    here = Lot.objects.filter(movements__place__path__begins=dose.site.path if dose.site else "-")
    return here.filter(pk=text).distinct().first() if text.isdigit() else None


def _moment(day: str, clock: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.fromisoformat(clock)))
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What is recorded beside what is proposed; the second person confirms, or says why not."""
    correction = access.record(request, Correction, PROPOSE, pk=pk)
    who = access.actor(request)
    if request.method == "POST" and _decided(request, correction, who) is not None:
        return redirect("corrections:decide", pk)
    fresh = access.record(request, Correction, PROPOSE, pk=pk)
    _looked_at(request, [fresh.dose])
    context = {
        "correction": fresh,
        "person": strip_of(fresh.dose.person),
        "other": strip_of(fresh.person) if fresh.person else None,
        "title": KINDS[fresh.kind][0],
        "follows": FOLLOWS[fresh.kind],
        "is_open": fresh.state == Correction.State.PROPOSED,
        "is_mine": fresh.proposed_by_id == who.user_id,
        "may_confirm": who.may(CONFIRM, fresh) and fresh.proposed_by_id != who.user_id,
        "slip_url": _slip(fresh),
        "why": request.POST.get("why", ""),
    }
    return render(request, "corrections/decide.html", context, status=422 if request.method == "POST" else 200)


def _decided(request: HttpRequest, correction: Correction, who: Actor) -> Correction | None:
    at, asked, said = access.now(request), request_id(request), request.POST.get("why", "")
    acts = {
        "confirm": lambda: confirm_correction(
            by=who, correction=correction, at=at, note_of_second=said, request_id=asked
        ),
        "refuse": lambda: refuse_correction(by=who, correction=correction, why=said, at=at, request_id=asked),
        "take_back": lambda: take_back_correction(by=who, correction=correction, at=at, request_id=asked),
    }
    act = acts.get(request.POST.get("act", ""))
    return carried_out(request, act) if act else None


def _slip(correction: Correction) -> str:
    """The slip that replaces the old one, while the person is still in the room or near."""
    result = correction.result
    observation = getattr(result, "observation", None) if result is not None and not result.is_void else None
    return reverse("observation:slip", args=[observation.pk]) if observation else ""
