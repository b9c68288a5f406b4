"""What may be given today: products, sites, refusals with a day, and texts in two languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from qingmiao.engine.rules import RuleBook
from qingmiao.engine.today import Offer, Refusal, Today

Desk = Callable[..., Today]
NEWBORN_DOSES = "2026-07-15 0202; 2026-07-15 0101; 2026-08-15 0202"


def offer(said: Today, product: str) -> Offer:
    return next(one for one in said.may if one.product == product)


def refusal(said: Today, product: str) -> Refusal:
    return next(one for one in said.may_not if one.product == product)


def test_two_months_old_may_have_ipv_and_dtap_at_two_sites(at_the_desk: Desk) -> None:
    said = at_the_desk("2026-07-15", "2026-09-15", NEWBORN_DOSES)
    sites = [offer(said, product).site for product in ("IPV", "DTaP")]
    assert [site and (site.key, site.side) for site in sites] == [("thigh", "left"), ("thigh", "right")]


def test_a_combination_says_what_it_would_replace(at_the_desk: Desk) -> None:
    said = at_the_desk("2026-07-15", "2026-09-15", NEWBORN_DOSES)
    assert {"IPV", "DTaP"} <= set(offer(said, "DTaP-IPV/Hib").replaces)


def test_oral_polio_vaccine_waits_its_turn(at_the_desk: Desk) -> None:
    said = at_the_desk("2026-07-15", "2026-09-15", NEWBORN_DOSES)
    assert "脊灰灭活疫苗" in refusal(said, "bOPV").said[0].text["zh"]


def test_the_day_before_four_dates_is_refused_until_the_day(at_the_desk: Desk) -> None:
    said = at_the_desk("2025-12-20", "2026-08-19", "2025-12-20 0101")
    assert refusal(said, "MMR").until == date(2026, 8, 20)


def test_a_live_vaccine_names_the_other_one_and_the_day(at_the_desk: Desk) -> None:
    said = at_the_desk("2025-12-20", "2026-08-25", "2026-08-20 1201")
    found = refusal(said, "JE-L")
    assert found.until == date(2026, 9, 17)
    assert "麻腮风疫苗于2026-08-20接种" in found.said[0].text["zh"]
    assert "MMR vaccine was given on 2026-08-20" in found.said[0].text["en"]


def test_a_text_names_person_rule_evidence_and_cure(at_the_desk: Desk) -> None:
    text = refusal(at_the_desk("2025-12-20", "2026-08-19"), "MMR").said[0].text
    for part in ("艾艾", "cn.mmr.two_mmr.dose_1", "2026年版", "2026-08-20", "预约"):
        assert part in text["zh"]
    for part in ("Ai", "cn.mmr.two_mmr.dose_1", "2026 edition", "2026-08-20", "Book"):
        assert part in text["en"]


def test_two_live_vaccines_of_one_visit_may_go_together(at_the_desk: Desk) -> None:
    said = at_the_desk("2025-12-20", "2026-08-20")
    assert {"MMR", "JE-L"} <= {one.product for one in said.may}
    assert said.may[0].product == "MMR"


def test_an_exposed_child_is_asked_about_and_gets_inactivated_vaccine(at_the_desk: Desk) -> None:
    said = at_the_desk("2025-12-20", "2026-09-01", hiv="unknown")
    assert any("卡介苗" in one.text["zh"] for one in said.asks)
    assert "JE-I" in {one.product for one in said.may}
    assert "乙脑灭活疫苗" in refusal(said, "JE-L").said[0].text["zh"]


def test_bcg_after_three_months_asks_for_the_ppd_first(at_the_desk: Desk) -> None:
    codes = [one.code for one in offer(at_the_desk("2026-04-01", "2026-09-01"), "BCG").said]
    assert "ask_first" in codes
    negative = [one.code for one in offer(at_the_desk("2026-04-01", "2026-09-01", ppd="neg"), "BCG").said]
    assert "ask_first" not in negative


def test_a_person_without_a_birth_date_is_asked_for_it(at_the_desk: Desk, ruleset, rule_book) -> None:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    from qingmiao.engine.today import today

    from .conftest import person

    nameless = replace(person("2026-04-01", "2026-09-01"), born_on=None)
    said = today(ruleset, rule_book, nameless)
    assert said.may == ()
    assert all("出生日期" in one.text["zh"] for one in said.asks)
    assert len(said.asks) > 0


def test_a_dose_that_would_count_is_still_not_given_before_its_day(at_the_desk: Desk) -> None:
    """HPV counts from 9 years by label; the programme gives it from 13."""
    said = at_the_desk("2014-03-10", "2026-09-01")
    assert refusal(said, "2vHPV").until == date(2027, 3, 10)


def test_a_combination_is_refused_with_any_of_its_parts(at_the_desk: Desk) -> None:
    said = at_the_desk("2026-07-15", "2026-09-15", NEWBORN_DOSES, anaphylaxis_after=["DTP"])
    assert "IPV" in {one.product for one in said.may}
    for product in ("DTaP", "DTaP-IPV/Hib"):
        assert "严重过敏反应" in refusal(said, product).said[0].text["zh"]


def test_allergy_after_a_finished_course_still_stops_the_combination(at_the_desk: Desk) -> None:
    doses = "2025-02-10 0202; 2025-03-10 0202; 2025-08-10 0202"
    said = at_the_desk("2025-02-10", "2026-09-01", doses, anaphylaxis_after=["HepB"])
    assert "HepAB" not in {one.product for one in said.may}


def test_no_live_vaccine_in_pregnancy(at_the_desk: Desk) -> None:
    said = at_the_desk("2010-08-10", "2026-09-01", pregnant=True)
    assert {"MMR", "JE-L", "HepA-L"}.isdisjoint(one.product for one in said.may)
    assert "妊娠" in refusal(said, "MMR").said[0].text["zh"]


@pytest.mark.parametrize("code", ["3901", "3902", "4201", "4202", "4401", "4402"])
def test_a_dose_of_immunoglobulin_delays_live_vaccines_for_three_months(at_the_desk: Desk, code: str) -> None:
    said = at_the_desk("2025-03-10", "2026-11-10", f"2026-10-11 {code}")
    for product in ("MMR", "Varicella"):
        found = refusal(said, product)
        assert found.until == date(2027, 1, 11)
        assert found.said[0].rule_id == "cn.interactions.injected_live"
        assert "2027-01-11" in found.said[0].text["zh"]
        assert "2027-01-11" in found.said[0].text["en"]


@pytest.mark.parametrize(("stated", "until"), [("2026-10-20", date(2027, 1, 20)), ("2026-09-01", date(2027, 1, 11))])
def test_the_later_of_a_dose_and_a_stated_day_counts(at_the_desk: Desk, stated: str, until: date) -> None:
    said = at_the_desk("2025-03-10", "2026-11-10", "2026-10-11 4401; 2026-08-01 3901", ig_date=stated)
    assert refusal(said, "MMR").until == until


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_family_of_the_rule_files_has_a_name_of_its_own(rule_book: RuleBook, language: str) -> None:
    families = {product.family for product in rule_book.products.by_code.values()}
    assert families == set(rule_book.products.families)
    names = [family.title[language] for family in rule_book.products.families.values()]
    assert len(set(names)) == len(names)
    assert families & set(names) <= {"BCG"}
    assert [name for name in names if any("一" <= sign <= "鿿" for sign in name) != (language == "zh")] == []


def test_the_live_vaccine_in_the_way_is_called_by_its_name(at_the_desk: Desk) -> None:
    text = refusal(at_the_desk("2025-03-10", "2026-11-10", "2026-11-01 1101"), "MMR").said[0].text
    assert "风疹疫苗于2026-11-01接种" in text["zh"]
    assert "rubella vaccine was given on 2026-11-01" in text["en"]


def test_what_a_combination_replaces_rests_on_its_label(at_the_desk: Desk) -> None:
    found = offer(at_the_desk("2026-07-15", "2026-09-15", NEWBORN_DOSES), "DTaP-IPV/Hib")
    said = next(one for one in found.said if one.code == "replaces")
    assert (said.rule_id, said.reference) == ("cn.vaccines.DTaP-IPV/Hib", "label-combinations")
    assert "脊灰灭活疫苗、百白破疫苗" in said.text["zh"]
    assert "依据：cn.vaccines.DTaP-IPV/Hib，《含百白破联合疫苗说明书》" in said.text["zh"]
    assert "inactivated polio vaccine and DTaP vaccine" in said.text["en"]
    assert "Rule cn.vaccines.DTaP-IPV/Hib, Labels of DTaP combinations" in said.text["en"]


def test_every_offer_that_replaces_another_names_its_rule(at_the_desk: Desk) -> None:
    said = at_the_desk("2026-03-15", "2026-09-15", NEWBORN_DOSES)
    replacing = [one for offer in said.may for one in offer.said if one.code == "replaces"]
    assert replacing
    assert all(one.rule_id and one.reference and one.rule_id in one.text[zh] for one in replacing for zh in one.text)
