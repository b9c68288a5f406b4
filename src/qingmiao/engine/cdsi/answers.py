"""Verdicts in CDC's words, in the shape of its published cases."""

from __future__ import annotations

from qingmiao.engine.cdsi.guidance import guidance
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.reasons import EVALUATION_STATUS, SERIES_STATUS, reasons_of
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Line, Person, View, iso, not_judged


def cdsi_verdict(ruleset: Ruleset, person: Person, view: View, first_dose: int) -> Line:
    """The verdict in CDC's words, per dose and vaccine group."""
    names = [g.name for g in ruleset.tables.groups]
    by_dose: dict[int, dict[str, list[list[int]]]] = {}
    for row in view.doses:
        by_dose.setdefault(row[1] - first_dose, {}).setdefault(names[row[7]], []).append(row)
    return {
        "id": person.id,
        "ruleset": ruleset.version,
        "doses": [
            {"n": n + 1, "groups": {group: _cdsi_dose(rows) for group, rows in by_dose.get(n, {}).items()}}
            for n in range(len(person.doses))
        ],
        "groups": [_cdsi_group(ruleset, person, view, row[1:]) for row in view.groups],
        **not_judged(ruleset, person, {n + 1 for n in by_dose}),
    }


def _one_or_list(values: list[str]) -> str | list[str] | None:
    distinct = list(dict.fromkeys(values))
    return None if not distinct else distinct[0] if len(distinct) == 1 else distinct


def _cdsi_dose(rows: list[list[int]]) -> Line:
    """Status and reasons of a dose in one group; Valid first where best series disagree."""
    ordered = sorted(rows, key=lambda row: row[3] != at.VALID)
    reasons = [words.en for row in ordered for words in reasons_of(row[4])]
    return {"status": _one_or_list([EVALUATION_STATUS[row[3]].en for row in ordered]), "reason": _one_or_list(reasons)}


def _cdsi_group(ruleset: Ruleset, person: Person, view: View, forecast: list[int]) -> Line:
    goes_on = forecast[at.O_STATUS] == at.NOT_COMPLETE
    dates = {
        "earliest": at.O_EARLIEST,
        "recommended": at.O_RECOMMENDED,
        "past_due": at.O_PAST_DUE,
        "latest": at.O_LATEST,
    }
    rules = ruleset.tape.rules
    return {
        "group": ruleset.tables.groups[forecast[at.O_GROUP]].name,
        "series_group": forecast[at.O_SERIES_GROUP],
        "series": ruleset.tape.series[forecast[at.O_SERIES]].name,
        "status": SERIES_STATUS[forecast[at.O_STATUS]].en,
        "dose": forecast[at.O_SHOWN_NUMBER] if goes_on else None,
        **{name: iso(forecast[field]) if goes_on else None for name, field in dates.items()},
        "rule": rules[forecast[at.O_RULE]].rule_id if forecast[at.O_RULE] >= 0 else None,
        "guidance": _guidance(ruleset, person, view, forecast),
    }


def _guidance(ruleset: Ruleset, person: Person, view: View, forecast: list[int]) -> list[str]:
    """What CDC's data advise beside a forecast; [] without a birth date."""
    if person.born_on is None:
        return []
    group = ruleset.tables.groups[forecast[at.O_GROUP]]
    kind = group.name, forecast[at.O_SERIES_GROUP], forecast[at.O_TYPE]
    going_on = [ruleset.tape.series[row[1]] for row in view.series if row[3] == at.NOT_COMPLETE and row[5] == 1]
    regimens = [one for one in going_on if (one.vaccine_group, one.series_group, one.type) == kind]
    stated = {code for code, _, value in person.facts if value.strip() not in ("no", "unknown")}
    return guidance(ruleset.tables, group, regimens, stated, person.born_on, person.on)
