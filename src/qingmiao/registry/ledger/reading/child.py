"""The reading process: takes a file on standard input, gives rows on standard output, may do nothing else.

It is a process of its own so that a hostile file meets limits of memory, time and writing that the
program around it does not share, and so that reading and understanding use two processors.
"""

from __future__ import annotations

import marshal
import os
import resource
import struct
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from .refusal import FileRefused
from .text_table import TextTable
from .values import Row
from .xls import OldWorkbook
from .xlsx import Workbook

MEMORY = 1 << 30
SECONDS = 600
BATCH = 500


def limit_this_process() -> None:
    """No new files, little memory, no endless work. Values are soft ceilings of one honest million rows."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Channel:
    """Length-prefixed messages to the program that asked."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def send(self, *message: Any) -> None:
        """One message: a word and its values."""
        packed = marshal.dumps(message)
        self._out.write(struct.pack("<I", len(packed)))
        self._out.write(packed)

    def send_rows(self, rows: Iterable[Row]) -> None:
        """Rows in batches."""
        batch: list[Row] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                self.send("rows", batch)
                batch = []
        if batch:
            self.send("rows", batch)


def read(file: BinaryIO, channel: Channel, name: str) -> None:
    """Send a file's sheets; the content decides what it is, not its name."""
    if file.seek(0, os.SEEK_END) == 0:
        raise FileRefused("file_empty")
    file.seek(0)
    magic = file.read(8)
    file.seek(0)
    if magic.startswith(b"PK"):
        _send_workbook(Workbook(file), channel)
    elif magic == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        _send_old_workbook(OldWorkbook(file), channel)
    else:
        table = TextTable(file)
        channel.send("file", None, table.encoding)
        channel.send("sheet", name, [])
        channel.send_rows(table.rows())


def _send_workbook(book: Workbook, channel: Channel) -> None:
    channel.send("file", book.external_link, "xlsx")
    for sheet in book.sheets:
        channel.send("sheet", sheet.name, book.merges[sheet.part])
        channel.send_rows(book.rows(sheet))


def _send_old_workbook(book: OldWorkbook, channel: Channel) -> None:
    channel.send("file", None, "xls")
    for sheet in book.sheets:
        channel.send("sheet", sheet, book.merges(sheet))
        channel.send_rows(book.rows(sheet))


def main() -> None:
    """Read standard input; the only argument is the name the table of a text file goes by."""
    limit_this_process()
    out = sys.stdout.buffer
    channel = Channel(out)
    try:
        with open(0, "rb", closefd=False) as file:
            read(file, channel, sys.argv[-1])
        channel.send("end")
    except FileRefused as refused:
        channel.send("refused", refused.code, refused.detail)
    except MemoryError:
        channel.send("refused", "file_inflates_too_much", "memory")
    out.flush()


if __name__ == "__main__":
    main()
