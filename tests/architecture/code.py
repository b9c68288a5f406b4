"""The product's source as the tests of this folder read it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "qingmiao"
# From the top down; a name means src/qingmiao/<name>.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("archive",),
    ("reports",),
    ("campaign", "surveillance", "training"),
    ("clinic",),
    ("safety",),
    ("outreach",),
    ("schedule",),
    ("registry",),
    ("stock",),
    ("staff",),
    ("audit",),
)
DOMAIN = tuple(name for layer in LAYERS for name in layer)


def height(app: str) -> int:
    """Place of an app in the order of layers: larger is higher."""
    return next(len(LAYERS) - place for place, names in enumerate(LAYERS) if app in names)


def modules(*parts: str) -> Iterator[Path]:
    """The Python files below src/qingmiao/<part>, migrations left out."""
    for part in parts or ("",):
        for path in sorted((PACKAGE / part).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def committed(*patterns: str) -> list[Path]:
    """Files under version control that match `patterns` (git's own), as they lie in the work tree."""
    names = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]
