"""Rulesets by name: an edition by day, further series, a province."""

from __future__ import annotations

import pytest

from qingmiao.engine.rules import NoRuleInForce
from qingmiao.engine.rulesets import Ruleset, UnknownRuleset
from qingmiao.engine.verdicts import verdicts

from .conftest import person

FOUR_DTAP = "2020-12-03 0402; 2021-01-03 0402; 2021-02-03 0402; 2022-03-03 0402"


def status(ruleset: Ruleset, group: str, *args: str) -> str:
    verdict = verdicts(ruleset, [person(*args)], compiled=False)[0]
    return next(line["status"] for line in verdict["series"] if line["series"] == group)


def test_an_edition_by_day_knows_nothing_later() -> None:
    """By the texts of 2024 four DTaP are all; by those of 2025 a fifth is due at six."""
    child = ("2020-09-03", "2026-10-01", FOUR_DTAP)
    assert status(Ruleset.named("cn@2024-12-31"), "DTP", *child) == "complete"
    assert status(Ruleset.named("cn@2025-01-01"), "DTP", *child) == "due"


def test_a_vaccine_that_joined_later_is_not_known() -> None:
    girl = ("2013-06-10", "2026-10-01")
    assert status(Ruleset.named("cn@2021-02-23"), "HPV", *girl) == "not_applicable"
    assert status(Ruleset.named("cn@2025-11-10"), "HPV", *girl) == "due"


def test_a_province_adds_its_vaccine() -> None:
    groups = [group.name for group in Ruleset.named("cn+shanghai").tables.groups]
    assert "Varicella" in groups
    assert "Varicella" not in [group.name for group in Ruleset.named("cn").tables.groups]


def test_jap_enc_is_not_routine_in_xinjiang() -> None:
    assert status(Ruleset.named("cn+xinjiang"), "JE", "2025-12-20", "2026-09-01") == "not_applicable"
    assert status(Ruleset.named("cn"), "JE", "2025-12-20", "2026-09-01") == "due"


def test_label_series_come_when_named() -> None:
    assert status(Ruleset.named("cn+label"), "EV71", "2025-12-20", "2026-09-01") == "due"


@pytest.mark.parametrize("name", ["cn@yesterday", "cn@", "cn+atlantis", "cn+liaoning+shanghai", "us"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(UnknownRuleset, match=name.replace("+", r"\+")):
        Ruleset.named(name)


def test_before_the_first_edition_there_is_no_rule() -> None:
    with pytest.raises(NoRuleInForce, match="1986-01-01"):
        Ruleset.named("cn@1985-12-31")


def test_an_edition_by_day_keeps_its_own_paths() -> None:
    """By the texts of 2024 a child of six has DT; by those of 2019 nobody fills mumps and rubella."""
    four = "2019-03-20 0402; 2019-04-20 0402; 2019-05-20 0402; 2020-06-20 0402"
    assert status(Ruleset.named("cn@2024-12-31"), "DT", "2018-12-20", "2025-06-01", four) == "due"
    assert status(Ruleset.named("cn@2025-01-01"), "DT", "2018-12-20", "2025-06-01", four) == "not_applicable"
    measles = ("2012-03-10", "2022-10-01", "2012-11-10 0901; 2013-09-10 0901")
    assert status(Ruleset.named("cn@2021-02-22"), "MMR", *measles) == "complete"
    assert status(Ruleset.named("cn@2021-02-23"), "MMR", *measles) == "overdue"
