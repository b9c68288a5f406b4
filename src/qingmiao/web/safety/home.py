"""The head's page: which clocks run, what residents report, what signals; the line list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qingmiao.law.dated import rule_file
from qingmiao.safety.models import Case
from qingmiao.safety.queries.cases import cases_of, clocks, self_reports_open
from qingmiao.safety.queries.green import rescues_of
from qingmiao.safety.queries.lot_signals import clusters, signals
from qingmiao.safety.rules import classes, is_in_window, reactions, thresholds
from qingmiao.staff.access import Actor
from qingmiao.web import access
from qingmiao.web.export import as_xlsx
from qingmiao.web.safety.shared import ANSWER, RESCUE, SEE, language, looked_at, who_may, words

PER_PAGE = 50
MOST_EXPORTED = 5000


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every clock that runs, the first to run out in front."""
    who, at = who_may(request, SEE), access.now(request)
    running = clocks(who, at)
    looked_at(request, [clock.case.person for clock in running])
    context = {
        "clocks": [_clock_row(clock, at) for clock in running],
        "counts": _counts(who, at, running),
        "rescues": list(rescues_of(who).filter(is_over=False)) if who.paths_for(RESCUE) else [],
    }
    return render(request, "safety/home.html", context)


def _clock_row(clock: Any, at: datetime) -> dict[str, Any]:
    left = clock.due_at - at
    minutes = abs(int(left.total_seconds() // 60))
    return {
        "clock": clock,
        "reaction": reactions()[clock.case.reaction].in_language(language()),
        "left": _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60),
        "tone": "is-stop" if clock.is_late else "is-wait" if left.total_seconds() < 24 * 3600 else "is-due",
    }


def _counts(who: Actor, at: datetime, running: list[Any]) -> list[dict[str, Any]]:
    today = at.date()
    told = self_reports_open(who).count() if who.paths_for(ANSWER) else 0
    found = [line for line in signals(who, today) if line.is_signal]
    return [
        {"count": sum(clock.is_late for clock in running), "label": _("over the time"), "tone": "is-stop"},
        {"count": len(running), "label": _("clocks run"), "tone": "is-wait", "keep": True},
        {"count": told, "label": _("reported by residents"), "tone": "is-wait", "url": reverse("safety:residents")},
        {
            "count": len(found) + len(clusters(who, today)),
            "label": _("signals"),
            "tone": "is-stop",
            "url": reverse("safety:signals"),
        },
        {
            "count": cases_of(who).count(),
            "label": _("cases in all"),
            "tone": "is-later",
            "keep": True,
            "url": reverse("safety:cases"),
        },
    ]


def _filtered(request: HttpRequest, who: Actor) -> Any:
    """The line list as asked for: state, reaction, lot, days of onset."""
    found = cases_of(who)
    asked = request.GET
    if asked.get("state") in Case.State.values:
        found = found.filter(state=asked["state"])
    if asked.get("reaction") in reactions():
        found = found.filter(reaction=asked["reaction"])
    if lot := asked.get("lot", "").strip():
        found = found.filter(dose__lot_number__iexact=lot)
    for name, lookup in (("from", "onset_at__date__gte"), ("until", "onset_at__date__lte")):
        try:
            found = found.filter(**{lookup: date.fromisoformat(asked.get(name, ""))})
        except ValueError:
            continue
    return found


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The line list."""
    who = who_may(request, SEE)
    page = Paginator(_filtered(request, who), PER_PAGE).get_page(request.GET.get("page"))
    looked_at(request, [case.person for case in page])
    context = {
        "page_obj": page,
        "rows": [{"case": case, "reaction": reactions()[case.reaction].in_language(language())} for case in page],
        "states": Case.State.choices,
        "reactions": [(code, one.in_language(language())) for code, one in reactions().items()],
        "asked": {name: request.GET.get(name, "") for name in ("state", "reaction", "lot", "from", "until")},
        "since": request.GET.get("from", ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "safety/cases.html", context)


@require_GET
def cases_xlsx(request: HttpRequest) -> HttpResponse:
    """The line list as a spreadsheet, as filtered."""
    who = who_may(request, SEE)
    found = list(_filtered(request, who)[:MOST_EXPORTED])
    looked_at(request, [case.person for case in found])
    columns = [
        _("Number"), _("Name"), _("Sex"), _("Birth date"), _("Vaccine"), _("Manufacturer"), _("Lot"), _("Given at"),
        _("Reaction"), _("Onset"), _("In its window"), _("Found at"), _("Serious"), _("State"), _("Reported at"),
        _("Conclusion"), _("Site"),
    ]  # fmt: skip
    return as_xlsx(_("Adverse reactions"), columns, (_line(case) for case in found))


def _line(case: Case) -> list[object]:
    dose, reaction = case.dose, reactions()[case.reaction]
    inside = is_in_window(reaction, dose.given_at, case.onset_at) if dose.given_at else None
    return [
        case.number or "",
        case.person.name,
        case.person.get_sex_display(),
        case.person.birth_date,
        dose.vaccine,
        dose.manufacturer,
        dose.lot_number,
        dose.given_at,
        reaction.in_language(language()),
        case.onset_at,
        "" if inside is None else _("yes") if inside else _("no"),
        case.found_at,
        _("yes") if case.is_serious else _("no"),
        case.get_state_display(),
        case.reported_at,
        words(classes()[case.classification]) if case.classification else "",
        case.site.name,
    ]


@require_GET
def signals_page(request: HttpRequest) -> HttpResponse:
    """Lots, vaccines and sites with more cases than is to be expected; groups of serious ones."""
    who, today = who_may(request, SEE), access.today(request)
    found, groups = signals(who, today), clusters(who, today)
    looked_at(request, [case.person for group in groups for case in group.cases])
    file = rule_file("safety", "signals")
    titles = {"lot": _("Lot"), "vaccine": _("Vaccine"), "site": _("Site")}
    kinds = {"any": _("all cases"), "serious": _("serious cases")}
    context = {
        "lines": [
            {"line": line, "by": titles[line.by], "kind": kinds[line.kind], "chance": f"{line.chance:.2g}",
             "expected": f"{line.expected:.3g}"} for line in found
        ],
        "clusters": [
            {"cluster": one, "reaction": reactions()[one.reaction].in_language(language())} for one in groups
        ],
        "rule": thresholds(today),
        "source": words(file["source"]),
    }  # fmt: skip
    return render(request, "safety/signals.html", context)
