"""Counting the cells of a form, and finding who is behind one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from qingmiao.engine.coverage.answering import Answer
from qingmiao.law.months import last_of_month
from qingmiao.registry.models import Dose, Person
from qingmiao.reports.forms.cells import TOTAL, row, span, total
from qingmiao.reports.forms.cold_chain import log
from qingmiao.reports.forms.definitions import Definition, RowAsked, definition
from qingmiao.reports.forms.reactions import cases_in, table
from qingmiao.reports.models import Form
from qingmiao.reports.national import GROUPS, national
from qingmiao.reports.queries.doses import doses_behind, doses_given, sites_below
from qingmiao.reports.vaccines import is_programme, vaccines
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Movement

Content = dict[str, Any]
Pairs = list[tuple[int, int | None]]
DONE = ("done_nip", "done_sub", "done_other")
KINDS = {"received": "received", "wasted": "wasted", "returned": "returned", "given": "given", "taken_back": "given"}


def counted(definition: Definition, unit: Organisation, period: date) -> Content:
    """All rows of a form by what is recorded now: key, title in both languages, and cells by column; and by what rules.

    A cell is a number, a text, a text in both languages, or None where the official table has none.
    """
    return _SOURCES[definition.source](definition, unit, period) | {
        "form": definition.id,
        "version": definition.version,
    }


def _national(definition: Definition, unit: Organisation, period: date) -> Content:
    figures = national(unit, last_of_month(period))
    rows, behind = [], {}
    for asked in definition.rows:
        answer = figures.ask(**_asked(asked, period))
        rows.append(row(asked.key, asked.title.zh, asked.title.en, _period_cells(answer)))
        behind[asked.key] = {figure: figures.behind(answer, [figure]) for figure in ("due", *DONE)}
    for code, pairs in _in_no_row(unit, period, behind).items():
        key, name, short = f"besides-{code}", vaccines()[code]["name"], vaccines()[code]["short"]
        rows.append(row(key, f"另：{name}（不计入上列）", f"Besides: {short} (in no row above)", {"done": len(pairs)}))
        behind[key] = {DONE[-1]: pairs}
    return {"rows": rows, "rules": figures.ruleset, "behind": behind}


def _in_no_row(unit: Organisation, period: date, behind: Mapping[str, Mapping[str, Pairs]]) -> dict[str, Pairs]:
    """Doses of programme vaccines, by code, that were given in the month and that the rules count in no row: an MR
    dose of a child who owes MMR, a dose too many. They were given, so they are named."""
    counted = {dose for figures in behind.values() for figure in DONE for _person, dose in figures[figure]}
    found: dict[str, Pairs] = {}
    given = doses_behind(sites_below(unit), period, last_of_month(period)).order_by("product_code", "given_on", "pk")
    for person, dose, code in given.values_list("person_id", "pk", "product_code"):
        code = GROUPS.get(code, code)
        if is_programme(code) and dose not in counted:
            found.setdefault(code, []).append((person, dose))
    return found


def _period_cells(answer: Answer) -> dict[str, Any]:
    """The figures of the month: who stood in it or was vaccinated in it, by the national rules."""
    counts = answer.counts
    return {
        "due": counts.get("due"),
        "done_nip": counts["done_nip"],
        "done_sub": counts["done_sub"],
        "done": counts["done"],
        "rate": answer.rate_pct if answer.rate_pct not in ("", "NA") else None,
    }


def _asked(one: RowAsked, period: date) -> dict[str, str]:
    month = f"{period:%Y-%m}"
    return {"report": "period", "vaccine": one.vaccine, "dose": one.dose, "from_month": month, "to_month": month}


def _outside_programme(definition: Definition, unit: Organisation, period: date) -> Content:
    given = doses_given(sites_below(unit), period, last_of_month(period))
    rows = [
        row(code, vaccines()[code]["name"], vaccines()[code]["short"], {"doses": number})
        for (code,), number in sorted(given.items())
        if code in vaccines() and not is_programme(code)
    ]
    doses = sum(one["cells"]["doses"] for one in rows)
    return {"rows": [*rows, total({"doses": doses})], "rules": "reports.doses-1"}


def _stock(definition: Definition, unit: Organisation, period: date) -> Content:
    begin, end = span(period)
    moved = Movement.objects.filter(place__path__begins=unit.path, at__lt=end)
    opening = dict(moved.filter(at__lt=begin).order_by().values_list("lot").annotate(n=Sum("doses")))
    flows: dict[int, dict[str, int]] = {}
    rows = moved.filter(at__gte=begin).order_by().values_list("lot", "kind").annotate(n=Sum("doses"))
    for lot, kind, doses in rows:
        cell = KINDS.get(kind, "other")
        held = flows.setdefault(lot, {})
        held[cell] = held.get(cell, 0) + (doses if cell in ("received", "other") else -doses)
    lots = {one.pk: one for one in _lots({*opening, *flows})}
    found = [_lot_row(lots[pk], opening.get(pk) or 0, flows.get(pk, {})) for pk in sorted(lots)]
    return {"rows": [one for one in found if any(one["cells"][c] for c in NUMBERS)], "rules": "stock.movements-1"}


NUMBERS = ("opening", "received", "wasted", "returned", "given", "other", "closing")


def _lots(pks: set[int]) -> QuerySet[Any]:
    from qingmiao.stock.models import Lot

    return Lot.objects.filter(pk__in=pks).select_related("product")


def _lot_row(lot: Any, opening: int, flow: Mapping[str, int]) -> dict[str, Any]:
    out = sum(flow.get(cell, 0) for cell in ("wasted", "returned", "given"))
    closing = opening + flow.get("received", 0) + flow.get("other", 0) - out
    numbers = {cell: flow.get(cell, 0) for cell in NUMBERS} | {"opening": opening, "closing": closing}
    cells = {"maker": lot.product.manufacturer, "lot": lot.number, "expires_on": lot.expires_on.isoformat()}
    return row(f"lot-{lot.pk}", lot.product.name, lot.product.name_en or lot.product.name, cells | numbers)


def _cold_chain(definition: Definition, unit: Organisation, period: date) -> Content:
    return {"rows": log(unit, period), "rules": "reports.cold-chain-log-1"}


def _reactions(definition: Definition, unit: Organisation, period: date) -> Content:
    return {"rows": table(unit, period), "rules": "reports.reactions-1"}


_SOURCES: Mapping[str, Callable[[Definition, Organisation, date], Content]] = {
    "national_period": _national,
    "outside_programme": _outside_programme,
    "stock_movements": _stock,
    "cold_chain": _cold_chain,
    "reactions": _reactions,
}


def behind(form: Form, key: str, column: str) -> Pairs:
    """Ids of the people and their doses behind one cell as it was counted; a child that is due may have no dose."""
    kept = form.content.get("behind", {}).get(key)
    if kept is not None:
        figures = DONE if column == "done" else (column,)
        return [(person, dose) for figure in figures for person, dose in kept.get(figure, [])]
    if definition(form.kind).source == "reactions":
        return [(case.person_id, case.dose_id) for case in cases_in(form.unit, form.period, key)]
    codes = [] if key == TOTAL else [key]
    doses = doses_behind(sites_below(form.unit), form.period, last_of_month(form.period), codes)
    return [
        (person, dose)
        for person, dose, code in doses.values_list("person_id", "pk", "product_code")
        if code in vaccines() and not is_programme(code)
    ]


def rows_behind(pairs: Iterable[tuple[int, int | None]]) -> list[tuple[Person, Dose | None]]:
    """The rows of `pairs`; people who are no longer on record are left out."""
    pairs = list(pairs)
    people = Person.objects.in_bulk({person for person, _dose in pairs})
    doses = Dose.objects.select_related("site").in_bulk({dose for _person, dose in pairs if dose})
    return [(people[person], doses.get(dose) if dose else None) for person, dose in pairs if person in people]
