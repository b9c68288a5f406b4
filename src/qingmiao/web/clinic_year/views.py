"""The clinic's year: doses by vaccine and month, coverage by cohort, timeliness, dropout, wastage, villages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.law.months import last_of_month
from qingmiao.reports.national import National, national
from qingmiao.reports.queries.doses import doses_given, doses_of_homes, sites_below
from qingmiao.reports.queries.forms import clinics_below, villages_of
from qingmiao.reports.rules import Share
from qingmiao.reports.summary.kinds.clinic import cohort_counts, cohort_rows, counted_vaccines, title_of
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Movement
from qingmiao.web import access
from qingmiao.web.clinic_year.cohort import AGES
from qingmiao.web.maps.sheet import Area, area_map, shade_among

SEE = "reports.see_form"
WIDE, BASE, TOP = 480, 150, 18


@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """A year of a clinic: `?clinic=`, `?year=`; without them the first clinic and the last full year."""
    paths = access.actor(request).paths_for(SEE)
    if not paths:
        raise NotAllowed(SEE)
    clinics = list({one.pk: one for path in paths for one in clinics_below(path)}.values())
    if not clinics:
        return render(request, "clinic_year/nobody.html")
    asked = request.GET.get("clinic", "")
    clinic = next((one for one in clinics if str(one.pk) == asked), clinics[0])
    today = access.today(request)
    number = request.GET.get("year", "")
    shown = int(number) if number.isdecimal() and 1990 <= int(number) <= today.year else today.year - 1
    return render(request, "clinic_year/year.html", _context(clinic, clinics, shown, today))


def _context(clinic: Organisation, clinics: Sequence[Organisation], shown: int, today: date) -> dict[str, Any]:
    since, until = date(shown, 1, 1), min(date(shown, 12, 31), today)
    sites = sites_below(clinic)
    monthly = doses_given(sites, since, until, by=("product_code", "month"))
    before = sum(doses_given(sites, date(shown - 1, 1, 1), date(shown - 1, 12, 31)).values())
    months = [date(shown, month, 1) for month in range(1, 13)]
    by_month = [(month, sum(n for (_code, m), n in monthly.items() if m == month)) for month in months]
    address = reverse("reports:doses", args=[clinic.pk])
    figures = national(clinic, until)
    return {
        "place": clinic.name,
        "clinic": clinic,
        "clinics": clinics,
        "year": shown,
        "years": range(today.year, today.year - 6, -1),
        "total": sum(monthly.values()),
        "previous": before or None,
        "doses_url": f"{address}?since={since.isoformat()}&until={until.isoformat()}",
        "months": [{"number": month.month} for month in months],
        "rows": _vaccine_rows(monthly, months, address, until),
        "month_title": _("Doses by month"),
        "month_chart": months_chart(by_month),
        "month_columns": [_("Month"), _("Doses")],
        "month_rows": [[f"{month:%Y-%m}", doses] for month, doses in by_month],
        "source": "reports.doses-1",
        "census": until,
        "ages": AGES,
        "cohort": _cohort(figures, clinic, until),
        "quality": _quality(figures, sites, since, until),
        "map": _villages(clinic, since, until),
    }


def _vaccine_rows(
    monthly: Mapping[tuple[Any, ...], int], months: Sequence[date], address: str, until: date
) -> list[dict[str, Any]]:
    rows = []
    for vaccine in counted_vaccines():
        codes = tuple(vaccine["codes"])
        mine = {
            month: sum(n for (code, m), n in monthly.items() if m == month and code.startswith(codes))
            for month in months
        }
        query = "&".join(f"code={code}" for code in codes)
        total = sum(mine.values())
        if vaccine.get("if_any") and not total:
            continue
        rows.append({
            "title": title_of(vaccine),
            "doses": total,
            "url": f"{address}?since={months[0].isoformat()}&until={until.isoformat()}&{query}",
            "cells": [
                {"doses": doses, "url": f"{address}?since={month}&until={last_of_month(month)}&{query}"}
                for month, doses in mine.items()
            ],
        })  # fmt: skip
    return rows


def months_chart(columns: Sequence[tuple[date, int]]) -> SafeString:
    """A column for each month with its doses above."""
    most = max((doses for _month, doses in columns), default=0) or 1
    step = WIDE / len(columns)
    bars = format_html_join(
        "",
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}"/><text class="mid" x="{}" y="{}">{}</text>'
        '<text class="mid soft" x="{}" y="{}">{}</text>',
        (_bar(place, step, month, doses, most) for place, (month, doses) in enumerate(columns)),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>',
        WIDE,
        BASE + 22,
        _("Doses by month"),
        WIDE,
        BASE,
        BASE,
        bars,
    )


def _bar(place: int, step: float, month: date, doses: int, most: int) -> tuple[object, ...]:
    height = round((BASE - TOP) * doses / most)
    middle = round((place + 0.5) * step)
    left, width = round(place * step + step * 0.14), round(step * 0.72)
    return left, BASE - height, width, height, middle, BASE - height - 5, doses, middle, BASE + 17, month.month


def _cohort(figures: National, clinic: Organisation, census: date) -> list[dict[str, Any]]:
    return [
        {
            "title": title_of(row),
            "cells": [
                cohort_counts(figures, row, census, age)
                | {"url": reverse("clinic_year:cohort", args=[clinic.pk, number, age])}
                for age in AGES
            ],
        }
        for number, row in enumerate(cohort_rows())
    ]


def _quality(figures: National, sites: list[int], since: date, until: date) -> list[dict[str, str]]:
    """HepB 1 and BCG in time, dropout of DTP, and what was wasted."""
    asked = {"report": "cohort", "census_date": until.isoformat(), "age_group": "1"}

    def done(vaccine: str, dose: str) -> int:
        return figures.ask(vaccine=vaccine, dose=dose, **asked).counts.get("done", 0)

    first, third, hepb = done("DTP", "1"), done("DTP", "3"), done("HepB", "1")
    timely = Share(done("HepB", "1T"), hepb)
    moved = Movement.objects.filter(place__in=sites, at__date__range=(since, until))
    wasted = -(moved.filter(kind=Movement.Kind.WASTED).aggregate(n=Sum("doses"))["n"] or 0)
    used = -(moved.filter(kind=Movement.Kind.GIVEN).aggregate(n=Sum("doses"))["n"] or 0)
    return [
        _line(_("HepB 1 in time"), timely, _("of the children of one year")),
        _line(_("Dropout DTP 1 to 3"), Share(first - third, first), _("under 10% is acceptable")),
        _line(_("Wastage"), Share(wasted, wasted + used), _("of the doses used and wasted")),
    ]


def _line(title: str, share: Share, note: str) -> dict[str, str]:
    return {"title": title, "note": f"{share.done}/{share.of} {note}", "value": share.text()}


def _villages(clinic: Organisation, since: date, until: date) -> SafeString:
    """Each village with the doses that its people had in the year, wherever they were given."""
    places = villages_of(clinic)[:60]
    doses = doses_of_homes([place.pk for place in places], since, until)
    had = [doses.get((place.pk,), 0) for place in places]
    shown = [
        Area(place.pk, place.name, f"{number:,}", shade_among(number, max(had)), _doses_of(place, since, until))
        for place, number in zip(places, had, strict=True)
    ]
    return area_map(shown, _("Doses by village: {rows}").format(rows="; ".join(f"{a.name} {a.told}" for a in shown)))


def _doses_of(place: Organisation, since: date, until: date) -> str:
    """Where the doses of a village's people are listed."""
    return f"{reverse('reports:doses', args=[place.pk])}?of=residents&since={since}&until={until}"
