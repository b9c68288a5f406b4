"""Rows for a measurement, written past the actions: only ever into the measurement's own database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any


def _stored(sample: Any) -> dict[str, Any]:
    """Each column of a row but its key, as the database would be given it."""
    from django.db import connection

    return {
        field.column: field.get_db_prep_save(field.pre_save(sample, True), connection)
        for field in sample._meta.concrete_fields
        if not field.primary_key
    }


def write_rows(sample: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """A row for each tuple over `columns`; what it does not say is as in `sample`."""
    from django.db import connection

    rest = {column: value for column, value in _stored(sample).items() if column not in columns}
    same = tuple(rest.values())
    names = ", ".join((*columns, *rest))
    marks = ", ".join(["%s"] * (len(columns) + len(rest)))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {sample._meta.db_table} ({names}) VALUES ({marks})",
            (row + same for row in rows),
        )


def write_many(sample: Any, count: int, own: dict[str, str]) -> None:
    """`count` rows by one statement; `own` are SQL expressions over n, from 0, the rest is as in `sample`."""
    from django.db import connection

    rest = {column: value for column, value in _stored(sample).items() if column not in own}
    columns = ", ".join((*own, *rest))
    values = ", ".join((*own.values(), *["%s"] * len(rest)))
    statement = (
        f"WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {count - 1}) "
        f"INSERT INTO {sample._meta.db_table} ({columns}) SELECT {values} FROM c"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(rest.values()))


@contextmanager
def large_cache() -> Iterator[None]:
    """Half a gigabyte for the pages of the indexes while millions of rows go in."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -524288")
        yield
        cursor.execute("PRAGMA cache_size = -2000")


def without_counts() -> None:
    """Take the triggers of the kept counts away: what is measured here does not ask for them."""
    from django.db import connection

    from qingmiao.reports.triggers import drop

    drop(plan=[connection])
