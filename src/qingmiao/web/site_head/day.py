"""The day as it runs: the bottleneck in one sentence, arrivals, waits, desks, staff, and closing the day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from qingmiao.clinic.actions.sessions import close_session, reopen_session
from qingmiao.clinic.flow import StepFigures
from qingmiao.clinic.models import Session
from qingmiao.clinic.queries.flow import DayFlow, flow_of, unfinished_sessions
from qingmiao.clinic.rules import AFTER_THE_NEEDLE, AT_THE_SITE, EXPECTED, WITH_DOSE, WITHOUT_DOSE, State, Step
from qingmiao.clinic.screening import form_for
from qingmiao.clinic.words import STEPS
from qingmiao.staff.queries import names_of
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import carried_out, site_day
from qingmiao.web.templatetags.qm import clock

SEE = "clinic.see_flow"
PLAN = "clinic.plan_session"
WIDTH, HEIGHT, BOTTOM, TOP = 1080, 240, 200, 26
MOST_LABELS = 12
GOOD, BAD = 10, 20  # minutes of waiting; colours only


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The session of today, or of ?session=… that was."""
    here = site_day(request, SEE)
    session = here.session
    if (pk := request.GET.get("session", "")).isdigit():
        session = access.record(request, Session, SEE, pk=int(pk))
    context = here.frame | {
        "unfinished": unfinished_sessions(here.site, here.at),
        "may_plan": here.who.may(PLAN, here.site),
    }
    if session is None:
        return render(request, "site_head/no_day.html", context)
    now = here.at if session.day == here.day else timezone.make_aware(_end_of(session.day))
    flow = flow_of(session, now)
    context |= {
        "shown": session,
        "say": said(flow),
        "counts": _counts(flow),
        "steps": [_step(one) for one in flow.steps.values()],
        "chart": _chart(flow),
        "at_work": _desks(flow),
        "staff": _staff(flow),
    }
    return render(request, "site_head/day.html", context)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59))


def said(flow: DayFlow) -> str:
    """The one sentence on top: who holds everybody up, and when the last person will be done."""
    if flow.session.closed_at is not None:
        return _("The day is closed: {people} people had the dose.").format(people=_with_dose(flow))
    coming = flow.forecast
    if coming is None:
        waiting = sum(one.waiting for one in flow.steps.values())
        if not flow.arrivals:
            return _("Nobody has arrived yet.")
        if waiting:
            return _("{people} people wait. No desk has finished with anybody yet.").format(people=waiting)
        return _("Nobody waits and nobody is expected.")
    observed = form_for(flow.session.products.all()[0].code, flow.session.day).observation
    late = coming.last_done - flow.closes_at
    text = _(
        "Bottleneck: {step}. {remaining} people are still to pass it, {desks} desks do {per_hour} an hour; the last "
        "one has the dose at about {time} and goes at {out}."
    ).format(
        step=STEPS[coming.step],
        remaining=coming.remaining,
        desks=coming.desks,
        per_hour=round(coming.per_hour),
        time=clock(coming.last_done),
        out=clock(coming.last_done + observed),
    )
    if late > timedelta():
        minutes = round(late.total_seconds() / 60)
        after = ngettext("{n} minute after closing.", "{n} minutes after closing.", minutes).format(n=minutes)
        return f"{text} {after}"
    return text


def _with_dose(flow: DayFlow) -> int:
    return sum(flow.states[state] for state in AFTER_THE_NEEDLE | WITH_DOSE)


def _counts(flow: DayFlow) -> list[dict[str, Any]]:
    states = flow.states

    def total(wanted: frozenset[State]) -> int:
        return sum(states[state] for state in wanted)

    stopped = states[State.REACTION] + states[State.LEFT_EARLY]
    return [
        _card(total(EXPECTED), _("still expected"), "is-due", _list("missing"), keep=True),
        _card(total(AT_THE_SITE), _("in the queues"), "is-wait", _list("arrived"), keep=True),
        _card(_with_dose(flow), _("vaccinated"), "is-go", _list("given"), keep=True),
        _card(states[State.OBSERVING], _("under observation"), "is-later", _list("observed")),
        _card(stopped, _("unwell or left early"), "is-stop", _list("stopped")),
        _card(total(WITHOUT_DOSE), _("went without the dose"), "is-later", _list("away")),
    ]


