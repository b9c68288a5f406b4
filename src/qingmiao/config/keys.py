"""The installation's secret keys: made at the first start, kept in one file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from qingmiao.config.home import home


@dataclass(frozen=True, repr=False)
class Keys:
    """Four independent keys as hexadecimal text. `web` signs cookies, `seal` encrypts fields, `lookup` makes
    searchable hashes, `audit` chains the audit trail. Losing `seal` loses every number that was stored."""

    web: str
    seal: str
    lookup: str
    audit: str


def _fresh() -> Keys:
    return Keys(*(secrets.token_hex(32) for _ in range(4)))


def _read_or_make(path: Path) -> Keys:
    try:
        return Keys(**json.loads(path.read_text()))
    except FileNotFoundError:
        pass
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(_fresh()), file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # two processes may start at once: the first one's keys stand
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return Keys(**json.loads(path.read_text()))


@cache
def keys() -> Keys:
    """The keys of this installation; a deployment that keeps them elsewhere names the file in `QINGMIAO_KEYS`."""
    return _read_or_make(Path(os.environ.get("QINGMIAO_KEYS", home() / "keys.json")))
