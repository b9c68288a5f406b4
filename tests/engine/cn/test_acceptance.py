"""The acceptance cases for China, written apart from the rules, strictly: every key a case names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.where import not_found

from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.verdicts import facts_reader, read_line, verdicts

CASES = Path(os.environ.get("QINGMIAO_CASES") or Path(__file__).parents[3] / ".." / "shared" / "cases").resolve()
Line = dict[str, Any]


def differs(case: Line, verdict: Line) -> list[str]:
    """What the verdict says otherwise; keys that the case leaves out are not judged."""
    expected, series = case["expect"], next(s for s in verdict["series"] if s["series"] == case["series"])
    wrong = [] if expected.get("status", series["status"]) == series["status"] else [f"status {series['status']}"]
    if series["status"] not in expected.get("status_any", [series["status"]]):
        wrong.append(f"status {series['status']}")
    if "next" in expected:
        wrong += next_differs(expected["next"], series["next"])
    given = {dose["n"]: dose for dose in verdict["doses"] if dose["series"] == case["series"]}
    for dose in expected.get("doses", []):
        said = given.get(dose["n"], {})
        wrong += [f"dose {dose['n']} {key}" for key in ("status", "reason", "counts_as") if said.get(key) != dose[key]]
    return wrong


def next_differs(wanted: Line | None, said: Line | None) -> list[str]:
    if wanted is None or said is None:
        return [] if wanted is said else [f"next {said}"]
    late_enough = "earliest_min" not in wanted or (said["earliest"] or "") >= wanted["earliest_min"]
    keys = [key for key in wanted if key != "earliest_min"]
    return [f"next {key} {said[key]}" for key in keys if said[key] != wanted[key]] + (
        [] if late_enough else ["too early"]
    )


def test_every_case_for_china_strictly(cn: Ruleset) -> None:
    path = CASES / "schedule-cn.jsonl"
    if not path.is_file():
        pytest.skip(not_found("China's cases", CASES, "QINGMIAO_CASES"))
    lines = path.read_text(encoding="utf-8").splitlines()
    people = [read_line(line, facts_reader(cn)) for line in lines]
    cases = [json.loads(line) for line in lines]
    answers = verdicts(cn, people, compiled=False)
    wrong = {case["id"]: found for case, answer in zip(cases, answers, strict=True) if (found := differs(case, answer))}
    assert wrong == {}
    assert len(cases) >= 361
