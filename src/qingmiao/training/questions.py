"""Questions of a test, made from the rule files in force on a day. Pure: the same seed gives the same test.

A question names its rule, so that a wrong answer is explained with what was in force and where it is written.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from qingmiao.engine.china import china_book
from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.series import DoseRule, GroupRule, Title
from qingmiao.engine.rules.values import Dated, Quantity
from qingmiao.law.dated import in_force, rule_file

AGES = {
    "hour": ("小时", "hours"),
    "day": ("天", "days"),
    "week": ("周", "weeks"),
    "month": ("月龄", "months"),
    "year": ("岁", "years"),
}
LASTS = {**AGES, "month": ("个月", "months"), "year": ("年", "years")}
HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8766}
NEAR = 1.25  # lengths closer than this ratio are no fair choice: 28 days and one month
AT_BIRTH: Title = {"zh": "出生时", "en": "at birth"}


@dataclass(frozen=True)
class Question:
    """One question: what is asked, the answers offered, which is right, and by which rule.

    `key` is stable while the rule is; texts are in both languages; `reference` and `confidence` as in the rule file.
    """

    key: str
    text: Title
    choices: tuple[Title, ...]
    right: int
    rule: str
    reference: str
    confidence: str


@dataclass(frozen=True)
class _Fact:
    """What a rule says, before other answers are put beside it. `kind` says which answers are of its sort."""

    kind: str
    key: str
    text: Title
    answer: Title
    hours: int
    reference: str
    confidence: str


def _said(number: int, unit: str, words: dict[str, tuple[str, str]]) -> Title:
    if number == 0:
        return AT_BIRTH
    zh, en = words[unit]
    return {"zh": f"{number}{zh}", "en": f"{number} {en if number != 1 else en.removesuffix('s')}"}


def _in_force(quantity: Quantity, on: date) -> Dated | None:
    entry = quantity.written_on(on) if not quantity.only_if else None
    return entry if entry and entry.value is not None else None


def _fact(kind: str, key: str, text: Title, quantity: Quantity, entry: Dated) -> _Fact:
    number, words = entry.value or 0, AGES if kind == "age" else LASTS
    reference, confidence = [(entry.source.reference, entry.source.confidence), *entry.source.restated][-1]
    hours = number * HOURS[quantity.unit]
    return _Fact(kind, key, text, _said(number, quantity.unit, words), hours, reference, confidence)


def _age(group: GroupRule, dose: DoseRule, number: int, entry: Dated) -> _Fact:
    text = {
        "zh": f"{group.title['zh']}第{number}剂最早何时可以接种？",
        "en": f"{group.title['en']}, dose {number}: from what age?",
    }
    return _fact("age", dose.rule_id, text, dose.minimum_age, entry)


def _gaps(group: GroupRule, dose: DoseRule, number: int, on: date) -> Iterator[_Fact]:
    for gap in dose.gaps:
        entry = _in_force(gap.minimum, on)
        if entry and entry.value and gap.after == ("dose", number - 1) and not gap.when:
            text = {
                "zh": f"{group.title['zh']}第{number}剂与第{number - 1}剂至少间隔多久？",
                "en": f"{group.title['en']}: how long at least from dose {number - 1} to dose {number}?",
            }
            yield _fact("gap", f"{dose.rule_id}.gap", text, gap.minimum, entry)


def _of_group(group: GroupRule, doses: tuple[DoseRule, ...], on: date) -> Iterator[_Fact]:
    """Ages that rise from dose to dose (others belong to catch-up) and the gaps between neighbours."""
    reached = -1
    for number, dose in enumerate(doses, 1):
        entry = _in_force(dose.minimum_age, on)
        hours = (entry.value or 0) * HOURS[dose.minimum_age.unit] if entry else -1
        if entry and hours > reached:
            reached = hours
            yield _age(group, dose, number, entry)
            yield from _gaps(group, dose, number, on)


def _schedule(book: RuleBook, on: date) -> Iterator[_Fact]:
    for group in book.groups:
        path = next((path for path in group.paths if path.is_default), None)
        if group.programme == "national" and path is not None:
            yield from _of_group(group, path.doses, on)


def _clocks(on: date) -> Iterator[_Fact]:
    file = rule_file("surveillance", "deadlines")
    for name, clock in file["clocks"].items():
        value = in_force(clock["values"], max(on, min(clock["values"])), name)
        unit = "hour" if "hours" in value else "day"
        number = int(value[f"{unit}s"])
        text = {"zh": f"{clock['title']['zh']}：时限是多少？", "en": f"{clock['title']['en']}: within what time?"}
        confidence = file["references"][value["reference"]]["confidence"]
        answer = _said(number, unit, LASTS)
        yield _Fact("clock", name, text, answer, number * HOURS[unit], value["reference"], confidence)


def facts(on: date) -> list[_Fact]:
    """Everything that can be asked about the rules in force on a day."""
    return [*_schedule(china_book(), on), *_clocks(on)]


def _other_answers(fact: _Fact, asked: Sequence[_Fact], draw: random.Random, wanted: int) -> list[Title]:
    """Wrong answers of the same sort, none of them nearly as long as the right one or as each other."""
    found: list[_Fact] = [fact]
    for one in draw.sample(list(asked), len(asked)):
        far = all(max(one.hours, got.hours) >= NEAR * min(one.hours, got.hours) + 1 for got in found)
        if one.kind == fact.kind and far and len(found) <= wanted:
            found.append(one)
    return [one.answer for one in found[1:]]


def _question(fact: _Fact, asked: Sequence[_Fact], draw: random.Random, choices: int) -> Question:
    offered = [*_other_answers(fact, asked, draw, choices - 1), fact.answer]
    draw.shuffle(offered)
    right = offered.index(fact.answer)
    key = f"{fact.kind}:{fact.key}"
    return Question(key, fact.text, tuple(offered), right, fact.key, fact.reference, fact.confidence)


def questions(seed: int, *, on: date, count: int, choices: int) -> tuple[Question, ...]:
    """A test of `count` questions about the rules in force on a day, each with up to `choices` answers, one right."""
    asked, draw = facts(on), random.Random(seed)
    return tuple(_question(fact, asked, draw, choices) for fact in draw.sample(asked, min(count, len(asked))))
