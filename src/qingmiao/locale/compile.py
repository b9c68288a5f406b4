"""Compile the catalogues into a folder Django reads: at set-up and at every start, in plain Python."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from qingmiao.locale.catalogue import read_po, to_mo

FOLDER = Path(__file__).resolve().parent


def compile_catalogues(target: Path, source: Path = FOLDER) -> list[Path]:
    """Write `<target>/<language>/LC_MESSAGES/django.mo` where the .po has changed; returns what was written.

    Several processes may do this at once: each file appears whole or not at all.
    """
    written = []
    for po in sorted(source.glob("*/LC_MESSAGES/django.po")):
        mo = target / po.relative_to(source).with_suffix(".mo")
        stamp = sha256(po.read_bytes()).hexdigest()
        mark = mo.with_suffix(".stamp")
        if not (mo.exists() and mark.exists() and mark.read_text() == stamp):
            language = po.parent.parent.name
            _replace(mo, to_mo(language, read_po(po.read_text(encoding="utf-8")).values()))
            _replace(mark, stamp.encode())
            written.append(mo)
    return written


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
