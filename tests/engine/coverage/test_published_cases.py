"""The populations of the shared case folder, where it is there: every judged figure of every row."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from tests.where import not_found

from qingmiao.engine.coverage.loading import load
from qingmiao.engine.coverage.sheet import answer_lines, cells, open_files

CASES = Path(
    os.environ.get("QINGMIAO_COVERAGE_CASES") or Path(__file__).parents[3] / ".." / "shared" / "cases" / "coverage-cn"
).resolve()
FIGURES = ("due", "done_nip", "done_sub", "done", "rate_pct")


def folders() -> list[Path]:
    return sorted(path.parent for path in CASES.glob("*/expected.csv"))


@pytest.mark.skipif(not CASES.is_dir(), reason=not_found("The cases", CASES, "QINGMIAO_COVERAGE_CASES"))
@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_judged_figure(folder: Path) -> None:
    rules = load()
    kinds = ("people", "doses", "units", "moves", "townships", "people_township")
    paths = {kind: path for kind in kinds if (path := folder / f"{kind}.csv").exists()}
    coverage, problems = open_files(paths, rules)
    with (folder / "expected.csv").open(newline="", encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    answered, unanswered = answer_lines(coverage, expected)
    assert problems == unanswered == []
    for line, one in zip(expected, answered, strict=True):
        found = cells(one, rules)
        judged = [name for name in FIGURES if line[name]]
        assert {name: found[name] for name in judged} == {name: line[name] for name in judged}, line
