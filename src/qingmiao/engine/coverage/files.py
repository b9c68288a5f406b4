"""Reading the input: CSV (UTF-8 or GB18030) or Parquet, only the columns that the figures need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from qingmiao.engine.coverage.days import all_of
from qingmiao.engine.coverage.problems import Problem

COLUMNS = {
    "people": (
        ("person_id", "birth_date"),
        (
            *("name", "sex", "birth_time", "birth_weight_g", "mother_hbsag"),
            *("id_no", "guardian", "managing_unit", "state", "state_date"),
        ),
    ),
    "doses": (
        ("person_id", "code", "date", "giving_unit"),
        ("record_id", "time", "entering_unit", "entered_at"),
    ),
    "units": (("unit", "role"), ()),
    "moves": (("person_id", "managing_unit", "from_date"), ()),
    "townships": (("township", "residents", "merge_with"), ("code",)),
    "people_township": (("person_id", "township"), ()),
}
"""Per file the columns it must have and those it may have."""
# Ids differ on every line: spelling each out once, as for other columns, would only cost time.
_IDS = ("person_id", "record_id", "name", "id_no", "guardian")


class ColumnMissing(ValueError):
    """A file lacks a column without which nothing can be counted."""


@dataclass(frozen=True)
class File:
    """A file as a table of words, with the lines that are none (`problems`) or are blank (`skipped`, with those)."""

    table: pa.Table
    problems: tuple[Problem, ...] = ()
    skipped: tuple[int, ...] = ()

    def at_line(self, problem: Problem) -> Problem:
        """A problem found by its position in the table, with its line in the file."""
        line = problem.line
        for skipped in self.skipped:
            line += skipped <= line
        return replace(problem, line=line)


def read(path: Path, kind: str) -> File:
    """A file of `kind` (a key of `COLUMNS`); raises `ColumnMissing`, or OSError and ArrowInvalid for no such file."""
    needed, useful = COLUMNS[kind]
    present = _header(path)
    if missing := [name for name in needed if name not in present]:
        raise ColumnMissing(f"{path.name}: {', '.join(missing)}")
    wanted = [name for name in (*needed, *useful) if name in present]
    if path.suffix == ".parquet":
        words = [name for name in wanted if name not in _IDS]
        return File(pyarrow.parquet.read_table(path, columns=wanted, read_dictionary=words))
    try:
        return _read_csv(path, kind, wanted, "utf8")
    except pa.ArrowInvalid:
        return _read_csv(path, kind, wanted, "gb18030")


def _header(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return list(pyarrow.parquet.read_schema(path).names)
    with path.open("rb") as file:
        line = file.readline()
    return [name.strip().strip('"') for name in line.decode("utf-8-sig", errors="replace").split(",")]


def _read_csv(path: Path, kind: str, wanted: list[str], encoding: str) -> File:
    """Read with all cores; only where lines are malformed once more, line by line, to number them."""
    odd: list[pyarrow.csv.InvalidRow] = []
    table = _parse(path, wanted, encoding, odd, in_order=False)
    if odd:
        odd.clear()
        table = _parse(path, wanted, encoding, odd, in_order=True)
    lines = [row.number or 0 for row in odd]
    problems = (Problem(kind, line, "", "columns_wrong") for line in lines)
    return _without_blank_lines(File(table, tuple(problems), tuple(lines)))


def _without_blank_lines(file: File) -> File:
    """A blank line is no problem, but the lines after it keep their numbers."""
    columns = file.table.columns
    if not len(columns) or not all(column.null_count for column in columns):
        return file
    blank = all_of([column.is_null().to_numpy() for column in columns])
    lines = (file.at_line(Problem("", int(at) + 2, "", "")).line for at in blank.nonzero()[0])
    return File(file.table.filter(pa.array(~blank)), file.problems, tuple(sorted({*file.skipped, *lines})))


def _parse(path: Path, wanted: list[str], encoding: str, odd: list[pyarrow.csv.InvalidRow], in_order: bool) -> pa.Table:
    def skip(row: pyarrow.csv.InvalidRow) -> Literal["skip"]:
        odd.append(row)
        return "skip"

    word = pa.dictionary(pa.int32(), pa.string())
    return pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(use_threads=not in_order, encoding=encoding),
        parse_options=pyarrow.csv.ParseOptions(invalid_row_handler=skip, ignore_empty_lines=False),
        convert_options=pyarrow.csv.ConvertOptions(
            include_columns=wanted,
            column_types={name: pa.string() if name in _IDS else word for name in wanted},
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
