"""The cases beside the rules (`rules/coverage/cases.yaml`): figures worked out by hand, row by row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from tests.engine.coverage.drawn import Drawn, lines

from qingmiao.engine.coverage.days import month_number, month_text
from qingmiao.engine.coverage.loading import load
from qingmiao.engine.coverage.rules import RULES

FILE = yaml.safe_load((RULES / "coverage" / "cases.yaml").read_text(encoding="utf-8"))
CASES, STANDS, TIMELY = FILE["cases"], lines(FILE["stands"]), lines(FILE["timely"])
ROWS = [(case, line) for case in CASES for line in case["asked"].strip().splitlines()]


@pytest.mark.parametrize(("case", "line"), ROWS, ids=[f"{case['title']}: {line}" for case, line in ROWS])
def test_the_row_is_as_worked_out_by_hand(case: dict[str, Any], line: str) -> None:
    row, unit, when, due, nip, sub, done = (cell.strip() for cell in line.split("|"))
    counts = Drawn(case["people"], case["doses"]).answer(row, unit, when).counts
    wanted = {"due": due, "done_nip": nip, "done_sub": sub, "done": done}
    found = {name: str(counts.get(name, "NA")) for name, figure in wanted.items() if figure != "-"}
    assert found == {name: figure for name, figure in wanted.items() if figure != "-"}, case["because"]


def alone(line: dict[str, str], later: int = 0) -> Drawn:
    """One child with the doses of the line, the last of them some days later."""
    had = [one.split("@") for one in line["had"].split()]
    if later:
        had[-1][1] = str(date.fromisoformat(had[-1][1]) + timedelta(later))
    doses = "".join(f"\na | {code} | {day} | A" for code, day in had)
    return Drawn(f"id | born\na | {line['born']}", "who | code | date | at" + doses)


def words(line: dict[str, str]) -> str:
    return " ".join(line.values())


@pytest.mark.parametrize("line", STANDS, ids=words)
def test_a_child_stands_in_the_denominator_from_and_until(line: dict[str, str]) -> None:
    first, last = month_number(line["from"]), month_number(line["until"])
    months = [month_text(month) for month in (first - 1, first, last, last + 1)]
    found = [alone(line).answer(line["row"], "A", month).counts.get("due", 0) for month in months]
    assert found == [0, 1, 1, 0]


@pytest.mark.parametrize("line", TIMELY, ids=words)
def test_a_dose_is_timely_until_the_last_day(line: dict[str, str]) -> None:
    row = (
        "HepB 1T"
        if line["row"] == "HepB 1"
        else "DTP 5DT"
        if "DT" in line["row"].split()[1]
        else line["row"] + "-timely"
    )
    when = f"{line['census']} @ {line['group']}"
    assert alone(line).answer(line["row"], "A", when).counts == {"due": 1, "done": 1}
    if row != "DTP 5DT":
        assert alone(line).answer(row, "A", when).counts["done"] == 1
        assert alone(line, later=1).answer(row, "A", when).counts["done"] == 0


REQUIRED = {
    1: "HepB 1,HepB 2,HepB 3,BCG 1,Polio 1,Polio 2,Polio 3,DTP 1,DTP 2,DTP 3,Measles 1,JE 1,MenA 1,MenA 2",
    2: "DTP 4,Measles 2,HepA 1",
    3: "JE 2",
    4: "MenAC 1",
    5: "Polio 4",
    7: "DTP 5,MenAC 2",
    14: "HPV 1,HPV 2",
}


def test_every_age_group_requires_what_the_plan_lists() -> None:
    found: dict[int, list[str]] = {}
    for row in load().cohort.values():
        if row.required_from is not None:
            found.setdefault(row.required_from, []).append(f"{row.vaccine} {row.dose}")
    assert {group: sorted(rows) for group, rows in found.items()} == {
        group: sorted(rows.split(",")) for group, rows in REQUIRED.items()
    }
