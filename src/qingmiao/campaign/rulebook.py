"""What offices may word differently: templates, channels, checklists and times, read from rules/campaign/*.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from qingmiao.law.dated import RULES, read_rules


def rulebook(name: str) -> Mapping[str, Any]:
    """The rules called `name`: the office's own file in the data folder if it laid one there, else ours."""
    own = Path(settings.HOME) / "campaign" / f"{name}.yaml"
    return _read(own if own.exists() else RULES / "campaign" / f"{name}.yaml")


@cache
def _read(path: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_rules(path)
    return content


def worded(text: Mapping[str, str]) -> str:
    """A text that is kept in both languages, in the one now active."""
    return text["zh" if (get_language() or "zh").startswith("zh") else "en"]


def choices(name: str, part: str) -> list[tuple[str, str]]:
    """The codes under `part` with their words: `choices("publicity", "channels")`."""
    return [(code, worded(entry)) for code, entry in rulebook(name)[part].items()]


def word_of(name: str, part: str, code: str) -> str:
    """The word of one code; the code itself when a file no longer has it."""
    entry = rulebook(name)[part].get(code)
    return worded(entry) if entry else code
