"""Tables whose rows are added and never changed: the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import migrations

MESSAGE = "rows of {table} are added, never changed"


def _statements(vendor: str, table: str, columns: Sequence[str], undeletable: str) -> list[str]:
    of = f" OF {', '.join(columns)}" if columns else ""
    message = MESSAGE.format(table=table)
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN {undeletable} {refuse}",
        ]
    function = f"{table}_refuse()"
    return [
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW"
        f" WHEN ({undeletable}) EXECUTE FUNCTION {function}",
    ]


def append_only(table: str, columns: Sequence[str] = (), undeletable: str = "1 = 1") -> migrations.RunPython:
    """A migration step: forbid updates of `columns` (none named: of any) and deletion of rows that meet `undeletable`.

    `undeletable` is SQL over OLD. Reversible.
    """

    def create(_apps: Any, editor: Any) -> None:
        for statement in _statements(editor.connection.vendor, table, columns, undeletable):
            editor.execute(statement)

    def drop(_apps: Any, editor: Any) -> None:
        on = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        for what in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{what}{on}")
        if editor.connection.vendor != "sqlite":
            editor.execute(f"DROP FUNCTION {table}_refuse()")

    return migrations.RunPython(create, drop)


def append_only_again(table: str, columns: Sequence[str] = (), undeletable: str = "1 = 1") -> migrations.RunPython:
    """A migration step after a change of such a table: SQLite builds the table anew for a new column, and a table that
    is built anew has lost its triggers. PostgreSQL keeps them."""

    def create(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            return
        for what in ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
        for statement in _statements("sqlite", table, columns, undeletable):
            editor.execute(statement)

    return migrations.RunPython(create, migrations.RunPython.noop)
