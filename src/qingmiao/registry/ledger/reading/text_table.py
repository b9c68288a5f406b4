"""Tables as text: CSV and its relatives, in the encodings Chinese offices write."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, cast

from .refusal import FileRefused
from .values import MOST_COLUMNS, Cell, Row

CHUNK = 1 << 20
LONGEST_FIELD = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_CONTENT = (
    b"MZ", b"%PDF", b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"{\\rtf",
)  # fmt: skip
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<style", b"<div")


class TextTable:
    """A text file taken as a table. Delimiter and encoding are found in the content."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = file.read(8192)
        _refuse_other_content(head)
        self.encoding = _marked(head) or self._encoding_without_mark(head)
        self._check_text()
        self.delimiter = self._delimiter()

    def rows(self) -> Iterator[Row]:
        """Every record with a value, numbered from 1; blank lines count."""
        csv.field_size_limit(LONGEST_FIELD)
        last: list[str] = []
        try:
            for number, cells in enumerate(csv.reader(self._text(), delimiter=self.delimiter), 1):
                if len(cells) > MOST_COLUMNS:
                    raise FileRefused("too_many_columns", str(len(cells)))
                last = cells
                if any(cells):
                    yield number, cast(list[Cell], cells)
        except csv.Error as error:
            raise FileRefused("file_damaged", "quote") from error
        if self._quotes % 2 and any("\n" in cell for cell in last):
            raise FileRefused("file_damaged", "quote")  # one never closed, and it swallowed the rest

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        return io.TextIOWrapper(self._file, encoding=self.encoding, newline="", write_through=True)

    def _encoding_without_mark(self, head: bytes) -> str:
        if encoding := _unmarked_utf16(head):
            return encoding
        return "utf-8" if self._decodes("utf-8") else "gb18030"

    def _decodes(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        self._file.seek(0)
        try:
            while chunk := self._file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _check_text(self) -> None:
        """Decodes to the end, holds something, and its quotation marks come in pairs or stand alone."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        self._file.seek(0)
        blank = True
        self._quotes = 0
        try:
            while chunk := self._file.read(CHUNK):
                text = decoder.decode(chunk)
                self._quotes += text.count('"')
                blank = blank and not text.strip("\ufeff \t\r\n,;\0")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise FileRefused("file_damaged", "encoding") from error
        if blank:
            raise FileRefused("file_empty", "blank")

    def _delimiter(self) -> str:
        self._file.seek(0)
        decoder = codecs.getincrementaldecoder(self.encoding)()
        counts = Counter(decoder.decode(self._file.read(CHUNK))[:20_000])
        found = max(",\t;|", key=lambda mark: counts[mark])
        return found if counts[found] else ","


def _marked(head: bytes) -> str | None:
    return next((name for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), None)


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero in every second byte of its ASCII (commas, digits)."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _refuse_other_content(head: bytes) -> None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(_OTHER_CONTENT):
        raise FileRefused("file_not_spreadsheet", "other")
    if start[:9].lower().startswith(_MARKUP):
        raise FileRefused("file_not_spreadsheet", "markup")
