"""Rows that say the same are judged once; makers and trade names tell doses apart."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from qingmiao.engine.columns import Columns, read_columns
from qingmiao.engine.rulesets import Ruleset

DAY, NEXT = date(2026, 1, 5), date(2026, 1, 6)


def columns(cn: Ruleset, *doses: tuple[int, date, str, str | None]) -> Columns:
    people = pa.table({"person_id": [1, 2], "born_on": [date(2025, 12, 1)] * 2, "sex": ["F", "M"]})
    names = ("person_id", "given_on", "vaccine", "trade_name")
    table = pa.table({name: [dose[place] for dose in doses] for place, name in enumerate(names)})
    return read_columns(cn.tape, people, table, None, DAY)


def test_a_row_written_twice_is_judged_once_and_answered_twice(cn: Ruleset) -> None:
    found = columns(cn, (1, NEXT, "0202", None), (1, DAY, "0202", None), (1, DAY, "0202", None))
    assert found.dose_row.tolist() == [1, 0]
    assert found.twin_of == {2: 0}


def test_three_of_a_kind_are_one_dose(cn: Ruleset) -> None:
    found = columns(cn, *[(2, DAY, "0202", None)] * 3)
    assert found.dose_row.tolist() == [0]
    assert found.twin_of == {1: 0, 2: 0}


def test_another_person_day_or_vaccine_is_no_twin(cn: Ruleset) -> None:
    found = columns(cn, (1, DAY, "0202", None), (2, DAY, "0202", None), (1, NEXT, "0202", None), (1, DAY, "0101", None))
    assert len(found.dose_row) == 4
    assert found.twin_of == {}
