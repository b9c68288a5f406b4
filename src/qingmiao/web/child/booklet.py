"""Paper: the booklet's page (预防接种证) and the slip with the next dates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qingmiao.outreach.queries.messages import clinic_of
from qingmiao.registry.models import Person
from qingmiao.schedule.child import ChildRecord, RecordedDose, record_of
from qingmiao.staff.queries import names_of
from qingmiao.web import access
from qingmiao.web.child.chart import SHOWN
from qingmiao.web.child.views import SEE, strip_of
from qingmiao.web.child.words import dose_name, dose_word, product_title, series_order, series_title


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The booklet's page: the programme's doses line by line, then all others."""
    person = access.record(request, Person, SEE, pk=pk)
    record = record_of(person, on=access.today(request))
    names = names_of(row.dose.given_by_id for row in record.doses)
    programme = [line for series in series_order() for line in _lines(record, series, names)]
    printed = {id(line["row"]) for line in programme}
    context = {
        "person": person,
        "strip": strip_of(person),
        "guardian": person.guardians.order_by("pk").first(),
        "programme": programme,
        "others": [
            _line("", row, names) for row in reversed(record.doses) if id(row) not in printed and row.dose.given_on
        ],
        "coming": coming(record),
        "is_girl": person.sex == Person.Sex.FEMALE,
        "ruleset": record.judgement.ruleset,
    }
    return render(request, "child/booklet.html", context)


def _lines(record: ChildRecord, series: str, names: dict[int, str]) -> list[dict[str, Any]]:
    """One series: a line for every dose that counts; while it is open, an empty one for each that is still to come."""
    given = {
        one.number: row
        for row in reversed(record.doses)
        for one in row.judged
        if one.group == series and one.status == "valid" and one.number
    }
    due = next((one for one in record.judgement.series if one.series == series and one.status in SHOWN), None)
    coming = {band.number: band.start for band in record.bands if band.series == series} if due else {}
    if due and due.next_dose:
        coming[due.next_dose] = due.recommended or due.earliest or record.on
    return [
        _line(f"{series_title(series)} {dose_word(number)}", given.get(number), names, coming.get(number))
        for number in sorted({*given, *coming} - {None})
    ]


def _line(title: str, row: RecordedDose | None, names: dict[int, str], day: date | None = None) -> dict[str, Any]:
    dose = row.dose if row else None
    return {
        "title": title or (dose_name(dose) if dose else ""),
        "row": row,
        "dose": dose,
        "by": names.get(dose.given_by_id or 0, "") if dose else "",
        "from": day,
    }


@require_GET
def next_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """A slip for the guardian: when to come again and for what."""
    person = access.record(request, Person, SEE, pk=pk)
    record = record_of(person, on=access.today(request))
    return render(request, "child/next.html", {"person": person, "coming": coming(record), "unit": clinic_of(person)})


def coming(record: ChildRecord) -> list[dict[str, Any]]:
    """The next doses by day; what is owed already stands under today."""
    rows: dict[date, list[str]] = {}
    for due in record.judgement.series:
        if due.status in SHOWN and due.earliest is not None:
            day = max(due.recommended or due.earliest, record.on)
            rows.setdefault(day, []).append(f"{product_title(due.product or '')} {dose_word(due.next_dose)}")
    return [{"day": day, "text": "、".join(rows[day]), "is_now": day == record.on} for day in sorted(rows)]
