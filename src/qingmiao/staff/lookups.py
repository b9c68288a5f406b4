"""The lookup `begins`: a prefix that an index can answer, on SQLite as on PostgreSQL.

Django's `startswith` becomes `LIKE … ESCAPE` on SQLite, which ignores upper and lower case and reads the whole table.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup
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
