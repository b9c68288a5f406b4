"""SQLite as Qingmiao runs it: a sound build, durable, its writers in a queue."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from django.db import connection, transaction

from qingmiao.config import sqlite_build

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 4), True),
    ],
)
def test_builds_with_the_wal_reset_fault_are_known(version: tuple[int, ...], sound: bool):
    assert sqlite_build.is_sound(version) is sound


def test_it_does_not_start_on_an_affected_build(monkeypatch):
    monkeypatch.setattr(sqlite_build.pysqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(sqlite_build.pysqlite3, "sqlite_version", "3.40.1")
    with pytest.raises(sqlite_build.AffectedSqlite, match=r"3\.40\.1.*make setup"):
        sqlite_build.install()


@pytest.mark.django_db
def test_django_runs_on_the_sound_build():
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        assert sqlite_build.is_sound(tuple(map(int, cursor.fetchone()[0].split("."))))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: every commit is on the disk before it is acknowledged
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("mmap_size", 0),
    ],
)
def test_the_live_connection_is_durable(pragma: str, value: object):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


HOLD_THE_QUEUE = """
import fcntl, os, pathlib, sys, time
queue = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(queue, fcntl.LOCK_EX)
print("holds", flush=True)
time.sleep(0.3)
pathlib.Path(sys.argv[2]).touch()
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_second_writer_begins_only_when_the_first_has_left_the_queue(tmp_path):
    queue, left = f"{connection.settings_dict['NAME']}.writers", tmp_path / "left"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_QUEUE, queue, str(left)], stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "holds\n"
        with transaction.atomic():
            assert left.exists()


def test_the_module_that_django_uses_is_ours():
    assert sys.modules["sqlite3"].sqlite_version == sqlite_build.pysqlite3.sqlite_version
    assert sqlite3.sqlite_version_info >= sqlite_build.FIRST_SOUND_VERSION
