"""The tutorials are run: each command as it stands, and what stands under it must be in what it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _steps(text: str) -> list[tuple[str, list[str]]]:
    """Commands with the lines that must be in their output."""
    steps: list[tuple[str, list[str]]] = []
    for line in "".join(BLOCK.findall(text)).splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif line.strip():
            steps[-1][1].append(" ".join(line.split()))
    return steps


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_what_a_tutorial_says_is_what_happens(tutorial: Path, tmp_path: Path):
    steps = _steps(tutorial.read_text(encoding="utf-8"))
    assert len(steps) > 5
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("QINGMIAO", "DATABASE"))}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    script = "set -e\n" + "\n".join(f"{command}\necho ===next===" for command, _lines in steps)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    printed = [" ".join(part.split()) for part in done.stdout.split("===next===")]
    assert done.returncode == 0, f"{steps[len(printed) - 1][0]}: {done.stderr[-2000:]}"
    for (command, expected), output in zip(steps, printed, strict=False):
        for line in expected:
            assert line in output, f"{command}: {line!r} is not in {output!r}"
