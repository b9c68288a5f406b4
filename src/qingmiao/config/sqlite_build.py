"""The SQLite that Qingmiao runs on: a build without the WAL-reset fault, loaded in place of the system's."""

from __future__ import annotations

import sys

import pysqlite3

FIRST_SOUND_VERSION = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a WAL database when two connections checkpoint at once


class AffectedSqlite(RuntimeError):
    """This SQLite can corrupt a database in WAL mode."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"SQLite {version} can corrupt a database in WAL mode (fixed in 3.51.3). Qingmiao does not start on it:"
            " install the pinned requirements again (make setup), which bring a sound build, or use PostgreSQL."
        )


def is_sound(version: tuple[int, ...]) -> bool:
    """Whether a SQLite of `version` is free of the WAL-reset fault; 3.52.0 was withdrawn."""
    return version >= FIRST_SOUND_VERSION and version != (3, 52, 0)


def install() -> None:
    """Make `sqlite3` mean the bundled build for this process. Raises AffectedSqlite if that build is not sound."""
    if not is_sound(pysqlite3.sqlite_version_info):
        raise AffectedSqlite(pysqlite3.sqlite_version)
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
