"""The power fails at any moment: whatever was acknowledged is there, whole, with its line in the trail.

The same replay must find losses when SQLite is set less strictly, or it would prove nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.config.power_cut.replay import DATABASE, Damage, cut_power

HERE = Path(__file__).parent / "power_cut"
CUTS = int(os.environ.get("QINGMIAO_CUTS", "200"))
ACTIONS = 60

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler found (on Debian: apt-get install gcc libc6-dev)")
    library = tmp_path_factory.mktemp("recorder") / "recorder.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-o", library, HERE / "recorder.c", "-ldl"], check=True
    )
    return library


def _work(home: Path, *arguments: str, **environment: str) -> None:
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    subprocess.run(
        [sys.executable, "-m", "tests.config.power_cut.workload", *arguments],
        env=inherited | {"QINGMIAO_HOME": str(home)} | environment,
        check=True,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with empty tables."""
    home = tmp_path_factory.mktemp("prepared")
    _work(home, "prepare")
    return home


def damage(recorder: Path, prepared: Path, tmp_path: Path, synchronous: str) -> Damage:
    """Record `ACTIONS` actions under `synchronous`, then cut the power `CUTS` times."""
    home, left, log = tmp_path / "home", tmp_path / "left", tmp_path / "recording"
    shutil.copytree(prepared, home)
    left.mkdir()
    before = {DATABASE: (home / DATABASE).read_bytes()}
    recording = {"LD_PRELOAD": str(recorder), "RECORD_FOLDER": str(home), "RECORD_LOG": str(log)}
    _work(home, "write", str(ACTIONS), synchronous, **recording)
    return cut_power(before, log.read_bytes(), CUTS, seed=2026, folder=left)


def test_nothing_acknowledged_is_lost(recorder: Path, prepared: Path, tmp_path: Path):
    assert damage(recorder, prepared, tmp_path, "as shipped") == Damage(cuts=CUTS)


def test_the_replay_finds_what_normal_loses(recorder: Path, prepared: Path, tmp_path: Path):
    found = damage(recorder, prepared, tmp_path, "NORMAL")
    assert found.lost > 0
    assert found.corrupt == found.torn_apart == 0


def test_the_replay_finds_what_off_corrupts(recorder: Path, prepared: Path, tmp_path: Path):
    found = damage(recorder, prepared, tmp_path, "OFF")
    assert found.corrupt > 0
