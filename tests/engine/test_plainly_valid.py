"""A dose inside the bounds of `tape.plainly` is asked nothing more: what is said must be the same as if it were."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.engine import run
from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import day_number, plus
from qingmiao.engine.columns import Columns, read_columns
from qingmiao.engine.kernel import evaluate
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.tape.plainly import NEVER, longest_of, plainly, shortest_of

ON = date(2026, 9, 1)
CHILDREN = 400
VISITS = (
    ("0202", 0), ("0101", 0), ("0202", 1), ("0311", 2), ("0402", 2), ("0311", 3), ("0303", 4), ("0402", 4),
    ("0402", 6), ("0202", 6), ("1601", 6), ("1201", 8), ("1801", 8), ("1601", 9), ("0402", 18), ("1201", 18),
    ("1901", 18), ("1801", 24), ("1701", 36), ("0303", 48), ("0402", 72), ("1701", 72), ("5601", 40), ("1102", 168),
    ("3901", 7),
)  # fmt: skip
"""A code, and the months of age at which a child may come for it."""


def children(tape_of: Ruleset, seed: int) -> Columns:
    """Children who come a few days before or after the day on which each dose may first be given; two facts."""
    random = Random(seed)
    born = [ON - timedelta(days=random.randrange(0, 16 * 366)) for _ in range(CHILDREN)]
    given = [
        (child, plus(day_number(birth), months, random.choice((-2, -1, 0, 0, 1, 2, 3, 5, 30)), 1), code)
        for child, birth in enumerate(born)
        for code, months in VISITS
        if random.random() < (0.1 if code == "3901" else 0.9)
    ]
    kept = [row for row in given if row[1] <= day_number(ON)]
    people = pa.table(
        {
            "person_id": list(range(CHILDREN)),
            "born_on": pa.array(born, pa.date32()),
            "sex": [random.choice("FM") for _ in born],
        }
    )
    doses = pa.table(
        {
            "person_id": [row[0] for row in kept],
            "given_on": pa.array([row[1] for row in kept], pa.int32()).cast(pa.date32()),
            "vaccine": [row[2] for row in kept],
        }
    )
    facts = [code for code in tape_of.tape.observations if code not in tape_of.tape.assumed]
    stated = [(child, random.choice(facts)) for child in range(0, CHILDREN, 7)]
    observations = pa.table({"person_id": [child for child, _ in stated], "code": [code for _, code in stated]})
    return read_columns(tape_of.tape, people, doses, observations, ON)


@pytest.mark.parametrize("seed", range(3))
def test_the_short_way_says_what_the_long_way_says(cn: Ruleset, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    columns = children(cn, seed)
    asked = []
    ask = evaluate.reasons_against_target
    monkeypatch.setattr(evaluate, "reasons_against_target", lambda *given: (asked.append(1), ask(*given))[1])
    long_way, questions = run.judge_plain(cn.tape, columns), len(asked)
    monkeypatch.setattr(at, "EVERY_QUESTION", 0)
    short_way = run.judge_plain(cn.tape, columns)
    for kind in ("doses", "series", "groups", "products"):
        assert np.array_equal(getattr(long_way, kind), getattr(short_way, kind)), kind
    assert len(asked) - questions < questions * 3 // 4, "hardly any dose takes the short way"


@given(
    day=st.dates(date(1850, 1, 1), date(2240, 12, 31)),
    months=st.integers(0, 240),
    days=st.integers(0, 400),
    clamps=st.integers(0, 1),
)
def test_no_span_is_longer_or_shorter_than_its_bounds(day: date, months: int, days: int, clamps: int) -> None:
    span, start = tb.Span(months, days), day_number(day)
    assert shortest_of([span]) <= plus(start, months, days, clamps) - start <= longest_of([span])


def test_what_depends_on_more_has_no_bounds() -> None:
    row = tb.VaccineRow("1201")
    assert plainly(tb.TargetDose(1, preferable=(row,)), "1201") != NEVER
    named = tb.TargetDose(1, preferable=(tb.VaccineRow("1201", maker="X"),))
    other_dose = tb.Interval(tb.From.LEDGER, ledger="MMR", minimum=tb.Span(0, 28))
    for target in (
        tb.TargetDose(1, preferable=(row,), inadvertent=(row,)),
        tb.TargetDose(1, preferable=(row,), intervals=(other_dose,)),
        tb.TargetDose(1),
        named,
    ):
        assert plainly(target, "1201") == NEVER
