"""The loader refuses what it does not know, in four parts, and never makes a default up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qingmiao.engine.rules import NoRuleInForce, RuleBook, RuleFileError, book, documents, load
from qingmiao.engine.rules.node import read_yaml
from qingmiao.engine.rules.overlay import Overlay, differences

Documents = dict[str, Any]


def first_age(docs: Documents) -> dict[str, Any]:
    """The minimum age of DTP 3 as written."""
    return docs["cn/dtp"]["paths"]["standard"]["doses"][2]["minimum_age"]


def refusal(docs: Documents) -> RuleFileError:
    with pytest.raises(RuleFileError) as caught:
        book("cn", docs)
    return caught.value


def test_a_value_without_a_reference_is_refused(own_documents: Documents) -> None:
    del first_age(own_documents)["values"][date(2025, 1, 1)]["reference"]
    error = refusal(own_documents)
    assert "reference" in error.what
    assert error.where.startswith("cn/dtp.yaml")
    assert "cure" in str(error).casefold()


def test_a_value_without_a_confidence_is_refused(own_documents: Documents) -> None:
    del first_age(own_documents)["values"][date(2025, 1, 1)]["confidence"]
    assert "confidence" in refusal(own_documents).what


@pytest.mark.parametrize("key", ["reference", "confidence"])
def test_a_pair_of_vaccines_that_keeps_no_distance_says_by_which_text(own_documents: Documents, key: str) -> None:
    del own_documents["cn/interactions"]["no_limit"][2][key]
    error = refusal(own_documents)
    assert key in error.what
    assert error.where == "cn/interactions.yaml.no_limit[2]"


def test_a_reference_that_nobody_wrote_down_is_refused(own_documents: Documents) -> None:
    first_age(own_documents)["values"][date(2025, 1, 1)]["reference"] = "hearsay-2025"
    assert "hearsay-2025" in refusal(own_documents).what


@pytest.mark.parametrize("unit", ["months", "fortnight", None])
def test_a_unit_that_the_engine_does_not_know_is_refused(own_documents: Documents, unit: str | None) -> None:
    first_age(own_documents)["unit"] = unit
    assert "Not a known word" in refusal(own_documents).what


def test_an_unknown_key_is_refused(own_documents: Documents) -> None:
    own_documents["cn/dtp"]["paths"]["standard"]["doses"][0]["grace_days"] = 4
    error = refusal(own_documents)
    assert "grace_days" in error.what
    assert "doses[0]" in error.where


def test_a_minimum_age_cannot_be_exclusive(own_documents: Documents) -> None:
    first_age(own_documents)["bound"] = "exclusive"
    assert "inclusive by nature" in refusal(own_documents).what


def test_a_number_in_quotes_is_not_a_number(own_documents: Documents) -> None:
    first_age(own_documents)["values"][date(2025, 1, 1)]["value"] = "6"
    assert "whole number" in refusal(own_documents).what


def test_a_product_that_is_in_no_table_is_refused(own_documents: Documents) -> None:
    own_documents["cn/dtp"]["counts"][0]["products"].append("DTaX")
    assert "DTaX" in refusal(own_documents).what


def test_a_reading_that_changes_nothing_is_refused(own_documents: Documents) -> None:
    words = {"en": "something", "zh": "某事"}
    reading = {"default": "a", "choices": {"a": words, "b": words}, "why": words}
    own_documents["cn/hepb"]["readings"] = {"idle": reading}
    assert "changes nothing" in refusal(own_documents).what


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("unit: day\nunit: month\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match="written twice"):
        read_yaml(path)


def dtp_5_is_late_at(rules: RuleBook) -> Any:
    return next(group for group in rules.groups if group.group == "DTP").paths[1].doses[4].complete_before_age


def test_before_the_first_date_there_is_no_rule(rule_book: RuleBook) -> None:
    with pytest.raises(NoRuleInForce, match="2024-12-31"):
        dtp_5_is_late_at(rule_book).on(date(2024, 12, 31))
    assert dtp_5_is_late_at(rule_book).on(date(2025, 1, 1)).value == 7


def test_a_withdrawn_rule_is_no_rule(rule_book: RuleBook) -> None:
    je = next(gap for gap in rule_book.interactions.blood_products if gap.key == "je_inactivated")
    assert je.minimum.on(date(2026, 6, 16)).value == 1
    with pytest.raises(NoRuleInForce):
        je.minimum.on(date(2026, 6, 17))


def laid(overlay: str) -> Overlay:
    found = load("cn", overlay=overlay).overlay
    assert found is not None
    return found


def test_an_overlay_prints_what_differs() -> None:
    lines = differences(laid("liaoning"), documents("cn"))
    assert any("offered.from" in line and "2002-07-01" in line.replace("2002, 7, 1", "2002-07-01") for line in lines)
    assert differences(laid("shanghai"), documents("cn")) == ["added: cn/shanghai_varicella"]


def test_an_overlay_does_not_touch_the_nations_files() -> None:
    before = documents("cn")
    load("cn", overlay="liaoning")
    assert documents("cn") == before


def test_an_overlay_may_not_set_what_the_nation_does_not_have(own_documents: Documents) -> None:
    overlay = {
        "id": "cn.overlay.nowhere",
        "title": {"zh": "无", "en": "none"},
        "jurisdiction": {"zh": "无", "en": "none"},
        "sets": [{"id": "cn/hepb: paths.none.doses", "value": 1}],
    }
    with pytest.raises(RuleFileError, match="does not have"):
        book("cn", own_documents, overlay)


def test_an_overlay_may_not_replace_a_file_of_the_nation(own_documents: Documents) -> None:
    overlay = {
        "id": "cn.overlay.bold",
        "title": {"zh": "无", "en": "none"},
        "jurisdiction": {"zh": "无", "en": "none"},
        "adds": {"cn/hepb": {}},
    }
    with pytest.raises(RuleFileError, match="that the nation has"):
        book("cn", own_documents, overlay)
