"""How many persons a second the engine judges: China and CDC, one thread and two, against the plain kernel
and against the floor of reading the columns. Prints a table; writes var/bench/engine.json.

People are judged in shares, as from files, and every person is judged: nothing is looked up from another's
verdict. On a busy machine the clock tells little; persons a second of the processor tell what a core does.

    python benchmarks/engine.py [--people N] [--cdsi FOLDER] [--skip-files]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from qingmiao.engine import run, verdicts
from qingmiao.engine.calendar import day_number
from qingmiao.engine.columns import Columns, read_columns
from qingmiao.engine.population import PEOPLE_AT_ONCE, Job, forecast
from qingmiao.engine.rulesets import Ruleset

ON = date(2026, 9, 1)
SCHEDULE = (
    # code, age in days at which a child comes for it
    ("0202", 0), ("0101", 1), ("0202", 31), ("0311", 61), ("0402", 61), ("0311", 92), ("0303", 122), ("0402", 122),
    ("0402", 183), ("0202", 183), ("1601", 184), ("1201", 244), ("1801", 244), ("1601", 275), ("0402", 549),
    ("1201", 549), ("1901", 550), ("1801", 732), ("1701", 1097), ("0303", 1462), ("0402", 2193), ("1701", 2193),
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One line of the table; `cpu_seconds` of all threads tell a slow run from a busy machine."""

    what: str
    persons: int
    seconds: float
    cpu_seconds: float
    persons_per_second: float
    persons_per_cpu_second: float
    note: str = ""


def children(count: int, seed: int = 7) -> tuple[pa.Table, pa.Table]:
    """`count` children of 0 to 7 years with the doses they would have had by now: late, sometimes missed."""
    random = np.random.default_rng(seed)
    today = day_number(ON)
    born = today - random.integers(0, 7 * 365, count)
    late = random.exponential(9, (count, len(SCHEDULE))).astype(np.int64)
    given = born[:, None] + np.array([age for _, age in SCHEDULE]) + late
    kept = (given <= today) & (random.random(given.shape) > 0.03)
    person, item = np.nonzero(kept)
    day = given[person, item]
    order = np.lexsort((day, person))
    codes = pa.array([code for code, _ in SCHEDULE])
    people = pa.table(
        {
            "person_id": pa.array(np.arange(count)),
            "born_on": pa.array(born.astype(np.int32)).cast(pa.date32()),
            "sex": pa.DictionaryArray.from_arrays(pa.array(random.integers(0, 2, count).astype(np.int32)), ["F", "M"]),
        }
    )
    doses = pa.table(
        {
            "person_id": pa.array(person[order]),
            "given_on": pa.array(day[order].astype(np.int32)).cast(pa.date32()),
            "vaccine": pa.DictionaryArray.from_arrays(pa.array(item[order].astype(np.int32)), codes),
        }
    )
    return people, doses


def repeated(columns: Columns, times: int) -> Columns:
    """The same persons `times` over, each time born and vaccinated a week earlier."""
    doses, facts = len(columns.doses[0]), len(columns.observations[0])
    shift = np.repeat(np.arange(times, dtype=np.int32) * 7, columns.people_count)
    people = [np.tile(column, times) for column in columns.people[:5]]
    people[0] = people[0] - shift
    people[4] = people[4] - shift
    first = [
        np.concatenate([column[:-1] + n * size for n in range(times)] + [[times * size]]).astype(np.int32)
        for column, size in ((columns.people[5], doses), (columns.people[6], facts))
    ]
    moved = [np.tile(column, times) for column in columns.doses]
    moved[0] = moved[0] - np.repeat(np.arange(times, dtype=np.int32) * 7, doses)
    stated = tuple(np.tile(column, times) for column in columns.observations)
    nothing = np.zeros(0, dtype=np.int64)
    return Columns((*people, *first), tuple(moved), stated, nothing, {}, nothing)


def measured(what: str, persons: int, work: Callable[[], object], note: str = "", times: int = 3) -> Measure:
    """The best of `times` runs."""
    seconds, cpu = min(_seconds(work) for _ in range(times))
    return Measure(what, persons, seconds, cpu, persons / seconds, persons / cpu, note)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of the processor."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def judging(name: str, ruleset: Ruleset, columns: Columns, threads: tuple[int, ...] = (1, 2)) -> list[Measure]:
    """The due doses of all persons: plain, compiled, and the floor."""
    count = columns.people_count
    few = _first(columns, 2000)
    found = [
        measured(
            f"{name}, plain kernel", few.people_count, lambda: run.judge_plain(ruleset.tape, few, run.DUE), times=1
        )
    ]
    run.judge_compiled(ruleset.tape, few, run.DUE)
    for number in threads:
        work = lambda number=number: in_shares(ruleset, columns, number)  # noqa: E731
        found.append(measured(f"{name}, compiled, {number} thread{'s' if number > 1 else ''}", count, work))
    columns_read = (*columns.people, *columns.doses, *columns.observations)
    found.append(measured(f"{name}, floor: reading the columns", count, lambda: [int(c.sum()) for c in columns_read]))
    return found


def in_shares(ruleset: Ruleset, columns: Columns, threads: int, share: int = PEOPLE_AT_ONCE) -> int:
    """Judge a share of persons at a time, as `population.forecast` does; how many rows there were."""
    begins = range(0, columns.people_count, share)
    with ThreadPoolExecutor(threads) as pool:
        found = pool.map(lambda begin: _rows_of(ruleset, columns, begin, begin + share), begins)
        return sum(found)


