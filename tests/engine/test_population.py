"""A population from Parquet to Parquet: the same rows whatever the order of the files, the threads or the engine."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from qingmiao.engine import population
from qingmiao.engine.assess import assess
from qingmiao.engine.calendar import day_number
from qingmiao.engine.columns import MissingColumn, read_columns
from qingmiao.engine.population import Job, forecast
from qingmiao.engine.rulesets import Ruleset

parquet: Any = pyarrow.parquet
ON = date(2026, 9, 1)
COUNT = 400
CODES = ["0202", "0101", "0311", "0402", "1201", "1801", "1601", "1901", "1701", "0303"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Children with up to ten doses each, sorted by person."""
    folder = tmp_path_factory.mktemp("population")
    random = np.random.default_rng(3)
    born = day_number(ON) - random.integers(0, 2500, COUNT)
    person = np.sort(random.integers(0, COUNT, COUNT * 6))
    given = np.minimum(born[person] + random.integers(0, 2400, len(person)), day_number(ON))
    people = pa.table(
        {
            "person_id": np.arange(COUNT) * 3,
            "born_on": pa.array(born.astype(np.int32)).cast(pa.date32()),
            "sex": pa.array(["F", "M"] * (COUNT // 2)),
        }
    )
    doses = pa.table(
        {
            "person_id": person * 3,
            "given_on": pa.array(given.astype(np.int32)).cast(pa.date32()),
            "vaccine": pa.array([CODES[i] for i in random.integers(0, len(CODES), len(person))]),
        }
    )
    parquet.write_table(people, folder / "people.parquet")
    parquet.write_table(doses, folder / "doses.parquet")
    return folder / "people.parquet", folder / "doses.parquet"


def rows(path: Path) -> list[dict[str, Any]]:
    table = parquet.read_table(path)
    return sorted(table.to_pylist(), key=lambda row: (row["person_id"], row["vaccine_group"]))


@pytest.mark.slow
def test_the_file_says_what_assess_says(cn: Ruleset, files: tuple[Path, Path], tmp_path: Path) -> None:
    """Only next doses that may be given by the day are written."""
    written = forecast(Job(cn, *files, ON, ON), tmp_path / "due.parquet")
    found = rows(tmp_path / "due.parquet")
    people, doses = (parquet.read_table(file) for file in files)
    groups = assess(cn, people, doses, on=ON, compiled=False).groups.to_pylist()
    expected = {
        (people["person_id"][g["person"]].as_py(), g["vaccine_group"]): (g["shown_number"], g["earliest"], g["product"])
        for g in groups
        if g["status"] == "not_complete" and g["earliest"] is not None and g["earliest"] <= ON
    }
    assert written == len(found) == len(expected)
    assert {
        (r["person_id"], r["vaccine_group"]): (r["dose_number"], r["earliest"], r["product"]) for r in found
    } == expected
    assert {r["status"] for r in found} <= {"due", "overdue"}


@pytest.mark.slow
def test_looking_further_ahead_adds_what_is_due_later(cn: Ruleset, files: tuple[Path, Path], tmp_path: Path) -> None:
    forecast(Job(cn, *files, ON, date(2027, 9, 1)), tmp_path / "year.parquet")
    later = [row for row in rows(tmp_path / "year.parquet") if row["earliest"] > ON]
    assert later
    assert {row["status"] for row in later} == {"due_later"}


@pytest.mark.slow
def test_shares_and_threads_do_not_change_the_file(
    cn: Ruleset, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forecast(Job(cn, *files, ON, ON), tmp_path / "one.parquet")
    monkeypatch.setattr(population, "PEOPLE_AT_ONCE", 37)
    monkeypatch.setattr(population, "DOSES_AT_ONCE", 101)
    seen: list[int] = []
    forecast(Job(cn, *files, ON, ON, threads=3), tmp_path / "many.parquet", seen.append)
    one, many = (parquet.read_table(tmp_path / name).to_pylist() for name in ("one.parquet", "many.parquet"))
    assert one == many
    assert sum(seen) == COUNT
    assert len(seen) > 3


@pytest.mark.slow
def test_the_same_people_make_the_same_file_byte_for_byte(
    cn: Ruleset, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(population, "PEOPLE_AT_ONCE", 37)
    written = set()
    for number in range(4):
        forecast(Job(cn, *files, ON, ON, threads=2), tmp_path / f"{number}.parquet")
        written.add((tmp_path / f"{number}.parquet").read_bytes())
    assert len(written) == 1


def test_no_dictionary_says_a_word_twice(cn: Ruleset, files: tuple[Path, Path]) -> None:
    """Parquet's writer would leave what its memory held in the place of the second: other bytes each time."""
    people, doses = (parquet.read_table(file) for file in files)
    found = assess(cn, people.slice(0, 20), doses, on=ON, compiled=False)
    for table in (found.groups, found.series, found.products):
        for name in table.column_names:
            if pa.types.is_dictionary(table[name].type):
                words = table[name].chunk(0).dictionary.to_pylist()
                assert len(words) == len(set(words)), name


@pytest.mark.slow
def test_files_in_any_order_give_the_same_rows(cn: Ruleset, files: tuple[Path, Path], tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    mixed = [tmp_path / "people.parquet", tmp_path / "doses.parquet"]
    for source, target in zip(files, mixed, strict=True):
        table = parquet.read_table(source)
        parquet.write_table(table.take(pa.array(random.permutation(table.num_rows))), target)
    forecast(Job(cn, *files, ON, ON), tmp_path / "sorted.parquet")
    forecast(Job(cn, *mixed, ON, ON), tmp_path / "mixed.parquet")
    assert rows(tmp_path / "sorted.parquet") == rows(tmp_path / "mixed.parquet")


def test_every_column_is_writable_so_that_the_kernel_is_compiled_once(cn: Ruleset, files: tuple[Path, Path]) -> None:
    people, doses = (parquet.read_table(file) for file in files)
    columns = read_columns(cn.tape, people, doses, None, ON)
    arrays = (*columns.people, *columns.doses, *columns.observations)
    assert {(str(a.dtype), a.flags.writeable, a.flags.c_contiguous) for a in arrays} == {("int32", True, True)}


def test_a_missing_column_is_named(cn: Ruleset, tmp_path: Path, files: tuple[Path, Path]) -> None:
    parquet.write_table(pa.table({"person_id": [1]}), tmp_path / "people.parquet")
    with pytest.raises(MissingColumn, match="born_on"):
        forecast(Job(cn, tmp_path / "people.parquet", files[1], ON, ON), tmp_path / "due.parquet")


@pytest.mark.slow
def test_spark_writes_the_same_rows(cn: Ruleset, files: tuple[Path, Path], tmp_path: Path) -> None:
    """A cluster of its own process, as a province would have; needs PySpark and Java."""
    pytest.importorskip("pyspark", reason="PySpark is not installed: the extra `spark`")
    if shutil.which("java") is None:
        pytest.fail("Spark needs Java 17: install it, or leave the extra `spark` out")
    from qingmiao.engine.on_spark import forecast_on_spark

    forecast(Job(cn, *files, ON, ON), tmp_path / "local.parquet")
    forecast_on_spark(Job(cn, *files, ON, ON), tmp_path / "spark", "cn", "local-cluster[1,1,1024]")
    assert rows(tmp_path / "spark") == rows(tmp_path / "local.parquet")
