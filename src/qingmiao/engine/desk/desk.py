"""The desk: one person, one day, the rules, and what the whole verdict says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from qingmiao.engine.calendar import day_number, day_of, plus
from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Catalogue, Said, catalogue
from qingmiao.engine.rules.series import GroupRule
from qingmiao.engine.rules.sources import Citation, citation, quantities
from qingmiao.engine.rules.values import Age, Quantity
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import Line, Person, verdicts

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Desk:
    ruleset: Ruleset
    book: RuleBook
    person: Person
    words: Catalogue
    texts: dict[str, tuple[Quantity, ...]]
    name: dict[str, str]
    verdict: Line

    @property
    def on(self) -> date:
        return self.person.on

    def series(self, group: str) -> Line:
        return next(line for line in self.verdict["series"] if line["series"] == group)

    def rule(self, group: str) -> GroupRule:
        return next(rule for rule in self.book.groups if rule.group == group)

    def family_name(self, family: str) -> dict[str, str]:
        return self.book.products.families[family].title

    def cite(self, rule_id: str) -> Citation | None:
        return citation(self.book, self.texts.get(rule_id, ()), rule_id, self.on)

    def say(self, code: str, cite: Citation | None, **words: Any) -> Said:
        common = {"person": self.name, "on": self.on.isoformat(), "born": str(self.person.born_on)}
        return self.words.say(code, cite, common | words)

    def states(self, fact: str) -> str | None:
        return next((value for code, _, value in self.person.facts if code == fact), None)

    def is_aged(self, age: Age | None) -> bool:
        if age is None or self.person.born_on is None:
            return True
        return self.on >= later(self.person.born_on, age.unit, age.value)


def later(day: date, unit: str, value: int) -> date:
    found = day_of(plus(day_number(day), _MONTHS.get(unit, 0) * value, _DAYS.get(unit, 0) * value, 1))
    assert found is not None
    return found


def desk_of(ruleset: Ruleset, book: RuleBook, person: Person, name: dict[str, str] | None) -> Desk:
    words = catalogue()
    verdict = verdicts(ruleset, [person], compiled=False)[0]
    return Desk(ruleset, book, person, words, quantities(book), name or words.someone, verdict)
