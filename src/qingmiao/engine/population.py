"""A population judged from Parquet to Parquet, in bounded memory.

People and doses sorted by person_id are read side by side, a share of persons at a time; files that are
not sorted are first dealt into buckets on disk. What is written: one row for each person and vaccine
group whose next dose may be given by `until`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet

from qingmiao.engine.assess import group_table
from qingmiao.engine.calendar import NONE, day_number
from qingmiao.engine.columns import MissingColumn, read_columns
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.run import DUE, judge_compiled
from qingmiao.engine.whole import whole

compute: Any = pyarrow.compute
parquet: Any = pyarrow.parquet
Table = Any
PEOPLE_AT_ONCE = 1 << 16
DOSES_AT_ONCE = 1 << 20
BUCKETS = 64
_WHEN = pa.array(["due_later", "due", "overdue"])
_OUT = (
    "vaccine_group",
    "shown_number",
    "earliest",
    "recommended",
    "past_due",
    "latest",
    "product",
    "series",
    "rule_id",
)


class NotSorted(Exception):
    """A file is not sorted by person_id."""


@dataclass(frozen=True)
class Job:
    """What is to be judged: files, day, how far ahead, and with how many threads."""

    ruleset: Ruleset
    people: Path
    doses: Path
    on: date
    until: date
    threads: int = 1
    observations: Path | None = None


def due_table(job: Job, people: Table, doses: Table, observations: Table | None) -> Table:
    """Next doses of some persons that may be given by `until`: one row for each person and vaccine group.

    person_id, vaccine_group, dose_number, status (due_later, due, overdue), earliest, recommended,
    past_due, latest, product, series, rule_id. Persons without such a dose have no row.
    """
    return _judged(job, people, doses, observations)[0]


def _judged(job: Job, people: Table, doses: Table, observations: Table | None) -> tuple[Table, int]:
    """The due table of some persons, and how many of the doses were not judged."""
    everybody = people.select([name for name in people.column_names if name != "on"])  # the day is the job's
    columns = read_columns(job.ruleset.tape, everybody, doses, observations, job.on)
    rows = judge_compiled(job.ruleset.tape, columns, DUE, due_by=day_number(job.until)).groups
    on = day_number(job.on)
    past_due, earliest = rows[:, 1 + at.O_PAST_DUE], rows[:, 1 + at.O_EARLIEST]
    when: Any = pa.array(np.where(on < earliest, 0, np.where((past_due != NONE) & (on >= past_due), 2, 1)), pa.int32())
    table = group_table(job.ruleset, rows, _OUT)
    table = table.rename_columns(["dose_number" if name == "shown_number" else name for name in _OUT])
    table = table.add_column(0, "person_id", people["person_id"].combine_chunks().take(pa.array(rows[:, 0])))
    return table.append_column("status", pa.DictionaryArray.from_arrays(when, _WHEN)), len(columns.set_aside)


@dataclass(frozen=True)
class Written:
    """How many due doses a file holds, and how many recorded doses were not judged: of a vaccine that the rules do not
    know, without a day, or of nobody among the people."""

    rows: int
    set_aside: int


def forecast(job: Job, output: Path, progress: Callable[[int], None] = lambda _: None) -> Written:
    """Write the due doses of the population to `output`. `progress` is told persons done.

    people: person_id, born_on, sex, optionally born_minute, country. doses: person_id, given_on, vaccine,
    optionally maker and the like. Raises `MissingColumn`.
    """
    _need_columns(job)
    try:
        return _write(job, _shares(job), output, progress)
    except NotSorted:
        with tempfile.TemporaryDirectory(prefix="qingmiao-") as folder:
            return _write(job, _buckets(job, Path(folder)), output, progress)


def _need_columns(job: Job) -> None:
    ids: set[bool] = set()
    for path, names in ((job.people, ("person_id", "born_on")), (job.doses, ("person_id", "given_on", "vaccine"))):
        schema = parquet.ParquetFile(path).schema_arrow
        for name in names:
            if name not in schema.names:
                raise MissingColumn(f"{path.name}: no column {name!r}; there are {schema.names}")
        ids.add(pa.types.is_integer(schema.field("person_id").type))
    if len(ids) > 1:
        raise MissingColumn(f"{job.people.name}, {job.doses.name}: person_id is a number in one of them only")


def _each_once(path: Path, ids: Any, before: Any = None) -> None:
    """Every person has an id, and another than all others of the share and the last one `before` it."""
    if ids.null_count:
        raise MissingColumn(f"{path.name}: a person has no person_id")
    if len(compute.unique(ids)) < len(ids) or (before is not None and ids[0].as_py() == before):
        raise MissingColumn(f"{path.name}: a person_id stands more than once")


Share = tuple[Table, Table, Table | None]


def _write(job: Job, shares: Iterator[Share], output: Path, progress: Callable[[int], None]) -> Written:
    """Judge shares in a pool, a few ahead of the writer, and write them in order."""
    from qingmiao.engine.compiled import compiled_kernel

    compiled_kernel()
    writer, rows, set_aside = None, 0, 0
    waiting: list[tuple[int, Future[tuple[Table, int]]]] = []
    with whole(output) as path, ThreadPoolExecutor(job.threads) as pool:
        for share in _and_then_nothing(shares):
            if share is not None:
                waiting.append((share[0].num_rows, pool.submit(_judged, job, *share)))
            while waiting and (share is None or len(waiting) > 2 * job.threads):
                people, future = waiting.pop(0)
                table, aside = future.result()
                writer = writer or _writer(path, table.schema)
                writer.write_table(table)
                rows, set_aside = rows + table.num_rows, set_aside + aside
                progress(people)
        assert writer is not None  # even of nobody there is a share
        writer.close()
    return Written(rows, set_aside)


def _writer(path: Path, schema: Any) -> Any:
    """Words and days, of which there are few, as dictionaries; ids, which rise, as differences, and with statistics."""
    return parquet.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name in schema.names if name != "person_id"],
        column_encoding={"person_id": "DELTA_BINARY_PACKED"} if pa.types.is_integer(schema.field(0).type) else None,
        write_statistics=["person_id"],
    )


def _and_then_nothing(shares: Iterator[Share]) -> Iterator[Share | None]:
    yield from shares
    yield None


class _Sorted:
    """A Parquet file sorted by person_id, given out by ranges of ids."""

    def __init__(self, path: Path, rows: int) -> None:
        there = parquet.ParquetFile(path).schema_arrow.names
        words = [name for name in ("vaccine", "sex", "code", "value") if name in there]
        file = parquet.ParquetFile(path, read_dictionary=words, memory_map=True)
        self.batches = file.iter_batches(rows, use_threads=True)
        self.held: list[Table] = []
        self.last: Any = None

    def _more(self) -> bool:
        batch = next(self.batches, None)
        if batch is None:
            return False
        table = pa.Table.from_batches([batch])
        ids = table["person_id"].combine_chunks()
        if len(ids):
            self._check(ids)
            self.held.append(table)
        return True

    def _check(self, ids: Any) -> None:
        falls = len(ids) > 1 and compute.any(compute.less(ids[1:], ids[:-1])).as_py()
        if falls or (self.last is not None and ids[0].as_py() < self.last):
            raise NotSorted
        self.last = ids[-1].as_py()

    def up_to(self, person: Any) -> Table | None:
        """Rows with person_id up to and including `person`."""
        while (not self.held or self.held[-1]["person_id"][-1].as_py() <= person) and self._more():
            pass
        taken = []
        while self.held:
            table = self.held[0]
            if table["person_id"][-1].as_py() <= person:
                taken.append(self.held.pop(0))
                continue
            count = _count_up_to(table, person)
            taken.append(table.slice(0, count))
            self.held[0] = table.slice(count)
            break
        return pa.concat_tables(taken) if taken else None


def _count_up_to(table: Table, person: Any) -> int:
    """How many leading rows have person_id <= `person`, by bisection."""
    low, high, ids = 0, table.num_rows, table["person_id"]
    while low < high:
        middle = (low + high) // 2
        if ids[middle].as_py() <= person:
            low = middle + 1
        else:
            high = middle
    return low


def _nobody(job: Job) -> Share:
    """An empty share, so that a population of nobody has a file as well."""
    people, doses = (parquet.ParquetFile(path).schema_arrow.empty_table() for path in (job.people, job.doses))
    return people, doses, None


def _shares(job: Job) -> Iterator[Share]:
    doses = _Sorted(job.doses, DOSES_AT_ONCE)
    facts = None if job.observations is None else _Sorted(job.observations, DOSES_AT_ONCE)
    empty = parquet.ParquetFile(job.doses).schema_arrow.empty_table()
    people = _Sorted(job.people, PEOPLE_AT_ONCE)
    yield _nobody(job)
    before: Any = None
    while people.held or people._more():
        table = people.held.pop(0) if people.held else None
        if table is None:
            continue
        ids = table["person_id"].combine_chunks()
        _each_once(job.people, ids, before)
        before = last = ids[-1].as_py()
        found = doses.up_to(last)
        yield table, empty if found is None else found, None if facts is None else facts.up_to(last)


def _buckets(job: Job, folder: Path) -> Iterator[Share]:
    """Deal people, doses and observations into buckets of persons on disk, then give out each bucket."""
    paths = {"people": job.people, "doses": job.doses, "observations": job.observations}
    for name, path in paths.items():
        if path is not None:
            _deal(path, folder, name)
    for bucket in range(BUCKETS):
        tables = [
            parquet.read_table(file) if (file := folder / f"{name}-{bucket}").exists() else None for name in paths
        ]
        if tables[0] is not None:
            _each_once(job.people, tables[0]["person_id"].combine_chunks())
            empty = parquet.ParquetFile(job.doses).schema_arrow.empty_table()
            yield tables[0], empty if tables[1] is None else tables[1], tables[2]


def _deal(path: Path, folder: Path, name: str) -> None:
    """Write each row to the bucket of its person."""
    writers: dict[int, Any] = {}
    for batch in parquet.ParquetFile(path).iter_batches(DOSES_AT_ONCE):
        table = pa.Table.from_batches([batch])
        if name == "people":
            _each_once(path, table["person_id"].combine_chunks())
        else:
            table = table.filter(table["person_id"].is_valid())  # of nobody
        bucket = _bucket_of(table["person_id"])
        for number in range(BUCKETS):
            part = table.filter(pa.array(bucket == number))
            if part.num_rows:
                if number not in writers:
                    writers[number] = parquet.ParquetWriter(folder / f"{name}-{number}", table.schema)
                writers[number].write_table(part)
    for writer in writers.values():
        writer.close()


def _bucket_of(ids: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number below BUCKETS for each id, the same in every file."""
    if pa.types.is_integer(ids.type):
        numbers = compute.cast(ids, pa.int64()).to_numpy()
        return np.asarray(numbers % BUCKETS, dtype=np.int64)
    from zlib import crc32

    return np.array([crc32(str(one).encode()) % BUCKETS for one in ids.to_pylist()], dtype=np.int64)
