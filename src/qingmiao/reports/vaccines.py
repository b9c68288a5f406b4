"""Vaccines by their national codes, as rules/cn/vaccines.yaml knows them: names and what they are used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qingmiao.law.dated import rule_file
from qingmiao.reports.language import speaks_chinese

MAJOR = 2  # the first two digits name the group of vaccines


def vaccines() -> Mapping[str, Mapping[str, Any]]:
    """Every vaccine of the national table by its code: name, short, use, major and more."""
    found: Mapping[str, Mapping[str, Any]] = rule_file("cn", "vaccines")["vaccines"]
    return found


def vaccine_name(code: str) -> str:
    """What a code, or the beginning of codes, is called; the code itself where nobody knows it.

    Chinese has the official name, English the short one.
    """
    exact = vaccines().get(code)
    known = exact or next((row for key, row in vaccines().items() if code and key.startswith(code)), None)
    if known is None:
        return code
    return str(
        known["name"] if speaks_chinese() and exact else known["short"] if exact else f"{known['short']} ({code}…)"
    )


def is_programme(code: str) -> bool:
    """Whether a vaccine is one of the national programme (免疫规划), as used now or before."""
    row = vaccines().get(code)
    return row is not None and row["use"] in ("programme", "historical", "key_group", "campaign")
