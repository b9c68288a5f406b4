"""Two lookups that Django lacks, for SQLite and PostgreSQL.

`begins` is a prefix that an index can answer: Django's `startswith` becomes `LIKE … ESCAPE` on SQLite, which
ignores upper and lower case and reads the whole table. `shows` looks into the lists of the audit trail.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, JSONField, Lookup
from django.db.models.lookups import StartsWith

LAST = "\U0010ffff"


@CharField.register_lookup
class Begins(Lookup):  # type: ignore[type-arg]
    """`column__begins=text`: the column starts with exactly `text`; an empty text matches every row."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return StartsWith(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*parameters, self.rhs, *parameters, f"{self.rhs}{LAST}"]


@JSONField.register_lookup
class Shows(Lookup):  # type: ignore[type-arg]
    """`details__shows=12`: the audit line of a page that showed person 12 among others. Reads every line."""

    lookup_name = "shows"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"({column} -> 'people') @> %s::jsonb", [*parameters, str(int(self.rhs))]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        shown = f"EXISTS (SELECT 1 FROM json_each({column}, '$.people') WHERE value = %s)"  # noqa: S608 (a column name)
        return shown, [*parameters, int(self.rhs)]
