"""The week, and one session: hours, vaccines, places kept, periods and what they can take."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.clinic.actions.sessions import (
    SHRUNK,
    BookingsWouldFall,
    PeriodsImplausible,
    SessionExists,
    keep_places,
    plan_periods,
    plan_session,
)
from qingmiao.clinic.capacity import PeriodPlan, hourly
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Session, Visit
from qingmiao.clinic.queries.capacity import Load, loads_of, taken_by_units, week_of
from qingmiao.clinic.rules import Refused
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import SiteDay, looked_at, site_day, strip
from qingmiao.web.once import request_id
from qingmiao.web.site_head.forms import Periods, PlanForm, SessionForm

PLAN = "clinic.plan_session"
SEE = "clinic.see_session"


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """Seven days of the site: what each can take, and what is taken."""
    here = site_day(request, SEE)
    first = _first(request.GET.get("from", ""), here.day)
    days = [_day(day, session, loads) for day, session, loads in week_of(here.site, first)]
    context = {
        "days": days,
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "may_plan": here.who.may(PLAN, here.site),
        "minutes": figure("minutes_per_dose", here.day),
    }
    return render(request, "site_head/week.html", here.frame | context)


def _first(text: str, today: date) -> date:
    """The day the table begins with: today, or as asked."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today


def _day(day: date, session: Session | None, loads: list[Load]) -> dict[str, Any]:
    return {
        "day": day,
        "session": session,
        "loads": loads,
        "places": sum(load.places for load in loads),
        "open": sum(load.open_places for load in loads),
        "booked": sum(load.booked for load in loads),
        "units": taken_by_units(session) if session else 0,
        "left": sum(load.left for load in loads),
    }


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Open a day: hours, vaccines, vaccinators; it is cut into hours that can be changed afterwards."""
    here = site_day(request, PLAN)
    wanted = request.GET.get("day", "")
    day = date.fromisoformat(wanted) if _is_day(wanted) else here.day + timedelta(days=1)
    form = PlanForm(request.POST or None, initial={"day": day})
    if form.is_bound and form.is_valid():
        try:
            session = _planned(request, here, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("site_head:session", session.pk)
    context = here.frame | {"form": form}
    return render(request, "site_head/plan.html", context, status=422 if form.errors else 200)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _planned(request: HttpRequest, here: SiteDay, form: PlanForm) -> Session:
    """The first of the days; the same weekday of the weeks after it is planned too, unless it is already."""
    found, once = form.cleaned_data, request_id(request)
    first = _planned_on(found["day"], here, form, once)
    for week in range(1, found["weeks"] or 1):
        with suppress(SessionExists):
            _planned_on(found["day"] + timedelta(weeks=week), here, form, uuid5(once, str(week)))
    return first


def _planned_on(day: date, here: SiteDay, form: PlanForm, once: UUID) -> Session:
    found = form.cleaned_data
    return plan_session(
        by=here.who,
        site=here.site,
        day=day,
        opens_at=found["opens_at"],
        closes_at=found["closes_at"],
        cut_off_at=form.cut_off_at(day),
        products=list(found["products"]),
        places=form.places,
        periods=hourly(found["opens_at"], found["closes_at"], found["vaccinators"], found["open_places"]),
        request_id=once,
    )


@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: its periods, and its hours, vaccines and kept places to change."""
    found = access.record(request, Session, PLAN, pk=pk)
    kept = {one.organisation_id: one.places for one in found.places.all()}
    form = SessionForm(request.POST or None, kept=kept, initial=_terms(found))
    if form.is_bound and form.is_valid():
        try:
            _kept(request, found, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("site_head:session", pk)
    context = _context(request, found, form, Periods(initial=_rows(found)))
    return render(request, "site_head/session.html", context, status=422 if form.errors else 200)


def _terms(found: Session) -> dict[str, Any]:
    return {
        "opens_at": found.opens_at,
        "closes_at": found.closes_at,
        "cut_off": timezone.localtime(found.cut_off_at).time(),
        "products": list(found.products.all()),
    }


def _rows(found: Session) -> list[dict[str, Any]]:
    names = ("starts_at", "ends_at", "vaccinators", "open_places")
    return [{name: getattr(period, name) for name in names} for period in found.periods.all()]


def _kept(request: HttpRequest, found: Session, form: SessionForm) -> Session:
    terms, version = form.cleaned_data, request.POST.get("version", "")
    return keep_places(
        by=access.actor(request),
        session=found,
        version=int(version) if version.isdigit() else 0,
        places=form.places,
        opens_at=terms["opens_at"],
        closes_at=terms["closes_at"],
        cut_off_at=form.cut_off_at(found.day),
        products=list(terms["products"]),
        request_id=request_id(request),
    )


def _context(request: HttpRequest, found: Session, form: SessionForm, periods: Any) -> dict[str, Any]:
    here = site_day(request, PLAN)
    loads = loads_of(found)
    by_start = {load.period.starts_at.strftime("%H:%M"): load for load in loads}
    rows = [{"form": one, "load": by_start.get(_start_of(one))} for one in periods.forms]
    return (
        here.frame
        | _day(found.day, found, loads)
        | {
            "planned": found,
            "form": form,
            "periods": periods,
            "rows": rows,
            "minutes": figure("minutes_per_dose", found.day),
            "fallen": found.visits.filter(exit_code=SHRUNK).count(),
        }
    )


def _start_of(form: Any) -> str:
    value = form["starts_at"].value()
    return value if isinstance(value, str) else value.strftime("%H:%M") if value else ""


@require_POST
def periods(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the periods; when bookings would fall, say whose first, and save only when that is sent again."""
    found = access.record(request, Session, PLAN, pk=pk)
    forms = Periods(request.POST)
    context: dict[str, Any] = {}
    if forms.is_valid():
        plans = [plan for one in forms.forms if (plan := one.plan) is not None]
        try:
            _saved(request, found, plans)
        except BookingsWouldFall as refusal:
            looked_at(request, refusal.visits)
            context = {"falling": [{"visit": one, "person": strip(one)} for one in refusal.visits]}
        except PeriodsImplausible as refusal:
            context = {"wrong": str(refusal)}
        else:
            return redirect("site_head:fallen" if request.POST.get("falling", "0") != "0" else "site_head:session", pk)
    found.refresh_from_db(fields=["version"])  # what was refused was not written
    kept = {one.organisation_id: one.places for one in found.places.all()}
    shown = _context(request, found, SessionForm(kept=kept, initial=_terms(found)), forms)
    return render(request, "site_head/session.html", shown | context, status=422)


def _saved(request: HttpRequest, found: Session, plans: list[PeriodPlan]) -> Session:
    version, falling = request.POST.get("version", ""), request.POST.get("falling", "")
    return plan_periods(
        by=access.actor(request),
        session=found,
        version=int(version) if version.isdigit() else 0,
        plans=plans,
        falling=int(falling) if falling.isdigit() else 0,
        at=access.now(request),
    )


@require_GET
def fallen(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose booking fell when the session was made smaller: the people to call."""
    found = access.record(request, Session, PLAN, pk=pk)
    visits: list[Visit] = list(
        found.visits.filter(exit_code=SHRUNK)
        .select_related("person", "batch__unit", "session")
        .prefetch_related("person__identifiers", "person__phones")
    )
    looked_at(request, visits)
    rows = [
        strip(visit) | {"phone": next((phone.masked for phone in visit.person.phones.all()), ""), "pk": visit.person_id}
        for visit in visits
    ]
    context = site_day(request, PLAN).frame | {"planned": found, "rows": rows, "title": _("To be called")}
    return render(request, "site_head/fallen.html", context)
