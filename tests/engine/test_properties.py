"""What holds for every history, invented by Hypothesis, under CDC's rules and China's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.engine.drawn import days, dose, judged, months, ruleset, series

from qingmiao.engine import run
from qingmiao.engine import tables as tb
from qingmiao.engine.assess import Assessment, assess
from qingmiao.engine.columns import read_columns
from qingmiao.engine.rulesets import Ruleset

Dose = tuple[date, str]
ON = date(2026, 9, 1)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def histories(codes: list[str]) -> st.SearchStrategy[list[Dose]]:
    """Up to twelve doses at any time before the assessment day."""
    ages = st.integers(0, 5000).map(lambda back: ON - timedelta(days=back))
    return st.lists(st.tuples(ages, st.sampled_from(codes)), max_size=12)


births = st.integers(0, 20000).map(lambda back: ON - timedelta(days=back))
sexes = st.sampled_from(["F", "M", "U"])


def tables_of(people: list[tuple[date, str, list[Dose]]], facts: list[tuple[int, str]]) -> tuple[pa.Table, ...]:
    rows = [(n, *given) for n, (_, _, doses) in enumerate(people) for given in doses]
    return (
        pa.table(
            {
                "person_id": list(range(len(people))),
                "born_on": pa.array([born for born, _, _ in people], pa.date32()),
                "sex": pa.array([sex for _, sex, _ in people]),
            }
        ),
        pa.table(
            {
                "person_id": pa.array([r[0] for r in rows], pa.int64()),
                "given_on": pa.array([r[1] for r in rows], pa.date32()),
                "vaccine": pa.array([r[2] for r in rows], pa.string()),
            }
        ),
        pa.table(
            {
                "person_id": pa.array([f[0] for f in facts], pa.int64()),
                "code": pa.array([f[1] for f in facts], pa.string()),
            }
        ),
    )


def assessed(rules: Ruleset, born: date, sex: str, doses: list[Dose], on: date = ON) -> Assessment:
    return assess(rules, *tables_of([(born, sex, doses)], []), on=on, compiled=False)


def shown(found: Assessment) -> list[dict[str, Any]]:
    return found.groups.to_pylist()


def said_of_doses(found: Assessment, doses: list[Dose]) -> set[tuple[Any, ...]]:
    """Day and vaccine of each dose with everything that is said of it."""
    said = found.doses.select(["dose", "series", "status", "reasons", "dose_number"]).to_pylist()
    return {
        (*doses[row["dose"]], row["series"], row["status"], tuple(row["reasons"]), row["dose_number"]) for row in said
    }


@pytest.fixture(params=["cn", "cdsi"])
def rules(request: pytest.FixtureRequest) -> Ruleset:
    found: Ruleset = request.getfixturevalue(request.param)
    return found


def codes_of(rules: Ruleset) -> list[str]:
    return [vaccine.code for vaccine in rules.tables.vaccines if vaccine.associations]


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_plain_and_compiled_agree_on_invented_histories(rules: Ruleset, data: st.DataObject) -> None:
    people = data.draw(st.lists(st.tuples(births, sexes, histories(codes_of(rules))), min_size=1, max_size=6))
    observed = st.tuples(st.integers(0, len(people) - 1), st.sampled_from([o.code for o in rules.tables.observations]))
    facts = data.draw(st.lists(observed, max_size=5))
    columns = read_columns(rules.tape, *tables_of(people, facts), ON)
    plain, compiled = run.judge_plain(rules.tape, columns), run.judge_compiled(rules.tape, columns)
    for kind in ("doses", "series", "groups", "products"):
        assert np.array_equal(getattr(plain, kind), getattr(compiled, kind)), kind


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(rules: Ruleset, data: st.DataObject) -> None:
    born, sex = data.draw(births), data.draw(sexes)
    doses = data.draw(histories(codes_of(rules)))
    mixed = data.draw(st.permutations(doses))
    assert shown(assessed(rules, born, sex, doses)) == shown(assessed(rules, born, sex, mixed))


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_a_dose_written_twice_counts_once(rules: Ruleset, data: st.DataObject) -> None:
    born, sex = data.draw(births), data.draw(sexes)
    doses = data.draw(histories(codes_of(rules)))
    twice = doses + data.draw(st.lists(st.sampled_from(doses), max_size=4)) if doses else doses
    once_found, twice_found = assessed(rules, born, sex, doses), assessed(rules, born, sex, twice)
    assert shown(once_found) == shown(twice_found)
    assert said_of_doses(once_found, doses) == said_of_doses(twice_found, twice)


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_recommended_is_never_before_earliest_and_past_due_never_before_either_where_both_are_by_age(
    rules: Ruleset, data: st.DataObject
) -> None:
    found = shown(assessed(rules, data.draw(births), data.draw(sexes), data.draw(histories(codes_of(rules)))))
    for group in found:
        if group["status"] == "not_complete" and group["earliest"]:
            assert group["recommended"] >= group["earliest"], group
            if rules.tables.policy.past_due_from_earliest and group["past_due"]:
                assert group["past_due"] >= group["earliest"], group


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_doses_are_judged_the_same_on_every_later_day(rules: Ruleset, data: st.DataObject) -> None:
    """A verdict on a dose looks back only: replaying it later, with the same rules, changes nothing.

    Said of series, not of the best series: which series is best may change as a person grows older.
    """
    born, sex = data.draw(births), data.draw(sexes)
    doses = data.draw(histories(codes_of(rules)))
    later = ON + timedelta(days=data.draw(st.integers(1, 400)))
    verdicts = []
    for on in (ON, later):
        rows = assessed(rules, born, sex, doses, on).doses.to_pylist()
        verdicts.append({(r["dose"], r["series"]): (r["status"], r["reasons"]) for r in rows})
    both = verdicts[0].keys() & verdicts[1].keys()
    assert {key: verdicts[0][key] for key in both} == {key: verdicts[1][key] for key in both}


def one_series(data: st.DataObject) -> Ruleset:
    """A rule built backwards from a valid shape: ages rise, gaps are positive, no grace."""
    steps = data.draw(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 200)), min_size=1, max_size=5))
    age, targets = 0, []
    for number, (older, gap) in enumerate(steps, 1):
        age += older
        targets.append(dose(number, at=months(age), after=days(gap) if number > 1 else None))
    calendar = data.draw(st.sampled_from(list(tb.Calendar)))
    policy = tb.Policy(repeat_after_days=data.draw(st.integers(0, 1)))
    return ruleset(series(*targets), calendar=calendar, policy=policy)


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_a_dose_on_its_earliest_day_is_valid_and_on_the_day_before_is_not(data: st.DataObject) -> None:
    """Under any rule of ages and gaps, by either calendar."""
    rules = one_series(data)
    born = data.draw(births)
    given: list[tuple[str, str]] = []
    while True:
        found = judged(rules, born.isoformat(), "2120-01-01", given)
        if found.status == "complete":
            break
        earliest = date.fromisoformat(found.earliest)
        before = earliest - timedelta(days=1)
        if before >= born and not (given and before.isoformat() <= given[-1][0]):
            early = judged(rules, born.isoformat(), "2120-01-01", [*given, (before.isoformat(), "A")])
            assert early.statuses[-1] == "not_valid"
        given.append((earliest.isoformat(), "A"))
        assert judged(rules, born.isoformat(), "2120-01-01", given).statuses[-1] == "valid"
    assert len(given) == len(rules.tape.series[0].targets)


@pytest.mark.slow
@settings(suppress_health_check=QUIET)
@given(data=st.data())
def test_a_valid_dose_more_never_moves_the_next_date_earlier(data: st.DataObject) -> None:
    rules = one_series(data)
    born = data.draw(births)
    extra = data.draw(st.lists(st.integers(0, 4000), max_size=6).map(sorted))
    given = [((born + timedelta(days=day)).isoformat(), "A") for day in dict.fromkeys(extra)]
    before = judged(rules, born.isoformat(), "2120-01-01", given)
    assume(before.status == "not_complete")
    day = max(date.fromisoformat(before.earliest), date.fromisoformat(given[-1][0]) if given else born)
    after = judged(rules, born.isoformat(), "2120-01-01", [*given, (day.isoformat(), "A")])
    assert after.statuses[-1] == "valid"
    assert after.status == "complete" or after.earliest >= before.earliest
