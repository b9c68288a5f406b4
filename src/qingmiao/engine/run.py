"""Running the kernel over columns: plain, or compiled; one chunk of persons or many, one thread or several."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

import numpy as np

from qingmiao.engine.calendar import NONE
from qingmiao.engine.columns import Columns, Ints
from qingmiao.engine.kernel import judge
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.kernel.memory import Memory
from qingmiao.engine.tape import Tape

ALL = at.WANT_DOSES | at.WANT_SERIES | at.WANT_GROUPS | at.WANT_PRODUCTS
DUE = at.WANT_GROUPS | at.ONLY_NOT_COMPLETE
ROWS = (judge.DOSE_ROW, judge.SERIES_ROW, judge.GROUP_ROW, judge.PRODUCT_ROW)
CHUNK = 4096
"""Persons judged between two looks at the output buffers."""


@dataclass(frozen=True)
class Rows:
    """What the kernel wrote: four tables of int32, one row each; see the `put_` functions for columns."""

    doses: Ints
    series: Ints
    groups: Ints
    products: Ints


def _most_records(tape: Tape, most_doses: int) -> int:
    """Antigen administered records that one history can make for one antigen at most."""
    return most_doses * tape.most_records_a_dose


def memory_size(tape: Tape, most_doses: int) -> tuple[int, dict[int, int]]:
    """Cells of the memory, and the addresses of the person's regions, for histories up to `most_doses`."""
    records = _most_records(tape, most_doses)
    antigens = int(tape.cells[at.W_ANTIGEN_COUNT])
    sizes = {
        at.W_DOSES: most_doses * at.D_WIDTH,
        at.W_RECORD_COUNTS: antigens,
        at.W_ALL_RECORDS: antigens * records * at.R_WIDTH,
        at.W_LEDGERS: int(tape.cells[at.W_LEDGER_COUNT]) * at.M_WIDTH,
        at.W_GIVEN: len(tape.vaccines) // 32 + 1,
        at.W_ALL_EVALUATIONS: records * tape.most_series_an_antigen * at.E_WIDTH,
        at.W_STATES: len(tape.series) * int(tape.cells[at.W_STATE_WIDTH]),
        at.W_OBSERVATIONS: len(tape.observations),
        at.W_FORECASTS: tape.most_forecasts * at.O_WIDTH,
        at.W_PRODUCTS: tape.most_products,
        at.W_PRIORITIZED: tape.series_group_count,
        at.W_BEST: tape.series_group_count,
        at.W_MEMBERS: tape.series_group_count,
    }
    regions, address = {}, len(tape.cells)
    for field, size in sizes.items():
        regions[field] = address
        address += size + 1
    return address, regions


def new_memory(tape: Tape, most_doses: int, due_by: int = NONE) -> Ints:
    """A memory for the compiled kernel: the tape, then an empty person."""
    size, regions = memory_size(tape, most_doses)
    memory = np.zeros(size, dtype=np.int32)
    memory[: len(tape.cells)] = tape.cells
    first = regions[at.W_OBSERVATIONS]
    memory[first : first + len(tape.observations)] = _unstated(tape)
    _lay_out(cast(Memory, memory), tape, regions, most_doses)
    memory[at.W_DUE_BY] = due_by
    return memory


def _unstated(tape: Tape) -> Ints:
    """The values of the observations of a person of whom nothing is stated."""
    first = int(tape.cells[at.W_UNSTATED])
    return tape.cells[first : first + len(tape.observations)]


def _lay_out(memory: Memory, tape: Tape, regions: dict[int, int], most_doses: int) -> None:
    """Write where the person's regions and each series' state are, and that nothing is said of any dose."""
    memory[at.W_RECORD_SPACE] = _most_records(tape, most_doses) * at.R_WIDTH
    for field, address in regions.items():
        memory[field] = address
    width = int(tape.cells[at.W_STATE_WIDTH])
    for index, series in enumerate(tape.series_addresses):
        memory[series + at.S_STATE] = regions[at.W_STATES] + index * width
    for dose in range(regions[at.W_DOSES], regions[at.W_DOSES] + most_doses * at.D_WIDTH, at.D_WIDTH):
        memory[dose + at.D_MAKER] = memory[dose + at.D_TRADE_NAME] = memory[dose + at.D_VOLUME] = -1


def new_plain_memory(tape: Tape, most_doses: int) -> list[int]:
    """The same memory as a list."""
    size, regions = memory_size(tape, most_doses)
    memory = tape.plain_cells + [0] * (size - len(tape.cells))
    first = regions[at.W_OBSERVATIONS]
    memory[first : first + len(tape.observations)] = _unstated(tape).tolist()
    _lay_out(memory, tape, regions, most_doses)
    memory[at.W_DUE_BY] = NONE
    return memory


def _ask(memory: list[int], tape: Tape, antigens: Container[str]) -> None:
    """From now on judge only these antigens; of the others nothing is best."""
    for number, name in enumerate(tape.antigens):
        memory[memory[at.W_ANTIGENS] + number * at.G_WIDTH + at.G_IS_ASKED] = 1 if name in antigens else 0
    best = memory[at.W_BEST]
    memory[best : best + tape.series_group_count] = [at.NOBODY] * tape.series_group_count