def _rows_of(ruleset: Ruleset, columns: Columns, begin: int, end: int) -> int:
    people = (*(c[begin:end] for c in columns.people[:5]), *(c[begin : end + 1] for c in columns.people[5:]))
    share = replace(columns, people=people)
    return len(run.judge_compiled(ruleset.tape, share, run.DUE).groups)


def _first(columns: Columns, count: int) -> Columns:
    end = int(columns.people[5][min(count, columns.people_count)])
    people = tuple(column[:count] for column in columns.people[:5])
    first = tuple(column[: count + 1] for column in columns.people[5:])
    nothing = np.zeros(0, dtype=np.int64)
    return Columns((*people, *first), tuple(c[:end] for c in columns.doses), columns.observations, nothing, {}, nothing)


def bytes_a_person(columns: Columns) -> float:
    """Size of the columns the kernel reads."""
    arrays = (*columns.people, *columns.doses, *columns.observations)
    return sum(array.nbytes for array in arrays) / max(1, columns.people_count)


def cdsi_columns(ruleset: Ruleset, folder: Path, times: int) -> Columns:
    """The published cases, repeated and shifted."""
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    people = [verdicts.read_line(line, verdicts.cdsi_facts) for line in lines]
    return repeated(verdicts.columns_of(ruleset, people), times)


def main() -> None:
    """Measure and report."""
    # A neighbour of this file is named like a library that numba, loaded later, looks for.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path(__file__).parent]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--cdsi", type=Path, default=Path(os.environ.get("QINGMIAO_CDSI", "../shared/cdsi")))
    parser.add_argument("--files", type=int, default=0, help="also judge this many persons from Parquet to Parquet")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true", help="2,000 people: does it run?")
    args = parser.parse_args()
    args.people = min(args.people, 2_000) if args.smoke else args.people
    found: list[Measure] = []
    china = Ruleset.china()
    people, doses = children(args.people)
    columns = read_columns(china.tape, people, doses, None, ON)
    found += judging("China", china, columns)
    sizes = {"China": bytes_a_person(columns)}
    if (args.cdsi / "cases.jsonl").is_file():
        cdsi = Ruleset.cdsi(args.cdsi)
        columns = cdsi_columns(cdsi, args.cdsi, 100)
        found += judging("CDC", cdsi, columns)
        sizes["CDC"] = bytes_a_person(columns)
    else:
        print(f"CDC's cases are not in {args.cdsi}: not measured", file=sys.stderr)
    if args.files:
        found.append(from_file_to_file(china, args.files, args.threads))
    report(found, sizes)


def from_file_to_file(ruleset: Ruleset, count: int, threads: int) -> Measure:
    """`qingmiao schedule forecast` on `count` persons: reading, judging and writing."""
    with tempfile.TemporaryDirectory(prefix="qingmiao-bench-") as folder:
        people, doses, due = (Path(folder) / f"{name}.parquet" for name in ("people", "doses", "due"))
        write_files(count, people, doses)
        job = Job(ruleset, people, doses, ON, ON, threads)
        seconds, cpu = _seconds(lambda: forecast(job, due))
        size = sum(file.stat().st_size for file in (people, doses, due)) / 1e6
    what = f"China, Parquet to Parquet, {threads} threads"
    return Measure(what, count, seconds, cpu, count / seconds, count / cpu, f"{size:,.0f} MB")


def write_files(count: int, people: Path, doses: Path, share: int = 250_000) -> None:
    """Files of `count` persons, written a share at a time."""
    writers: list[pq.ParquetWriter] = []
    for start in range(0, count, share):
        tables = [table_from(table, start) for table in children(min(share, count - start), seed=start)]
        if not writers:
            writers = [pq.ParquetWriter(path, t.schema) for path, t in zip((people, doses), tables, strict=True)]
        for writer, table in zip(writers, tables, strict=True):
            writer.write_table(table)
    for writer in writers:
        writer.close()


def table_from(table: pa.Table, start: int) -> pa.Table:
    """The table with persons numbered from `start`."""
    ids = pa.array(table["person_id"].to_numpy() + start)
    return table.set_column(0, "person_id", ids)


def report(found: list[Measure], sizes: dict[str, float]) -> None:
    """The table, and var/bench/engine.json."""
    print(f"{'':44} {'persons':>11} {'seconds':>9} {'CPU s':>9} {'persons/s':>12} {'per CPU s':>12}")
    for one in found:
        times = f"{one.seconds:>9.3f} {one.cpu_seconds:>9.3f}"
        rates = f"{one.persons_per_second:>12,.0f} {one.persons_per_cpu_second:>12,.0f}"
        print(f"{one.what:44} {one.persons:>11,} {times} {rates}  {one.note}")
    for name, size in sizes.items():
        print(f"{name}: {size:,.0f} bytes a person in columns")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")
    target = Path("var/bench/engine.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    facts = {"python": platform.python_version(), "cores": os.cpu_count(), "peak_megabytes": round(peak)}
    target.write_text(
        json.dumps({**facts, "bytes_a_person": sizes, "measures": [asdict(one) for one in found]}, indent=1)
    )


if __name__ == "__main__":
    main()
