"""By when a dose is advised, where a text says so without making it a limit."""

from __future__ import annotations

from datetime import date

from qingmiao.engine.desk.desk import Desk, later
from qingmiao.engine.rules.messages import Said
from qingmiao.engine.rules.series import DoseRule
from qingmiao.engine.rules.sources import Citation, cited


def advice_on(desk: Desk, group: str) -> Said | None:
    found = _advised(desk, group)
    if found is None or not desk.series(group)["next"]:
        return None
    return desk.say(
        "advised_by",
        found[2],
        series=desk.rule(group).title,
        dose=desk.series(group)["next"]["dose"],
        latest=found[0].isoformat(),
        given_on=found[1].isoformat(),
    )


def _advised(desk: Desk, group: str) -> tuple[date, date, Citation] | None:
    """By when the next dose is advised, the day it counts from, and the text."""
    dose = _dose_rule(desk, group)
    for gap in dose.gaps if dose else ():
        entry = gap.advised_maximum.written_on(desk.on) if gap.advised_maximum else None
        given = _given_on(desk, group, gap.after[1]) if gap.after[0] == "dose" else None
        if dose and gap.advised_maximum and entry and entry.value is not None and given:
            latest = later(given, gap.advised_maximum.unit, entry.value)
            return latest, given, cited(desk.book, f"{dose.rule_id}.gap", entry.source, desk.on)
    return None


def _dose_rule(desk: Desk, group: str) -> DoseRule | None:
    """The rule of the dose that a group would have next."""
    due = desk.series(group)
    wanted = str(due.get("rule") or "").removesuffix(".gap")
    doses = [dose for path in desk.rule(group).paths for dose in path.doses]
    return next((dose for dose in doses if dose.rule_id == wanted), None)


def _given_on(desk: Desk, group: str, number: object) -> date | None:
    for line in desk.verdict["doses"]:
        if line["series"] == group and line["counts_as"] and line["counts_as"]["dose"] == number:
            given_on: date = desk.person.doses[line["n"] - 1][0]
            return given_on
    return None
