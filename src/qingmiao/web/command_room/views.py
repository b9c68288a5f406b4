"""The head's one page, for a phone and for a wall; and what the nightly check of the kept counts found."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from qingmiao.reports.models import FigureCheck
from qingmiao.reports.queries.frozen import latest_snapshot
from qingmiao.reports.queries.head import HeadPage, Line, head_page
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.lists import wants_file
from qingmiao.web.export import as_xlsx
from qingmiao.web.maps.sheet import Area, area_map, shade_of_percent
from qingmiao.web.reports.charts import days_chart

SEE = "reports.see_command_room"
ALARMS: dict[str, str | Promise] = {
    "reactions": _("Suspected reactions still open"),
    "clocks": _("Reports of reactions over their time"),
    "tasks": _("Tasks that are late"),
    "forms": _("Statutory forms that are overdue"),
    "figures": _("Kept counts that differed last night, and were put right"),
}


def _page(request: HttpRequest) -> HeadPage:
    """The page of the topmost organisation that one leads, or of the one named in the address if one leads it."""
    who_leads = access.actor(request).visible(SEE, Organisation).filter(closed_on=None)
    asked = request.GET.get("place", "")
    named = who_leads.filter(pk=int(asked)).first() if asked.isdecimal() else None
    top = named or who_leads.order_by("path").first()
    if top is None:
        raise NotAllowed(SEE)
    bureaus = who_leads.filter(kind=Organisation.Kind.BUREAU, path__begins=top.path).order_by("path")
    return head_page(top, bureaus, access.now(request))


def _context(request: HttpRequest, page: HeadPage) -> dict[str, Any]:
    return {
        "place": page.top.name,
        "page": page,
        "alarms": [
            {
                "count": alarm.count,
                "text": ALARMS[alarm.what],
                "url": reverse(alarm.url_name, args=[alarm.argument] if alarm.argument else []),
                "tone": "is-stop",
            }
            for alarm in page.alarms
        ],
        "chart": days_chart(page.days, page.total.share.of if page.total.share else 0, page.on),
        "map": area_map(
            [area for line in page.communities for area in _area(line, page)],
            str(_("Map: each area or tile is a community, the darker the further")),
        ),
        "may_draw": access.actor(request).may("staff.draw_map", page.top),
        "codes": urlencode([("code", code) for code in page.rule.product_codes]),
    }


def _area(line: Line, page: HeadPage) -> list[Area]:
    """A community on the map; none where nobody is on its ledger."""
    place, share = line.place, line.share
    if place is None or share is None or share.percent is None:
        return []
    rate, shade = share.text(0), shade_of_percent(float(share.percent))
    url = f"{reverse('reports:coverage', args=[place.pk])}?rule={page.rule.id}"
    return [Area(place.pk, line.name, rate, shade, url, f"{line.name} {share.done}/{share.of} {rate}")]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The command room."""
    page = _page(request)
    if wants_file(request):
        return _as_file(page)
    bulletins = [
        {"line": line, "snapshot": latest_snapshot(line.place, page.rule.id, page.on)}
        for line in page.bureaus
        if line.place is not None
    ]
    return render(request, "command_room/home.html", _context(request, page) | {"bulletins": bulletins})


def _as_file(page: HeadPage) -> HttpResponse:
    """Every line of the page, each under what it is a line of."""
    columns = [_("By"), _("Name"), _("Today"), _("Plan"), _("Vaccinated"), _("On the ledger"), _("Target")]
    parts = (
        (_("Key group"), page.groups),
        (_("Community"), page.communities),
        (_("Bureau"), page.bureaus),
        (_("Site"), page.sites),
    )
    rows = [
        [
            part,
            line.name,
            line.today,
            line.plan,
            share.done if share else None,
            share.of if share else None,
            line.target,
        ]
        for part, lines in parts
        for line in lines
        for share in [line.share]
    ]
    return as_xlsx(f"{page.top.name} {page.on.isoformat()}", [str(column) for column in columns], rows)


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """The same figures on the wall, refreshed by themselves; no names, nothing to press."""
    return render(request, "command_room/wall.html", _context(request, _page(request)) | {"now": access.now(request)})


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """What the last checks of the kept counts found."""
    if not access.actor(request).paths_for(SEE):
        raise NotAllowed(SEE)
    checks = list(FigureCheck.objects.all()[:14])
    names = {
        place.pk: place.name
        for place in Organisation.objects.filter(
            pk__in={row["place"] for one in checks for row in one.found if row["place"]}
        )
    }
    rows = [
        {"check": one, "found": [row | {"name": names.get(row["place"], "—")} for row in one.found]} for one in checks
    ]
    return render(request, "command_room/check.html", {"rows": rows})
