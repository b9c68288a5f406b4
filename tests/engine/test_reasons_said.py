"""What is said of a dose that does not count names rule, day and cure, whatever the person's facts are today."""

from __future__ import annotations

from datetime import date

import pytest

from qingmiao.engine import Ruleset
from qingmiao.engine.china import china_book, observations
from qingmiao.engine.explain import explain_doses
from qingmiao.engine.verdicts import Person, Product


def said(born: date, doses: tuple[tuple[date, str], ...], **facts: object) -> tuple[str, str, str]:
    """Code, rule and English text of the one dose that does not count."""
    given = tuple((day, code, None) for day, code in doses)
    person = Person("one", born, "F", date(2026, 10, 13), given, tuple(observations(facts)))
    [found] = explain_doses(Ruleset.named("cn"), china_book(), person)
    return found.said.code, found.said.rule_id, found.said.text["en"]


@pytest.mark.parametrize("facts", [{}, {"hiv": "infected_symptomatic"}, {"anaphylaxis_after": ["MMR"]}])
def test_a_dose_too_early_names_its_day_though_the_vaccine_is_stopped_today(facts: dict[str, object]) -> None:
    code, rule, text = said(date(2026, 1, 15), ((date(2026, 8, 1), "1201"),), **facts)
    assert (code, rule) == ("dose_too_young", "cn.mmr.two_mmr.dose_1")
    assert "Allowed from 2026-09-15." in text


def test_a_dose_after_the_last_one_cites_the_last_ones_rule() -> None:
    doses = ((date(2014, 3, 6), "1704"), (date(2017, 5, 11), "1704"), (date(2022, 1, 20), "1702"))
    code, rule, text = said(date(2008, 10, 19), doses)
    assert (code, rule) == ("dose_extra", "cn.menac.dose_2")
    assert "NIP schedule and notes, 2021 edition" in text


@pytest.mark.parametrize(
    ("product", "expected", "zh"),
    [
        (Product(lot_expires_on=date(2026, 9, 30)), "dose_lot_expired", "所用批号已过有效期"),
        (Product(is_faulty=True), "dose_dose_condition", "该剂次存在质量或操作问题"),
    ],
)
def test_a_dose_that_was_no_good_is_not_called_a_wrong_product(product: Product, expected: str, zh: str) -> None:
    person = Person("one", date(2026, 1, 15), "F", date(2026, 10, 13), ((date(2026, 10, 1), "1201", product),), ())
    [found] = explain_doses(Ruleset.named("cn"), china_book(), person)
    assert found.said.code == expected
    assert zh in found.said.text["zh"]
    assert found.said.rule_id
