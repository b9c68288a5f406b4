"""Where a sheet's header is, what its columns mean, and which rows are people."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from .cleaning import tidy
from .reading.source import SourceSheet
from .reading.values import Cell, Row
from .reading.xlsx import Merge
from .vocabulary import DoseColumn, Vocabulary, normal

HEADER_AMONG_FIRST = 20
KNOWN_NAMES_OF_A_HEADER = 3


class SheetKind(StrEnum):
    """What a sheet lists, told by its columns."""

    ROSTER = "roster"
    VACCINATED = "vaccinated"
    STREET = "street_ledger"
    CHILD = "child_ledger"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, its header, and what it means (neither: unknown)."""

    index: int
    header: str
    field: str | None = None
    dose: DoseColumn | None = None

    @property
    def is_known(self) -> bool:
        """Whether the header is one we were taught."""
        return self.field is not None or self.dose is not None


@dataclass
class Layout:
    """A recognised sheet: its header row (1 is the first row of the sheet), columns and kind."""

    sheet: str
    header_row: int
    columns: list[Column]
    kind: SheetKind
    by_field: dict[str, int] = field(default_factory=dict)

    def at(self, field_name: str) -> int:
        """Index of the column of a field, -1 if the sheet has none."""
        return self.by_field.get(field_name, -1)


class Skipped(NamedTuple):
    """A row that is nobody: its number, the code that says why, its first text."""

    row: int
    code: str
    value: str


