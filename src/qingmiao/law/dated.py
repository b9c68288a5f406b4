"""Values of a rule file that change on a day: which one was in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

V = TypeVar("V")
RULES = Path(__file__).resolve().parent.parent / "rules"


class NoRuleInForce(LookupError):
    """Nothing was in force on that day: there is no default."""

    def __init__(self, rule: str, day: date) -> None:
        self.rule, self.day = rule, day
        super().__init__(f"{rule}: no rule in force on {day}; add the value of that time with its reference")


def in_force(values: Mapping[date, V], day: date, rule: str) -> V:
    """The value of the latest date not after `day`. Raises NoRuleInForce before the first one, or where it is null."""
    dates = [start for start in values if start <= day]
    if not dates or values[max(dates)] is None:
        raise NoRuleInForce(rule, day)
    return values[max(dates)]


@cache
def rule_file(area: str, name: str) -> dict[str, Any]:
    """The content of `rules/<area>/<name>.yaml`."""
    content: dict[str, Any] = yaml.safe_load((RULES / area / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True)
class Threshold:
    """A number of the house with its reason in both languages; `from_memory` is said wherever it is shown."""

    value: int
    why: Mapping[str, str]
    from_memory: bool = False
    reference: str = ""


def threshold(area: str, name: str, key: str) -> Threshold:
    """The number called `key` in `rules/<area>/<name>.yaml`; KeyError where the file has none."""
    return Threshold(**rule_file(area, name)[key])
