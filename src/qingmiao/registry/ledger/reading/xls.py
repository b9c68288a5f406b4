"""Workbooks of Excel 97-2003 (BIFF8 in an OLE container)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from .refusal import FileRefused
from .values import Cell, Row, plain_number

LARGEST = 128 << 20  # 65,536 rows of 256 columns fit many times


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


class OldWorkbook:
    """An opened .xls file. External links and formulas stay inside the reader, which gives cached values."""

    external_link = None

    def __init__(self, file: BinaryIO) -> None:
        from python_calamine import CalamineWorkbook, PasswordError

        content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise FileRefused("file_inflates_too_much", "xls")
        if _utf16("EncryptedPackage") in content:
            raise FileRefused("file_password_protected")
        if _utf16("Workbook") not in content and _utf16("Book") not in content:
            raise FileRefused("file_not_spreadsheet", "ole")
        try:
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except PasswordError as error:
            raise FileRefused("file_password_protected") from error
        except Exception as error:  # the reader is Rust: any failure of it means the file is broken
            raise FileRefused("file_damaged", "xls") from error
        self.sheets = list(self._book.sheet_names)

    def merges(self, sheet: str) -> list[tuple[int, int, int, int]]:
        """Merged ranges as (first row, first column, last row, last column), rows from 1."""
        ranges = self._sheet(sheet).merged_cell_ranges or []
        return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges]

    def rows(self, sheet: str) -> Iterator[Row]:
        """Rows that have at least one value."""
        for number, values in enumerate(self._sheet(sheet).to_python(skip_empty_area=False), 1):
            cells = [_plain(value) for value in values]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                yield number, cells

    def _sheet(self, name: str) -> Any:
        try:
            return self._book.get_sheet_by_name(name)
        except Exception as error:
            raise FileRefused("file_damaged", "xls") from error


def _plain(value: Any) -> Cell:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
