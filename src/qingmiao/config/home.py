"""Where this installation keeps its data, and which database it uses: read from the environment, once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KEPT_PLANNED_AFTER = 3  # times that a connection to PostgreSQL has asked a statement of audit/statements.py


def home() -> Path:
    """The data folder: `QINGMIAO_HOME`, or `var` in the folder the command was started from."""
    folder = Path(os.environ.get("QINGMIAO_HOME", "var")).absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


class UnknownDatabase(ValueError):
    """DATABASE_URL names a database that Qingmiao does not run on."""

    def __init__(self, scheme: str) -> None:
        super().__init__(
            f"DATABASE_URL starts with {scheme!r}: Qingmiao runs on SQLite and PostgreSQL."
            " Write sqlite:///path/to/file or postgresql://user:password@host:5432/name."
        )


def database(url: str | None = None) -> dict[str, Any]:
    """Django's settings of the database that `url` (default `DATABASE_URL`) names; none means SQLite under `home()`."""
    url = url or os.environ.get("DATABASE_URL") or f"sqlite:///{home() / 'qingmiao.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = unquote(parts.path[1:]) or ":memory:"
        return {"ENGINE": "qingmiao.config.sqlite", "NAME": name, "CONN_MAX_AGE": None}  # opening costs 7 pragmas
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"prepare_threshold": KEPT_PLANNED_AFTER} | dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise UnknownDatabase(parts.scheme)
