"""The `qingmiao` command as a person runs it: a process of its own, with a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

START = [sys.executable, "-c", "from qingmiao.cli.main import main; main()"]


def environment(home: Path, **more: str) -> dict[str, str]:
    """What the command sees: nothing of this run's database or data folder."""
    inherited = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "QINGMIAO_HOME", "PORT")
    }
    return inherited | {"QINGMIAO_HOME": str(home), "QINGMIAO_LANGUAGE": "en"} | more


def qingmiao(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [*START, *arguments], env=environment(home, **more), capture_output=True, text=True, timeout=120, check=False
    )
