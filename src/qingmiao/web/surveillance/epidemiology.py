"""Epidemiology that a head can read: what is unusual this week, the curve, the places, the ages, the vaccinations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.audit import door
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.queries.epidemiology import (
    Vaccinated,
    by_age,
    by_area,
    cases,
    curve,
    this_week,
    vaccinated,
)
from qingmiao.surveillance.words import language
from qingmiao.web import access
from qingmiao.web.maps.sheet import Area, area_map, shade_among
from qingmiao.web.surveillance.charts import curve_chart

SEE = "surveillance.see_cards"
WEEKS = 12
MOST_CASES = 60


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All diseases, or one: `?disease=`, up to `?on=`."""
    who, at = access.actor(request), access.now(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    on = _day(request.GET.get("on", "")) or access.today(request)
    asked = request.GET.get("disease", "")
    disease = asked if asked in diseases() else ""
    found = cases(who, disease).filter(onset_on__lte=on)
    recent = found.filter(onset_on__gt=on - timedelta(weeks=WEEKS))
    series = curve(found, on, WEEKS)
    areas = by_area(recent)
    listed = list(recent.select_related("person").order_by("-onset_on")[:MOST_CASES])
    shots = vaccinated(listed)
    if shots:
        door.look(SEE, by=who, at=at, people=[shot.card for shot in shots])
    weeks = this_week(who, on)
    context = {
        "on": on,
        "on_text": on.isoformat(),
        "disease": disease,
        "disease_word": _word(disease) if disease else _("All diseases"),
        "weeks": [{"name": name, "word": _word(name), "week": week} for name, week in weeks],
        "unusual": [_word(name) for name, week in weeks if week.is_unusual],
        "choices": [(name, _word(name)) for name, entry in diseases().items() if not entry.parent],
        "curve": curve_chart(series),
        "curve_rows": [[end.isoformat(), count, before] for end, count, before in series],
        "map": _map(areas),
        "area_rows": [[place.name if place else _("Not known"), count] for place, count in areas],
        "ages": by_age(recent),
        "total": sum(count for _place, count in areas),
        "n_weeks": WEEKS,
        "shots": [_shot(shot) for shot in shots],
        "missed": sum(shot.missed for shot in shots),
        "unknown": sum(shot.valid is None for shot in shots),
    }
    return render(request, "surveillance/epidemiology.html", context)


def _map(areas: Sequence[tuple[Organisation | None, int]]) -> SafeString:
    """The places where the cases live, the darker the more."""
    most = max((count for _place, count in areas), default=0)
    shown = [
        Area(place.pk if place else None, place.name if place else _("Not known"), str(count), shade_among(count, most))
        for place, count in areas
    ]
    return area_map(shown, _("Cases by place: {places}").format(places="; ".join(f"{a.name} {a.told}" for a in shown)))


def _word(name: str) -> str:
    found = diseases().get(name)
    return name if found is None or language() == "zh" else found.name_en


def _shot(shot: Vaccinated) -> dict[str, Any]:
    if shot.valid is None:
        said, tone = _("not on record here: ask for the booklet"), "is-wait"
    elif shot.missed:
        said, tone = _("a dose was owed on the day of onset"), "is-stop"
    else:
        said, tone = _("nothing was owed"), "is-go"
    return {
        "shot": shot,
        "name": shot.card.fields.get("name", ""),
        "word": _word(shot.card.disease),
        "said": said,
        "tone": tone,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


app_name = "epidemiology"
urlpatterns = [path("", home, name="home")]
