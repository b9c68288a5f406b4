"""Many rows at once: ids set aside beforehand, plain statements, and a note of exactly which rows were written."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

BLOCK = 2_000
CACHE_KILOBYTES = 64 << 10


class Ids:
    """Fresh primary keys of a table, taken in order."""

    def __init__(self, model: type[models.Model]) -> None:
        self._table = model._meta.db_table
        self._next, self._end = 0, 0

    def take(self) -> int:
        """The next key; nobody else gets it."""
        if self._next == self._end:
            self._next, self._end = self._reserve()
        self._next += 1
        return self._next - 1

    def _reserve(self) -> tuple[int, int]:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # The write transaction is open: no other writer can insert, so everything above is ours.
                cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {self._table}")  # noqa: S608 our table's name
                highest = cursor.fetchone()[0]
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._table])
                used = cursor.fetchone()
                first = max(highest, used[0] if used else 0, self._end - 1) + 1
                return first, first + (1 << 40)
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [self._table])
            sequence = cursor.fetchone()[0]
            # setval after nextval is not atomic, so a block is taken by stepping through it.
            block = "SELECT nextval(%s) AS n FROM generate_series(1, %s)"
            cursor.execute(f"SELECT min(n), count(*), max(n) FROM ({block}) taken", [sequence, BLOCK])  # noqa: S608
            first, count, last = cursor.fetchone()
            return (first, last + 1) if last - first + 1 == count else (last, last + 1)


class Table:
    """Rows waiting to be inserted into one table, and the keys of those that were."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        self.model = model
        self.ids = Ids(model)
        self.runs: list[list[int]] = []
        self._rows: list[tuple[Any, ...]] = []
        names = ", ".join(connection.ops.quote_name(column) for column in ("id", *columns))
        marks = ", ".join(["%s"] * (len(columns) + 1))
        table = connection.ops.quote_name(model._meta.db_table)
        self._statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 names from our models

    def add(self, *values: Any) -> int:
        """Keep a row for the next flush; returns its key."""
        pk = self.ids.take()
        self._rows.append((pk, *values))
        runs = self.runs
        if runs and runs[-1][0] + runs[-1][1] == pk:
            runs[-1][1] += 1
        else:
            runs.append([pk, 1])
        return pk

    def flush(self) -> None:
        """Insert what waits."""
        if self._rows:
            with connection.cursor() as cursor:
                cursor.executemany(self._statement, self._rows)
            self._rows.clear()


@contextmanager
def room_for_much() -> Iterator[None]:
    """Give SQLite a page cache that holds the indexes a bulk write jumps about in (its own is 2 MB), and let Python
    not look for cycles among millions of rows that have none: a sixth of the time."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        with _larger_cache():
            yield
    finally:
        if was_collecting:
            gc.enable()


@contextmanager
def _larger_cache() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA cache_size = -2000")


def pks_of(runs: Iterable[Sequence[int]]) -> Iterable[int]:
    """The keys that `runs` (first, how many) stand for."""
    for first, count in runs:
        yield from range(first, first + count)
