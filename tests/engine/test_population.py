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
from qingmiao.engine.compiled import _writable
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
    assert written.rows == len(found) == len(expected)
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


def table(doses: list[tuple[Any, date, Any]]) -> pa.Table:
    ids, given, codes = zip(*doses, strict=True)
    return pa.table({"person_id": list(ids), "given_on": pa.array(given, pa.date32()), "vaccine": list(codes)})


def two_people(ids: tuple[Any, Any] = (1, 2)) -> pa.Table:
    born = pa.array([date(2026, 1, 15), date(2026, 1, 15)], pa.date32())
    return pa.table({"person_id": list(ids), "born_on": born, "sex": ["F", "M"]})


def test_a_dose_in_a_year_that_cannot_be_is_nobody_elses(cn: Ruleset) -> None:
    doses = table([(1, date(2026, 1, 15), "0202"), (1, date(9999, 12, 31), "0202"), (2, date(2026, 1, 15), "0202")])
    columns = read_columns(cn.tape, two_people(), doses, None, ON)
    assert columns.set_aside.tolist() == [1]
    assert columns.people[5].tolist() == [0, 1, 2]


def test_a_vaccine_that_a_spreadsheet_made_a_number_is_known(cn: Ruleset) -> None:
    columns = read_columns(cn.tape, two_people(), table([(1, date(2026, 1, 15), 202)]), None, ON)
    assert columns.doses[1].tolist() == [cn.tape.vaccines["0202"]]


def test_a_maker_that_no_rule_names_is_not_taken_for_unsaid(cdsi: Ruleset) -> None:
    doses = table([(1, date(2026, 1, 15), "43")] * 2).append_column("maker", pa.array(["Nobody we know", None]))
    columns = read_columns(cdsi.tape, two_people(), doses, None, ON)
    assert sorted(columns.doses[2].tolist()) == [-1, len(cdsi.tape.makers)]


def test_columns_carry_no_descriptions_that_nobody_gave(cn: Ruleset, files: tuple[Path, Path]) -> None:
    people, doses = (parquet.read_table(file) for file in files)
    assert [len(column) for column in read_columns(cn.tape, people, doses, None, ON).doses[2:]] == [0] * 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "doses", "why"),
    [
        (two_people((1, 1)), table([(1, ON, "0202")]), "stands more than once"),
        (two_people((1, None)), table([(1, ON, "0202")]), "has no person_id"),
        (two_people(("1", "2")), table([(1, ON, "0202")]), "a number in one of them only"),
    ],
)
def test_persons_that_cannot_be_told_apart_are_refused(
    cn: Ruleset, tmp_path: Path, people: pa.Table, doses: pa.Table, why: str
) -> None:
    parquet.write_table(people, tmp_path / "people.parquet")
    parquet.write_table(doses, tmp_path / "doses.parquet")
    with pytest.raises(MissingColumn, match=why):
        forecast(Job(cn, tmp_path / "people.parquet", tmp_path / "doses.parquet", ON, ON), tmp_path / "due.parquet")
    assert not list(tmp_path.glob("due*"))


@pytest.mark.slow
def test_nobody_has_an_empty_file_and_what_was_not_judged_is_counted(cn: Ruleset, tmp_path: Path) -> None:
    people, doses, due = (tmp_path / f"{name}.parquet" for name in ("people", "doses", "due"))
    parquet.write_table(two_people().slice(0, 0), people)
    parquet.write_table(table([(1, ON, "0202")]), doses)
    assert forecast(Job(cn, people, doses, ON, ON), due).rows == 0
    assert "person_id" in parquet.read_table(due).column_names
    parquet.write_table(two_people(), people)
    parquet.write_table(table([(1, ON, "no such vaccine"), (2, ON, "0202")]), doses)
    assert forecast(Job(cn, people, doses, ON, ON), due).set_aside == 1


@pytest.mark.slow
def test_the_day_is_the_jobs(cn: Ruleset, files: tuple[Path, Path], tmp_path: Path) -> None:
    dated = parquet.read_table(files[0]).append_column("on", pa.array([date(2030, 1, 1)] * COUNT, pa.date32()))
    parquet.write_table(dated, tmp_path / "dated.parquet")
    forecast(Job(cn, tmp_path / "dated.parquet", files[1], ON, ON), tmp_path / "dated_due.parquet")
    forecast(Job(cn, *files, ON, ON), tmp_path / "due.parquet")
    assert rows(tmp_path / "dated_due.parquet") == rows(tmp_path / "due.parquet")


def test_where_nothing_can_be_written_the_kernel_is_compiled_aside(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    elsewhere = _writable(tmp_path / "file" / "cache")
    assert elsewhere.is_dir()
    assert tmp_path not in elsewhere.parents
