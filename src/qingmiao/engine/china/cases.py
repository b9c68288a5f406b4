"""Asking the engine for the cases beside China's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.cases import NOT_OF_THIS_GROUP, Case, DeskSays
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.today import Today, today
from qingmiao.engine.verdicts import Person, verdicts

from . import compiled, observations


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


def desk_differences(says: DeskSays, said: Today) -> list[str]:
    """What is said of a product at the desk otherwise than wanted."""
    offer = next((one for one in said.may if one.product == says.product), None)
    refusal = next((one for one in said.may_not if one.product == says.product), None)
    wrong = []
    if bool(offer) != says.may:
        wrong.append(f"desk: {says.product} may be given: wanted {says.may}, said {bool(offer)}")
    if refusal and not says.may and refusal.until != says.until:
        wrong.append(f"desk: {says.product} not until: wanted {says.until}, said {refusal.until}")
    said_of_it = [one for found in (offer, refusal) if found for one in found.said]
    texts = " ".join(one.text["zh"] for one in (*said_of_it, *said.notes))
    if says.mentions not in texts:
        wrong.append(f"desk: {says.product}: {says.mentions!r} is not mentioned in {texts!r}")
    if says.omits and says.omits in texts:
        wrong.append(f"desk: {says.product}: {says.omits!r} is mentioned in {texts!r}")
    return wrong


def read_otherwise(book: RuleBook, group: str, readings: tuple[tuple[str, str], ...]) -> RuleBook:
    """The book with some open questions of a group answered otherwise."""
    rule_id = next(rule.rule_id for rule in book.groups if rule.group == group)
    return replace(book, choices=book.choices | {rule_id: book.choices[rule_id] | dict(readings)})


def failures(book: RuleBook, cases: Sequence[Case], kernel_compiled: bool | None = False) -> Iterator[str]:
    """Every case that the engine answers otherwise, as "where: differences"; default readings first."""
    by_reading: dict[tuple[str, tuple[tuple[str, str], ...]], list[Case]] = {}
    for case in cases:
        by_reading.setdefault((case.group if case.readings else "", case.readings), []).append(case)
    for (group, readings), some in sorted(by_reading.items(), key=lambda pair: pair[0]):
        read = read_otherwise(book, group, readings) if readings else book
        yield from _failures(read, some, kernel_compiled)


def _failures(book: RuleBook, cases: Sequence[Case], kernel_compiled: bool | None) -> Iterator[str]:
    ruleset = Ruleset.of(compiled(book))
    people = [person_of(case, book) for case in cases]
    for case, person, answer in zip(cases, people, verdicts(ruleset, people, kernel_compiled), strict=True):
        wrong = differences(case, answer)
        if case.desk:
            answer_today = today(ruleset, book, person)
            wrong += [line for says in case.desk for line in desk_differences(says, answer_today)]
        if wrong:
            yield f"{case.where}: born {case.born}, on {case.on}: {'; '.join(wrong)}"
