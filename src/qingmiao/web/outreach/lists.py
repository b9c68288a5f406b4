"""Due lists: this month, missed, overdue, next month, never seen; by vaccine, village, school; catch-up rounds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from qingmiao.audit import door
from qingmiao.outreach.queries.lists import Kind, Wanted, by_series, cohorts, counts, due_doses, last_run
from qingmiao.registry.models import Person
from qingmiao.schedule.actions import PERMISSION as RECOMPUTE
from qingmiao.schedule.actions import recompute_due
from qingmiao.schedule.models import DueDose
from qingmiao.schedule.rules import When, catch_ups, threshold, when
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.child.views import SEE
from qingmiao.web.child.words import dose_word, in_language, product_title, series_order, series_title
from qingmiao.web.export import as_xlsx
from qingmiao.web.status import Tone

LISTS = "schedule.see_due"
ON_A_PAGE = 50
TONES = {When.OVERDUE: Tone.STOP, When.MISSED: Tone.WAIT, When.DUE: Tone.DUE, When.LATER: Tone.LATER}


def titles() -> dict[Kind, tuple[str, str]]:
    """The word and the tone of each list."""
    return {
        Kind.OVERDUE: (_("Overdue"), Tone.STOP),
        Kind.MISSED: (_("Missed in earlier months"), Tone.WAIT),
        Kind.MONTH: (_("Due this month"), Tone.DUE),
        Kind.NEXT: (_("Due next month"), Tone.LATER),
        Kind.NEVER: (_("Never seen"), Tone.STOP),
        Kind.NOW: (_("All owed now"), Tone.LATER),
    }


def wanted_by(request: HttpRequest) -> Wanted:
    """The list that the address asks for; what it does not understand is left out."""
    asked = request.GET
    kind = asked.get("list", "")
    return Wanted(
        kind=Kind(kind) if kind in Kind.__members__.values() else Kind.OVERDUE,
        series=asked.get("series", "") if asked.get("series") in series_order() else "",
        home=_number(asked.get("home")),
        school=_number(asked.get("school")),
        born=_number(asked.get("born")),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 10 else None


def people_for(request: HttpRequest) -> QuerySet[Person]:
    """The children whose records this reader may see."""
    who = access.actor(request)
    if not who.paths_for(LISTS):
        raise NotAllowed(LISTS)
    return who.visible(SEE, Person)


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """The due list with its counts; `?as=xlsx` as a spreadsheet."""
    people, wanted, today = people_for(request), wanted_by(request), access.today(request)
    rows = due_doses(people, wanted, today).select_related("person__home")
    if request.GET.get("as") == "xlsx":
        return _sheet(request, wanted, rows)
    page = Paginator(rows.order_by("recommended", "person_id", "series"), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = [line(row, request) for row in page]
    door.look(LISTS, by=access.actor(request), at=access.now(request), people={row.person for row in page})
    context = {
        "wanted": wanted,
        "title": titles()[wanted.kind][0],
        "tabs": _tabs(request, people, wanted),
        "page": page,
        "lines": lines,
        "by_series": [
            {"title": series_title(series), "count": n, "url": _with(request, series=series), "current": False}
            for series, n in _in_order(by_series(people, wanted, today))
        ],
        "choices": _choices(request, people, wanted),
        "run": last_run(),
        "rule": threshold("never_seen_after_days" if wanted.kind is Kind.NEVER else "horizon_days"),
        "may_recompute": bool(access.actor(request).paths_for(RECOMPUTE)),
        "may_call": bool(access.actor(request).paths_for("outreach.call")),
        "sheet_url": _with(request, **{"as": "xlsx"}),
        "rounds": [{"key": key, "title": in_language(row.title)} for key, row in catch_ups().items()],
        "is_limited": bool(wanted.series or wanted.home or wanted.school or wanted.born),
    }
    return render(request, "outreach/due.html", context)


def line(row: DueDose, request: HttpRequest) -> dict[str, Any]:
    """One due dose of a list."""
    standing = when(row.recommended, row.overdue_from, access.today(request))
    return {
        "person": row.person,
        "vaccine": vaccine_of(row),
        "dose": dose_word(row.dose_number),
        "since": row.recommended,
        "overdue_from": row.overdue_from,
        "tone": TONES[standing],
        "home": row.person.home.name if row.person.home else "",
    }


def vaccine_of(row: DueDose) -> str:
    """The vaccine that would be given, else the series."""
    return product_title(row.product) if row.product else series_title(row.series)


def _tabs(request: HttpRequest, people: QuerySet[Person], wanted: Wanted) -> list[dict[str, Any]]:
    found = counts(people, wanted, access.today(request))
    return [
        {"title": title, "tone": tone, "count": found[kind], "url": _with(request, list=kind.value, page=""),
         "current": kind is wanted.kind}
        for kind, (title, tone) in titles().items()
    ]  # fmt: skip


def _with(request: HttpRequest, **changes: str) -> str:
    """This address with some of its fields changed; an empty one is dropped."""
    asked = {**request.GET.dict(), **changes}
    asked.pop("page", None)
    return "?" + urlencode({key: value for key, value in asked.items() if value})


def _in_order(found: dict[str, int]) -> list[tuple[str, int]]:
    order = series_order()
    return sorted(found.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _choices(request: HttpRequest, people: QuerySet[Person], wanted: Wanted) -> dict[str, Any]:
    """What a list can be limited to: places where children of it live or learn."""
    homes = Organisation.objects.filter(residents__in=people).distinct().order_by("path")
    schools = Organisation.objects.filter(kind="school", memberships__person__in=people, memberships__until=None)
    return {
        "series": [(series, series_title(series)) for series in series_order()],
        "homes": list(homes.values_list("pk", "name")),
        "schools": list(schools.distinct().order_by("path").values_list("pk", "name")),
    }


def _sheet(request: HttpRequest, wanted: Wanted, rows: QuerySet[DueDose]) -> HttpResponse:
    """The list as a spreadsheet, with phones behind their mask."""
    found = list(rows.prefetch_related("person__phones", "person__guardians"))
    door.look(LISTS, by=access.actor(request), at=access.now(request), people={row.person for row in found})
    columns = [_("Name"), _("Sex"), _("Birth date"), _("Guardian"), _("Phone"), _("Community or village"), _("Vaccine"),
               _("Dose number"), _("Due since"), _("Overdue from")]  # fmt: skip
    return as_xlsx(f"{titles()[wanted.kind][0]} {access.today(request)}", columns, [_cells(row) for row in found])


def _cells(row: DueDose) -> list[object]:
    person = row.person
    guardian = next(iter(person.guardians.all()), None)
    phone = next(iter(person.phones.all()), None)
    return [
        person.name, person.get_sex_display(), person.birth_date, guardian.name if guardian else "",
        phone.masked if phone else "", person.home.name if person.home else "",
        vaccine_of(row), row.dose_number, row.recommended,
        row.overdue_from,
    ]  # fmt: skip


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Work everything out anew, now."""
    run = recompute_due(by=access.actor(request), on=access.today(request), at=access.now(request))
    messages.success(
        request,
        _("Worked out anew: %(owed)s doses for %(people)s children.") % {"owed": run.owed, "people": run.people},
    )
    return redirect("outreach:due")


