"""Village doctors' papers: who has handed in what, one paper with its scan, the year of a village."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.law.months import month_before
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.papers import NoScan, hand_paper_in, remind_village
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.models import PaperReminder, VillagePaper
from qingmiao.surveillance.papers import Standing, due_at, forms
from qingmiao.surveillance.queries.papers import Cell, month_of, villages_behind, villages_of, year_of
from qingmiao.surveillance.words import language
from qingmiao.web import access

SEE, HAND_IN, REMIND = "surveillance.see_papers", "surveillance.hand_paper_in", "surveillance.remind_village"
TONES = {
    Standing.IN_TIME: "is-go",
    Standing.LATE: "is-wait",
    Standing.MISSING: "is-stop",
    Standing.DUE: "is-due",
    Standing.LATER: "is-later",
}


def words_of(standing: Standing) -> str:
    """How a standing is said."""
    return {
        Standing.IN_TIME: pgettext("surveillance", "Received"),
        Standing.LATE: _("Received late"),
        Standing.MISSING: pgettext("surveillance", "Missing"),
        Standing.DUE: pgettext("surveillance", "Expected"),
        Standing.LATER: _("Not yet due"),
    }[standing]


def _form_words() -> dict[str, str]:
    return {code: entry[language()] for code, entry in forms().items()}


def _cell(cell: Cell, village: Organisation) -> dict[str, Any]:
    keys = [village.pk, cell.form, cell.month.year, cell.month.month]
    return {
        "cell": cell,
        "form": _form_words()[cell.form],
        "word": words_of(cell.standing),
        "tone": TONES[cell.standing],
        "url": reverse("villages:paper", args=keys),
    }


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every village with every form of a month."""
    who, now = access.actor(request), access.now(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    month = _month(request.GET.get("month", "")) or month_before(access.today(request))
    rows = month_of(villages_of(who), month, now)
    cells = [cell for row in rows for cell in row.cells]
    late = sum(bool(row.missing) for row in rows)
    context = {
        "month": month,
        "month_text": f"{month:%Y-%m}",
        "due_at": due_at(month),
        "forms": _form_words(),
        "rows": [
            {"village": row.village, "cells": [_cell(cell, row.village) for cell in row.cells],
             "missing": row.missing, "reminders": row.reminders}
            for row in rows
        ],
        "received": sum(cell.paper is not None for cell in cells),
        "expected": len(cells),
        "late": late,
        "how": [(code, word[language()]) for code, word in rule_file("papers")["how"].items()],
        "may_remind": bool(who.paths_for(REMIND)),
    }  # fmt: skip
    return render(request, "surveillance/papers.html", context)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        return None


@require_GET
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive of a village: each form with the twelve months of a year."""
    village = access.record(request, Organisation, SEE, pk=pk)
    asked = request.GET.get("year", "")
    shown = int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else access.today(request).year
    rows = year_of(village, shown, access.now(request))
    context = {
        "village": village,
        "year": shown,
        "before": shown - 1,
        "after": shown + 1,
        "months": list(range(1, 13)),
        "rows": [(_form_words()[form], [_cell(cell, village) for cell in cells]) for form, cells in rows.items()],
        "reminders": PaperReminder.objects.filter(village=village, month__year=shown).order_by("-at"),
    }
    return render(request, "surveillance/village_year.html", context)


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: int, form: str, year: int, month: int) -> HttpResponse:
    """One form of one month: the scan, where the paper lies, what was counted."""
    village, first = _asked(request, pk, form, year, month)
    found = VillagePaper.objects.filter(village=village, form=form, month=first).first()
    status = 200
    if request.method == "POST":
        try:
            _hand_in(request, village, form, first)
            messages.success(request, _("Received."))
            return redirect("villages:paper", pk=pk, form=form, year=year, month=month)
        except NoScan as refused:
            messages.error(request, str(refused))
            status = 422
    words = rule_file("papers")["counts"]
    typed = {name: request.POST.get(name, "") for name in forms()[form]["counts"]}
    counted = found.counts if found else {}
    context = {
        "village": village,
        "form": form,
        "title": _form_words()[form],
        "month": first,
        "paper": found,
        "due_at": due_at(first),
        "is_late": found is not None and found.received_at >= due_at(first),
        "counts": [(name, words[name][language()], typed[name] or counted.get(name, "")) for name in typed],
        "kept_where": request.POST.get("kept_where", found.kept_where if found else ""),
        "note": request.POST.get("note", found.note if found else ""),
        "is_picture": bool(found and found.scan_type.startswith("image/")),
        "may_hand_in": access.actor(request).may(HAND_IN, village),
        "keys": {"pk": pk, "form": form, "year": year, "month": month},
    }
    return render(request, "surveillance/paper.html", context, status=status)


def _hand_in(request: HttpRequest, village: Organisation, form: str, first: date) -> None:
    sent = {name: request.POST.get(name, "") for name in forms()[form]["counts"]}
    hand_paper_in(
        by=access.actor(request),
        village=village,
        form=form,
        month=first,
        at=access.now(request),
        scan=request.FILES.get("scan"),
        kept_where=request.POST.get("kept_where", ""),
        counts={name: int(value) for name, value in sent.items() if value.isdigit()},
        remark=request.POST.get("note", ""),
    )


def _asked(request: HttpRequest, pk: int, form: str, year: int, month: int) -> tuple[Organisation, date]:
    village = access.record(request, Organisation, SEE, pk=pk)
    if form not in forms() or not (1 <= month <= 12 and 2000 <= year <= 2100):
        raise Http404
    return village, date(year, month, 1)


@require_GET
def scan(request: HttpRequest, pk: int, form: str, year: int, month: int) -> HttpResponse:
    """The photo or scan, unsealed for whoever may see it."""
    village, first = _asked(request, pk, form, year, month)
    found = VillagePaper.objects.filter(village=village, form=form, month=first).first()
    if found is None or not found.scan:
        raise Http404
    door.look(SEE, by=access.actor(request), at=access.now(request), people=[found])
    with found.scan.open("rb") as content:
        return HttpResponse(content.read(), content_type=found.scan_type)


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a village was reminded."""
    village = access.record(request, Organisation, REMIND, pk=pk)
    month = _month(request.POST.get("month", "")) or month_before(access.today(request))
    how = request.POST.get("how", "")
    [row] = month_of([village], month, access.now(request))
    if row.missing and how in rule_file("papers")["how"]:
        remind_village(
            by=access.actor(request), village=village, month=month, missing=row.missing, how=how, at=access.now(request)
        )
        messages.success(request, _("Reminder written down for {village}.").format(village=village.name))
    return redirect(f"{reverse('villages:month')}?month={month:%Y-%m}")


def count_behind(by: Any, at: datetime) -> int:
    """How many villages lack last month's papers, for the left column."""
    from django.utils import timezone

    return villages_behind(by, at, timezone.localdate(at))
