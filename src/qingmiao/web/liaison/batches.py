"""The liaison's side of batches: which sessions are open, whom to bring, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qingmiao.clinic.actions.batches import change_batch, name_batch
from qingmiao.clinic.models import Batch, Session, Visit
from qingmiao.clinic.queries.capacity import places_left_for
from qingmiao.clinic.queries.days import batches_of_units, sessions_open_to
from qingmiao.clinic.queries.people import Standing, StandingCode, people_of, reason_in, standings
from qingmiao.clinic.rules import EXPECTED, State
from qingmiao.registry.models import Person
from qingmiao.registry.queries.people import matching
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Product
from qingmiao.web import access
from qingmiao.web.front_desk.site_day import carried_out
from qingmiao.web.once import request_id
from qingmiao.web.templatetags.qm import iso_day, short_day, status

NAME = "clinic.name_batch"
MOST_SHOWN = 300
UNIT_KINDS = (
    Organisation.Kind.BUREAU,
    Organisation.Kind.UNIT,
    Organisation.Kind.SUBDISTRICT,
    Organisation.Kind.COMMUNITY,
)


def _units(request: HttpRequest) -> list[Organisation]:
    """The units the actor may name people for, the highest first."""
    units = access.actor(request).visible(NAME, Organisation).filter(kind__in=UNIT_KINDS, closed_on=None)
    found = list(units.order_by("path"))
    if not found:
        raise NotAllowed(NAME)
    return found


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """Open sessions with the cut-off of each, and the lists that were named for them."""
    units, today = _units(request), access.today(request)
    named = list(batches_of_units(access.actor(request).visible(NAME, Organisation), today))
    sessions = {session.pk: session for unit in units[:1] for session in sessions_open_to(unit, today)}
    sessions |= {batch.session_id: batch.session for batch in named}
    rows = [
        {
            "session": session,
            "batches": [batch for batch in named if batch.session_id == session.pk],
            "is_past": access.now(request) > session.cut_off_at,
            "left": places_left_for(session, units[0]),
        }
        for session in sorted(sessions.values(), key=lambda one: one.day)
    ]
    return render(request, "batches/batches.html", {"rows": rows, "unit": units[0], "now": access.now(request)})


@require_http_methods(["GET", "POST"])
def name(request: HttpRequest, session_id: int) -> HttpResponse:
    """Name people for a session: one list per unit, or one of the whole bureau."""
    units, today = _units(request), access.today(request)
    unit = next((one for one in units if str(one.pk) == request.GET.get("unit", "")), units[0])
    session = next((one for one in sessions_open_to(unit, today) if one.pk == session_id), None)
    if session is None:
        raise Http404
    product = _product(session, request)
    if request.method == "POST":
        people = _chosen(request, unit, session.day)
        batch = carried_out(
            request,
            lambda: (
                name_batch(
                    by=access.actor(request),
                    session=session,
                    unit=unit,
                    product=product,
                    people=people,
                    leader=request.POST.get("leader", "").strip()[:64],
                    at=access.now(request),
                    request_id=request_id(request),
                )
                if people
                else None
            ),
        )
        if batch is not None:
            messages.success(request, _handed_in(len(people), batch))
            return redirect("batches:batches")
        if not people:
            messages.error(request, _("Nobody is chosen yet: tick the people who will come."))
    context = _context(request, session, unit, product, on_list={}) | {"units": units}
    return render(request, "batches/people.html", context)


def _handed_in(people: int, batch: Batch) -> str:
    text = ngettext("{count} person handed in.", "{count} people handed in.", people).format(count=people)
    return f"{text} {_('After the cut-off: marked as late.')}" if batch.is_late else text


def _product(session: Session, request: HttpRequest) -> Product:
    products = list(session.products.all())
    wanted = request.POST.get("product") or request.GET.get("product")
    return next((product for product in products if str(product.pk) == wanted), products[0])


def _chosen(request: HttpRequest, unit: Organisation, day: date) -> list[Person]:
    """The ticked people, of those who belong to the unit."""
    ids = [int(pk) for pk in request.POST.getlist("person") if pk.isdigit()]
    return list(people_of(unit, day).filter(pk__in=ids))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of a batch: add and take off. After the cut-off whoever is added is a late addition, and marked."""
    batch = access.record(request, Batch, NAME, pk=pk)
    session = batch.session
    visits: dict[int, Visit] = {visit.person_id: visit for visit in batch.visits.exclude(state=State.CANCELLED)}
    if request.method == "POST":
        shown = {int(one) for one in request.POST.get("shown", "").split(",") if one.isdigit()}
        kept = [visit.person for person, visit in visits.items() if person not in shown]
        people = [*kept, *_chosen(request, batch.unit, session.day)]
        version = request.POST.get("version", "")
        changed = carried_out(
            request,
            lambda: change_batch(
                by=access.actor(request),
                batch=batch,
                version=int(version) if version.isdigit() else 0,
                people=people,
                leader=request.POST.get("leader", "").strip()[:64],
                at=access.now(request),
                request_id=request_id(request),
            ),
        )
        if changed is not None:
            messages.success(request, _handed_in(len(people), batch))
            return redirect("batches:batches")
    context = _context(request, session, batch.unit, batch.product, on_list=visits) | {"batch": batch}
    return render(request, "batches/people.html", context)


