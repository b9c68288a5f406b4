"""Parts of a zip package, inflated under our own count: what the directory says is not believed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from .refusal import FileRefused

# Honest workbooks inflate 11:1 at most; bombs made of repeated rows 400:1, of one letter 1000:1.
LARGEST_RATIO = 100
RATIO_COUNTS_FROM = 4 << 20
LARGEST_INFLATED = 6 << 30
LARGEST_DIRECTORY = 4 << 20
STEP_IN, STEP_OUT = 16 << 10, 1 << 20

_ESCAPES = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:")


class Package:
    """A zip package that is read part by part and never unpacked to disk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.inflated = 0
        _check_directory_size(file)
        try:
            entries = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, struct.error, EOFError, ValueError, NotImplementedError) as error:
            raise FileRefused("file_damaged", "no_directory") from error
        self._entries = {entry.filename: entry for entry in entries}
        if any(_ESCAPES.search(name) for name in self._entries):
            raise FileRefused("file_damaged", "path_outside")
        if any(entry.flag_bits & 1 for entry in entries):
            raise FileRefused("file_password_protected")

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        """Names of all parts, in the order of the directory."""
        return list(self._entries)

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, checked as they come: ratio, total, length and checksum."""
        entry = self._entries.get(name)
        if entry is None:
            raise FileRefused("file_damaged", "part_missing")
        out = checksum = 0
        for taken, chunk in self._inflate(entry):
            out += len(chunk)
            self.inflated += len(chunk)
            if (out > RATIO_COUNTS_FROM and out > LARGEST_RATIO * taken) or self.inflated > LARGEST_INFLATED:
                raise FileRefused("file_inflates_too_much", str(round(out / max(1, taken))))
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if checksum != entry.CRC or out != entry.file_size:
            raise FileRefused("file_damaged", "checksum")

    def whole(self, name: str, limit: int = 32 << 20) -> bytes:
        """A small part at once."""
        parts: list[bytes] = []
        left = limit
        for chunk in self.chunks(name):
            left -= len(chunk)
            if left < 0:
                raise FileRefused("file_inflates_too_much", "part")
            parts.append(chunk)
        return b"".join(parts)

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
        """(bytes taken so far, next bytes out) of one entry."""
        self._to_content(entry)
        left, taken = entry.compress_size, 0
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        if inflate is None and entry.compress_type != zipfile.ZIP_STORED:
            raise FileRefused("file_damaged", "compression")
        while left > 0:
            block = self._file.read(min(STEP_IN, left))
            if not block:
                raise FileRefused("file_damaged", "cut_off")
            left -= len(block)
            taken += len(block)
            if inflate is None:
                yield taken, block
                continue
            try:
                while block:
                    out = inflate.decompress(block, STEP_OUT)
                    position = self._file.tell()
                    yield taken, out
                    self._file.seek(position)
                    block = inflate.unconsumed_tail
            except zlib.error as error:
                raise FileRefused("file_damaged", "compression") from error

    def _to_content(self, entry: zipfile.ZipInfo) -> None:
        self._file.seek(entry.header_offset)
        header = self._file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise FileRefused("file_damaged", "cut_off")
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        self._file.seek(name_length + extra_length, 1)


def _check_directory_size(file: BinaryIO) -> None:
    """A directory of a million parts costs memory before a single part is read."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise FileRefused("file_damaged", "no_directory")
    size = struct.unpack("<I", tail[at + 12 : at + 16])[0]
    if size > LARGEST_DIRECTORY:
        raise FileRefused("file_damaged", "no_directory")
