"""Death certificates: a list with its clocks, the certificate as a form, one certificate with what happened to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.privacy.masking import masked_number, masked_phone
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.actions.deaths import (
    CertificateIncomplete,
    CertifiedAlready,
    WrongState,
    correct_certificate,
    enter_certificate,
    issue_certificate,
    open_certificate,
    return_certificate,
    review_certificate,
    save_certificate,
    upload_certificate,
)
from qingmiao.surveillance.card import moment_of
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.death import chain_of, faults_of, questions_of, rules, suggested, title_of
from qingmiao.surveillance.models import DeathCertificate
from qingmiao.surveillance.queries.deaths import certificates_of, ill_defined_share, upload_deadline, waiting
from qingmiao.surveillance.words import language, said
from qingmiao.web import access
from qingmiao.web.once import request_id
from qingmiao.web.surveillance.alike import acted, asked, happened, kept_so_far, paper_of
from qingmiao.web.surveillance.clocks import clock_of
from qingmiao.web.surveillance.deaths.form import LABELS, CertificateForm, typed

CERTIFY, REVIEW, SEE = "surveillance.certify_death", "surveillance.review_death", "surveillance.see_deaths"
State = DeathCertificate.State
GROUPS: dict[str, tuple[str, ...]] = {
    "open": (State.DRAFT, State.RETURNED),
    "upload": (State.ISSUED,),
    "review": (State.UPLOADED,),
    "done": (State.REVIEWED, State.CORRECTED),
}
TONES = {
    State.DRAFT: "is-wait",
    State.ISSUED: "is-due",
    State.UPLOADED: "is-due",
    State.RETURNED: "is-stop",
    State.REVIEWED: "is-go",
    State.CORRECTED: "is-later",
}
ON_A_PAGE = 50


def certificate_of(request: HttpRequest, pk: int) -> DeathCertificate:
    """The certificate, if the actor reviews its place or wrote it; else 404."""
    return paper_of(request, certificates_of, pk, write=CERTIFY, see=SEE)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The certificates by what is to be done with them."""
    who, at = access.actor(request), access.now(request)
    if not who.paths_for(CERTIFY) and not who.paths_for(SEE):
        raise NotAllowed(SEE)
    certificates = certificates_of(who)
    late = certificates.filter(state__in=(State.ISSUED, State.RETURNED), due_at__lt=at)
    group = request.GET.get("group", "upload" if who.paths_for(REVIEW) else "open")
    shown = late if group == "late" else certificates.filter(state__in=GROUPS.get(group, GROUPS["open"]))
    page = Paginator(shown.order_by("due_at", "-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        door.look(SEE, by=who, at=at, people=list(page.object_list))
    words = {"open": (_("To be written"), "is-wait"), "upload": (_("To be uploaded"), "is-due"),
             "review": (_("To be reviewed and coded"), "is-due"), "done": (_("Done"), "is-go")}  # fmt: skip
    counts = [{"count": late.count(), "label": _("Past the deadline"), "tone": "is-stop", "url": "?group=late"}] + [
        {"count": certificates.filter(state__in=GROUPS[code]).count(), "label": label, "tone": tone,
         "url": f"?group={code}", "current": code == group, "keep": True}
        for code, (label, tone) in words.items()
    ]  # fmt: skip
    (ill, coded), checks = ill_defined_share(certificates), rules()["checks"]
    context = {
        "rows": [_line(one, at) for one in page],
        "page": page,
        "query": f"group={group}",
        "counts": counts,
        "ill": ill,
        "coded": coded,
        "most": checks["r_share_percent"],
        "is_too_many": coded >= checks["r_share_from_certificates"] and 100 * ill > checks["r_share_percent"] * coded,
        "may_write": bool(who.paths_for(CERTIFY)),
        "may_review": bool(who.paths_for(REVIEW)),
    }
    return render(request, "surveillance/deaths.html", context)


def _line(one: DeathCertificate, at: datetime) -> dict[str, Any]:
    return {
        "certificate": one,
        "name": one.fields.get("name") or _("No name yet"),
        "cause": title_of(one.underlying_code, language()),
        "clock": clock_of(one.due_at, one.uploaded_at, at),
        "tone": TONES[State(one.state)],
    }


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin a certificate."""
    place = access.actor(request).visible(CERTIFY, Organisation).filter(closed_on=None).order_by("path").first()
    if place is None:
        raise NotAllowed(CERTIFY)
    made = open_certificate(
        by=access.actor(request), place=place, at=access.now(request), request_id=request_id(request)
    )
    return redirect("deaths:write", pk=made.pk)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as a form; issuing asks the chain."""
    found = certificate_of(request, pk)
    if found.state not in GROUPS["open"]:
        return redirect("deaths:certificate", pk=pk)
    if request.method == "GET":
        return _form(request, found, is_shown=found.state == State.RETURNED)
    saved = _save(request, found)
    if "issue" not in request.POST:
        messages.success(request, _("Saved."))
        return redirect("deaths:write", pk=pk)
    try:
        issue_certificate(by=access.actor(request), certificate=saved, version=saved.version, at=access.now(request))
    except (CertificateIncomplete, CertifiedAlready) as stopped:
        return _form(request, saved, told=str(stopped), status=422)
    messages.success(request, _("Issued. Reminders for this person have ended; the doses stay on record."))
    return redirect("deaths:certificate", pk=pk)


def _save(request: HttpRequest, found: DeathCertificate) -> DeathCertificate:
    told = asked(request, found) | {"request_id": None}  # saved again and again while one types
    return save_certificate(**told, certificate=found, content=typed(request.POST.dict()))


def _form(
    request: HttpRequest, found: DeathCertificate, *, is_shown: bool = True, told: str = "", status: int = 200
) -> HttpResponse:
    content, at = found.fields, access.now(request)
    faults, questions = faults_of(content, now=at), questions_of(content)
    cause = suggested(chain_of(content))
    context = {
        "certificate": found,
        "form": CertificateForm(content, [*faults, *questions] if is_shown else ()),
        "told": told,
        "missing": len(faults),
        "questions": [said(question) for question in questions],
        "proposed": cause,
        "proposed_title": title_of(cause.code, language()) if cause else "",
        "causes": [entry["zh"] for entry in rules()["icd10"].values()],
        "needs_inquiry": content.get("evidence") == rules()["inquiry"]["when_evidence"],
    }
    return render(request, "surveillance/death_write.html", context, status=status)


@require_POST
def check(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what was typed so far and say what stands against it."""
    saved, at = _save(request, certificate_of(request, pk)), access.now(request)
    return kept_so_far(saved.version, [*questions_of(saved.fields), *faults_of(saved.fields, now=at)], at)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: what it says, its clock, what happened, the next act."""
    found = certificate_of(request, pk)
    who, at, content = access.actor(request), access.now(request), found.fields
    cause = suggested(chain_of(content))
    lang = language()
    context = {
        "certificate": found,
        "tone": TONES[State(found.state)],
        "strip": _strip(found),
        "facts": _facts(found),
        "chain": [(one.line, one.text, one.code, _interval(content, one.line)) for one in chain_of(content)],
        "part2": content.get("part2", ""),
        "questions": [said(question) for question in questions_of(content)],
        "answered": content.get("questions_answered", ""),
        "proposed": cause,
        "cause_title": title_of(found.underlying_code, lang),
        "clock": clock_of(found.due_at, found.uploaded_at, at),
        "law": _law(found),
        "events": _events(found),
        "may_review": who.may(REVIEW, found),
        "may_correct": who.may(CERTIFY, found) and found.state in (State.UPLOADED, State.REVIEWED),
        "now_text": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M"),
        "is_late_now": found.due_at is not None and at > found.due_at,
    }
    return render(request, "surveillance/death.html", context)


def _law(found: DeathCertificate) -> str:
    """The document that sets the days: the nation's, or the place's own."""
    if found.issued_on is None:
        return ""
    named = upload_deadline(found.place, found.issued_on).reference
    national = rule_file("deadlines")["references"].get(named)
    return str(national["title"][language()]) if national else named


def _interval(content: dict[str, str], line: str) -> str:
    unit = rules()["codes"]["interval_unit"].get(content.get(f"{line}_unit", ""), {}).get(language(), "")
    return f"{content.get(f'{line}_interval', '')} {unit}".strip()


def _strip(found: DeathCertificate) -> dict[str, Any]:
    fields = found.fields
    return {
        "name": fields.get("name") or "—",
        "sex": rules()["codes"]["sex"].get(found.sex, {}).get(language(), ""),
        "age": _("{age} years").format(age=found.age_years) if found.age_years is not None else "",
        "number": masked_number(fields.get("number", "")),
        "note": _("died {day}").format(day=found.died_on) if found.died_on else "",
    }


def _facts(found: DeathCertificate) -> list[tuple[str, str]]:
    fields, codes, shown = found.fields, rules()["codes"], []
    for name in ("died_at", "died_where", "diagnosed_by", "evidence", "registered_place", "living_place", "marriage",
                 "education", "status", "work_unit", "family_name", "family_phone", "doctor", "issued_on",
                 "inquiry_symptoms", "inquiry_of", "inquiry_relation"):  # fmt: skip
        value = fields.get(name, "")
        value = codes.get(name, {}).get(value, {}).get(language(), value)
        value = masked_phone(value) if name == "family_phone" else value.replace("T", " ")
        if value:
            shown.append((str(LABELS[name]), value))
    return shown


EVENT_WORDS: dict[str, Callable[[], str]] = {
    "issued": lambda: _("Issued"),
    "entered": lambda: _("Entered"),
    "uploaded": lambda: pgettext("surveillance", "Uploaded"),
    "returned": lambda: pgettext("surveillance", "Returned"),
    "reviewed": lambda: _("Reviewed and coded"),
    "corrected": lambda: _("Replaced by a correction"),
}


def _events(found: DeathCertificate) -> list[dict[str, Any]]:
    return happened(found.events.all(), EVENT_WORDS, lambda event: "is-stop" if event == "returned" else "is-go")


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of the acts on a certificate."""
    found = certificate_of(request, pk)
    if verb not in ACTS:
        raise Http404
    begun = acted(request, lambda: ACTS[verb](request, found), (ReasonMissing, WrongState))
    return redirect("deaths:write" if begun else "deaths:certificate", pk=begun or pk)


def _enter(request: HttpRequest, found: DeathCertificate) -> None:
    enter_certificate(**asked(request, found), certificate=found)


def _upload(request: HttpRequest, found: DeathCertificate) -> None:
    uploaded_at = moment_of(request.POST.get("uploaded_at", ""))
    if uploaded_at is None:
        raise ReasonMissing(_("Give the moment of the upload."))
    upload_certificate(
        **asked(request, found),
        certificate=found,
        uploaded_at=uploaded_at,
        national_number=request.POST.get("national_number", ""),
        late_because=request.POST.get("late_because", ""),
    )


def _return(request: HttpRequest, found: DeathCertificate) -> None:
    return_certificate(**asked(request, found), certificate=found, reason=request.POST.get("reason", ""))


def _review(request: HttpRequest, found: DeathCertificate) -> None:
    review_certificate(
        **asked(request, found), certificate=found, underlying_code=request.POST.get("underlying_code", "")
    )


def _correct(request: HttpRequest, found: DeathCertificate) -> int:
    return correct_certificate(
        by=access.actor(request), certificate=found, at=access.now(request), request_id=request_id(request)
    ).pk


ACTS: dict[str, Callable[[HttpRequest, DeathCertificate], int | None]] = {
    "enter": _enter,
    "upload": _upload,
    "return": _return,
    "review": _review,
    "correct": _correct,
}


def count_waiting(by: Any, at: datetime) -> int:
    """What waits at this desk, for the left column."""
    return waiting(by)
