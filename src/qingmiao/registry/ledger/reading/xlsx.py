"""Workbooks of Excel 2007 and later, streamed row by row: values and cached values, nothing evaluated."""

from __future__ import annotations

import posixpath
import re
from array import array
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from .refusal import FileRefused
from .values import FORMULA, MOST_COLUMNS, MOST_ROWS, Cell, Row, plain_number, serial_as_text
from .xml_events import LONGEST_TEXT, LocalNames, attributes_of, feed, new_parser, parse
from .zipped import Package

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; rows from 1, columns from 0
MOST_MERGES = 100_000

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d+")?/>')
_BLANK_ROW = re.compile(rb'<row r="\d{1,7}"(?: [\w:]+="[^"<>]*")*(?:/>|></row>)')
LARGEST_ROW = 8 << 20
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMAT_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


class SheetPart(NamedTuple):
    """A worksheet: its name on the tab and the part it is stored in."""

    name: str
    part: str


class Workbook:
    """An opened package. Every part that will be read is inflated once before the first row is given."""

    def __init__(self, file: BinaryIO) -> None:
        self._package = Package(file)
        if "xl/workbook.xml" not in self._package:
            raise FileRefused("file_not_spreadsheet", "zip")
        book = self._package.whole("xl/workbook.xml")
        properties = attributes_of(book, "workbookPr")
        self._system_1904 = any(p.get("date1904") in {"1", "true"} for p in properties)
        related = self._relations("xl/workbook.xml")
        self.sheets = [
            SheetPart(sheet.get("name", ""), target)
            for sheet in attributes_of(book, "sheet")
            if "worksheets/" in (target := related.get(sheet.get("id", ""), ""))
        ]
        self.external_link = self._external_link()
        self._date_styles = self._read_date_styles()
        self.merges = {sheet.part: self._weigh(sheet.part) for sheet in self.sheets}
        self._strings = self._read_strings()

    def rows(self, sheet: SheetPart) -> Iterator[Row]:
        """Rows that have at least one value, as (row number, cells from column A)."""
        reader = _SheetReader(self._strings, self._date_styles, system_1904=self._system_1904)
        for chunk in _without_blanks(self._package.chunks(sheet.part)):
            feed(reader.parser, chunk)
            yield from reader.take()
        feed(reader.parser, b"", final=True)
        yield from reader.take()

    def _relations(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels"
        if rels not in self._package:
            return {}
        found = attributes_of(self._package.whole(rels), "Relationship")
        return {r.get("Id", ""): _target(folder, r.get("Target", "")) for r in found}

    def _external_link(self) -> str | None:
        """Where the first external link points; it is never followed."""
        links = [n for n in self._package.names() if n.startswith("xl/externalLinks/") and n.endswith(".xml")]
        if not links:
            return None
        folder, name = posixpath.split(links[0])
        rels = f"{folder}/_rels/{name}.rels"
        if rels not in self._package:
            return ""
        found = attributes_of(self._package.whole(rels), "Relationship")
        return found[0].get("Target", "") if found else ""

    def _read_date_styles(self) -> set[str]:
        """Indexes of the cell styles that show a number as a day."""
        if "xl/styles.xml" not in self._package:
            return set()
        formats: set[int] = set(_DATE_FORMATS)
        styles: list[int] = []
        inside = False
        names = LocalNames()

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            tag = names[name]
            if tag == "numFmt" and _shows_date(attributes.get("formatCode", "")):
                formats.add(_whole(attributes.get("numFmtId")))
            elif tag == "cellXfs":
                inside = True
            elif tag == "xf" and inside:
                styles.append(_whole(attributes.get("numFmtId")))

        def end(name: str) -> None:
            nonlocal inside
            if names[name] == "cellXfs":
                inside = False

        parse(self._package.chunks("xl/styles.xml"), new_parser(start, end))
        return {str(index) for index, number in enumerate(styles) if number in formats}

    def _weigh(self, part: str) -> list[Merge]:
        """Inflate a sheet once, for its true size and checksum, and note its merged cells on the way."""
        merges: list[Merge] = []
        tail = b""
        for chunk in self._package.chunks(part):
            window = tail + chunk
            if b"mergeCell" in window:
                merges += [_merge(found) for found in _MERGE.finditer(window)]
                tail = window[max((f.end() for f in _MERGE.finditer(window)), default=0) :][-256:]
            else:
                tail = chunk[-256:]
            if len(merges) > MOST_MERGES:
                raise FileRefused("file_damaged", "merges")
        return merges

    def _read_strings(self) -> SharedStrings:
        """The table of texts, weighed before it is read: a bomb shows its size before its content."""
        strings = SharedStrings()
        if "xl/sharedStrings.xml" in self._package:
            for _ in self._package.chunks("xl/sharedStrings.xml"):
                pass
            strings.read(self._package)
        return strings


def _without_blanks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """A sheet's XML without cells and rows that are only formatted: a million of them is a common way to print borders.

    Only elements that carry their own position are left out, and nothing at all once a chunk holds a comment or CDATA.
    """
    rest = b""
    is_plain = True
    for chunk in chunks:
        is_plain = is_plain and b"<!" not in chunk
        if not is_plain:
            yield rest + chunk
            rest = b""
            continue
        window = rest + chunk
        cut = window.rfind(b"<row ") if b"<row " in window else window.rfind(b"<")
        rest = window[cut:] if cut > 0 else b""
        yield _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", window[: len(window) - len(rest)]))
        if len(rest) > LARGEST_ROW:
            yield rest
            rest = b""
    yield rest


class SharedStrings:
    """The workbook's table of texts: one run of bytes and offsets, since a city's table has millions."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise FileRefused("file_damaged", "strings")
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()

    def _append(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "replace")
        self._ends.append(len(self._bytes))

    def read(self, package: Package) -> None:
        """Take in the table, leaving out phonetic guides."""
        names, parts = LocalNames(), list[str]()
        taking = False
        phonetic = length = 0

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal taking, phonetic
            tag = names[name]
            if tag == "t":
                taking = not phonetic
            elif tag == "rPh":
                phonetic += 1

        def end(name: str) -> None:
            nonlocal taking, phonetic, length
            tag = names[name]
            if tag == "t":
                taking = False
            elif tag == "rPh":
                phonetic -= 1
            elif tag == "si":
                self._append(_unescape("".join(parts)))
                parts.clear()
                length = 0

        def text(piece: str) -> None:
            nonlocal length
            if taking:
                length += len(piece)
                if length > LONGEST_TEXT:
                    raise FileRefused("file_damaged", "long_text")
                parts.append(piece)

        parse(package.chunks("xl/sharedStrings.xml"), new_parser(start, end, text))


class _SheetReader:
    """Collects the cells of one worksheet from XML events."""

    def __init__(self, strings: SharedStrings, date_styles: set[str], *, system_1904: bool) -> None:
        self._strings, self._date_styles, self._system_1904 = strings, date_styles, system_1904
        self._names, self._columns = LocalNames(), _Columns()
        self._done: list[Row] = []
        self._row, self._cells = 0, list[Cell]()
        self._column = -1
        self._type = self._style = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._target: list[str] | None = None
        self._length = self._phonetic = 0
        self.parser = new_parser(self._start, self._end, self._text)

    def take(self) -> list[Row]:
        """Rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._names[name]
        if tag == "c":
            reference = attributes.get("r")
            self._column = self._columns[reference.rstrip("0123456789")] if reference else self._column + 1
            self._type = attributes.get("t", "")
            self._style = attributes.get("s", "")
            self._formula = None
        elif tag in {"v", "t"}:
            self._target = None if self._phonetic else self._value
        elif tag == "row":
            self._start_row(attributes.get("r"))
        elif tag == "f":
            self._formula = self._target = []
        elif tag == "rPh":
            self._phonetic += 1

    def _start_row(self, number: str | None) -> None:
        self._row = _whole(number) if number else self._row + 1
        if not 1 <= self._row <= MOST_ROWS:
            raise FileRefused("file_damaged", "row_number")
        self._cells = []
        self._column = -1

    def _text(self, piece: str) -> None:
        if self._target is not None:
            self._length += len(piece)
            if self._length > LONGEST_TEXT:
                raise FileRefused("file_damaged", "long_text")
            self._target.append(piece)

    def _end(self, name: str) -> None:
        tag = self._names[name]
        if tag == "c":
            if self._value or self._formula is not None:
                self._end_cell()
        elif tag in {"v", "t", "f"}:
            self._target = None
            self._length = 0
        elif tag == "row":
            if self._cells:
                self._done.append((self._row, self._cells))
        elif tag == "rPh":
            self._phonetic -= 1

    def _end_cell(self) -> None:
        text = "".join(self._value)
        self._value.clear()
        value: Cell = self._plain(text)
        if self._formula is not None:
            value = (FORMULA, "=" + "".join(self._formula), self._plain(text))
            self._formula = None
        if value == "":
            return
        gap = self._column - len(self._cells)
        if gap > 0:
            self._cells.extend([""] * gap)
        elif gap < 0:
            raise FileRefused("file_damaged", "cell_order")
        self._cells.append(value)

    def _plain(self, text: str) -> str | int | float:
        kind = self._type
        if kind == "s":
            return self._strings[_whole(text)] if text else ""
        if kind in {"inlineStr", "str"}:
            return _unescape(text)
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind in {"e", "d"} or not text:
            return text
        try:
            number = float(text)
        except ValueError as error:
            raise FileRefused("file_damaged", "number") from error
        if self._style in self._date_styles and (day := serial_as_text(number, system_1904=self._system_1904)):
            return day
        return int(text) if text.isdigit() else plain_number(number)


class _Columns(dict[str, int]):
    """Column letters → index from 0."""

    def __missing__(self, letters: str) -> int:
        index = 0
        for letter in letters:
            if not "A" <= letter <= "Z":
                raise FileRefused("file_damaged", "cell_order")
            index = index * 26 + ord(letter) - 64
        if not 0 < index <= MOST_COLUMNS:
            raise FileRefused("too_many_columns", str(index))
        self[letters] = index - 1
        return index - 1


_COLUMNS = _Columns()


def _merge(found: re.Match[bytes]) -> Merge:
    left, top, right, bottom = (part.decode() for part in found.groups())
    return int(top), _COLUMNS[left], int(bottom), _COLUMNS[right]


def _target(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _whole(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise FileRefused("file_damaged", "number")
    return int(text)


def _unescape(text: str) -> str:
    """Excel writes what XML cannot hold as _x0007_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _shows_date(code: str) -> bool:
    return re.search("[ymdhs]", _FORMAT_LITERALS.sub("", code).split(";")[0].lower()) is not None
