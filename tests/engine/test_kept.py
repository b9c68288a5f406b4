"""Rulesets kept between two starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingmiao.engine import kept


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QINGMIAO_HOME", str(tmp_path))
    return tmp_path / "cache" / "rules"


def never() -> list[int]:
    raise AssertionError("built again")


def test_what_was_built_once_is_read_the_next_time(home: Path) -> None:
    assert kept.kept("cn", lambda: [1]) == [1]
    assert kept.kept("cn", never) == [1]


def test_rules_that_changed_are_built_anew_and_the_old_file_goes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.kept("cn", lambda: [1])
    monkeypatch.setattr(kept, "digest", lambda: "another")
    assert kept.kept("cn", lambda: [2]) == [2]
    assert [path.name for path in home.iterdir()] == ["cn.another"]


@pytest.mark.parametrize("content", [b"", b"torn", b"\0" * 32 + b"not what was written"])
def test_a_torn_file_is_built_anew(home: Path, content: bytes) -> None:
    kept.kept("cn", lambda: [1])
    next(home.iterdir()).write_bytes(content)
    assert kept.kept("cn", lambda: [2]) == [2]
    assert kept.kept("cn", never) == [2]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("QINGMIAO_HOME", str(tmp_path / "file"))
    assert kept.kept("cn", lambda: [1]) == [1]
    assert kept.kept("cn", lambda: [2]) == [2]
