"""Small Arrow columns from Python's lists, and numbers out of Arrow columns, by their buffers.

Arrow's own conversions load pandas wherever it is installed, which takes longer than a desk's first verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qingmiao.engine.calendar import day_number

lib: Any = pa.lib
Column = Any
"""A pyarrow column; the stubs know neither buffers of numpy's nor builders."""


def days(values: Sequence[date | None]) -> Column:
    """date32; None is null."""
    known = np.array([value is not None for value in values], dtype=bool)
    numbers = np.array([0 if value is None else day_number(value) for value in values], dtype=np.int32)
    bits = None if known.all() else lib.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.date32(), len(values), [bits, lib.py_buffer(numbers)])


def numbers(values: Sequence[int], kind: pa.DataType) -> Column:
    """int32 or int64."""
    cells = np.array(values, dtype=f"i{kind.bit_width // 8}")
    return pa.Array.from_buffers(kind, len(values), [None, lib.py_buffer(cells)])


def words(values: Sequence[str | None]) -> Column:
    """Strings; None is null."""
    builder = lib.StringBuilder()
    builder.append_values(values)
    return builder.finish()


def cells_of(column: Column, missing: int) -> npt.NDArray[np.int32]:
    """The numbers of an int32 column, with `missing` for null: a copy that may be written."""
    if len(column) == 0:  # before joining its chunks: to join none, Arrow loads pandas, a second for a newborn
        return np.zeros(0, dtype=np.int32)
    array: Column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    end, (known, cells) = array.offset + len(array), array.buffers()
    found = np.frombuffer(cells, dtype=np.int32, count=end)[array.offset :].copy()
    if array.null_count:
        bits = np.unpackbits(np.frombuffer(known, dtype=np.uint8), count=end, bitorder="little")
        found[bits[array.offset :] == 0] = missing
    return found


def whole_numbers_of(column: Column) -> npt.NDArray[np.int64] | None:
    """The numbers of an int64 column without nulls, not to be written; None for any other column."""
    if column.type != pa.int64() or column.null_count or len(column) == 0:
        return None
    array: Column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.frombuffer(array.buffers()[1], dtype=np.int64, count=array.offset + len(array))[array.offset :]
