"""Columns in: Arrow tables of people, doses and observations become the kernel's integer columns.

Doses are sorted by person, day and vaccine (in the order of the ruleset), so that the order of rows does
not matter; the specification orders by date only (4.2). Rows that say
the same (person, day, vaccine, maker, trade name) are judged once. Doses of a vaccine that the ruleset
does not know, or without a date, are set aside and listed, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from qingmiao.engine.arrow import cells_of
from qingmiao.engine.calendar import NONE, day_number
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.tape import Tape

Ints = npt.NDArray[np.int32]
compute: Any = pyarrow.compute
Column = Any
"""A pyarrow column; the stubs of its compute functions are too narrow to be of use."""
VALUES = {"yes": at.UNDATED, "no": at.STATED_NO, "unknown": at.STATED_UNKNOWN}
_SEXES = {"F": at.SEX_F, "M": at.SEX_M, "U": at.SEX_U}


class MissingColumn(ValueError):
    """A table lacks a column that the engine needs."""


@dataclass(frozen=True)
class Columns:
    """What the kernel reads; see `kernel.judge.judge_people` for the fields.

    `dose_row`: row in the input of each judged dose. `twin_of`: input row of a duplicate -> position
    of the dose judged for it. `set_aside`: input rows not judged. `people_count` persons.
    """

    people: tuple[Ints, ...]
    doses: tuple[Ints, ...]
    observations: tuple[Ints, ...]
    dose_row: npt.NDArray[np.int64]
    twin_of: dict[int, int]
    set_aside: npt.NDArray[np.int64]

    @property
    def people_count(self) -> int:
        """How many persons."""
        return len(self.people[0])

    @property
    def most_doses(self) -> int:
        """The longest history."""
        return int(np.diff(self.people[5]).max(initial=0))


def read_columns(
    tape: Tape, people: pa.Table, doses: pa.Table, observations: pa.Table | None, on: date | None
) -> Columns:
    """Columns of the three tables; `on` is the assessment day unless `people` has a column `on`.

    people: person_id, born_on (date32, null unknown), sex (F, M, U; null unknown), optionally
    born_minute, country, on. doses: person_id, given_on, vaccine, optionally maker, trade_name,
    volume_microlitres, lot_expires_on, is_faulty. observations: person_id, code, optionally on, value
    (yes, no, unknown). Raises `MissingColumn`.
    """
    _need(people, "people", "person_id", "born_on")
    _need(doses, "doses", "person_id", "given_on", "vaccine")
    count = people.num_rows
    ids = people["person_id"].combine_chunks()
    first_dose, kernel_doses, dose_row, twins, aside = _doses(tape, doses, ids)
    first_observation, kernel_observations = _observations(tape, observations, ids)
    kernel_people = (
        _days(people["born_on"]),
        _integers(people, "born_minute", count, -1),
        _coded(people, "sex", _SEXES, count, at.SEX_U),
        _coded(people, "country", tape.countries, count, -1),
        _assessment_days(people, on, count),
        first_dose,
        first_observation,
    )
    return Columns(kernel_people, kernel_doses, kernel_observations, dose_row, twins, aside)


def _need(table: pa.Table, what: str, *names: str) -> None:
    for name in names:
        if name not in table.column_names:
            raise MissingColumn(f"{what}: no column {name!r}; there are {table.column_names}")


def _days(column: Column) -> Ints:
    return cells_of(compute.cast(compute.cast(column, pa.date32()), pa.int32()), NONE)


def _integers(table: pa.Table, name: str, count: int, missing: int) -> Ints:
    if name not in table.column_names:
        return np.full(count, missing, dtype=np.int32)
    return cells_of(compute.cast(table[name], pa.int32()), missing)


def _coded(table: pa.Table, name: str, codes: dict[str, int], count: int, missing: int) -> Ints:
    """Strings to numbers by `codes`; unknown words and nulls are `missing`."""
    if name not in table.column_names:
        return np.full(count, missing, dtype=np.int32)
    found: Column = table[name].combine_chunks()
    if not pa.types.is_dictionary(found.type):
        found = compute.dictionary_encode(compute.cast(found, pa.string()))
    numbers = [codes.get(_folded(name, word), missing) for word in found.dictionary.to_pylist()]
    numbers.append(missing)
    places = cells_of(compute.cast(found.indices, pa.int32()), len(numbers) - 1)
    return np.asarray(numbers, dtype=np.int32)[places]


def _folded(name: str, word: str | None) -> str:
    text = (word or "").strip()
    if name == "vaccine" and text.isdigit():
        return text.zfill(2)
    return text.casefold() if name in ("maker", "trade_name") else text


def _assessment_days(people: pa.Table, on: date | None, count: int) -> Ints:
    if "on" in people.column_names:
        days = _days(people["on"])
        if on is not None:
            days = np.where(days == NONE, np.int32(day_number(on)), days).astype(np.int32)
        if (days == NONE).any():
            raise MissingColumn("people: a person has no assessment day")
        return days
    if on is None:
        raise MissingColumn("no assessment day: give `on`, or people a column 'on'")
    return np.full(count, day_number(on), dtype=np.int32)


def _person_numbers(column: Column, ids: Column) -> npt.NDArray[np.int64]:
    """Position of each row's person in `ids`, -1 for strangers."""
    return cells_of(compute.index_in(column, value_set=ids), -1).astype(np.int64)


