"""The injection desk: next person, vial, given. Three taps."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingmiao.clinic.actions.injection import DoseAlreadyRecorded, check_lot, record_dose, withdraw_dose
from qingmiao.clinic.actions.judging import judge_dose
from qingmiao.clinic.actions.queue import take_next
from qingmiao.clinic.figures import withdrawable_until
from qingmiao.clinic.models import LotCheck, Visit
from qingmiao.clinic.queries.corrections import lookalikes
from qingmiao.clinic.queries.needle import last_dose_at, lot_check_of, screening_of
from qingmiao.clinic.queries.people import Standing, standings
from qingmiao.clinic.rules import Refused, Step
from qingmiao.clinic.screening import form_for
from qingmiao.clinic.words import BODY_SITES
from qingmiao.registry.models import Dose
from qingmiao.stock.models import Lot
from qingmiao.stock.queries import doses_left, lots_at, todays_lot
from qingmiao.stock.rules import ends_soon, obstacles
from qingmiao.web.corrections.words import WHY_ALIKE, finding_word
from qingmiao.web.front_desk.queue import Station, station
from qingmiao.web.front_desk.site_day import carried_out, strip
from qingmiao.web.injection.words import OBSTACLES, ROUTES, WITHDRAW_REASONS
from qingmiao.web.once import request_id
from qingmiao.web.screening.words import AWAY_REASONS
from qingmiao.web.templatetags.qm import clock, iso_day

USUAL_SITES = ("left_deltoid", "right_deltoid")


@require_GET
def desk(request: HttpRequest, desk_id: int) -> HttpResponse:
    """The person at this desk with the vial to be checked, or the queue."""
    here = station(request, desk_id, Step.INJECTION)
    last = last_dose_at(here.desk, here.day.day)
    context = here.context(request) | {"undo": _undo(here, last), "done": here.desk.injections.filter(
        dose__given_on=here.day.day, dose__superseded_by=None, dose__is_void=False
    ).count()}  # fmt: skip
    if last is not None and (here.day.at - last.recorded_at).total_seconds() < 60 and "slip" in request.GET:
        context["slip_url"] = reverse("observation:slip", args=[last.observation.pk])
    if here.visit is not None:
        context |= _needle(here, here.visit)
    return render(request, "injection/desk.html", context)


def _undo(here: Station, last: Dose | None) -> dict[str, Any] | None:
    """The last dose of this desk, as long as it can be withdrawn."""
    if last is None or last.given_at is None or here.day.at > withdrawable_until(last.given_at):
        return None
    visit = last.injection.visit
    return {
        "text": _("Before: {ticket} {name}, given at {time}").format(
            ticket=visit.ticket, name=visit.person.name, time=clock(last.given_at)
        ),
        "url": reverse("injection:withdraw", args=[here.desk.pk, last.pk]),
        "until": withdrawable_until(last.given_at),
        "label": _("Withdraw"),
        "also": [
            {
                "label": _("Print slip"),
                "url": reverse("observation:slip", args=[last.observation.pk]),
                "print": True,
            }
        ],
    }


def _needle(here: Station, visit: Visit) -> dict[str, Any]:
    """The person, the dose of today and why, and the vial."""
    product, day = visit.product, here.day.day
    check = lot_check_of(visit, here.desk)
    lot = check.lot if check and not check.obstacle else None
    offered = todays_lot(here.desk.organisation, product, day)
    standing = standings([visit.person], product, day)[visit.person_id]
    form = form_for(product.code, day)
    return {
        "person": strip(visit),
        "standing": standing,
        "interval": _interval(standing, here, form.course.minimum_interval_days if form.course else None),
        "screening": screening_of(visit),
        "check": check,
        "alike": [
            {"one": other, "why": "、".join(str(WHY_ALIKE[why]) for why in other.why)} for other in lookalikes(visit)
        ],
        "stopped": _stopped(check, visit) if check and check.obstacle else None,
        "lot": _band(lot, here) if lot else None,
        "offered": offered,
        "others": [
            one
            for one in lots_at(here.day.site, product)
            if one != offered and not obstacles(state=one.state, expires_on=one.expires_on, on=day)
        ],
        "body_sites": [(code, BODY_SITES[code]) for code in USUAL_SITES],
        "minutes": form.observation_minutes,
        "language": get_language(),
        "away_reasons": AWAY_REASONS,
    }


def _interval(standing: Standing, here: Station, minimum: int | None) -> dict[str, Any] | None:
    """Days since the last dose against the rule; a warning, never a stop."""
    if standing.last_on is None:
        return None
    days = (here.day.day - standing.last_on).days
    return {"days": days, "minimum": minimum, "is_short": minimum is not None and days < minimum}


def _stopped(check: LotCheck, visit: Visit) -> dict[str, str]:
    title, rule, cure = OBSTACLES[check.obstacle]
    lot = check.lot
    vial = f"{lot.product.title} {lot.number} {iso_day(lot.expires_on)} {lot.state_reason}" if lot else check.trace_code
    return {
        "title": f"{visit.ticket} {visit.person.name}: {title}",
        "reason": " · ".join(part for part in (vial.strip(), str(rule)) if part),
        "cure": str(cure).format(product=visit.product.title),
    }


def _band(lot: Lot, here: Station) -> dict[str, Any]:
    left = doses_left(lot, here.day.site)
    notes = []
    if left <= 0:
        notes.append(
            {
                "text": _("The books say none are left"),
                "more": _("Give it all the same and ask for a recount."),
                "tone": "is-wait",
            }
        )
    if ends_soon(lot.expires_on, here.day.day):
        notes.append({"text": _("Ends soon: {day}").format(day=iso_day(lot.expires_on)), "tone": "is-wait"})
    return {
        "product": lot.product.title,
        "code": lot.product.code,
        "route": ROUTES.get(lot.product.route, lot.product.route),
        "number": lot.number,
        "expires_on": lot.expires_on,
        "manufacturer": lot.product.manufacturer,
        "notes": notes,
        "stock": left,
        "pk": lot.pk,
    }


@require_POST
def vial(request: HttpRequest, desk_id: int) -> HttpResponse:
    """A vial was scanned, or the lot of the day accepted."""
    here = station(request, desk_id, Step.INJECTION)
    visit = here.visit
    if visit is None or str(visit.pk) != request.POST.get("visit"):
        messages.error(request, _("Call the person first, then scan the vial."))
        return redirect(here.url)
    scanned = request.POST.get("vial", "").strip()
    lot = None
    if not scanned and "lot" not in request.POST:
        return redirect(here.url)  # Enter in an empty field
    if not scanned:
        lot = get_object_or_404(lots_at(here.day.site, visit.product), pk=request.POST.get("lot") or 0)
    carried_out(
        request,
        lambda: check_lot(
            by=here.day.who,
            desk=here.desk,
            visit=visit,
            scanned=scanned,
            lot=lot,
            at=here.day.at,
            request_id=request_id(request),
        ),
    )
    return redirect(here.url)


@require_POST
def given(request: HttpRequest, desk_id: int) -> HttpResponse:
    """The injection has happened: record it, print the slip, take the next person."""
    here = station(request, desk_id, Step.INJECTION)
    who = here.day.who
    visit = get_object_or_404(who.visible("clinic.record_dose", Visit), pk=request.POST.get("visit") or 0)
    check = get_object_or_404(LotCheck, pk=request.POST.get("check") or 0, visit=visit)
    if check.lot is None:
        messages.error(request, _("Check the vial first."))
        return redirect(here.url)
    body_site = request.POST.get("body_site", "")
    try:
        dose = record_dose(
            by=who,
            desk=here.desk,
            visit=visit,
            lot=check.lot,
            check=check,
            body_site=body_site if body_site in BODY_SITES else "",
            at=here.day.at,
            is_second="is_second" in request.POST,
            request_id=request_id(request),
        )
    except DoseAlreadyRecorded as refusal:
        return render(request, "injection/already.html", _again(here, visit, check, refusal), status=409)
    judge_dose(by=who, dose=dose, at=here.day.at)
    for finding in dose.findings.all():
        messages.warning(
            request,
            _("Recorded. {finding}: tell the duty doctor, who decides what follows.").format(
                finding=finding_word(finding.code)
            ),
        )
    with suppress(Refused):  # nobody waits: the desk says so itself
        take_next(by=who, desk=here.desk, at=here.day.at)
    return redirect(f"{here.url}?slip")


def _again(here: Station, visit: Visit, check: LotCheck, refusal: DoseAlreadyRecorded) -> dict[str, Any]:
    return here.day.frame | {"desk": here.desk, "visit": visit, "check": check, "refusal": refusal}


@require_POST
def withdraw(request: HttpRequest, desk_id: int, pk: int) -> HttpResponse:
    """Take back a wrong tap within two minutes; the reason is chosen on the way."""
    here = station(request, desk_id, Step.INJECTION)
    dose = get_object_or_404(
        Dose, pk=pk, injection__desk=here.desk, injection__visit__in=here.day.who.visible("clinic.withdraw_dose", Visit)
    )
    reason = request.POST.get("reason_other", "").strip() or request.POST.get("reason", "")
    if not reason:
        context = here.day.frame | {
            "desk": here.desk,
            "dose": dose,
            "until": withdrawable_until(dose.given_at) if dose.given_at else timezone.now(),
            "reasons": WITHDRAW_REASONS,
        }
        return render(request, "injection/withdraw.html", context)
    done = carried_out(
        request,
        lambda: withdraw_dose(
            by=here.day.who, dose=dose, reason=reason, at=here.day.at, request_id=request_id(request)
        ),
    )
    if done is not None:
        messages.success(
            request,
            _("Withdrawn: {ticket} waits for the injection again.").format(ticket=dose.injection.visit.ticket),
        )
    return redirect(here.url)
