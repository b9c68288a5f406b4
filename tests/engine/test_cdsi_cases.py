"""CDC's published cases, strictly: status, reason, number and all three dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qingmiao.engine import run, verdicts
from qingmiao.engine.columns import Columns
from qingmiao.engine.rulesets import Ruleset

BELIEVED_WRONG = frozenset(
    (
        "2018-0022", "2016-UC-0003", "2016-UC-0032", "2016-UC-0057", "2016-UC-0060", "2016-UC-0093", "2016-UC-0095",
        "2016-UC-0110", "2016-UC-0128", "2016-UC-0129", "2016-UC-0130", "2016-UC-0153", "2016-UC-0165", "2016-UC-0178",
        "2016-UC-0198", "2017-UC-0015", "2020-UC-0003", "2022-UC-0001", "2022-UC-0005", "2022-UC-0017", "2022-UC-0030",
        "2022-UC-0031", "2023-UC-0047", "2023-UC-0048", "2023-UC-0050", "2023-UC-0051", "2025-UC-0015",
    )
)  # fmt: skip
"""docs/reference/cdsi-cases.md proves each."""


@pytest.fixture(scope="module")
def cases(cdsi_folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (cdsi_folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def people(cases: list[dict[str, Any]]) -> list[verdicts.Person]:
    return [verdicts.read_line(json.dumps(case), verdicts.cdsi_facts) for case in cases]


@pytest.fixture(scope="module")
def columns(cdsi: Ruleset, people: list[verdicts.Person]) -> Columns:
    return verdicts.columns_of(cdsi, people)


def normal(word: str | None) -> str:
    return (word or "").strip().lower().replace("_", " ").replace(": ", " ")


def listed(value: Any) -> list[str]:
    return [normal(one) for one in (value if isinstance(value, list) else [value])]


def differences(case: dict[str, Any], verdict: dict[str, Any]) -> list[str]:
    group, expected = case["vaccine_group_cdsi"], case["expected"]
    shown = next((one for one in verdict["groups"] if one["group"] == group), None)
    if shown is None:
        return ["no forecast"]
    found = [] if normal(shown["status"]) == normal(expected["series_status"]) else ["status"]
    if normal(expected["series_status"]) == "not complete":
        found += [key for key in ("earliest", "recommended", "past_due") if shown[key] != expected[key]]
        found += [] if str(shown["dose"]) == str(expected["forecast_number"]) else ["number"]
    for dose, judged in zip(case["doses"], verdict["doses"], strict=True):
        in_group = judged["groups"].get(group) or next(iter(judged["groups"].values()), {})
        if normal(dose["expected_status"]) not in listed(in_group.get("status")):
            found.append(f"status of dose {dose['n']}")
        elif dose["expected_reason"] and normal(dose["expected_reason"]) not in listed(in_group.get("reason")):
            found.append(f"reason of dose {dose['n']}")
    return found


@pytest.mark.slow
def test_every_case_but_those_believed_wrong(
    cdsi: Ruleset, cases: list[dict[str, Any]], people: list[verdicts.Person]
) -> None:
    judged = verdicts.verdicts(cdsi, people, compiled=False)
    missed = {c["id"]: differences(c, v) for c, v in zip(cases, judged, strict=True) if differences(c, v)}
    assert {key: what for key, what in missed.items() if key not in BELIEVED_WRONG} == {}
    assert {c["id"] for c in cases} & BELIEVED_WRONG == set(missed), "a case believed wrong passes: why?"


@pytest.mark.slow
def test_plain_and_compiled_say_the_same_of_every_case(cdsi: Ruleset, columns: Columns) -> None:
    plain = run.judge_plain(cdsi.tape, columns)
    for threads in (1, 3):
        compiled = run.judge_compiled(cdsi.tape, columns, threads=threads)
        for kind in ("doses", "series", "groups", "products"):
            assert np.array_equal(getattr(plain, kind), getattr(compiled, kind)), kind


@pytest.mark.slow
def test_the_best_series_have_the_same_dates_when_only_they_are_wanted(cdsi: Ruleset, columns: Columns) -> None:
    """The night run skips the dates of series that lost; what it writes is the same."""
    everything = run.judge_plain(cdsi.tape, columns).groups
    only_due = run.judge_plain(cdsi.tape, columns, run.DUE).groups
    due = everything[everything[:, 1 + run.at.O_STATUS] == run.at.NOT_COMPLETE]
    assert np.array_equal(due, only_due)


def test_no_case_is_named_in_the_engine() -> None:
    sources = Path(run.__file__).parent.rglob("*.py")
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    assert [case for case in BELIEVED_WRONG if case in text] == []
