"""Asking the engine for the cases beside China's rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.cases import NOT_OF_THIS_GROUP, Case
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Person, verdicts

from . import observations


def person_of(case: Case, book: RuleBook) -> Person:
    """The person of a case as the engine reads one."""
    hour, _, minute = str(case.facts.get("birth_time", "")).partition(":")
    return Person(
        id=case.where,
        born_on=case.born,
        sex=case.sex,
        on=case.on,
        doses=tuple((day, code, None) for day, code in case.doses),
        facts=tuple(observations(case.facts, book)),
        born_minute=int(hour) * 60 + int(minute) if minute else -1,
    )


def said_of_dose(verdict: dict[str, Any], group: str, number: int) -> str:
    """What the engine says of a dose in the words of a case."""
    judged = next((one for one in verdict["doses"] if one["n"] == number and one["series"] == group), None)
    if judged is None:
        return NOT_OF_THIS_GROUP
    if judged["counts_as"]:
        return f"{judged['counts_as']['series']} {judged['counts_as']['dose']}"
    return str(judged["reason"] or judged["status"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def differences(case: Case, verdict: dict[str, Any]) -> list[str]:
    """What the engine says otherwise than the case, one line each."""
    found = []
    for number, wanted in enumerate(case.doses_are, 1):
        said = said_of_dose(verdict, case.group, number)
        if said != wanted:
            found.append(f"dose {number}: wanted {wanted}, said {said}")
    series = next(one for one in verdict["series"] if one["series"] == case.group)
    if series["status"] != case.status:
        found.append(f"status: wanted {case.status}, said {series['status']}")
    due = series["next"]
    if (due is None) != (case.next_dose is None):
        return [*found, f"next: wanted {case.next_dose}, said {due}"]
    for key, value in (case.next_dose or {}).items():
        if due[key] != _plain(value):
            found.append(f"next {key}: wanted {_plain(value)}, said {due[key]}")
    return found


def failures(ruleset: Ruleset, book: RuleBook, cases: Sequence[Case], compiled: bool | None = False) -> Iterable[str]:
    """Every case that the engine answers otherwise, as "where: differences"."""
    answers = verdicts(ruleset, [person_of(case, book) for case in cases], compiled)
    for case, answer in zip(cases, answers, strict=True):
        if wrong := differences(case, answer):
            yield f"{case.where}: born {case.born}, on {case.on}: {'; '.join(wrong)}"
