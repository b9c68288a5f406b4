"""Uploaded files at rest: sealed like the numbers in the database, readable only with this installation's key."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from qingmiao.privacy.sealing import seal_bytes, unseal_bytes


class SealedStorage(FileSystemStorage):
    """Files of the data folder, each encrypted as a whole. `path` leads to the sealed file, never to what it says.

    A file is sealed in memory: a ledger of 100 MB needs twice its size for a moment.
    """

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        return str(super()._save(name, File(BytesIO(seal_bytes(content.read())), name)))  # type: ignore[misc]

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with super()._open(name, "rb") as sealed:  # type: ignore[misc]
            return File(BytesIO(unseal_bytes(sealed.read())), name)


@contextmanager
def plain_copies(files: Sequence[File[Any]]) -> Iterator[list[Path]]:
    """Files as paths that other programs can read, in a folder that nobody else may enter and that is gone afterwards.

    Names keep their ending only: it says which reader is right, the rest might name somebody.
    """
    folder = Path(settings.HOME) / "reading"
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        yield [_copy(file, Path(own) / f"{number}{_ending(file)}") for number, file in enumerate(files)]


def _ending(file: File[Any]) -> str:
    return Path(file.name or "").suffix


def _copy(file: File[Any], to: Path) -> Path:
    with file.open("rb") as source, os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        copy.write(source.read())
    return to
