"""What holds for every population: order and repetition do not matter, sums agree, the future changes no past."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.coverage.drawn import UNITS, UNITS_FILE, question

from qingmiao.engine.coverage.answering import Coverage
from qingmiao.engine.coverage.asking import read
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.days import month_number, month_text
from qingmiao.engine.coverage.loading import load
from qingmiao.engine.coverage.period import MonthSpan
from qingmiao.engine.coverage.sorting import _compiled, by_child
from qingmiao.engine.coverage.tables import cohort_table, period_table

pytestmark = pytest.mark.slow
RULES = load()
ROWS = list(RULES.rows)
YEAR = MonthSpan(month_number("2025-01"), month_number("2025-12"))
BIRTHS = st.dates(date(2008, 1, 1), date(2025, 11, 30))
GIVING = st.sampled_from([*UNITS.values(), *RULES.giving_unit_codes])

person = st.fixed_dictionaries(
    {
        "birth_date": BIRTHS.map(str),
        "sex": st.sampled_from("12"),
        "mother_hbsag": st.sampled_from(["01", "02", "03", ""]),
        "birth_weight_g": st.sampled_from(["", "1800", "3200"]),
        "managing_unit": st.sampled_from(list(UNITS.values())),
        "state": st.sampled_from(["active", "active", "active", "dead"]),
        "state_date": st.just("2025-07-15"),
    }
)
dose = st.fixed_dictionaries(
    {
        "code": st.sampled_from(RULES.codes),
        "age": st.one_of(st.integers(0, 800), st.integers(0, 6500)),
        "giving_unit": GIVING,
        "entering_unit": st.sampled_from(list(UNITS.values())),
    }
)
population_lines = st.lists(st.tuples(person, st.lists(dose, max_size=14)), min_size=1, max_size=6)


def files(drawn: list) -> tuple[list[dict], list[dict]]:
    """People and doses as lines of files; doses that would lie before the birth cannot arise."""
    people, doses = [], []
    for at, (one, given_doses) in enumerate(drawn):
        people.append({**one, "person_id": f"p{at}"})
        for each in given_doses:
            day = date.fromisoformat(one["birth_date"]) + timedelta(each["age"])
            plain = {name: each[name] for name in ("code", "giving_unit", "entering_unit")}
            doses.append({**plain, "person_id": f"p{at}", "date": str(day), "entered_at": str(day)})
    for at, line in enumerate(doses):
        line["record_id"] = f"R{at:04d}"
    return people, doses


def counted(people: list[dict], doses: list[dict]) -> Coverage:
    names = ("record_id", "person_id", "code", "date", "giving_unit", "entering_unit", "entered_at")
    table = pa.table({name: pa.array([line[name] for line in doses], pa.string()) for name in names})
    return Coverage(population(pa.Table.from_pylist(people), table, UNITS_FILE, None, RULES), RULES)


def whole(coverage: Coverage) -> list:
    """Both tables, as they would be printed."""
    return [period_table(coverage, YEAR).to_pylist(), cohort_table(coverage, 46_020).to_pylist()]


@given(population_lines, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(drawn: list, chance: random.Random) -> None:
    people, doses = files(drawn)
    shuffled_people, shuffled_doses = people[:], doses[:]
    chance.shuffle(shuffled_people)
    chance.shuffle(shuffled_doses)
    assert whole(counted(people, doses)) == whole(counted(shuffled_people, shuffled_doses))


@given(population_lines)
def test_a_record_written_twice_counts_once(drawn: list) -> None:
    people, doses = files(drawn)
    again = [{**line, "record_id": line["record_id"] + "x"} for line in doses]
    assert whole(counted(people, doses)) == whole(counted(people, doses + again))


@given(population_lines)
def test_a_file_split_in_two_is_one_child(drawn: list) -> None:
    people, doses = files(drawn)
    named = [{**line, "name": line["person_id"], "id_no": "1" + line["person_id"]} for line in people]
    twins = [{**line, "person_id": line["person_id"] + "b"} for line in named]
    split = [{**line, "person_id": line["person_id"] + "b" * (at % 2)} for at, line in enumerate(doses)]
    assert whole(counted(named, doses)) == whole(counted(named + twins, split))


@given(population_lines, st.sampled_from(ROWS), st.integers(0, 11), st.integers(0, 11))
def test_cumulative_due_is_the_last_month_and_what_was_done_before(
    drawn: list, row: tuple[str, str], one: int, other: int
) -> None:
    coverage = counted(*files(drawn))
    first, last = YEAR.first + min(one, other), YEAR.first + max(one, other)
    months = [asked(coverage, row, month, month) for month in range(first, last + 1)]
    together = asked(coverage, row, first, last)
    assert together["done"] == sum(month["done"] for month in months)
    if "due" in together:
        assert together["due"] == months[-1]["due"] + sum(month["done"] for month in months[:-1])
        assert together["done"] <= together["due"]


def asked(coverage: Coverage, row: tuple[str, str], first: int, last: int) -> dict[str, int]:
    line = question(*row, "A+B", f"{month_text(first)}..{month_text(last)}")
    return coverage.answer(read(line, RULES)).counts


@given(population_lines, st.integers(0, 10))
def test_what_happens_later_changes_no_earlier_month(drawn: list, months: int) -> None:
    people, doses = files(drawn)
    since = month_text(YEAR.first + months + 1) + "-01"
    known = [line for line in doses if line["date"] < since]
    full, then = counted(people, doses), counted(people, known)
    upto = MonthSpan(YEAR.first, YEAR.first + months)
    assert period_table(full, upto).to_pylist() == period_table(then, upto).to_pylist()


@given(population_lines)
def test_an_answer_is_the_cell_of_the_whole_table(drawn: list) -> None:
    coverage = counted(*files(drawn))
    table = [line for line in period_table(coverage, YEAR).to_pylist() if line["unit"] == UNITS["A"]]
    for line in table[:: max(1, len(table) // 40)]:
        answer = coverage.answer(read(question(line["vaccine"], line["dose"], "A", line["month"]), RULES))
        figures = {name: line[name] for name in ("due", "done_nip", "done_sub", "done_other", "done")}
        assert answer.counts == {name: value for name, value in figures.items() if value is not None}


@given(population_lines, st.integers(1, 17))
def test_the_cohort_never_has_more_done_than_due(drawn: list, group: int) -> None:
    coverage = counted(*files(drawn))
    for vaccine, dose_number in RULES.cohort:
        line = question(vaccine, dose_number, "A+B+X", f"2025-12-31 @ {group}")
        counts = coverage.answer(read(line, RULES)).counts
        assert counts["done"] <= counts["due"]


@given(population_lines)
def test_a_dose_counts_at_most_once_in_a_row(drawn: list) -> None:
    coverage = counted(*files(drawn))
    for row in ROWS:
        given_doses = coverage.figures(*row, YEAR).given.rows
        assert len(np.unique(given_doses)) == len(given_doses)


@settings(max_examples=10)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60), st.booleans()), max_size=80))
def test_the_compiled_order_is_the_plain_order(drawn: list) -> None:
    child, when, usable = (
        np.array([line[at] for line in drawn], kind) for at, kind in enumerate((np.int32, np.int32, np.bool_))
    )
    plain = by_child(child, when, usable, 6)
    assert np.array_equal(plain, _compiled()(child, when, usable, 6))
    among = usable.nonzero()[0]
    assert np.array_equal(plain, among[np.lexsort((among, when[among], child[among]))])
