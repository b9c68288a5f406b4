"""The cases beside the rules (`rules/coverage/cases.yaml`): figures worked out by hand, row by row."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from tests.engine.coverage.drawn import Drawn

from qingmiao.engine.coverage.rules import RULES

CASES = yaml.safe_load((RULES / "coverage" / "cases.yaml").read_text(encoding="utf-8"))["cases"]
ROWS = [(case, line) for case in CASES for line in case["asked"].strip().splitlines()]


@pytest.mark.parametrize(("case", "line"), ROWS, ids=[f"{case['title']}: {line}" for case, line in ROWS])
def test_the_row_is_as_worked_out_by_hand(case: dict[str, Any], line: str) -> None:
    row, unit, when, due, nip, sub, done = (cell.strip() for cell in line.split("|"))
    counts = Drawn(case["people"], case["doses"]).answer(row, unit, when).counts
    wanted = {"due": due, "done_nip": nip, "done_sub": sub, "done": done}
    found = {name: str(counts.get(name, "NA")) for name, figure in wanted.items() if figure != "-"}
    assert found == {name: figure for name, figure in wanted.items() if figure != "-"}, case["because"]
