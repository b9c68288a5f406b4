"""A dose that does not count says who, which rule, what happened and what to do."""

from __future__ import annotations

import pytest

from qingmiao.engine.explain import Explained, explain_doses
from qingmiao.engine.rules import RuleBook
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import verdicts

from .conftest import person

CHILD = {"zh": "艾艾", "en": "Ai"}


def explained(ruleset: Ruleset, book: RuleBook, *args: str) -> list[Explained]:
    return explain_doses(ruleset, book, person(*args), name=CHILD)


def test_a_day_early_names_the_day_it_would_have_counted(ruleset: Ruleset, rule_book: RuleBook) -> None:
    found = explained(ruleset, rule_book, "2024-01-31", "2025-08-01", "2024-10-01 1201; 2025-07-30 1201")
    assert [(one.number, one.group, one.said.code) for one in found] == [(2, "MMR", "dose_too_young")]
    for part in ("艾艾", "2025-07-30", "2025-07-31", "cn.mmr.two_mmr.dose_2", "2021年版", "值班医生"):
        assert part in found[0].said.text["zh"]
    for part in ("Ai", "2025-07-30", "2025-07-31", "2021 edition", "duty doctor"):
        assert part in found[0].said.text["en"]


def test_a_live_vaccine_too_soon_names_its_rule(ruleset: Ruleset, rule_book: RuleBook) -> None:
    found = explained(ruleset, rule_book, "2025-12-10", "2026-10-20", "2026-08-20 1201; 2026-09-16 1801")
    assert found[0].said.rule_id == "cn.interactions.live_gap"
    assert "2026-09-17" in found[0].said.text["zh"]


def test_an_extra_dose_asks_for_nothing(ruleset: Ruleset, rule_book: RuleBook) -> None:
    doses = "2025-01-10 0202; 2025-02-10 0202; 2025-07-10 0202; 2026-08-01 0202"
    found = explained(ruleset, rule_book, "2025-01-10", "2026-09-01", doses)
    assert [(one.number, one.said.code) for one in found] == [(4, "dose_extra")]


def test_a_complete_history_needs_no_words(ruleset: Ruleset, rule_book: RuleBook) -> None:
    assert explained(ruleset, rule_book, "2026-08-10", "2026-09-01", "2026-08-10 0101") == []


@pytest.mark.parametrize("is_compiled", [False, True])
def test_every_dose_cites_a_rule_of_its_own_group(ruleset: Ruleset, is_compiled: bool) -> None:
    """An inactivated dose before a live one is passed over by the live course, whose rule says so."""
    child = person("2024-02-20", "2026-09-01", "2024-10-20 1804; 2026-01-01 1903; 2026-06-30 1902; 2026-06-30 1801")
    (verdict,) = verdicts(ruleset, [child], compiled=is_compiled)
    assert [(dose["n"], dose["rule"].split(".")[1]) for dose in verdict["doses"]] == [
        (1, "je"),
        (2, "hepa"),
        (3, "hepa"),
        (4, "je"),
    ]
