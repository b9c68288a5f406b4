"""A person of whom nothing is stated is what the rules assume, whichever way the columns came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.schedule.village_child import NOW, TODAY, child, doctor
from tests.village import Village

from qingmiao.engine import tables as tb
from qingmiao.engine.assess import assess
from qingmiao.engine.china import observations
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.run import judge_compiled, judge_plain
from qingmiao.engine.tape import UnknownWord, encode
from qingmiao.engine.verdicts import Person, columns_of

parquet: Any = pyarrow.parquet
AT_TEN = 600


def newborn(*rows: tuple[str, str]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """A girl born at ten in the morning of the 20th, without doses, and what is stated of her."""
    people = {"person_id": [1], "born_on": [date(2026, 11, 20)], "sex": ["F"], "born_minute": [AT_TEN]}
    doses = pa.table({"person_id": pa.array([], pa.int64()), "given_on": pa.array([], pa.date32())})
    doses = doses.append_column("vaccine", pa.array([], pa.string()))
    codes, values = ([row[place] for row in rows] for place in (0, 1))
    stated = {"person_id": pa.array([1] * len(rows), pa.int64()), "code": pa.array(codes, pa.string())}
    return pa.table(people), doses, pa.table(stated | {"value": pa.array(values, pa.string())})


def hepatitis_b(cn: Ruleset, *rows: tuple[str, str]) -> date:
    """From when her first dose is overdue."""
    groups = assess(cn, *newborn(*rows), on=TODAY).groups.to_pylist()
    overdue: date = next(row["past_due"] for row in groups if row["vaccine_group"] == "HepB")
    return overdue


def test_a_mother_of_whom_nothing_is_known_may_be_infected(cn: Ruleset) -> None:
    """Twelve hours from ten are the same day, twenty-four the next."""
    assert hepatitis_b(cn) == date(2026, 11, 20)
    assert hepatitis_b(cn, ("hepb_birth_dose_urgent", "yes")) == date(2026, 11, 20)
    assert hepatitis_b(cn, ("hepb_birth_dose_urgent", "no")) == date(2026, 11, 21)
    assert hepatitis_b(cn, ("ppd_negative", "yes")) == date(2026, 11, 20)  # something else is stated


def test_what_is_assumed_is_denied_where_it_is_known_not_to_hold() -> None:
    assert ("hepb_birth_dose_urgent", None, "no") in observations({"mother_hbsag": "neg"})
    assert ("hepb_birth_dose_urgent", None, "yes") in observations({})
    assert {value for _code, _on, value in observations({"hiv": "uninfected"})} == {"yes"}


def test_plain_and_compiled_assume_alike(cn: Ruleset) -> None:
    """Some say nothing, some deny what is assumed, some state something else."""
    random = np.random.default_rng(2)
    facts = [(), (("hepb_birth_dose_urgent", None, "no"),), (("immunodeficient", None, "yes"),)]
    people = [
        Person(str(n), date(2026, 11, 1 + n % 20), "F", TODAY, (), facts[n % 3], born_minute=int(random.integers(1440)))
        for n in range(30)
    ]
    columns = columns_of(cn, people)
    plain, compiled = judge_plain(cn.tape, columns), judge_compiled(cn.tape, columns)
    assert np.array_equal(plain.groups, compiled.groups)
    assert np.array_equal(plain.series, compiled.series)


def test_only_conditions_may_ask_for_what_is_assumed() -> None:
    """Lists that nobody walks for a silent person would not find it."""
    stop = tb.Contraindication("ill")
    words = tb.Ruleset(
        "odd", "1", (tb.Antigen("A", (), contraindications=(stop,)),), (), (tb.VaccineGroup("A", ("A",)),)
    )
    encode(replace(words, observations=(tb.Observation("ill"),)))
    with pytest.raises(UnknownWord, match="assumed"):
        encode(replace(words, observations=(tb.Observation("ill", is_assumed=True),)))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_command_and_the_due_list_say_the_same_of_one_newborn(
    village: Village, cn: Ruleset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qingmiao.cli.schedule import forecast
    from qingmiao.schedule.actions import recompute_due
    from qingmiao.schedule.models import DueDose
    from qingmiao.staff.access import system

    person = child(village, doctor(village), born=date(2026, 11, 20), at=time(10))
    monkeypatch.setattr("qingmiao.schedule.actions.PLAIN_BELOW", 0)
    recompute_due(by=system("test"), on=TODAY, at=NOW)
    listed = DueDose.objects.filter(person=person, series="HepB").values_list("dose_number", "overdue_from", "rule")

    people, doses, _nothing = newborn()
    for table, name in ((people, "people"), (doses, "doses")):
        parquet.write_table(table, tmp_path / name)
    forecast(
        tmp_path / "people", tmp_path / "doses", "cn", TODAY.isoformat(), tmp_path / "due", "", None, 1, "local", ""
    )
    written = [row for row in parquet.read_table(tmp_path / "due").to_pylist() if row["vaccine_group"] == "HepB"]
    assert [(row["dose_number"], row["past_due"], row["rule_id"]) for row in written] == list(listed)
    assert listed[0][1] == date(2026, 11, 20)
