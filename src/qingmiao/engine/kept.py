"""What takes time to build from rule files is kept between two starts: rule books and encoded rulesets.

Under QINGMIAO_HOME (default ~/.qingmiao), in files named by a digest of the rule files and of the code
that reads them, so a changed rule or program never meets an old one. The folder is as trusted as the
compiled code beside it. A file that is absent, torn or of another program is built anew; where nothing
can be written, nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

Kept = TypeVar("Kept")
_ENGINE = Path(__file__).parent
_RULES = _ENGINE.parent / "rules"
_SEAL = hashlib.sha256().digest_size


def cache_home() -> Path:
    """The folder for what can be built again."""
    home = Path(os.environ.get("QINGMIAO_HOME") or Path.home() / ".qingmiao")
    return home / "cache"


@cache
def digest() -> str:
    """Digest of this Python, of the engine's code and of every country's rule files, without their cases."""
    code = [
        path for folder in (".", "rules", "china", "kernel", "tape") for path in sorted((_ENGINE / folder).glob("*.py"))
    ]
    rules = sorted(path for path in _RULES.rglob("*.yaml") if not path.name.endswith(".cases.yaml"))
    found = hashlib.sha256(sys.version.encode())
    for path in (*code, *rules):
        found.update(str(path.relative_to(_ENGINE.parent)).encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:24]


def kept(name: str, build: Callable[[], Kept]) -> Kept:
    """What `build` gives, from the cache if it is there; `name` says what it is, as part of a file name."""
    try:
        path = cache_home() / "rules" / f"{name}.{digest()}"
    except (OSError, RuntimeError):  # no home folder, or a file that cannot be read as such
        return build()
    with suppress(Exception):  # whatever a torn file may raise
        sealed = path.read_bytes()
        if hashlib.sha256(sealed[_SEAL:]).digest() == sealed[:_SEAL]:
            return cast(Kept, pickle.loads(sealed[_SEAL:]))  # noqa: S301 (our own file, see above)
    built = build()
    with suppress(OSError):
        _write(path, pickle.dumps(built, protocol=5))
    return built


def _write(path: Path, content: bytes) -> None:
    """Write in one stroke, and remove what older rules or programs left under this name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(hashlib.sha256(content).digest() + content)
    Path(file.name).replace(path)
    for older in path.parent.glob(f"{path.stem}.*"):
        if older != path:
            older.unlink(missing_ok=True)
