"""What was found wrong with doses that had been given: a worklist that empties by decisions."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.actions.judging import decide_finding, judge_dose
from qingmiao.clinic.models import DoseFinding, FindingDecision
from qingmiao.clinic.queries.corrections import DECIDE, decided_findings, open_findings, unjudged_doses
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.corrections.views import strip_of
from qingmiao.web.corrections.words import finding_word
from qingmiao.web.front_desk.site_day import carried_out
from qingmiao.web.once import request_id

PER_PAGE = 50
AT_ONCE = 500


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """Findings without a decision, the oldest first; or those decided on."""
    who = access.actor(request)
    if not who.paths_for(DECIDE):
        raise NotAllowed(DECIDE)
    is_decided = request.GET.get("show") == "decided"
    findings = decided_findings(who) if is_decided else open_findings(who)
    page = Paginator(findings, PER_PAGE).get_page(request.GET.get("page"))
    if people := [one.dose.person for one in page]:
        access.looked_at(request, "clinic.see_visit", people)
    context = {
        "page_obj": page,
        "rows": [{"finding": one, "word": finding_word(one.code)} for one in page],
        "is_decided": is_decided,
        "open": open_findings(who).count(),
        "unjudged": unjudged_doses(who).count() if who.paths_for("clinic.judge_dose") else 0,
    }
    return render(request, "corrections/findings.html", context)


@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Ask the schedule about every dose it has not judged; at most 500 at once."""
    who, at = access.actor(request), access.now(request)
    if not who.paths_for("clinic.judge_dose"):
        raise NotAllowed("clinic.judge_dose")
    doses = list(unjudged_doses(who)[:AT_ONCE])
    for dose in doses:
        judge_dose(by=who, dose=dose, at=at)
    messages.success(request, _("{n} doses judged.").format(n=len(doses)))
    return redirect("corrections:findings")


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: who, which rule, the evidence; and what the doctor decides."""
    found = access.record(request, DoseFinding, DECIDE, pk=pk)
    if request.method == "POST":
        done = carried_out(request, lambda: _decide(request, found))
        if done is not None:
            messages.success(request, _("Decided."))
            return redirect("corrections:findings")
    access.looked_at(request, "clinic.see_visit", [found.dose.person])
    context = {
        "finding": found,
        "word": finding_word(found.code),
        "person": strip_of(found.dose.person),
        "judgement": getattr(found.dose, "judgement", None),
        "decision": getattr(found, "decision", None),
        "choices": FindingDecision.Decision.choices,
        "typed": request.POST,
        "phones": [phone.masked for phone in found.dose.person.phones.all()],
    }
    return render(request, "corrections/finding.html", context, status=422 if request.method == "POST" else 200)


def _decide(request: HttpRequest, found: DoseFinding) -> FindingDecision:
    try:
        decision = FindingDecision.Decision(request.POST.get("decision", ""))
    except ValueError:
        raise Refused(_("Choose what follows.")) from None
    try:
        due_on = date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError:
        due_on = None
    return decide_finding(
        by=access.actor(request),
        finding=found,
        decision=decision,
        said=request.POST.get("said", ""),
        due_on=due_on,
        at=access.now(request),
        request_id=request_id(request),
    )
