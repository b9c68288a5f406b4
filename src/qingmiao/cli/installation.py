"""Making an installation ready: its tables, its translations and its static files, and what can be said about its database."""

from __future__ import annotations

from pathlib import Path


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
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.touch()


def _newest(folders: list[Path]) -> float:
    return max(path.stat().st_mtime for folder in folders for path in [folder, *folder.rglob("*")])


def database_line() -> str:
    """The database as this process sees it, asked of the live connection: version and how it keeps what it was told."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            (version,) = cursor.fetchone()
            return f"SQLite {version}, journal_mode={_asked(cursor, 'PRAGMA journal_mode')}, synchronous={synchronous(cursor)}"
        settings = ", ".join(f"{name}={_asked(cursor, f'SHOW {name}')}" for name in ("fsync", "synchronous_commit"))
        return f"PostgreSQL {_asked(cursor, 'SHOW server_version')}, {settings}"


def synchronous(cursor: object) -> str:
    """SQLite's `synchronous` of this connection, by name."""
    return ("OFF", "NORMAL", "FULL", "EXTRA")[int(_asked(cursor, "PRAGMA synchronous"))]


def _asked(cursor: object, question: str) -> str:
    cursor.execute(question)  # type: ignore[attr-defined]
    return str(cursor.fetchone()[0])  # type: ignore[attr-defined]
