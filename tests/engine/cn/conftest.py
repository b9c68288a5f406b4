"""China's rule book and ruleset, read once for these tests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from qingmiao.engine.china import compiled, observations
from qingmiao.engine.rules import RuleBook, book, documents
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.today import Today, today
from qingmiao.engine.verdicts import Person, verdicts

ALSO = ("label", "key_groups")


@pytest.fixture(scope="session")
def national_documents() -> dict[str, Any]:
    return documents("cn", also=ALSO)


@pytest.fixture
def own_documents(national_documents: dict[str, Any]) -> dict[str, Any]:
    """The parsed rule files, for a test to spoil."""
    return copy.deepcopy(national_documents)


@pytest.fixture(scope="session")
def rule_book(national_documents: dict[str, Any]) -> RuleBook:
    return book("cn", national_documents)


@pytest.fixture(scope="session")
def ruleset(rule_book: RuleBook) -> Ruleset:
    return Ruleset.of(compiled(rule_book))


def person(born: str, on: str, doses: str = "", sex: str = "F", **facts: Any) -> Person:
    """A person in one line: doses as "2026-07-15 0202; 2026-08-14 0202"."""
    given = [part.split() for part in doses.split(";") if part.strip()]
    return Person(
        id=born,
        born_on=date.fromisoformat(born),
        sex=sex,
        on=date.fromisoformat(on),
        doses=tuple((date.fromisoformat(day), code, None) for day, code in given),
        facts=tuple(observations(facts)),
    )


@pytest.fixture
def judged(ruleset: Ruleset) -> Callable[..., dict[str, Any]]:
    """judged("HepB", born, on, doses): the verdict of one group."""

    def ask(group: str, *args: Any, **facts: Any) -> dict[str, Any]:
        verdict = verdicts(ruleset, [person(*args, **facts)], compiled=False)[0]
        return next(line for line in verdict["series"] if line["series"] == group)

    return ask


@pytest.fixture
def at_the_desk(ruleset: Ruleset, rule_book: RuleBook) -> Callable[..., Today]:
    """at_the_desk(born, on, doses): what may be given today."""

    def ask(*args: Any, **facts: Any) -> Today:
        return today(ruleset, rule_book, person(*args, **facts), name={"zh": "艾艾", "en": "Ai"})

    return ask
