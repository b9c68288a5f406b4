"""What residents report through the code on their slip: the public page, and the worklist behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.clinic.queries.people import dose_of
from qingmiao.clinic.queries.rooms import by_slip
from qingmiao.clinic.words import SIGNS
from qingmiao.law.dated import threshold
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.cases import Seen
from qingmiao.safety.actions.self_reports import answer_self_report, report_by_oneself
from qingmiao.safety.models import SelfReport
from qingmiao.safety.queries.cases import self_reports_open
from qingmiao.safety.rules import Refused, reactions
from qingmiao.staff.access import system
from qingmiao.web import access
from qingmiao.web.middleware import open_to_all
from qingmiao.web.once import request_id
from qingmiao.web.safety.shared import ANSWER, attempt, language, looked_at, moment, strip, who_may

State = SelfReport.State


@open_to_all
@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the slip says what is felt after the dose. The page names nobody."""
    visit = by_slip(token)
    dose = dose_of(visit) if visit is not None else None
    at = access.now(request)
    open_for = timedelta(days=threshold("safety", "self_reports", "open_for_days").value)
    if visit is None or dose is None or dose.given_at is None or at - dose.given_at > open_for:
        raise Http404
    is_sent = False
    if request.method == "POST":
        is_sent = attempt(request, lambda: _told(request, dose)) is not None
    context = {
        "token": token,
        "ticket": visit.ticket,
        "site": visit.session.site.name,
        "signs": SIGNS.items(),
        "ticked": request.POST.getlist("signs"),
        "typed": request.POST,
        "is_sent": is_sent,
    }
    return render(
        request, "safety/by_code.html", context, status=422 if request.method == "POST" and not is_sent else 200
    )


def _told(request: HttpRequest, dose: Dose) -> SelfReport:
    signs = [code for code in request.POST.getlist("signs") if code in SIGNS]
    since = moment(request.POST.get("day", ""), request.POST.get("time", "") or "00:00")
    at = access.now(request)
    if since is not None and dose.given_at is not None and not dose.given_at <= since <= at:
        since = None  # a parent's clock is not argued with: whoever calls back asks
    return report_by_oneself(
        by=system("slip"),
        dose=dose,
        signs=signs,
        text=request.POST.get("text", ""),
        phone=request.POST.get("phone", ""),
        since=since,
        at=at,
        request_id=request_id(request),
    )


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """Residents who wait for a call, the longest waiting first."""
    who, at = who_may(request, ANSWER), access.now(request)
    rows = [_row(report, at) for report in self_reports_open(who)]
    looked_at(request, [row["report"].person for row in rows])
    return render(request, "safety/residents.html", {"rows": rows})


def _row(report: SelfReport, at: Any) -> dict[str, Any]:
    return {
        "report": report,
        "signs": "、".join(str(SIGNS[code]) for code in report.signs if code in SIGNS),
        "hours": int((at - report.at).total_seconds() // 3600),
    }


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what was said, whom to call, and what came of the call."""
    report = access.record(request, SelfReport, ANSWER, pk=pk)
    if request.method == "POST":
        done = attempt(request, lambda: _answered(request, report))
        if done is not None:
            messages.success(request, _("Written down."))
            return redirect("safety:case", done.case.pk) if done.case else redirect("safety:residents")
    looked_at(request, [report.person])
    local = timezone.localtime(report.since or report.at)
    context = {
        "report": report,
        "row": _row(report, access.now(request)),
        "person": strip(report.person),
        "text": report.text.reveal(),
        "phone": report.phone.reveal(),
        "reactions": [(code, one.in_language(language())) for code, one in reactions().items()],
        "typed": request.POST,
        "day": request.POST.get("day") or local.strftime("%Y-%m-%d"),
        "time": request.POST.get("time") or local.strftime("%H:%M"),
        "is_open": report.state in (State.NEW, State.CALLED),
    }
    return render(request, "safety/resident.html", context, status=422 if request.method == "POST" else 200)


def _answered(request: HttpRequest, report: SelfReport) -> SelfReport:
    state = request.POST.get("state", "")
    if state not in (State.CALLED, State.CASE, State.HARMLESS):
        raise Refused(_("Choose what came of the call."))
    return answer_self_report(
        by=access.actor(request),
        report=report,
        state=State(state),
        answer=request.POST.get("answer", ""),
        seen=_seen(request, report) if state == State.CASE else None,
        at=access.now(request),
        request_id=request_id(request),
    )


def _seen(request: HttpRequest, report: SelfReport) -> Seen:
    onset_at = moment(request.POST.get("day", ""), request.POST.get("time", ""))
    if onset_at is None:
        raise Refused(_("Enter the day and time at which it began."))
    return Seen(
        reaction=request.POST.get("reaction", ""),
        onset_at=onset_at,
        found_at=max(report.at, onset_at),
        typed={"course": report.text.reveal(), "phone": report.phone.reveal()},
    )
