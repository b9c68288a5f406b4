"""Tables whose rows are added and never changed: the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

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


class AppendOnly(Operation):
    """A migration step: forbid updates of `columns` (none named: of any) and deletion of rows that meet `undeletable`.

    `undeletable` is SQL over OLD. Reversible.
    """

    reversible = True

    def __init__(self, table: str, columns: Sequence[str] = (), undeletable: str = "1 = 1") -> None:
        self.table = table
        self.columns = columns
        self.undeletable = undeletable

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        vendor = schema_editor.connection.vendor
        for statement in _statements(vendor, self.table, self.columns, self.undeletable):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for what in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_{what}" + ("" if is_sqlite else f" ON {self.table}"))
        if not is_sqlite:
            schema_editor.execute(f"DROP FUNCTION {self.table}_refuse()")

    def describe(self) -> str:
        return f"Forbid changes of {self.table}"
