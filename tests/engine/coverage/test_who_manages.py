"""Who manages a child in which month, and which of several files speaks for it."""

from __future__ import annotations

import pyarrow as pa
from tests.engine.coverage.drawn import UNITS, UNITS_FILE, doses_file, lines, people_file, question

from qingmiao.engine.coverage.answering import Coverage
from qingmiao.engine.coverage.asking import read
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.loading import load

NO_DOSES = "who | code | date | at"


def counted(people: str, moves: str = "", doses: str = NO_DOSES, **readings: str) -> Coverage:
    rules = load(**readings)
    moved = [{**line, "managing_unit": UNITS[line["managing_unit"]]} for line in lines(moves)] if moves else []
    moves_file = pa.Table.from_pylist(moved) if moved else None
    found = population(people_file(people), doses_file(doses), UNITS_FILE, moves_file, rules)
    return Coverage(found, rules)


def due(coverage: Coverage, unit: str, when: str) -> int:
    return coverage.answer(read(question("Polio", "1", unit, when), coverage.rules)).counts["due"]


def test_a_move_up_to_the_tenth_decides_for_the_month_before() -> None:
    """数据上传截止日: the unit of 10 April manages for March, a move on 11 April counts from April."""
    people = "id | born\na | 2025-01-05\nb | 2025-01-05"
    moves = """person_id | managing_unit | from_date
a | A | 2025-01-05
b | A | 2025-01-05
a | B | 2025-04-10
b | B | 2025-04-11"""
    found = counted(people, moves)
    assert [due(found, unit, "2025-03") for unit in "AB"] == [1, 1]
    assert [due(found, unit, "2025-04") for unit in "AB"] == [0, 2]
    assert due(found, "A+B", "2025-03") == 2


def test_nobody_manages_a_child_before_its_first_move() -> None:
    found = counted("id | born\na | 2025-01-05", "person_id | managing_unit | from_date\na | A | 2025-05-20")
    assert [due(found, "A", f"2025-0{month}") for month in (3, 4, 5)] == [0, 0, 1]


def test_the_cohort_takes_the_unit_of_the_census_day_unless_read_otherwise() -> None:
    people, moves = (
        "id | born\na | 2024-06-05",
        "person_id | managing_unit | from_date\na | A | 2024-07-01\na | B | 2026-01-05",
    )
    assert due(counted(people, moves), "A", "2025-12-31 @ 1") == 1
    assert due(counted(people, moves, cohort_unit_on="upload_cut_off"), "B", "2025-12-31 @ 1") == 1


def test_the_file_with_the_latest_entry_speaks_for_the_child() -> None:
    people = """id | born | name | id_no | unit | grams
a | 2025-01-05 | 小一 | 1 | A | 1900
b | 2025-01-05 | 小一 | 1 | B |"""
    doses = """who | code | date | at | entered
a | 0202 | 2025-01-05 | A | 2025-01-05
b | 0202 | 2025-02-05 | B | 2025-02-05"""
    found = counted(people, doses=doses)
    assert [due(found, unit, "2025-03") for unit in "AB"] == [0, 1]
    assert list(found.population.children.birth_weight_g) == [1900]


def test_one_death_among_the_files_suffices() -> None:
    people = """id | born | name | id_no | state | died
a | 2025-01-05 | 小一 | 1 | active |
b | 2025-01-05 | 小一 | 1 | dead | 2025-04-02"""
    found = counted(people)
    assert [due(found, "A", f"2025-0{month}") for month in (3, 4)] == [1, 0]


def test_the_dead_without_a_day_are_in_no_denominator() -> None:
    assert due(counted("id | born | state | died\na | 2025-01-05 | dead |"), "A", "2025-03") == 0


def test_the_month_of_the_upper_age_is_a_reading() -> None:
    """Due at 6 years and 9 months, 7 on 15 September: out in September, or out in October."""
    people = "id | born\na | 2018-09-15"
    doses = NO_DOSES + "".join(f"\na | 0303 | {day} | A" for day in ("2018-12-31", "2019-01-31", "2025-05-10"))
    asked = question("Polio", "4", "A", "2025-09")
    plain, other = counted(people, doses=doses), counted(people, doses=doses, standing_ends_at_upper_age="month_after")
    assert [one.answer(read(asked, one.rules)).counts["due"] for one in (plain, other)] == [0, 1]