def _offsets(person: npt.NDArray[np.int64], count: int) -> Ints:
    return np.searchsorted(person, np.arange(count + 1)).astype(np.int32)


def _doses(
    tape: Tape, doses: pa.Table, ids: Column
) -> tuple[Ints, tuple[Ints, ...], npt.NDArray[np.int64], dict[int, int], npt.NDArray[np.int64]]:
    count = doses.num_rows
    person = _person_numbers(doses["person_id"], ids)
    columns = (
        _days(doses["given_on"]),
        _coded(doses, "vaccine", tape.vaccines, count, -1),
        _coded(doses, "maker", tape.makers, count, -1),
        _coded(doses, "trade_name", tape.trade_names, count, -1),
        _integers(doses, "volume_microlitres", count, -1),
        _days(doses["lot_expires_on"]) if "lot_expires_on" in doses.column_names else np.full(count, NONE, np.int32),
        _integers(doses, "is_faulty", count, 0),
    )
    usable = (person >= 0) & (columns[0] != NONE) & (columns[1] >= 0)
    aside = np.flatnonzero(~usable)
    order = np.flatnonzero(usable)
    key = (person[order] << 31) + ((columns[0][order].astype(np.int64) + (1 << 20)) << 10)
    key += columns[1][order]
    if (np.diff(key) < 0).any():
        sorting = np.argsort(key, kind="stable")
        order, key = order[sorting], key[sorting]
    order, twins = _without_twins(order, key, columns[2], columns[3])
    kept = tuple(np.ascontiguousarray(column[order]) for column in columns)
    return _offsets(person[order], len(ids)), kept, order, twins, aside


def _without_twins(
    order: npt.NDArray[np.int64], key: npt.NDArray[np.int64], maker: Ints, trade_name: Ints
) -> tuple[npt.NDArray[np.int64], dict[int, int]]:
    """`order`, ascending by `key` (person, day, vaccine), without rows that say the same as an earlier one."""
    same = key[1:] == key[:-1]
    if not same.any():
        return order, {}
    suspects = np.flatnonzero(np.append(same, False) | np.append(False, same))
    rows = order[suspects]
    # A stable sort: of rows that say the same the earliest comes first.
    suspects = suspects[np.lexsort((trade_name[rows], maker[rows], key[suspects]))]
    rows = order[suspects]
    repeats = (np.diff(key[suspects]) == 0) & (np.diff(maker[rows]) == 0) & (np.diff(trade_name[rows]) == 0)
    is_twin = np.append(False, repeats)
    first = suspects[np.maximum.accumulate(np.where(is_twin, 0, np.arange(len(suspects))))]
    kept = np.ones(len(order), dtype=bool)
    kept[suspects[is_twin]] = False
    position = np.cumsum(kept) - 1
    twins = dict(zip(rows[is_twin].tolist(), position[first[is_twin]].tolist(), strict=True))
    return order[kept], twins


def _observations(tape: Tape, table: pa.Table | None, ids: Column) -> tuple[Ints, tuple[Ints, ...]]:
    """Offsets and (code, value) of the observations the ruleset knows; others say nothing to it."""
    if table is None or table.num_rows == 0:
        return np.zeros(len(ids) + 1, dtype=np.int32), (np.zeros(0, np.int32), np.zeros(0, np.int32))
    _need(table, "observations", "person_id", "code")
    person = _person_numbers(table["person_id"], ids)
    code = _coded(table, "code", tape.observations, table.num_rows, -1)
    value = _coded(table, "value", VALUES, table.num_rows, at.UNDATED)
    if "on" in table.column_names:
        on = _days(table["on"])
        value = np.where((value == at.UNDATED) & (on != NONE), on, value).astype(np.int32)
    order = np.flatnonzero((person >= 0) & (code >= 0))
    order = order[np.argsort(person[order], kind="stable")]
    return _offsets(person[order], len(ids)), (code[order], value[order])
