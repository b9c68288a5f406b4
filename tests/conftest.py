"""What all tests share: a data folder of their own, a real database file, and the village."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["QINGMIAO_HOME"] = tempfile.mkdtemp(prefix="qingmiao-test-")
os.environ["DJANGO_SETTINGS_MODULE"] = "qingmiao.config.settings"

import hypothesis
import pytest
from django.conf import settings

if TYPE_CHECKING:
    from tests.village import Village

pytest_plugins = ["tests.browser", "tests.where", "tests.quiet_logs"]

# Few invented examples while working, the same ones on every run of CI, many at night (make test-properties).
profiles = {"default": 25, "ci": 50, "long": int(os.environ.get("EXAMPLES", "2000"))}
profile = os.environ.get("HYPOTHESIS_PROFILE", "default")
hypothesis.settings.register_profile(
    profile, max_examples=profiles[profile], deadline=None, derandomize=profile == "ci", database=None
)
hypothesis.settings.load_profile(profile)


def pytest_configure() -> None:
    settings.DATABASES["default"].setdefault("TEST", {})
    if settings.DATABASES["default"]["ENGINE"] == "qingmiao.config.sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = str(Path(os.environ["QINGMIAO_HOME"]) / "test.sqlite3")
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["tests.fast_hasher.FastArgon2"]


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_triggers() -> Iterator[None]:
    """Tests that commit are emptied by DELETE on SQLite; append-only tables refuse it: lift that.

    For the whole session, because a test's database is emptied after its own fixtures have ended.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    flush = type(connection.ops).execute_sql_flush

    def flush_without_triggers(ops: object, sql_list: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        flush(ops, sql_list)  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", flush_without_triggers)
        yield


@pytest.fixture
def village(db: None) -> Village:
    """The village of `tests/village.py`."""
    from tests import village

    return village.build()
