"""Rules of outreach as data: what calls come to, when messages are withheld, how soon a complaint is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from qingmiao.law import dated


def rule_file(name: str) -> dict[str, Any]:
    """The content of `rules/outreach/<name>.yaml`."""
    return dated.rule_file("outreach", name)


@dataclass(frozen=True)
class Outcome:
    """What a call came to. `closes`: no, until or for_good; `ends_management`: how the record ends, or empty."""

    key: str
    title: Mapping[str, str]
    reached: bool
    closes: str
    again_after_days: int | None = None
    ends_management: str = ""

    def until(self, called_on: date, named: date | None) -> date | None:
        """Until when the child is not rung again; None for ever, or when the rule says nothing."""
        if self.closes == "for_good":
            return None
        days = self.again_after_days
        return named or (called_on + timedelta(days=days) if days is not None else None)


def outcomes() -> dict[str, Outcome]:
    """Every outcome, in the order in which it is offered."""
    return {key: Outcome(key, **row) for key, row in rule_file("calls")["outcomes"].items()}


def lease() -> timedelta:
    """How long a home belongs to one caller."""
    return timedelta(minutes=rule_file("calls")["lease_minutes"]["value"])


def came_within() -> timedelta:
    """Within what time after a call a dose counts as its fruit."""
    return timedelta(days=rule_file("calls")["came_within_days"]["value"])


def is_quiet(channel: str, at: time) -> bool:
    """Whether nothing may go over `channel` at that hour of the day."""
    rule = rule_file("messages")["quiet_hours"]
    begins, ends = time.fromisoformat(rule["from"]), time.fromisoformat(rule["until"])
    return channel in rule["channels"] and (at >= begins or at < ends)
