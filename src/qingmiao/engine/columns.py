"""Columns in: Arrow tables of people, doses and observations become the kernel's integer columns.

Doses are sorted by person, day and vaccine (in the order of the ruleset), so that the order of rows does
not matter; the specification orders by date only (4.2). Rows that say
the same (person, day, vaccine, maker, trade name) are judged once. Doses of a vaccine that the ruleset
does not know, or without a date, are set aside and listed, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from qingmiao.engine.arrow import cells_of, whole_numbers_of
from qingmiao.engine.calendar import NONE, day_number
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.tape import Tape

Ints = npt.NDArray[np.int32]
compute: Any = pyarrow.compute
Column = Any
"""A pyarrow column; the stubs of its compute functions are too narrow to be of use."""
_DAYS = 1 << 20
"""Days before and after 1970 that a dose's sorting key has room for."""
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
    (yes, no, unknown); one that is not stated of a person is what the ruleset assumes (`Tape.assumed`).
    Raises `MissingColumn`.
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
        return _unsaid(missing, count)
    return cells_of(compute.cast(table[name], pa.int32()), missing)


_blanks: dict[int, Ints] = {}


def _unsaid(missing: int, count: int) -> Ints:
    """A column that says `missing` of everyone; nobody writes to it, so one serves all."""
    blank = _blanks.get(missing)
    if blank is None or len(blank) < count:
        blank = _blanks[missing] = np.full(count, missing, dtype=np.int32)
    return blank[:count]


def _coded(
    table: pa.Table, name: str, codes: dict[str, int], count: int, missing: int, other: int | None = None
) -> Ints:
    """Strings to numbers by `codes`; nulls are `missing`, and so are unknown words unless they are `other`."""
    if name not in table.column_names or not count:
        return _unsaid(missing, count)
    found: Column = table[name].combine_chunks()
    if not pa.types.is_dictionary(found.type):
        found = compute.dictionary_encode(compute.cast(found, pa.string()))
    unknown = missing if other is None else other
    words = [_folded(name, word, codes) for word in found.dictionary.to_pylist()]
    numbers = [codes.get(word, unknown) if word else missing for word in words]
    numbers.append(missing)
    places = cells_of(compute.cast(found.indices, pa.int32()), len(numbers) - 1)
    return np.asarray(numbers, dtype=np.int32)[places]


def _folded(name: str, word: str | None, codes: dict[str, int]) -> str:
    """The word as `codes` may know it; a vaccine's number gets back the zeros that a spreadsheet took from it."""
    text = (word or "").strip()
    if name == "vaccine" and text.isdigit():
        return next((code for code in (text.zfill(2), text.zfill(4)) if code in codes), text)
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
    """Where each person's rows begin, in rows that are sorted by person; and the end of the last."""
    return np.append(0, np.cumsum(np.bincount(person, minlength=count))).astype(np.int32)


def _doses(
    tape: Tape, doses: pa.Table, ids: Column
) -> tuple[Ints, tuple[Ints, ...], npt.NDArray[np.int64], dict[int, int], npt.NDArray[np.int64]]:
    count = doses.num_rows
    columns = (
        _days(doses["given_on"]),
        _coded(doses, "vaccine", tape.vaccines, count, -1),
        *_descriptions(tape, doses),
    )
    first = _first_doses(doses["person_id"], ids)
    person = _person_numbers(doses["person_id"], ids) if first is None else _repeated(np.diff(first))
    # Days that the key cannot order (from the year 4840 on, such as 9999-12-31) would fall among the next person's.
    usable = (person >= 0) & (columns[0] >= -_DAYS) & (columns[0] < _DAYS) & (columns[1] >= 0)
    if usable.all():
        order, key = np.arange(count), _key(person, columns[0], columns[1])
    else:
        order = np.flatnonzero(usable)
        key = _key(person[order], columns[0][order], columns[1][order])
    _sort(order, key)
    order, twins = _without_twins(order, key, columns[2:4] if len(columns[2]) else ())
    if first is None or len(order) < count:
        first = _offsets(person[order], len(ids))
    kept = tuple(_taken(column, order) if len(column) else column for column in columns)
    return first, kept, order, twins, np.flatnonzero(~usable)


