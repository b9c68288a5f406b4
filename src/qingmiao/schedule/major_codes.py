"""What a dose is judged as when its record names only the class of the vaccine. Pure."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).resolve().parent.parent / "rules" / "schedule" / "major_codes.yaml"


@cache
def _classes() -> dict[str, dict[date, dict[str, Any]]]:
    found: dict[str, dict[date, dict[str, Any]]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["classes"]
    return found


def judged_as(code: str, number: int | None, given_on: date) -> str:
    """The four-digit code by which a dose is judged: its own, else that of its class on that day; empty before the
    class was given at all, or for a class that the file does not have."""
    if len(code) != 2:
        return code
    entries = [entry for start, entry in _classes().get(code, {}).items() if start <= given_on]
    if not entries:
        return ""
    product: str = entries[-1].get("by_dose", {}).get(number, entries[-1]["product"])
    return product
