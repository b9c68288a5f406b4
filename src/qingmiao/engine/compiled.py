"""The kernel compiled by numba: the same functions, registered for compiled code, cached on disk.

numba is imported only here, so a desk that judges one child never pays for it. The cache lies in
NUMBA_CACHE_DIR if that is set, else under QINGMIAO_HOME (default ~/.qingmiao), in a folder named by a
digest of the kernel's sources: an installed package may be read-only, and a changed kernel never
meets an old cache.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import tempfile
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from qingmiao.engine.kept import cache_home

MODULES = ("memory", "conditions", "intervals", "evaluate", "forecast", "relevant", "select", "group", "judge")
"""The kernel's modules, callees first."""


def kernel_digest() -> str:
    """Digest of the sources that the compiled kernel is made of."""
    here = Path(__file__).parent
    files = [here / "calendar.py", here / "jit.py", *sorted((here / "kernel").glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled code is kept: one folder for each digest, because numba looks only at one source file."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or cache_home() / "numba") / kernel_digest()


def kernel_functions() -> list[types.FunctionType]:
    """Every function of the kernel and the calendar, callees first."""
    names = ["qingmiao.engine.calendar", *(f"qingmiao.engine.kernel.{name}" for name in MODULES)]
    found: list[types.FunctionType] = []
    for name in names:
        module = importlib.import_module(name)
        found += [f for f in vars(module).values() if isinstance(f, types.FunctionType) and f.__module__ == name]
    return [f for f in found if f.__name__ not in ("day_number", "day_of", "judge_people")]


def _name_cache(folder: Path) -> None:
    """Tell numba where its cache is; its environment variable is read only once, at import."""
    import numba

    settings: Any = numba.config
    settings.CACHE_DIR = str(folder)


def _writable(folder: Path) -> Path:
    """The folder, made; where nothing can be written, one that is forgotten: each process compiles for itself."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="qingmiao-"))
    return folder


@cache
def compiled_kernel() -> Callable[..., None]:
    """`kernel.judge.judge_people`, compiled. The first call compiles or reads the cache."""
    _name_cache(_writable(cache_folder()))
    from qingmiao.engine.jit import judge_columns

    return cast(Callable[..., None], judge_columns)
