"""National coverage of a whole province: every row, unit and month of a year, and every cohort, from 20 million doses.

    python -m benchmarks.coverage [--children N] [--smoke]

Two files of the same doses are read: in order of child, as a database hands them out, and in order of entry, so that
every child's doses lie scattered. The floor is reading the same columns and adding them up, in the same run.
Prints a table; writes var/bench/coverage.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qingmiao.engine.coverage.answering import Coverage
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.days import day_number, month_number
from qingmiao.engine.coverage.files import COLUMNS, read
from qingmiao.engine.coverage.loading import load
from qingmiao.engine.coverage.period import MonthSpan
from qingmiao.engine.coverage.tables import cohort_table, period_table

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


class Clock:
    """Seconds on the wall and seconds of processor per step, in order."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[float, float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.steps[name] = (time.perf_counter() - wall, time.process_time() - processor)

    def total(self) -> tuple[float, float]:
        """Both, over all steps."""
        return sum(wall for wall, _ in self.steps.values()), sum(used for _, used in self.steps.values())


def read_all(folder: Path, doses: str) -> None:
    """The floor: read the same columns from the same files and look at every byte of them once."""
    for name, kind in (("people", "people"), (doses, "doses")):
        needed, useful = COLUMNS[kind]
        path = folder / f"{name}.parquet"
        present = [column for column in (*needed, *useful) if column in pq.read_schema(path).names]
        for column in pq.read_table(path, columns=present).columns:
            for chunk in column.chunks:
                for buffer in chunk.buffers():
                    if buffer is not None and buffer.size:
                        np.frombuffer(buffer, np.uint8).max()


def whole(folder: Path, doses: str) -> tuple[Clock, int]:
    """All figures from the files; the seconds of each step and the doses counted in the year."""
    clock = Clock()
    with clock.step("read the files"):
        people, given = (
            read(folder / f"{name}.parquet", kind).table for name, kind in (("people", "people"), (doses, "doses"))
        )
        units = read(folder / "units.parquet", "units").table
    with clock.step("into columns, sorted, each dose once"):
        found = population(people, given, units, None, load())
    coverage = Coverage(found, load())
    with clock.step("number the doses of every vaccine"):
        coverage.prepare()
    with clock.step("period: 38 rows, all units, 12 months"):
        period = period_table(coverage, YEAR)
    with clock.step("cohort: 26 rows, all units, 18 ages"):
        cohort_table(coverage, day_number(CENSUS))
    return clock, int(period["done"].to_numpy().sum())


def main(arguments: list[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=880_000)
    parser.add_argument("--smoke", action="store_true", help="Little data, to see that it runs.")
    parser.add_argument("--write", type=Path, help="Only write the data into this folder.")
    given = parser.parse_args(arguments)
    children = 2_000 if given.smoke else given.children
    if given.write:
        print(write_files(given.write, children))
        return
    with tempfile.TemporaryDirectory(prefix="coverage") as name:
        # In a process of its own, so that making the data does not count as memory of the measurement.
        call = [sys.executable, "-m", "benchmarks.coverage", "--write", name, "--children", str(children)]
        rows = int(subprocess.run(call, check=True, capture_output=True, text=True).stdout)
        report(rows, {order: measured(Path(name), order) for order in ("by_child", "by_entry")})


def measured(folder: Path, order: str) -> dict[str, tuple[float, float]]:
    """Seconds of every step, their sum, and the floor."""
    floor = Clock()
    with floor.step("floor: read the same columns"):
        read_all(folder, order)
    clock, _ = whole(folder, order)
    return {**clock.steps, "all": clock.total(), **floor.steps}


def report(rows: int, found: dict[str, dict[str, tuple[float, float]]]) -> None:
    """The table, and var/bench/coverage.json."""
    print(f"{rows:,} doses, seconds on the wall (of processor)")
    print(f"{'':44} {'in order of child':>20} {'in order of entry':>20}")
    for name in next(iter(found.values())):
        print(
            f"{name:44}"
            + "".join(f" {f'{wall:.2f} ({used:.2f})':>20}" for wall, used in (one[name] for one in found.values()))
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    load = os.getloadavg()[0]
    print(f"peak memory {peak:,.0f} MB; load of the machine meanwhile {load:.1f} on {os.cpu_count()} cores")
    target = Path("var/bench/coverage.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    facts = {"python": platform.python_version(), "cores": os.cpu_count(), "load": load, "peak_megabytes": round(peak)}
    target.write_text(json.dumps({"doses": rows, **facts, "wall_and_processor_seconds": found}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
