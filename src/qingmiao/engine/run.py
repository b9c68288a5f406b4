"""Running the kernel over columns: plain, or compiled; one chunk of persons or many, one thread or several."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from qingmiao.engine.calendar import NONE
from qingmiao.engine.columns import Columns, Ints
from qingmiao.engine.kernel import judge
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.kernel.memory import Memory
from qingmiao.engine.tape import Tape

ALL = judge.WANT_DOSES | judge.WANT_SERIES | judge.WANT_GROUPS | judge.WANT_PRODUCTS
DUE = judge.WANT_GROUPS | judge.ONLY_NOT_COMPLETE
ROWS = (judge.DOSE_ROW, judge.SERIES_ROW, judge.GROUP_ROW, judge.PRODUCT_ROW)
GROUPS = 2
"""Place of the forecasts among the four."""
CHUNK = 4096
"""Persons judged between two looks at the output buffers."""


@dataclass(frozen=True)
class Rows:
    """What the kernel wrote: four tables of int32, one row each; see the `put_` functions for columns."""

    doses: Ints
    series: Ints
    groups: Ints
    products: Ints


def memory_size(tape: Tape, most_doses: int) -> tuple[int, dict[int, int]]:
    """Cells of the memory, and the addresses of the person's regions, for histories up to `most_doses`."""
    records = most_doses * tape.most_records_a_dose
    sizes = {
        at.W_DOSES: most_doses * at.D_WIDTH,
        at.W_RECORD_HEADS: int(tape.cells[at.W_ANTIGEN_COUNT]) + 2,
        at.W_ALL_RECORDS: records * at.R_WIDTH,
        at.W_ALL_EVALUATIONS: records * tape.most_series_an_antigen * at.E_WIDTH,
        at.W_STATES: len(tape.series) * int(tape.cells[at.W_STATE_WIDTH]),
        at.W_OBSERVATIONS: len(tape.observations),
        at.W_FORECASTS: tape.most_forecasts * at.O_WIDTH,
        at.W_PRODUCTS: tape.most_products,
        at.W_PRIORITIZED: tape.series_group_count,
        at.W_BEST: tape.series_group_count,
    }
    regions, address = {}, len(tape.cells)
    for field, size in sizes.items():
        regions[field] = address
        address += size + 1
    return address, regions


def new_memory(tape: Tape, most_doses: int) -> Ints:
    """A memory for the compiled kernel: the tape, then an empty person."""
    size, regions = memory_size(tape, most_doses)
    memory = np.zeros(size, dtype=np.int32)
    memory[: len(tape.cells)] = tape.cells
    first = regions[at.W_OBSERVATIONS]
    memory[first : first + len(tape.observations)] = at.NOT_STATED
    _lay_out(cast(Memory, memory), tape, regions)
    return memory


def _lay_out(memory: Memory, tape: Tape, regions: dict[int, int]) -> None:
    """Write where the person's regions and each series' state are."""
    for field, address in regions.items():
        memory[field] = address
    width = int(tape.cells[at.W_STATE_WIDTH])
    for index, series in enumerate(tape.series_addresses):
        memory[series + at.S_STATE] = regions[at.W_STATES] + index * width


def new_plain_memory(tape: Tape, most_doses: int) -> list[int]:
    """The same memory as a list."""
    size, regions = memory_size(tape, most_doses)
    memory = tape.plain_cells + [0] * (size - len(tape.cells))
    first = regions[at.W_OBSERVATIONS]
    memory[first : first + len(tape.observations)] = [at.NOT_STATED] * len(tape.observations)
    _lay_out(memory, tape, regions)
    return memory


def _capacities(tape: Tape, people: int, doses: int, wants: int) -> tuple[int, int, int, int]:
    """Rows that `people` with `doses` can make at most, where wanted."""
    evaluations = doses * tape.most_records_a_dose * 4
    return (
        evaluations if wants & judge.WANT_DOSES else 0,
        people * len(tape.series) if wants & judge.WANT_SERIES else 0,
        people * tape.most_forecasts if wants & judge.WANT_GROUPS else 0,
        people * tape.most_products if wants & judge.WANT_PRODUCTS else 0,
    )


