"""The head's one page: one sentence, then every bureau, what is late, and what was frozen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingmiao.campaign.queries import declarations_at, head_count_at, is_late
from qingmiao.reports.indicators import Indicator, indicator
from qingmiao.reports.queries import live
from qingmiao.reports.queries.frozen import latest_snapshot
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.reports.charts import days_chart
from qingmiao.web.reports.coverage import COVID

SEE = "reports.see_command_room"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The command room of the topmost organisation that one leads."""
    who, on = access.actor(request), access.today(request)
    who_leads = who.visible(SEE, Organisation).filter(closed_on=None)
    top = who_leads.order_by("path").first()
    if top is None:
        raise NotAllowed(SEE)
    rule = indicator(COVID)
    bureaus = list(who_leads.filter(kind=Organisation.Kind.BUREAU).order_by("path"))
    rows = [_row(request, rule, bureau, on) for bureau in bureaus]
    share, days = live.figure_of(rule, top, on), live.first_doses_by_day(rule, top, on)
    context = {
        "place": top.name,
        "top": top,
        "rule": rule,
        "share": share,
        "today_new": next((row.people for row in days if row.day == on), 0),
        "rows": rows,
        "silent": [(row["bureau"], unit) for row in rows for unit in row["silent"]],
        "chart": days_chart(days, share.of, on),
    }
    return render(request, "command_room/home.html", context)


def _row(request: HttpRequest, rule: Indicator, bureau: Organisation, on: date) -> dict[str, Any]:
    now = access.now(request)
    head_count = head_count_at(bureau, now)
    said = declarations_at(head_count, now)
    silent = [
        unit
        for unit in live.units_below(bureau, on)
        if head_count is not None and unit.pk not in said and is_late(head_count, None, now)
    ]
    return {
        "bureau": bureau,
        "share": live.figure_of(rule, bureau, on),
        "silent": silent,
        "snapshot": latest_snapshot(bureau, rule.id, on),
    }