def _capacities(tape: Tape, people: int, doses: int, wants: int) -> tuple[int, int, int, int]:
    """Rows that `people` with `doses` can make at most, where wanted."""
    evaluations = doses * tape.most_records_a_dose * 4
    return (
        evaluations if wants & at.WANT_DOSES else 0,
        people * len(tape.series) if wants & at.WANT_SERIES else 0,
        people * tape.most_forecasts if wants & at.WANT_GROUPS else 0,
        people * tape.most_products if wants & at.WANT_PRODUCTS else 0,
    )


def judge_plain(
    tape: Tape, columns: Columns, wants: int = ALL, antigens: Sequence[Container[str]] | None = None
) -> Rows:
    """Judge every person with the kernel as it is written: for a desk. Every question is asked, so that a trace
    shows it, and whatever the compiled kernel leaves out of doses that are plainly valid is held against this.

    `antigens`, per person: judge no others; with an antigen must come those that `Tape.antigens` judges for it.
    """
    people, doses, observations = (
        tuple(c.tolist() for c in group) for group in (columns.people, columns.doses, columns.observations)
    )
    asked = wants | at.EVERY_QUESTION
    memory = new_plain_memory(tape, columns.most_doses)
    found: list[list[Ints]] = [[], [], [], []]
    for person in range(columns.people_count):
        capacities = _capacities(tape, 1, people[5][person + 1] - people[5][person], wants)
        outs = tuple([0] * (rows * width) for rows, width in zip(capacities, ROWS, strict=True))
        counts = [0, 0, 0, 0]
        if antigens is not None:
            _ask(memory, tape, antigens[person])
        judge.judge_people(memory, people, doses, observations, person, person + 1, asked, outs, counts)
        for kind, (out, count, width) in enumerate(zip(outs, counts, ROWS, strict=True)):
            found[kind].append(np.array(out[: count * width], dtype=np.int32).reshape(count, width))
    empty = [np.zeros((0, width), dtype=np.int32) for width in ROWS]
    return Rows(*(np.concatenate([blank, *parts]) for blank, parts in zip(empty, found, strict=True)))


def judge_compiled(tape: Tape, columns: Columns, wants: int = ALL, threads: int = 1, due_by: int = NONE) -> Rows:
    """Judge every person with the compiled kernel, in `threads` threads; same rows in the same order.

    `due_by`: only forecasts whose dose may be given by that day; NONE: all.
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
        return _joined(pool, parts)


def _joined(pool: Executor, parts: list[Rows]) -> Rows:
    """The rows of all parts, one part after the other; each is copied by its own thread."""
    kinds = []
    for kind in ("doses", "series", "groups", "products"):
        tables: list[Ints] = [getattr(part, kind) for part in parts]
        ends = np.cumsum([len(table) for table in tables])
        whole = np.empty((int(ends[-1]), tables[0].shape[1]), dtype=np.int32)
        places = [whole[end - len(table) : end] for table, end in zip(tables, ends, strict=True)]
        list(pool.map(np.copyto, places, tables))
        kinds.append(whole)
    return Rows(*kinds)


def _chunks(columns: Columns, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    first_dose = columns.people[5]
    for start in range(begin, end, CHUNK):
        stop = min(start + CHUNK, end)
        yield start, stop, int(first_dose[stop] - first_dose[start])


def _judge_span(tape: Tape, columns: Columns, begin: int, end: int, wants: int, due_by: int) -> Rows:
    from qingmiao.engine.compiled import compiled_kernel

    kernel = compiled_kernel()
    memory = new_memory(tape, columns.most_doses, due_by)
    sheets: list[Ints] = [np.zeros(0, dtype=np.int32) for _ in ROWS]
    counts = np.zeros(4, dtype=np.int64)
    for start, stop, doses in _chunks(columns, begin, end):
        done = (start - begin) / (end - begin)
        for kind, (rows, width) in enumerate(zip(_capacities(tape, stop - start, doses, wants), ROWS, strict=True)):
            sheets[kind] = _with_room(sheets[kind], int(counts[kind]) * width, rows * width, done)
        kernel(memory, columns.people, columns.doses, columns.observations, start, stop, wants, tuple(sheets), counts)
    ends = [(int(count), width) for count, width in zip(counts, ROWS, strict=True)]
    return Rows(*(sheet[: n * width].reshape(n, width) for sheet, (n, width) in zip(sheets, ends, strict=True)))


def _with_room(sheet: Ints, used: int, wanted: int, done: float) -> Ints:
    """The sheet with room for `wanted` cells more. It grows to what the whole will need at the rate so far, so that
    nearly every row is written once, in its place: copying rows took a fifth of the kernel's own time."""
    if used + wanted <= len(sheet):
        return sheet
    grown = np.empty(max(used, int(used / done * 1.02) if done else 0) + wanted, dtype=np.int32)
    grown[:used] = sheet[:used]
    return grown
