"""One figure of a birth cohort: village by village on the map, and the children who lack the dose."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.registry.models import Person
from qingmiao.reports.forms.counting import rows_behind
from qingmiao.reports.national import national
from qingmiao.reports.queries.forms import villages_of
from qingmiao.reports.rules import Share
from qingmiao.reports.summary.kinds.clinic import cohort_answer, cohort_rows, title_of
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.maps.sheet import Area, area_map, shade_of_percent
from qingmiao.web.reports.coverage import Counted

SEE = "reports.see_form"
PER_PAGE = 50
AGES = (1, 2, 3, 4, 5, 6)


@require_GET
def cohort(request: HttpRequest, pk: int, row: int, age: int) -> HttpResponse:
    """The row-th of the cohort rows among the children of an age, on the day `?on=` (today)."""
    clinic, who, today = access.record(request, Organisation, SEE, pk=pk), access.actor(request), access.today(request)
    who.must("registry.see_person", clinic)
    if row >= len(cohort_rows()) or age not in AGES:
        raise Http404
    census, asked = min(parse_date(request.GET.get("on", "")) or today, today), cohort_rows()[row]
    figures = national(clinic, census)
    answer = cohort_answer(figures, asked, census, age)
    had = {person for person, _dose in figures.behind(answer, ["done"])}
    children = [person for person, _dose in rows_behind(figures.behind(answer, ["due"]))]
    lacking = sorted((child for child in children if child.pk not in had), key=lambda child: child.name_spelled)
    page = Counted(lacking, PER_PAGE, len(lacking)).get_page(request.GET.get("page"))
    access.looked_at(request, "reports.see_names", list(page.object_list))
    villages = _villages(clinic, children, had)
    context = {
        "place": clinic.name, "clinic": clinic, "title": title_of(asked), "age": age, "census": census, "page": page,
        "share": Share(len(children) - len(lacking), len(children)), "lacking": len(lacking), "villages": villages,
        "map": _map(villages),
    }  # fmt: skip
    return render(request, "clinic_year/cohort.html", context)


def _villages(clinic: Organisation, children: list[Person], had: set[int]) -> list[tuple[Organisation, Share]]:
    of = Counter(child.home_id for child in children)
    done = Counter(child.home_id for child in children if child.pk in had)
    return [(place, Share(done[place.pk], of[place.pk])) for place in villages_of(clinic) if of[place.pk]]


def _map(villages: list[tuple[Organisation, Share]]) -> str:
    areas = [
        Area(place.pk, place.name, share.text(), shade_of_percent(float(share.percent or 0)))
        for place, share in villages
    ]
    return area_map(areas, _("Coverage by village: {rows}").format(rows="; ".join(f"{a.name} {a.told}" for a in areas)))
