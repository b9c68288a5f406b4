"""A ledger file as its reader sees it: sheets of rows, given by the reading process."""

from __future__ import annotations

import hashlib
import marshal
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .refusal import FileRefused
from .values import Row
from .xlsx import Merge

_PATHS = [str(Path(__file__).parents[4]), sysconfig.get_path("platlib")]
_START = f"import sys; sys.path[:0] = {_PATHS!r}; from qingmiao.registry.ledger.reading.child import main; main()"


@dataclass
class SourceSheet:
    """One sheet: its name, its merged cells and its rows in batches, to be read before the next sheet."""

    name: str
    merges: list[Merge]
    batches: Iterator[list[Row]]


class Source:
    """An opened ledger file.

    `external_link` is where a workbook's first link to another file points, None if it has none.
    `encoding` names the text encoding, or `xlsx`, `xls`. Any step raises `FileRefused`.
    """

    def __init__(self, messages: Iterator[tuple[Any, ...]]) -> None:
        self._messages = messages
        self._next: tuple[Any, ...] = ("start",)
        _, self.external_link, self.encoding = self._receive()

    def sheets(self) -> Iterator[SourceSheet]:
        """The sheets in the order of the file, hidden ones included."""
        message = self._receive()
        while message[0] == "sheet":
            batches = self._batches()
            yield SourceSheet(message[1], message[2], batches)
            for _ in batches:
                pass
            message = self._next

    def _batches(self) -> Iterator[list[Row]]:
        while (message := self._receive())[0] == "rows":
            yield message[1]

    def _receive(self) -> tuple[Any, ...]:
        self._next = next(self._messages, ("refused", "file_damaged", "reader_died"))
        if self._next[0] == "refused":
            raise FileRefused(self._next[1], self._next[2])
        return self._next


def _messages(pipe: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    while len(head := pipe.read(4)) == 4:
        packed = pipe.read(struct.unpack("<I", head)[0])
        message: tuple[Any, ...] = marshal.loads(packed)  # noqa: S302 written by our own child
        yield message


@contextmanager
def opened(path: Path, title: str) -> Iterator[Source]:
    """Open a ledger file in a reading process of its own, which ends with the block.

    `title` is what the table of a text file is called.
    """
    with path.open("rb") as file:
        child = subprocess.Popen(  # noqa: S603 our own interpreter and code
            [sys.executable, "-I", "-S", "-c", _START, title],
            stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={},
        )  # fmt: skip
        assert child.stdout is not None
        try:
            yield Source(_messages(child.stdout))
        finally:
            child.kill()
            child.stdout.close()
            child.wait()


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes: the same file twice is seen whatever its name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
