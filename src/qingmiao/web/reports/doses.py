"""The doses behind a number: by place, days and vaccine, on screen and as a spreadsheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.registry.models import Dose
from qingmiao.reports.queries.doses import doses_behind, sites_below
from qingmiao.reports.vaccines import vaccine_name
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.reports.coverage import MOST_EXPORTED, SEE, Counted

PER_PAGE = 50


@require_GET
def behind(request: HttpRequest, pk: int) -> HttpResponse:
    """Doses given at a place and below it, or with `?of=residents` had by those who live there: `?since=`, `?until=`,
    `?code=` (beginnings of vaccine codes)."""
    organisation = access.record(request, Organisation, SEE, pk=pk)
    access.actor(request).must("registry.see_person", organisation)
    since, until = _day(request, "since"), _day(request, "until")
    codes = [code for code in request.GET.getlist("code") if code.isdecimal()]
    if request.GET.get("of") == "residents":
        rows = doses_behind(None, since, until, codes).filter(person__home=organisation)
    else:
        rows = doses_behind(sites_below(organisation), since, until, codes)
    if request.GET.get("as") == "xlsx":
        return _sheet(request, organisation, rows)
    # Counted from the same rows as the list: whoever doubts the figure sees that both are one.
    page = Counted(rows, PER_PAGE, rows.count()).get_page(request.GET.get("page"))
    access.looked_at(request, "reports.see_names", [dose.person for dose in page.object_list])
    asked = request.GET.copy()
    asked.pop("page", None)
    context: dict[str, Any] = {
        "place": organisation.name,
        "organisation": organisation,
        "since": since,
        "until": until,
        "vaccines": [vaccine_name(code) for code in codes],
        "page": page,
        "sheet": f"?{asked.urlencode()}&as=xlsx",
    }
    return render(request, "reports_desk/doses.html", context)


def _day(request: HttpRequest, name: str) -> date:
    """A day of the address; today where there is none."""
    asked = request.GET.get(name, "")
    try:
        day = parse_date(asked) if asked else access.today(request)
    except ValueError:
        day = None
    if day is None:
        raise Http404
    return day


def _sheet(request: HttpRequest, organisation: Organisation, rows: Any) -> HttpResponse:
    shown: list[Dose] = list(rows[:MOST_EXPORTED])
    access.looked_at(request, "reports.export_doses", [dose.person for dose in shown])
    columns = [_("Day"), _("Name"), _("Birth date"), _("Vaccine"), _("Lot"), _("Site")]
    cells = [
        [
            dose.given_on,
            dose.person.name,
            dose.person.birth_date,
            dose.vaccine or vaccine_name(dose.product_code),
            dose.lot_number,
            dose.site.name if dose.site else dose.site_name,
        ]
        for dose in shown
    ]
    return as_xlsx(_("Doses of {place}").format(place=organisation.name), columns, cells)