def _card(count: int, label: str, tone: str, url: str, *, keep: bool = False) -> dict[str, Any]:
    return {"count": count, "label": label, "tone": tone, "url": url, "keep": keep}


def _list(show: str) -> str:
    return f"{reverse('front_desk:list')}?show={show}"


def _step(one: StepFigures) -> dict[str, Any]:
    wait = one.wait_p90 or 0
    return {
        "word": STEPS[one.step],
        "waiting": one.waiting,
        "done": one.done,
        "desks": one.desks,
        "median": _minutes(one.wait_median),
        "p90": _minutes(one.wait_p90),
        "took": _minutes(one.took_median),
        "tone": "is-stop" if wait > BAD else "is-wait" if wait > GOOD else "",
    }


def _minutes(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _desks(flow: DayFlow) -> list[dict[str, Any]]:
    return [
        {
            "area": desk.organisation.parent.name if desk.organisation.parent else "",
            "name": desk.organisation.name,
            "step": STEPS[Step(desk.step)],
            "count": work.count,
            "per_hour": f"{work.per_hour:.0f}" if work.per_hour else "—",
            "from": clock(work.first),
            "to": clock(work.last),
        }
        for desk, work in flow.desks.items()
    ]


def _staff(flow: DayFlow) -> list[dict[str, Any]]:
    names = names_of(flow.staff)
    rows = [
        {
            "name": names.get(user, "—"),
            "count": work.count,
            "from": clock(work.first),
            "to": clock(work.last),
            "hours": f"{work.hours:.1f}",
            "overtime": round(work.overtime(flow.closes_at)),
        }
        for user, work in flow.staff.items()
    ]
    return sorted(rows, key=lambda row: -int(row["count"]))


def _chart(flow: DayFlow) -> dict[str, Any] | None:
    """Arrivals per quarter hour, with the table behind them."""
    if not flow.arrivals:
        return None
    return {
        "title": _("Arrivals per quarter hour"),
        "svg": _bars([(clock(at), people) for at, people in flow.arrivals.items()]),
        "columns": [_("From"), _("People")],
        "rows": [[clock(at), people] for at, people in flow.arrivals.items()],
        "source": _("journal of the day"),
    }


def _bars(values: list[tuple[str, int]]) -> SafeString:
    top = max(people for _word, people in values)
    step = WIDTH / max(len(values), MOST_LABELS)  # one quarter hour is a bar, not a wall
    every = -(-len(values) // MOST_LABELS)

    def height(people: int) -> int:
        return round((BOTTOM - TOP) * people / top)

    bars = format_html_join(
        "",
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="mid" x="{}" y="{}" font-size="18">{}</text>',
        (
            (round(place * step + step * 0.1), BOTTOM - height(people), max(1, round(step * 0.8)), height(people),
             round((place + 0.5) * step), BOTTOM - height(people) - 6, people or "")
            for place, (_word, people) in enumerate(values)
        ),
    )  # fmt: skip
    labels = format_html_join(
        "",
        '<text class="mid soft" x="{}" y="{}" font-size="18">{}</text>',
        (
            (round((place + 0.5) * step), BOTTOM + 26, word)
            for place, (word, _n) in enumerate(values)
            if place % every == 0
        ),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/>{}{}</svg>',
        *(WIDTH, HEIGHT, _("Arrivals per quarter hour"), WIDTH, BOTTOM, BOTTOM, bars, labels),
    )


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the day, or open it again."""
    session = access.record(request, Session, PLAN, pk=request.POST.get("session") or 0)
    version = request.POST.get("version", "")
    who, at = access.actor(request), access.now(request)
    number = int(version) if version.isdigit() else 0
    if "reopen" in request.POST:
        done = carried_out(request, lambda: reopen_session(by=who, session=session, version=number))
    else:
        done = carried_out(request, lambda: close_session(by=who, session=session, version=number, at=at))
        if done is not None:
            messages.success(
                request, _("The day is closed. Whoever was still on the way is on the list “without the dose”.")
            )
    return redirect("site_head:day")