def _context(
    request: HttpRequest, session: Session, unit: Organisation, product: Product, on_list: dict[int, Visit]
) -> dict[str, Any]:
    people = people_of(unit, session.day)
    text = request.GET.get("q", "").strip()
    if text:
        people = people.filter(matching(text))
    shown = list(people.prefetch_related("memberships__unit")[:MOST_SHOWN])
    access.looked_at(request, NAME, shown)
    rows = _rows(shown, product, session.day, on_list)
    return {
        "session": session,
        "unit": unit,
        "product": product,
        "products": list(session.products.all()),
        "rows": rows,
        "shown": ",".join(str(person.pk) for person in shown),
        "is_cut": len(shown) == MOST_SHOWN,
        "text": text,
        "is_past": access.now(request) > session.cut_off_at,
        "chosen": sum(row["is_on"] for row in rows),
        "bookable": sum(row["may"] for row in rows),
        "back": reverse("batches:batches"),
    }


def _rows(people: Sequence[Person], product: Product, day: date, on_list: dict[int, Visit]) -> list[dict[str, Any]]:
    """People who can come first, then the others with the reason why not."""
    standing = standings(people, product, day)
    rows = [
        {
            "person": person,
            "unit": "、".join(one.unit.name for one in person.memberships.all() if one.until is None),
            "is_on": person.pk in on_list,
            "is_late": person.pk in on_list and on_list[person.pk].is_late_addition,
            "may": standing[person.pk].is_bookable or (person.pk in on_list and on_list[person.pk].where in EXPECTED),
            "tag": _tag(standing[person.pk]),
            "standing": standing[person.pk],
        }
        for person in people
    ]
    return sorted(rows, key=lambda row: not row["may"])


def _reason(standing: Standing) -> str:
    return reason_in(get_language() or "zh-hans", standing.visit) if standing.visit else standing.reason


def _tag(standing: Standing) -> SafeString:
    code = standing.code
    if code is StandingCode.BOOKABLE:
        return status("ledger.bookable", dose=standing.dose)
    if code is StandingCode.TOO_SOON:
        return status("dose.later", day=short_day(standing.until))
    if code is StandingCode.COMPLETE:
        return status("ledger.complete", doses=standing.dose)
    if code is StandingCode.DEFERRED:
        return status("screening.deferred", until=short_day(standing.until), reason=_reason(standing))
    if code is StandingCode.CONTRAINDICATED:
        return status("screening.contraindicated", reason=_reason(standing))
    if code is StandingCode.BOOKED:
        return status("batch.on_list", day=iso_day(standing.until))
    return status("visit.waiting")
