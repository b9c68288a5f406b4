"""The doctor refuses what may not be used with real people."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from django.conf import settings
from django.test import override_settings
from tests.cli.command import qingmiao

from qingmiao.cli import doctor
from qingmiao.config import keys


def levels() -> dict[str, str]:
    return {finding.name: finding.level for finding in doctor.findings()}


@pytest.fixture
def private_home(tmp_path):
    """A data folder whose files are for its owner only."""
    tmp_path.chmod(0o700)
    with override_settings(HOME=tmp_path):
        yield tmp_path


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_sound_installation_is_ready(private_home):
    assert [name for name, level in levels().items() if level == doctor.UNFIT] == []


@pytest.mark.django_db
def test_demo_accounts_stop_a_deployment(village):
    type(village.users["hejing"]).objects.filter(username="hejing").update(is_demo=True)
    assert levels()["demo"] == doctor.UNFIT


@pytest.mark.parametrize("weak", ["0" * 64, "test", ""])
@pytest.mark.django_db
def test_a_key_made_for_tests_stops_a_deployment(monkeypatch, weak: str):
    good = asdict(keys.keys())
    monkeypatch.setattr(keys, "keys", lambda: keys.Keys(**good | {"seal": weak}))
    assert levels()["keys"] == doctor.UNFIT


@pytest.mark.django_db
def test_two_equal_keys_stop_a_deployment(monkeypatch):
    good = asdict(keys.keys())
    monkeypatch.setattr(keys, "keys", lambda: keys.Keys(**good | {"seal": good["web"]}))
    assert levels()["keys"] == doctor.UNFIT


@pytest.mark.django_db
def test_an_affected_sqlite_stops_a_deployment(monkeypatch):
    import pysqlite3

    monkeypatch.setattr(pysqlite3, "sqlite_version_info", (3, 51, 2))
    assert levels()["sqlite_build"] == doctor.UNFIT


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_database_that_may_lose_a_write_stops_a_deployment():
    from django.db import connection

    connection.cursor().execute("PRAGMA query_only")  # opens it
    line = "SQLite 3.53.4, journal_mode=wal, synchronous=NORMAL"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qingmiao.cli.installation.database_line", lambda: line)
        assert levels()["database"] == doctor.UNFIT


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_postgresql_without_fsync_stops_a_deployment():
    """The throw-away server of the tests is one."""
    assert levels()["database"] == doctor.UNFIT


@pytest.mark.django_db
def test_keys_that_others_can_read_stop_a_deployment(private_home):
    (private_home / "keys.json").write_text("{}")
    (private_home / "keys.json").chmod(0o644)
    assert levels()["private_files"] == doctor.UNFIT
    (private_home / "keys.json").chmod(0o600)
    assert levels()["private_files"] == doctor.GOOD


@pytest.mark.django_db
def test_debug_and_any_host_stop_a_deployment():
    with override_settings(DEBUG=True, ALLOWED_HOSTS=["*"]):
        found = levels()
    assert (found["debug"], found["hosts"]) == (doctor.UNFIT, doctor.UNFIT)
    assert settings.DEBUG is False


@pytest.mark.django_db
def test_missing_libraries_only_warn_and_say_what_to_install(monkeypatch):
    monkeypatch.setattr(doctor.ctypes.util, "find_library", lambda _name: None)
    monkeypatch.setattr(doctor.shutil, "which", lambda _name: None)
    found = {finding.name: finding for finding in doctor.findings()}
    assert (found["pango"].level, found["fonts"].level) == (doctor.WARNING, doctor.WARNING)
    assert "apt-get install libpango" in found["pango"].cure
    assert "fonts-noto-cjk" in found["fonts"].cure


@pytest.mark.slow
def test_an_empty_folder_is_not_ready_and_a_program_can_read_why(tmp_path):
    answer = qingmiao(tmp_path, "doctor", "--json")
    report = json.loads(answer.stdout)
    assert (answer.returncode, report["ready"]) == (8, False)
    assert {check["name"]: check["level"] for check in report["checks"]}["tables"] == "unfit"
