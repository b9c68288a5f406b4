"""Whether a message may go, decided on plain values at the moment of sending. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from qingmiao.outreach.rules import rule_file

PUT_OFF = {
    "refused": "refused",
    "unwell": "deferred",
    "away": "deferred",
    "contraindicated": "contraindicated",
    "done_elsewhere": "done_elsewhere",
}


@dataclass(frozen=True)
class Standing:
    """How a child stands when its message is about to go. `owed`: series and dose numbers owed now; `asked`: those
    that the message is about (none: it is not about doses); `said`: the last outcome of a call, while it holds."""

    status: str
    is_merged: bool
    asked: Collection[tuple[str, int]]
    owed: Collection[tuple[str, int]]
    said: str
    for_day: date
    has_address: bool


def withheld_because(standing: Standing, on: date, *, is_dated: bool) -> str:
    """The code of the first reason against sending, in the order of the rule file; empty if it may go.

    `is_dated`: the message is about one day and worth nothing after it.
    """
    reasons = {
        "dead": standing.status == "dead",
        "moved": standing.status == "moved",
        "merged": standing.is_merged,
        "vaccinated": bool(standing.asked) and not set(standing.asked) & set(standing.owed),
        **{code: PUT_OFF.get(standing.said) == code for code in set(PUT_OFF.values())},
        "day_over": is_dated and standing.for_day < on,
        "no_address": not standing.has_address,
    }
    return next((code for code in rule_file("messages")["withheld"] if reasons.get(code)), "")


def withheld_words() -> Mapping[str, Mapping[str, str]]:
    """Every reason in both languages."""
    found: Mapping[str, Mapping[str, str]] = rule_file("messages")["withheld"]
    return found


def worded(kind: str, language: str, **places: str) -> str:
    """The text of a message."""
    template: str = rule_file("messages")["kinds"][kind][language]
    return template.format(**places)
