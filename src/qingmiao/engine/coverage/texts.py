"""Columns of words to columns of numbers: each distinct word is read once, by plain Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from qingmiao.engine.coverage.days import NEVER, Days, Mask, day_number

Words: TypeAlias = "pa.ChunkedArray[Any]"
Numbers: TypeAlias = npt.NDArray[np.int32]
_ARROW_TO_ORIGIN = 25567  # days from 1900-01-01 to Arrow's 1970-01-01


def column(table: pa.Table, name: str) -> Words:
    """The column `name`, or one of missing values where the table has none."""
    if name in table.column_names:
        return table[name]
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def distinct(words: Words) -> tuple[Numbers, list[str]]:
    """For each value its position among the distinct words, which come with it; missing is the word "".

    A column that is not text is read as the text it prints.
    """
    if words.null_count == len(words):
        return np.zeros(len(words), np.int32), [""]
    if not pa.types.is_dictionary(words.type):
        words = words.cast(pa.string()).dictionary_encode()
    words = words.unify_dictionaries()
    spelled = ["" if word is None else str(word).strip() for word in _dictionary(words)]
    chunks: list[Any] = words.chunks
    positions = [_indices(chunk, missing=len(spelled)) for chunk in chunks]
    return np.concatenate([np.empty(0, np.int32), *positions]), [*spelled, ""]


def _indices(chunk: Any, missing: int) -> Numbers:
    indices = chunk.indices if not chunk.indices.null_count else chunk.indices.fill_null(missing)
    plain: Numbers = indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return plain


def labels(words: Words) -> tuple[Numbers, Mask]:
    """For each word a number that equal words share, in order of first appearance; and which words are not missing."""
    encoded: Any = pc.utf8_trim_whitespace(words.cast(pa.string())).combine_chunks().dictionary_encode()
    empty: Any = pc.index_in(pa.scalar(""), value_set=encoded.dictionary)
    number = _indices(encoded, missing=-1)
    return number, (number >= 0) & (number != (empty.as_py() if empty.is_valid else -1))


def _dictionary(words: Words) -> list[str | None]:
    first: Any = words.chunk(0) if words.num_chunks else None
    return [] if first is None else first.dictionary.to_pylist()


def numbers(words: Words, parse: Callable[[str], int]) -> tuple[Numbers, Mask]:
    """Each word as a number, and where that failed; `parse` raises ValueError and sees every distinct word once."""
    positions, spelled = distinct(words)
    values, bad = np.zeros(len(spelled), np.int32), np.zeros(len(spelled), np.bool_)
    for at, word in enumerate(spelled):
        try:
            values[at] = parse(word)
        except ValueError:
            bad[at] = True
    return values[positions], bad[positions]


def days(words: Words) -> tuple[Days, Mask]:
    """Each word as a day; missing is `NEVER`. Columns of Arrow dates need no reading."""
    if not pa.types.is_temporal(words.type):
        return numbers(words, parse_day)
    raw: Any = words.cast(pa.date32()).cast(pa.int32())
    found = raw.fill_null(NEVER - _ARROW_TO_ORIGIN).to_numpy() + np.int32(_ARROW_TO_ORIGIN)
    if not len(found) or (found.min() >= 0 and found.max() <= NEVER):
        return found, np.zeros(len(found), np.bool_)
    outside = (found < 0) | (found > NEVER)
    return np.where(outside, NEVER, found), outside


def parse_day(word: str) -> int:
    """2025-01-02 or 20250102 as a day, "" as `NEVER`; ValueError for anything else."""
    if not word:
        return NEVER
    if not re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", word):
        raise ValueError(word)
    number = day_number(date.fromisoformat(word))
    if not 0 <= number < NEVER:
        raise ValueError(word)
    return number


def parse_minute(word: str) -> int:
    """07:30 (seconds are dropped) as minutes since midnight, "" as -1; ValueError for anything else."""
    if not word:
        return -1
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(:\d{2}(\.\d+)?)?", word)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(word)
    return 60 * int(match[1]) + int(match[2])


def parse_number(word: str) -> int:
    """A whole number, "" as -1; ValueError for anything else."""
    return int(float(word)) if word else -1


def positions(words: Words, among: Words) -> Numbers:
    """The position of each word in `among`; -1 where it is not there."""
    if pa.types.is_dictionary(words.type):
        words = words.cast(words.type.value_type)
    found: Any = pc.index_in(words, value_set=among.cast(words.type).combine_chunks())
    at: Numbers = found.fill_null(-1).to_numpy()
    return at
