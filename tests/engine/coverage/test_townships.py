"""以乡镇为单位接种率大于90%的比例: merging, the strict limit, and places without children."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.engine.coverage.drawn import UNITS_FILE, doses_file, lines, people_file

from qingmiao.engine.coverage.answering import Coverage
from qingmiao.engine.coverage.asking import CannotAsk, read
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.loading import load
from qingmiao.engine.coverage.township import read_places

NAMES = "abcdefghijklmnopqrstuvwxyz"


def county(vaccinated: dict[str, tuple[int, int]], townships: str) -> Coverage:
    """Children of 2 years by township: how many, and how many of them have BCG."""
    homes = [(place, at < done) for place, (count, done) in vaccinated.items() for at in range(count)]
    born = "".join(f"\n{NAMES[at]} | 2023-05-05" for at in range(len(homes)))
    given = "".join(f"\n{NAMES[at]} | 0101 | 2023-05-05 | A" for at, (_, done) in enumerate(homes) if done)
    rules = load()
    people, doses = people_file("id | born" + born), doses_file("who | code | date | at" + given)
    found = population(people, doses, UNITS_FILE, None, rules)
    listed = pa.Table.from_pylist(lines(townships))
    lives = pa.table({"person_id": list(NAMES[: len(homes)]), "township": [place for place, _ in homes]})
    places, problems = read_places(listed, lives, found)
    assert problems == []
    return Coverage(found, rules, places)


def asked(report: str, unit: str, group: str = "") -> dict[str, str]:
    line = {"report": report, "unit": unit, "census_date": "2025-12-31", "age_group": group}
    return {**line, "vaccine": "BCG", "dose": "1"}


def test_ninety_per_cent_is_not_above_ninety() -> None:
    places = "township | code | residents | merge_with\nE | 1 | 20000 |\nW | 1 | 20000 |"
    found = county({"E": (10, 9), "W": (11, 10)}, places)
    answer = found.answer(read(asked("township90", "county"), found.rules))
    assert answer.counts == {"due": 2, "done": 1}
    assert answer.behind[1].townships == ("W",)


def test_small_neighbours_merge_in_a_chain() -> None:
    places = """township | code | residents | merge_with
E | 1 | 20000 |
W | 1 | 9999 | E
S | 1 | 500 | W
N | 1 | 10000 | E"""
    found = county({"E": (2, 2), "W": (2, 2), "S": (2, 2), "N": (2, 2)}, places)
    answer = found.answer(read(asked("township90", "county"), found.rules))
    assert answer.behind[0].townships == ("E+S+W", "N")


def test_a_township_without_children_of_the_age_is_not_counted() -> None:
    places = "township | code | residents | merge_with\nE | 1 | 20000 |\nW | 1 | 20000 |"
    found = county({"E": (2, 2)}, places)
    assert found.answer(read(asked("township90", "county"), found.rules)).counts == {"due": 1, "done": 1}


def test_a_township_that_is_not_listed_is_not_answered() -> None:
    found = county({"E": (2, 2)}, "township | code | residents | merge_with\nE | 1 | 20000 |")
    with pytest.raises(CannotAsk):
        found.answer(read(asked("township", "E+Q", "2"), found.rules))
