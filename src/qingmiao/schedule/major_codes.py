"""What a dose is judged as when its record names only the class of the vaccine. Pure."""

from __future__ import annotations

from datetime import date

from qingmiao.law.dated import rule_file


def is_from_memory() -> bool:
    """Whether nobody has read what doses of a class are taken for; said wherever one is shown."""
    return bool(rule_file("schedule", "major_codes")["from_memory"])


def judged_as(code: str, number: int | None, given_on: date) -> str:
    """The four-digit code by which a dose is judged: its own, else that of its class on that day; empty before the
    class was given at all, or for a class that the file does not have."""
    if len(code) != 2:
        return code
    classes = rule_file("schedule", "major_codes")["classes"]
    entries = [entry for start, entry in classes.get(code, {}).items() if start <= given_on]
    if not entries:
        return ""
    product: str = entries[-1].get("by_dose", {}).get(number, entries[-1]["product"])
    return product