@require_GET
def catch_up(request: HttpRequest) -> HttpResponse:
    """A catch-up round by birth year: who is here, who lacks a dose."""
    round_ = request.GET.get("round", "")
    round_ = round_ if round_ in catch_ups() else next(iter(catch_ups()))
    rule, people = catch_ups()[round_], people_for(request)
    rows = cohorts(people, round_, access.today(request))
    title, lines = in_language(rule.title), [_cohort(*row) for row in rows]
    if request.GET.get("as") == "xlsx":
        columns = [_("Birth year"), _("Children"), _("Lacking"), pgettext("cohort", "Covered")]
        return as_xlsx(title, columns, [[r["year"], r["children"], r["lacking"], r["covered"]] for r in lines])
    context = {
        "title": title,
        "series": rule.series[0],
        "round": round_,
        "rows": lines,
        "children": sum(n for _year, n, _lacking in rows),
        "lacking": sum(lacking for _year, _n, lacking in rows),
        "run": last_run(),
        "rounds": [
            {"title": in_language(row.title), "url": f"?round={key}", "count": None, "current": key == round_}
            for key, row in catch_ups().items()
        ],
    }
    return render(request, "outreach/catch_up.html", context)


def _cohort(year: int, children: int, lacking: int) -> dict[str, int]:
    return {"year": year, "children": children, "lacking": lacking, "covered": children - lacking}
