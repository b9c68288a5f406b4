"""Django's SQLite backend, durable and fair: WAL, synchronous=FULL, and one queue in front of all writers.

SQLite's own busy retry is unfair: of eight competing processes one waited three seconds. A file lock held around
each write transaction makes them take turns. See docs/adr/0004-sqlite-writers.md.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from qingmiao.config import sqlite_build

sqlite_build.install()

from django.db.backends.sqlite3 import base  # noqa: E402 (must come after the sound build is in place)

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=20000",
    "PRAGMA secure_delete=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY",
)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; its write transactions hold the queue's lock from BEGIN IMMEDIATE to COMMIT or ROLLBACK."""

    _queue: int | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for pragma in PRAGMAS:
            connection.execute(pragma).fetchall()
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_queue()
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave_queue()
            raise

    def _enter_queue(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self._queue is not None or ":memory:" in name or "mode=memory" in name:
            return
        self._queue = os.open(f"{name}.writers", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._queue, fcntl.LOCK_EX)

    def _leave_queue(self) -> None:
        if self._queue is not None:
            os.close(self._queue)  # closing the only descriptor of this open file releases its lock
            self._queue = None

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._leave_queue()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_queue()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave_queue()
