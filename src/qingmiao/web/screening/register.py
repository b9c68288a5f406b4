"""The register of overrides: where a doctor decided otherwise than the rules, and why. Read, printed, downloaded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.clinic.models import Screening
from qingmiao.clinic.queries.exits import overrides
from qingmiao.clinic.queries.people import words_kept
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.queries import names_of
from qingmiao.web import access
from qingmiao.web.export import as_xlsx

READ = "clinic.read_overrides"
DAYS_SHOWN = 30
MOST_SHOWN = 500


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Overrides of a span of days, newest first: ?first=…&last=…; ?format=xlsx downloads them."""
    who, today = access.actor(request), access.today(request)
    if not who.paths_for(READ):
        raise NotAllowed(READ)
    first = _day(request.GET.get("first", ""), today - timedelta(days=DAYS_SHOWN))
    last = _day(request.GET.get("last", ""), today)
    found = list(overrides(who.visible(READ, Screening), first, last)[:MOST_SHOWN])
    access.looked_at(request, READ, [screening.visit.person for screening in found])
    rows = _rows(found)
    if request.GET.get("format") == "xlsx":
        return as_xlsx(_("Register of overrides"), _columns(), [list(row.values())[:-1] for row in rows])
    context = {"rows": rows, "columns": _columns(), "first": first, "last": last, "is_cut": len(found) == MOST_SHOWN}
    return render(request, "screening/register.html", context)


def _columns() -> list[str]:
    return [
        _("Time"),
        _("Ticket"),
        _("Name"),
        _("Vaccine"),
        _("The rules"),
        pgettext("register", "Decided"),
        _("Reason"),
        _("Doctor"),
    ]


def _rows(found: list[Screening]) -> list[dict[str, Any]]:
    doctors = names_of(screening.by_id for screening in found)
    return [
        {
            "at": screening.at,
            "ticket": screening.visit.ticket or "",
            "name": screening.visit.person.name,
            "product": screening.visit.product.title,
            "rules": _said(screening),
            "decided": _decided(screening),
            "reason": screening.override_reason,
            "doctor": doctors.get(screening.by_id, ""),
            "rule_ids": ", ".join(one["rule"] for one in screening.rules if one["rule"]),
        }
        for screening in found
    ]


def _said(screening: Screening) -> str:
    """What the rules said: the outcome and the words of the rules that led to it."""
    words = words_kept(get_language() or "zh-hans", screening, screening.judged)
    outcome = str(Screening.Outcome(screening.judged).label)
    return f"{outcome} · {words}" if words else outcome


def _decided(screening: Screening) -> str:
    outcome = str(Screening.Outcome(screening.decided).label)
    return f"{outcome} {screening.deferred_until.isoformat()}" if screening.deferred_until else outcome


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
