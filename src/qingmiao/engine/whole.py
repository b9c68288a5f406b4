"""A file is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(output: Path) -> Iterator[Path]:
    """Where to write what is called `output` once the block is through: a run that stops leaves what was there."""
    unfinished = output.with_name(f"{output.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
