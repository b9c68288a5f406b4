"""Where data lie and which database is used: read from the environment."""

from __future__ import annotations

import json
import stat

import pytest

from qingmiao.config.home import UnknownDatabase, database, home
from qingmiao.config.keys import _read_or_make


def test_the_data_folder_is_made_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("QINGMIAO_HOME", str(tmp_path / "new" / "folder"))
    assert home() == tmp_path / "new" / "folder"
    assert stat.S_IMODE(home().stat().st_mode) == 0o700


def test_without_an_address_the_database_is_a_file_in_the_data_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("QINGMIAO_HOME", str(tmp_path))
    found = database()
    assert (found["ENGINE"], found["NAME"]) == ("qingmiao.config.sqlite", str(tmp_path / "qingmiao.sqlite3"))
    assert found["CONN_MAX_AGE"] is None, "a connection is kept: opening the file anew costs more than most queries"


def test_a_password_with_signs_survives_its_address():
    settings = database("postgresql://nurse:p%40ss%2Fword@db.example:5433/clinic?sslmode=require")
    assert (settings["USER"], settings["PASSWORD"], settings["HOST"], settings["PORT"], settings["NAME"]) == (
        "nurse",
        "p@ss/word",
        "db.example",
        "5433",
        "clinic",
    )
    assert settings["OPTIONS"] == {"prepare_threshold": 3, "sslmode": "require"}


def test_another_database_is_refused_with_what_to_write():
    with pytest.raises(UnknownDatabase, match="mysql.*postgresql://"):
        database("mysql://localhost/clinic")


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    first = _read_or_make(tmp_path / "keys.json")
    assert first == _read_or_make(tmp_path / "keys.json")
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_every_installation_has_other_keys_and_the_four_differ(tmp_path):
    one, other = _read_or_make(tmp_path / "one.json"), _read_or_make(tmp_path / "other.json")
    values = list(json.loads((tmp_path / "one.json").read_text()).values())
    assert len(set(values)) == 4
    assert {len(value) for value in values} == {64}
    assert one != other


def test_printing_the_keys_shows_none(tmp_path):
    keys = _read_or_make(tmp_path / "keys.json")
    assert keys.seal not in repr(keys)
