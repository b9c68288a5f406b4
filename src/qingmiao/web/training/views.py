"""Training: who is out of date first; trainings with who came; one's own tests and certificates."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import User
from qingmiao.training import queries
from qingmiao.training.actions import (
    AlreadyHandedIn,
    Came,
    Plan,
    add_material,
    hand_in_test,
    record_attendance,
    record_training,
    start_test,
)
from qingmiao.training.models import Attempt, Certificate, Material, TrainingSession
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.once import request_id
from qingmiao.web.status import status_of
from qingmiao.web.training.forms import MaterialForm, TrainingForm

LATEST = 30


def _own(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Whoever answers for people sees who is out of date; everybody sees trainings and the own tests."""
    who = access.actor(request)
    if not who.paths_for("training.see"):
        raise NotAllowed("training.see")
    standings = queries.standings(who, on=access.today(request))
    context = {
        "standings": standings,
        "answers_for_people": bool(who.paths_for("training.see_records")),
        "may_hold": bool(who.paths_for("training.hold")),
        "out": sum(one.state in ("missing", "ended") for one in standings),
        "ending": sum(one.state == "ending" for one in standings),
        "sessions": queries.sessions_seen(who)[:LATEST],
        "attempts": queries.attempts_of(_own(request))[:LATEST],
    }
    return render(request, "training/home.html", context)


@require_GET
def standings_list(request: HttpRequest) -> HttpResponse:
    """Who must have a certificate, as a spreadsheet."""
    who = access.actor(request)
    if not who.paths_for("training.see_records"):
        raise NotAllowed("training.see_records")
    rows = [
        (
            one.user.display_name,
            "、".join(one.roles),
            one.place.name,
            one.trained_on,
            one.certificate.number if one.certificate else "",
            one.certificate.valid_until if one.certificate else "",
            str(status_of(f"training.{one.state}").word),
        )
        for one in queries.standings(who, on=access.today(request))
    ]
    columns = (_("Name"), _("Role"), _("Place"), _("Last training"), _("Certificate"), _("Valid until"), _("State"))
    return as_xlsx(_("Who must have a certificate"), columns, rows)


@require_http_methods(["GET", "POST"])
def new_session(request: HttpRequest) -> HttpResponse:
    """Write down a training."""
    who = access.actor(request)
    if not who.paths_for("training.hold"):
        raise NotAllowed("training.hold")
    form = TrainingForm(request.POST or None, actor=who, initial={"held_on": access.today(request)})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        request_id, organisation = said.pop("request_id"), said.pop("organisation")
        session = record_training(
            by=who, organisation=organisation, plan=Plan(**said), at=access.now(request), request_id=request_id
        )
        return redirect("training:session", pk=session.pk)
    return render(request, "training/new_session.html", {"form": form}, status=422 if form.errors else 200)


def _session_page(
    request: HttpRequest, session: TrainingSession, form: MaterialForm, status: int = 200
) -> HttpResponse:
    who = access.actor(request)
    context = {
        "session": session,
        "staff": queries.staff_of(session, on=session.held_on),
        "may_hold": who.may("training.hold", session),
        "materials": session.materials.order_by("pk"),
        "form": form,
    }
    return render(request, "training/session.html", context, status=status)


@require_GET
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One training: what was taught, who came, the material."""
    return _session_page(request, access.record(request, TrainingSession, "training.see", pk=pk), MaterialForm())


@require_POST
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who came: `came` holds their ids, `reason_<id>` why somebody did not."""
    training = access.record(request, TrainingSession, "training.hold", pk=pk)
    came = set(request.POST.getlist("came"))
    people = [
        Came(user, str(user.pk) in came, request.POST.get(f"reason_{user.pk}", "")[:120])
        for user, _written in queries.staff_of(training, on=training.held_on)
    ]
    record_attendance(
        by=access.actor(request),
        session=training,
        people=people,
        at=access.now(request),
        request_id=request_id(request),
    )
    messages.success(request, _("Kept: {came} of {all} came.").format(came=len(came), all=len(people)))
    return redirect("training:session", pk=pk)


@require_POST
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to a training."""
    training = access.record(request, TrainingSession, "training.hold", pk=pk)
    form = MaterialForm(request.POST, request.FILES)
    if not form.is_valid():
        return _session_page(request, training, form, 422)
    file = form.cleaned_data["file"]
    add_material(
        by=access.actor(request),
        session=training,
        name=file.name,
        file=file,
        at=access.now(request),
        request_id=form.cleaned_data["request_id"],
    )
    return redirect("training:session", pk=pk)


@require_GET
def material_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a training, as it was added."""
    found = access.record(request, Material, "training.see", pk=pk)
    return FileResponse(found.content.open("rb"), as_attachment=True, filename=found.name)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a test about the rules in force today."""
    who = access.actor(request)
    place = queries.own_place(who)
    if place is None:
        raise NotAllowed("training.take_test")
    attempt = start_test(
        by=who, user=_own(request), organisation=place, at=access.now(request), request_id=request_id(request)
    )
    return redirect("training:test", pk=attempt.pk)


def _in_language(title: dict[str, str]) -> str:
    return title["zh"] if (get_language() or "").startswith("zh") else title["en"]


def _shown(attempt: Attempt) -> list[dict[str, Any]]:
    answers = attempt.answers or [None] * len(attempt.questions)
    return [
        {
            "number": number,
            "text": _in_language(question["text"]),
            "choices": [(index, _in_language(choice)) for index, choice in enumerate(question["choices"])],
            "given": given,
            "said": None if given is None else _in_language(question["choices"][given]),
            "right": _in_language(question["choices"][question["right"]]),
            "is_right": given == question["right"],
            "rule": question["rule"],
            "reference": question["reference"],
            "from_memory": question["confidence"].startswith("M"),
        }
        for number, (question, given) in enumerate(zip(attempt.questions, answers, strict=True), 1)
    ]


def _given(request: HttpRequest, attempt: Attempt) -> list[int | None]:
    found: list[int | None] = []
    for number, question in enumerate(attempt.questions, 1):
        said = request.POST.get(f"q{number}", "")
        found.append(int(said) if said.isdigit() and int(said) < len(question["choices"]) else None)
    return found


@require_http_methods(["GET", "POST"])
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own test: its questions, then what was right and by which rule."""
    attempt = get_object_or_404(queries.attempts_of(_own(request)), pk=pk)
    if request.method == "POST" and not attempt.finished_at:
        given = _given(request, attempt)
        if None in given:
            rows = _shown(attempt)
            for row, said in zip(rows, given, strict=True):
                row["given"] = said
            context = {"attempt": attempt, "rows": rows, "missing": given.count(None)}
            return render(request, "training/test.html", context, status=422)
        try:
            hand_in_test(
                by=access.actor(request),
                attempt=attempt,
                answers=given,
                at=access.now(request),
                request_id=request_id(request),
            )
        except AlreadyHandedIn as refusal:
            messages.error(request, str(refusal))
        return redirect("training:test", pk=pk)
    page = "training/result.html" if attempt.finished_at else "training/test.html"
    return render(request, page, {"attempt": attempt, "rows": _shown(attempt)})


@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate to print: one's own, or of somebody one answers for."""
    own = Certificate.objects.filter(user=_own(request), pk=pk).first()
    found = own or access.record(request, Certificate, "training.see_records", pk=pk)
    context = {"certificate": found, "back": reverse("training:home"), "today": access.today(request)}
    return render(request, "training/certificate.html", context)