def cell_name(column: int, row: int) -> str:
    """A1 notation; column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def shown(cell: Cell) -> str:
    """A cell as text: what a person would have seen in it."""
    return str(cell[2] if isinstance(cell, tuple) else cell)


class SheetRows:
    """The rows of one sheet, header found and read.

    `layout` is None when none of the first twenty rows is a header. Iterating gives batches of data
    rows and `Skipped` ones, in order, up to the last row with a value.
    """

    def __init__(self, sheet: SourceSheet, words: Vocabulary) -> None:
        self._words = words
        self._rows = (row for batch in sheet.batches for row in batch)
        self._head: deque[Row] = deque()
        self._merges = sheet.merges
        self.had_values = False
        self.layout = self._find_header(sheet)
        self._fills = _Fills(sheet.merges, self.layout.header_row if self.layout else 0)

    def __iter__(self) -> Iterator[Row | Skipped]:
        if self.layout is None:
            return
        expected = self.layout.header_row + 1
        total_first = {word[0] for word in self._words.total_words}
        name_at, number_at = self.layout.at("name"), self.layout.at("doc_no")
        name_header = self.layout.columns[name_at].header if name_at >= 0 else None
        for number, cells in self._remaining():
            filled = len(cells) - cells.count("")
            if filled <= 2 and not any(map(_has_text, cells)):
                continue
            for blank in range(expected, number):
                yield Skipped(blank, "blank_row_skipped", "")
            expected = number + 1
            first = cells[0] if cells[0] != "" else next(cell for cell in cells if cell != "")
            repeats = name_header is not None and len(cells) > name_at and shown(cells[name_at]) == name_header
            if repeats and self._repeats_header(cells, number_at):
                yield Skipped(number, "header_row_repeated_skipped", shown(first))
                continue
            may_total = isinstance(first, str) and (first[0] in total_first or not first[0].isalnum())
            if may_total and self._is_total(cells):
                yield Skipped(number, "total_row_skipped", shown(first))
                continue
            if filled <= 2 and (note := self._note(cells, name_at, number_at)):
                yield Skipped(number, "note_row_skipped", note)
                continue
            yield number, self._fills.apply(number, cells) if self._fills.any else cells

    def _remaining(self) -> Iterator[Row]:
        while self._head:
            yield self._head.popleft()
        yield from self._rows

    def _find_header(self, sheet: SourceSheet) -> Layout | None:
        for row in self._rows:
            self.had_values = True
            if row[0] > HEADER_AMONG_FIRST:
                self._head.append(row)
                break
            known = sum(self._words.knows(normal(shown(cell))) for cell in row[1] if cell != "")
            if known >= KNOWN_NAMES_OF_A_HEADER:
                return self._read_header(sheet, row)
        return None

    def _read_header(self, sheet: SourceSheet, row: Row) -> Layout:
        number, top = row
        headers = [_header_text(cell) for cell in top]
        joined = self._joined_header(number, headers)
        if joined is not None:
            number, headers = number + 1, joined
        columns = [_column(i, header, self._words) for i, header in enumerate(headers)]
        return _layout(sheet.name, number, columns, self._words)

    def _joined_header(self, number: int, headers: list[str]) -> list[str] | None:
        """第一针 merged over 日期, 厂家 … reads 第一针日期, 第一针厂家 …; None if the header is one row."""
        spans = [m for m in self._merges if m[0] == number and m[3] > m[1]]
        if not spans:
            return None
        below = next(self._rows, None)
        if below is None or below[0] != number + 1:
            if below is not None:
                self._head.append(below)
            return None
        subs = {i: _header_text(cell) for i, cell in enumerate(below[1]) if cell != ""}
        if not any(subs.get(i) for m in spans for i in range(m[1], m[3] + 1)):
            self._head.append(below)
            return None
        width = max(len(headers), len(below[1]))
        joined = headers + [""] * (width - len(headers))
        for top, left, _, right in spans:
            del top
            for i in range(left, min(right + 1, width)):
                joined[i] = headers[left] + subs.get(i, "")
        return [head or subs.get(i, "") for i, head in enumerate(joined)]

    def _repeats_header(self, cells: list[Cell], number_at: int) -> bool:
        assert self.layout is not None
        if number_at < 0:
            return True
        return len(cells) > number_at and _header_text(cells[number_at]) == self.layout.columns[number_at].header

    def _is_total(self, cells: list[Cell]) -> bool:
        first = next((text for cell in cells if (text := normal(shown(cell)))), "")
        return first.startswith(self._words.total_words)

    def _note(self, cells: list[Cell], name_at: int, number_at: int) -> str | None:
        """The text of a row with exactly one value that stands under neither name nor number."""
        filled = [(i, cell) for i, cell in enumerate(cells) if _has_text(cell)]
        if len(filled) != 1 or filled[0][0] in {name_at, number_at}:
            return None
        return shown(filled[0][1])


class _Fills:
    """Values of vertically merged cells, given to every row they cover."""

    def __init__(self, merges: Iterable[Merge], header_row: int) -> None:
        self._starts: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, _ in merges:
            if bottom > top > header_row:
                self._starts.setdefault(top, []).append((left, bottom))
        self._open: list[tuple[int, int, Cell]] = []
        self.any = bool(self._starts)

    def apply(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The cells of a row with the values of the merges that cover it."""
        for left, bottom in self._starts.pop(number, ()):
            if left < len(cells) and cells[left] != "":
                self._open.append((left, bottom, cells[left]))
        if self._open:
            self._open = [merge for merge in self._open if merge[1] >= number]
            for left, _, value in self._open:
                cells.extend([""] * (left + 1 - len(cells)))
                if cells[left] == "":
                    cells[left] = value
        return cells


def _has_text(cell: Cell) -> bool:
    if isinstance(cell, str):
        return bool(cell.strip("\0 \t\r\n\u00a0\u3000\u200b\ufeff"))
    return True


def _header_text(cell: Cell) -> str:
    return tidy(shown(cell)) if cell != "" else ""


def _column(index: int, header: str, words: Vocabulary) -> Column:
    wording = normal(header)
    return Column(index, header, words.field_of(wording), words.dose_columns.get(wording))


def _layout(sheet: str, header_row: int, columns: list[Column], words: Vocabulary) -> Layout:
    layout = Layout(sheet, header_row, columns, SheetKind.ROSTER)
    for column in columns:
        if column.field in layout.by_field:
            columns[column.index] = Column(column.index, column.header)  # a second one is kept as extra data
        elif column.field:
            layout.by_field[column.field] = column.index
    layout.kind = _kind(layout, words)
    return layout


def _kind(layout: Layout, words: Vocabulary) -> SheetKind:
    if any(layout.at(f"{slot}.date") >= 0 for slot in words.dose_slots):
        return SheetKind.STREET
    if layout.at("child_code") >= 0 or any(column.dose for column in layout.columns):
        return SheetKind.CHILD
    if layout.at("time") >= 0 and (layout.at("dose_no") >= 0 or layout.at("vaccine") >= 0):
        return SheetKind.VACCINATED
    return SheetKind.ROSTER