_DESCRIBES = ("maker", "trade_name", "volume_microlitres", "lot_expires_on", "is_faulty")


def _descriptions(tape: Tape, doses: pa.Table) -> tuple[Ints, ...]:
    """What else may be stated of doses; columns without rows where the table has none of it."""
    count = doses.num_rows if set(_DESCRIBES) & set(doses.column_names) else 0
    return (
        _coded(doses, "maker", tape.makers, count, -1, len(tape.makers)),
        _coded(doses, "trade_name", tape.trade_names, count, -1, len(tape.trade_names)),
        _integers(doses, "volume_microlitres", count, -1),
        _days(doses["lot_expires_on"]) if "lot_expires_on" in doses.column_names else _unsaid(NONE, count),
        _integers(doses, "is_faulty", count, 0),
    )


def _repeated(counts: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """0 as often as the first count says, then 1, and so on."""
    return np.repeat(np.arange(len(counts)), counts)


def _key(person: npt.NDArray[np.int64], day: Ints, vaccine: Ints) -> npt.NDArray[np.int64]:
    """A number that orders by person, then day, then vaccine."""
    key = person << 31
    key += (day.astype(np.int64) + _DAYS) << 10
    key += vaccine
    return key


def _sort(order: npt.NDArray[np.int64], key: npt.NDArray[np.int64]) -> None:
    """Sort both in place by `key`. Where only some persons' doses are out of order, only those are moved."""
    falls = np.flatnonzero(key[1:] < key[:-1])
    if not len(falls):
        return
    places: npt.NDArray[np.int64] | slice = slice(None)
    person = key >> 31
    if (person[falls] == person[falls + 1]).all():
        mixed = np.zeros(int(person[-1]) + 1, dtype=bool)
        mixed[person[falls]] = True
        places = np.flatnonzero(mixed[person])
    sorting = np.argsort(key[places], kind="stable")
    order[places], key[places] = order[places][sorting], key[places][sorting]


def _taken(column: Ints, order: npt.NDArray[np.int64]) -> Ints:
    """The column's cells in this order; a column that says nothing stays what it is."""
    blank = next((one for one in _blanks.values() if column.base is one), None)
    return column[order] if blank is None else blank[: len(order)]


def _first_doses(column: Column, ids: Column) -> Ints | None:
    """Where each person's doses begin, if people and doses both come sorted and no dose is a stranger's; else None."""
    owners, people = whole_numbers_of(column), whole_numbers_of(ids)
    if owners is None or people is None or not len(people) or (people[1:] <= people[:-1]).any():
        return None
    if (owners[1:] < owners[:-1]).any():
        return None
    first = np.append(np.searchsorted(owners, people), len(owners))
    last = first[1:][first[1:] > first[:-1]] - 1
    named = people[first[1:] > first[:-1]]
    if first[0] or not np.array_equal(owners[last], named):
        return None
    return first.astype(np.int32)


def _without_twins(
    order: npt.NDArray[np.int64], key: npt.NDArray[np.int64], names: Sequence[Ints]
) -> tuple[npt.NDArray[np.int64], dict[int, int]]:
    """`order`, ascending by `key` (person, day, vaccine), without rows that say the same as an earlier one.

    `names`: columns that tell rows of one key apart.
    """
    same = key[1:] == key[:-1]
    if not same.any():
        return order, {}
    suspects = np.flatnonzero(np.append(same, False) | np.append(False, same))
    rows = order[suspects]
    # A stable sort: of rows that say the same the earliest comes first.
    told_apart: list[npt.NDArray[Any]] = [*(name[rows] for name in names), key[suspects]]
    suspects = suspects[np.lexsort(told_apart)]
    rows = order[suspects]
    repeats = np.diff(key[suspects]) == 0
    for name in names:
        repeats &= np.diff(name[rows]) == 0
    is_twin = np.append(False, repeats)
    first = suspects[np.maximum.accumulate(np.where(is_twin, 0, np.arange(len(suspects))))]
    kept = np.ones(len(order), dtype=bool)
    kept[suspects[is_twin]] = False
    moved_up = np.searchsorted(np.flatnonzero(~kept), first[is_twin])
    twins = dict(zip(rows[is_twin].tolist(), (first[is_twin] - moved_up).tolist(), strict=True))
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
