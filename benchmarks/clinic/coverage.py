"""National coverage of a whole province: every row, unit and month of a year, and every cohort, from 20 million doses.

Two files of the same doses are read: in order of child, as a database hands them out, and in order of entry, so that
every child's doses lie scattered. The floor is reading the same columns and adding them up, in the same run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.clinic.figures import Figure, timed
from qingmiao.engine.coverage.answering import Coverage
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.days import day_number, month_number
from qingmiao.engine.coverage.files import COLUMNS, read
from qingmiao.engine.coverage.loading import load
from qingmiao.engine.coverage.period import MonthSpan
from qingmiao.engine.coverage.tables import cohort_table, period_table

GOAL_SECONDS = 10.0
UNITS, SEED = 2_000, 7
CENSUS = date(2025, 12, 31)
YEAR = MonthSpan(month_number("2025-01"), month_number("2025-12"))
EPOCH = date(1970, 1, 1)
SCHEDULE = (
    # code, age in days at which a child comes for it; ours, not a rule
    ("0202", 0), ("0101", 0), ("0202", 31), ("0303", 61), ("0303", 92), ("0311", 122), ("0402", 92), ("0402", 122),
    ("0402", 153), ("0202", 183), ("1601", 184), ("1201", 244), ("1801", 244), ("1601", 275), ("0402", 549),
    ("1201", 549), ("1902", 550), ("2301", 100), ("2201", 400), ("1801", 732), ("2108", 760), ("1701", 1097),
    ("2108", 1125), ("0311", 1462), ("0402", 2193), ("1701", 2193), ("5001", 65), ("5504", 4760),
)  # fmt: skip


def write_files(folder: Path, children: int) -> int:
    """People, units, and the doses in both orders; returns how many doses there are."""
    random = np.random.default_rng(SEED)
    today = (CENSUS - EPOCH).days
    born = np.sort(today - random.integers(0, 12 * 365, children))[::-1]
    unit = random.integers(0, UNITS, children)
    ids = pa.array([f"child{at:09d}" for at in range(children)])
    codes = [f"{370100000000 + at:012d}" for at in range(UNITS)]
    pq.write_table(_people(ids, born, unit, codes, random), folder / "people.parquet")
    pq.write_table(pa.table({"unit": codes, "role": ["nip"] * UNITS}), folder / "units.parquet")
    doses = _doses(ids, born, unit, codes, random, today)
    pq.write_table(doses, folder / "by_child.parquet")
    by_entry = np.argsort(doses["entered_at"].cast(pa.int32()).to_numpy(), kind="stable")
    pq.write_table(doses.take(pa.array(by_entry)), folder / "by_entry.parquet")
    return doses.num_rows


def _people(
    ids: pa.Array, born: np.ndarray, unit: np.ndarray, codes: list[str], random: np.random.Generator
) -> pa.Table:
    count = len(ids)
    return pa.table(
        {
            "person_id": ids,
            "name": pa.array([f"name{at}" for at in random.integers(0, count, count)]),
            "sex": _words(["1", "2"], random.integers(0, 2, count)),
            "birth_date": pa.array(born.astype(np.int32)).cast(pa.date32()),
            "mother_hbsag": _words(["02", "01", "03"], random.choice(3, count, p=[0.92, 0.05, 0.03])),
            "id_no": pa.array([f"{at:018d}" for at in range(count)]),
            "guardian": pa.array([f"guardian{at}" for at in random.integers(0, count, count)]),
            "managing_unit": _words(codes, unit),
            "state": _words(["active"], np.zeros(count, np.int64)),
        }
    )


def _doses(
    ids: pa.Array, born: np.ndarray, unit: np.ndarray, codes: list[str], random: np.random.Generator, today: int
) -> pa.Table:
    late = random.exponential(9, (len(born), len(SCHEDULE))).astype(np.int64)
    given = born[:, None] + np.array([age for _, age in SCHEDULE]) + late
    child, item = np.nonzero((given <= today) & (random.random(given.shape) > 0.04))
    day = given[child, item].astype(np.int32)
    elsewhere = random.random(len(child)) < 0.05
    where = np.where(elsewhere, random.integers(0, UNITS, len(child)), unit[child])
    return pa.table(
        {
            "record_id": pa.array(np.arange(len(child))),
            "person_id": ids.take(pa.array(child)),
            "code": _words([code for code, _ in SCHEDULE], item),
            "date": pa.array(day).cast(pa.date32()),
            "giving_unit": _words(codes, where),
            "entering_unit": _words(codes, where),
            "entered_at": pa.array(day + random.integers(0, 3, len(child)).astype(np.int32)).cast(pa.date32()),
        }
    )


def _words(words: list[str], at: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(words))


def read_all(folder: Path, doses: str) -> int:
    """The floor: read the same columns from the same files and look at every byte of them once."""
    rows = 0
    for name, kind in (("people", "people"), (doses, "doses")):
        needed, useful = COLUMNS[kind]
        path = folder / f"{name}.parquet"
        present = [column for column in (*needed, *useful) if column in pq.read_schema(path).names]
        table = pq.read_table(path, columns=present)
        for buffer in (buffer for column in table.columns for chunk in column.chunks for buffer in chunk.buffers()):
            if buffer is not None and buffer.size:
                np.frombuffer(buffer, np.uint8).max()
        rows = table.num_rows
    return rows


def tables(folder: Path, doses: str) -> Iterator[str]:
    """All figures from the files; what was done, after each step."""
    people, given = (
        read(folder / f"{name}.parquet", kind).table for name, kind in (("people", "people"), (doses, "doses"))
    )
    units = read(folder / "units.parquet", "units").table
    yield "files read"
    found = population(people, given, units, None, load())
    yield "into columns, sorted, each dose once"
    coverage = Coverage(found, load())
    coverage.prepare()
    yield "doses of every vaccine numbered"
    period_table(coverage, YEAR)
    yield "period: 38 rows, all units, 12 months"
    cohort_table(coverage, day_number(CENSUS))
    yield "cohort: 26 rows, all units, 18 ages"


def measure(children: int) -> list[Figure]:
    """Both orders of the same doses, each beside its floor, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-coverage-") as name:
        # In a process of its own, so that making the data leaves this one's memory alone.
        call = [sys.executable, "-m", "benchmarks.clinic.coverage", name, str(children)]
        subprocess.run(call, check=True)
        orders = {"by_child": "in order of child", "by_entry": "in order of entry"}
        return [figure for order, words in orders.items() for figure in _measured(Path(name), order, words)]


def _measured(folder: Path, order: str, words: str) -> list[Figure]:
    floor, doses = timed(f"floor: read the same columns, {words}", lambda: read_all(folder, order))
    steps, running = [], tables(folder, order)
    while True:
        step, done = timed("", lambda: next(running, ""), count=doses)
        if not done:
            break
        steps.append(replace(step, name=f"  {words}: {done}"))
    whole = Figure(
        f"national coverage, {words}",
        doses,
        sum(step.seconds for step in steps),
        sum(step.worked_seconds for step in steps),
        GOAL_SECONDS,
        floor.load,
    )
    return [whole, *steps, floor]


if __name__ == "__main__":
    write_files(Path(sys.argv[1]), int(sys.argv[2]))
