"""The table of a month's suspected adverse reactions: a line for each case, without names, and how many there were."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qingmiao.registry.models import Dose
from qingmiao.reports.forms.cells import TOTAL, row, span, total
from qingmiao.reports.vaccines import vaccines
from qingmiao.safety.models import Case
from qingmiao.safety.rules import choices, classes, reactions
from qingmiao.staff.models import Organisation


def table(unit: Organisation, period: date) -> list[dict[str, Any]]:
    """The rows: cases in the order in which the unit's sites learned of them; the last one counts them."""
    cases = list(cases_in(unit, period))
    serious = sum(case.is_serious for case in cases)
    return [*(_line(case) for case in cases), total({"cases": len(cases), "serious": serious})]


def cases_in(unit: Organisation, period: date, key: str = TOTAL) -> QuerySet[Case]:
    """Cases of which the sites learned in the month, as recorded now; those behind one row by its `key`."""
    since, until = span(period)
    found = Case.objects.filter(site__path__begins=unit.path, found_at__gte=since, found_at__lt=until)
    found = found.exclude(state=Case.State.DROPPED).order_by("found_at", "pk")
    if key != TOTAL:
        found = found.filter(pk=int(key))
    return found.select_related("dose__lot__product", "dose__site", "person")


def _line(case: Case) -> dict[str, Any]:
    reaction, dose = reactions()[case.reaction], case.dose
    cells = {
        "cases": 1,
        "vaccine": _vaccine(dose),
        "maker": dose.manufacturer or None,
        "lot": dose.lot_number or None,
        "given_on": dose.given_on.isoformat() if dose.given_on else None,
        "onset_on": _day(case.onset_at),
        "found_on": _day(case.found_at),
        "reported_on": _day(case.reported_at),
        "serious": int(case.is_serious),
        "outcome": _words(choices("outcome").get(case.outcome)),
        "conclusion": _words(_class(case)),
    }
    return row(str(case.pk), reaction.zh, reaction.en, cells)


def _class(case: Case) -> dict[str, Any] | None:
    """What the experts concluded; before that, the first classification."""
    return classes().get(case.classification) or choices("first_class").get(case.first_class)


def _words(entry: dict[str, Any] | None) -> dict[str, str] | None:
    return {"zh": entry["zh"], "en": entry["en"]} if entry else None


def _vaccine(dose: Dose) -> dict[str, str] | str | None:
    known = vaccines().get(dose.product_code)
    return {"zh": known["name"], "en": known["short"]} if known else dose.vaccine or None


def _day(at: datetime | None) -> str | None:
    return timezone.localdate(at).isoformat() if at else None
