"""What a line of `schedule assess` may state of a person's country and of a dose's product, and CDC's guidance."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import BadLine, cdsi_facts, facts_reader, read_line, verdicts

LINE = {"birth_date": "2010-01-01", "sex": "F", "on": "2025-11-10"}
MMR = {"date": "2011-02-01", "vaccine": "03"}
BAD = {
    "trade_name": (7, "dose 1: trade_name is not a text: 7"),
    "maker": (True, "dose 1: maker is not a text: True"),
    "volume_microlitres": ("0.5 mL", "dose 1: volume_microlitres is not a whole number from 1 to 1000000: '0.5 mL'"),
    "lot_expires_on": ("2011-02-29", "dose 1: lot_expires_on is not a date: '2011-02-29'"),
    "is_faulty": ("no", "dose 1: is_faulty is not true or false: 'no'"),
}


def judged(rules: Ruleset, **stated: Any) -> dict[str, Any]:
    [verdict] = verdicts(rules, [read_line(json.dumps(LINE | stated), facts_reader(rules))], compiled=False)
    return verdict


def group_of(verdict: dict[str, Any], name: str) -> dict[str, Any]:
    return next(group for group in verdict["groups"] if group["group"] == name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("born", "country", "status"),
    [
        ("1979-06-01", "U.S.", "Immune"),
        ("1979-06-01", None, "Not Complete"),
        ("1979-06-01", "China", "Not Complete"),
        ("1980-01-01", "U.S.", "Not Complete"),
    ],
)
def test_birth_in_the_united_states_before_1980_is_immunity_to_varicella(
    cdsi: Ruleset, born: str, country: str | None, status: str
) -> None:
    verdict = judged(cdsi, birth_date=born, country=country)
    assert group_of(verdict, "Varicella")["status"] == status


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stated", "status", "reason"),
    [
        ({}, "Valid", None),
        ({"lot_expires_on": "2011-02-01"}, "Valid", None),
        ({"lot_expires_on": "2011-01-31"}, "Sub-standard", "Lot expired before the dose"),
        ({"is_faulty": False}, "Valid", None),
        ({"is_faulty": True}, "Sub-standard", "Dose condition"),
        ({"volume_microlitres": 499}, "Valid", "Less than recommended volume"),
        ({"volume_microlitres": 500}, "Valid", None),
    ],
)
def test_the_condition_of_a_dose_decides_whether_it_is_judged(
    cdsi: Ruleset, stated: dict[str, Any], status: str, reason: str | None
) -> None:
    """6.1, and 6.8 for the volume. A sub-standard dose leaves dose 1 to be given."""
    verdict = judged(cdsi, doses=[MMR | stated])
    assert verdict["doses"][0]["groups"]["MMR"] == {"status": status, "reason": reason}
    assert group_of(verdict, "MMR")["dose"] == (2 if status == "Valid" else 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stated", "status"),
    [
        ({}, "Complete"),
        ({"trade_name": "Recombivax Adult", "maker": "MSD"}, "Complete"),
        ({"trade_name": "Engerix-B Adult"}, "Not Complete"),
        ({"maker": "SKB"}, "Not Complete"),
    ],
)
def test_two_doses_of_hepatitis_b_are_enough_of_recombivax_only(
    cdsi: Ruleset, stated: dict[str, Any], status: str
) -> None:
    """The adolescent series names Recombivax Adult of MSD; any other product needs a third dose."""
    doses = [{"date": day, "vaccine": "43"} | stated for day in ("2021-02-01", "2021-07-01")]
    assert group_of(judged(cdsi, doses=doses), "HepB")["status"] == status


def test_china_does_not_count_an_expired_or_faulty_dose(cn: Ruleset) -> None:
    dose = {"date": "2024-09-15", "vaccine": "1201"}
    for stated, reason in (({"lot_expires_on": "2024-09-14"}, "lot_expired"), ({"is_faulty": True}, "dose_condition")):
        verdict = judged(cn, birth_date="2024-01-01", country="中国", doses=[dose | stated])
        [said] = verdict["doses"]
        assert (said["series"], said["status"], said["reason"]) == ("MMR", "invalid", reason)


@pytest.mark.parametrize("key", BAD)
def test_what_cannot_be_read_of_a_dose_is_refused_by_name(key: str) -> None:
    value, why = BAD[key]
    with pytest.raises(BadLine) as caught:
        read_line(json.dumps(LINE | {"doses": [MMR | {key: value}]}), cdsi_facts)
    assert str(caught.value) == why


@pytest.mark.slow
def test_a_bad_country_and_a_bad_condition_are_reported_by_line(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [LINE | {"country": 156}, LINE | {"doses": [MMR | {"is_faulty": 1}]}, LINE | {"country": "U.S."}]
    source.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    command = [sys.executable, "-m", "qingmiao.cli.schedule", "assess", "--rules", "cn", str(source), "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "line 1: country is not a text: 156" in done.stderr
    assert "line 2: dose 1: is_faulty is not true or false: 1" in done.stderr
    assert "line 3" not in done.stderr


@pytest.mark.slow
def test_guidance_is_shown_of_what_goes_on_and_of_what_is_stated(cdsi: Ruleset) -> None:
    """FORECASTGUIDANCE-1: regimen, indication, contraindication; nothing of a vaccine group that is complete."""
    nobody = group_of(judged(cdsi), "Varicella")
    assert [text[:20] for text in nobody["guidance"]] == ["HIV-infected people "]
    doses = [{"date": day, "vaccine": "21"} for day in ("2011-02-01", "2014-02-01")]
    assert group_of(judged(cdsi, doses=doses), "Varicella")["guidance"] == []
    stopped = group_of(judged(cdsi, observations=[{"code": "157"}]), "Varicella")
    assert [text[:29] for text in stopped["guidance"]] == ["Certain immunosuppressive med"]
    assert group_of(judged(cdsi, observations=[{"code": "157", "value": "no"}]), "Varicella") == nobody


@pytest.mark.slow
@pytest.mark.parametrize(("born", "is_shown"), [("2006-11-10", True), ("2006-11-11", False)])
def test_guidance_of_an_indication_holds_from_its_age(cdsi: Ruleset, born: str, is_shown: bool) -> None:
    """Observation 121 (homeless) is an indication for hepatitis A from 19 years."""
    shown = group_of(judged(cdsi, birth_date=born, observations=[{"code": "121"}]), "HepA")["guidance"]
    assert any(text.startswith("A homeless person is defined") for text in shown) is is_shown