def judge_plain(tape: Tape, columns: Columns, wants: int = ALL) -> Rows:
    """Judge every person with the kernel as it is written: for a desk."""
    people, doses, observations = (
        [c.tolist() for c in group] for group in (columns.people, columns.doses, columns.observations)
    )
    memory = new_plain_memory(tape, columns.most_doses)
    found: list[list[npt.NDArray[np.int32]]] = [[], [], [], []]
    for person in range(columns.people_count):
        capacities = _capacities(tape, 1, people[5][person + 1] - people[5][person], wants)
        outs = tuple([0] * (rows * width) for rows, width in zip(capacities, ROWS, strict=True))
        counts = [0, 0, 0, 0]
        judge.judge_people(
            memory, tuple(people), tuple(doses), tuple(observations), person, person + 1, wants, outs, counts
        )
        for kind, (out, count, width) in enumerate(zip(outs, counts, ROWS, strict=True)):
            found[kind].append(np.array(out[: count * width], dtype=np.int32).reshape(count, width))
    return _joined(found)


def _joined(found: list[list[npt.NDArray[np.int32]]]) -> Rows:
    empty = [np.zeros((0, width), dtype=np.int32) for width in ROWS]
    return Rows(*(np.concatenate([blank, *parts]) for blank, parts in zip(empty, found, strict=True)))


def judge_compiled(tape: Tape, columns: Columns, wants: int = ALL, threads: int = 1, due_by: int | None = None) -> Rows:
    """Judge every person with the compiled kernel, in `threads` threads; same rows in the same order.

    `due_by`: keep only forecasts whose dose may be given by that day.
    """
    from qingmiao.engine.compiled import compiled_kernel

    compiled_kernel()
    count = columns.people_count
    share = max(1, -(-count // max(1, threads)))
    spans = [(begin, min(begin + share, count)) for begin in range(0, count, share)]
    if len(spans) <= 1:
        return _judge_span(tape, columns, 0, count, wants, due_by)
    with ThreadPoolExecutor(len(spans)) as pool:
        parts = list(pool.map(lambda span: _judge_span(tape, columns, span[0], span[1], wants, due_by), spans))
    return _joined([[getattr(p, kind) for p in parts] for kind in ("doses", "series", "groups", "products")])


def _chunks(columns: Columns, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    first_dose = columns.people[5]
    for start in range(begin, end, CHUNK):
        stop = min(start + CHUNK, end)
        yield start, stop, int(first_dose[stop] - first_dose[start])


def _judge_span(tape: Tape, columns: Columns, begin: int, end: int, wants: int, due_by: int | None) -> Rows:
    from qingmiao.engine.compiled import compiled_kernel

    kernel = compiled_kernel()
    memory = new_memory(tape, columns.most_doses)
    found: list[list[npt.NDArray[np.int32]]] = [[], [], [], []]
    buffers: list[Ints] = [np.zeros(0, dtype=np.int32) for _ in ROWS]
    for start, stop, doses in _chunks(columns, begin, end):
        for kind, (rows, width) in enumerate(zip(_capacities(tape, stop - start, doses, wants), ROWS, strict=True)):
            if len(buffers[kind]) < rows * width:
                buffers[kind] = np.empty(rows * width, dtype=np.int32)
        counts = np.zeros(4, dtype=np.int64)
        kernel(memory, columns.people, columns.doses, columns.observations, start, stop, wants, tuple(buffers), counts)
        for kind, width in enumerate(ROWS):
            rows_written = int(counts[kind])
            written = buffers[kind][: rows_written * width].reshape(rows_written, width)
            found[kind].append(written.copy() if due_by is None or kind != GROUPS else _due(written, due_by))
    return _joined(found)


def _due(forecasts: Ints, due_by: int) -> Ints:
    """The forecasts whose dose may be given by that day, while they are still near at hand."""
    earliest = forecasts[:, 1 + at.O_EARLIEST]
    kept: Ints = forecasts[(earliest <= due_by) & (earliest != NONE)]
    return kept
