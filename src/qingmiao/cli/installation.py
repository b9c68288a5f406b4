"""Making an installation ready: its tables and static files; and what its database says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

UNUSED = ["ext", "htmx-4*"]  # parts of django-htmx that no page loads
SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


def prepare_database() -> None:
    """Bring the tables up to this version. Does nothing when they are."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def prepare_pages() -> None:
    """Gather the static files in the data folder, unless what lies there is newer than every one of them."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = settings.STATIC_ROOT / "gathered"
    if not stamp.exists() or _newest(settings.STATICFILES_DIRS) > stamp.stat().st_mtime:
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED)
        stamp.touch()


def _newest(folders: list[Path]) -> float:
    return max(path.stat().st_mtime for folder in folders for path in [folder, *folder.rglob("*")])


def database_line() -> str:
    """The database as this process sees it, asked of the live connection: version and how it keeps what it was told."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            mode = _answer(cursor, "PRAGMA journal_mode")
            synchronous = SYNCHRONOUS[int(_answer(cursor, "PRAGMA synchronous"))]
            version = _answer(cursor, "SELECT sqlite_version()")
            return f"SQLite {version}, journal_mode={mode}, synchronous={synchronous}"
        settings = [f"{name}={_answer(cursor, f'SHOW {name}')}" for name in ("fsync", "synchronous_commit")]
        return ", ".join([f"PostgreSQL {_answer(cursor, 'SHOW server_version')}", *settings])


def _answer(cursor: Any, question: str) -> str:
    cursor.execute(question)
    return str(cursor.fetchone()[0])
