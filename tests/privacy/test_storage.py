"""Uploaded files: sealed on the disk, whole when they are read, and no plain copy left behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from qingmiao.privacy.storage import plain_copies

ROW = "张伟,239904199002062210".encode()


@pytest.fixture
def kept() -> str:
    return default_storage.save("test/ledger.csv", ContentFile(ROW))


def test_the_disk_holds_nothing_readable(kept: str):
    on_disk = Path(default_storage.path(kept)).read_bytes()
    assert b"239904" not in on_disk
    assert "张伟".encode() not in on_disk


def test_what_was_kept_comes_back(kept: str):
    with default_storage.open(kept) as file:
        assert file.read() == ROW


def test_a_changed_byte_is_noticed(kept: str):
    path = Path(default_storage.path(kept))
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(InvalidTag):
        default_storage.open(kept)


def test_a_plain_copy_has_the_ending_and_no_name_and_is_gone_afterwards(kept: str):
    class Stored(ContentFile):
        def open(self, mode: str | None = None):  # type: ignore[no-untyped-def]
            return default_storage.open(kept)

    with plain_copies([Stored(b"", name="文旅局张伟.csv")]) as (path,):
        assert path.read_bytes() == ROW
        assert (path.suffix, "张伟" in path.name) == (".csv", False)
        assert path.stat().st_mode & 0o077 == 0
    assert not path.exists()
    assert list((Path(settings.HOME) / "reading").iterdir()) == []
