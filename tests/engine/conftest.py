"""What the engine's tests share: CDC's folder, the two speeds, and small drawn rulesets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.where import not_found

from qingmiao.engine.rulesets import Ruleset

CDSI = Path(os.environ.get("QINGMIAO_CDSI") or Path(__file__).parents[2] / ".." / "shared" / "cdsi").resolve()


@pytest.fixture(scope="session")
def cdsi_folder() -> Path:
    """CDC's supporting data and cases; the test is skipped where they are not."""
    if not (CDSI / "cases.jsonl").is_file():
        pytest.skip(not_found("CDC's cases", CDSI, "QINGMIAO_CDSI"))
    return CDSI


@pytest.fixture(scope="session")
def cdsi(cdsi_folder: Path) -> Ruleset:
    return Ruleset.cdsi(cdsi_folder)


@pytest.fixture(scope="session")
def cn() -> Ruleset:
    return Ruleset.china()


@pytest.fixture(params=["plain", pytest.param("compiled", marks=pytest.mark.slow)])
def compiled(request: pytest.FixtureRequest) -> bool:
    """Every drawn case runs at both speeds."""
    return bool(request.param == "compiled")
