"""Rule files, and which of the values that change on a day was in force."""

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


def in_force_since(values: Mapping[date, V], day: date, rule: str) -> tuple[date, V]:
    """The latest date not after `day` and its value. Raises NoRuleInForce before the first one, or where it is null."""
    since = max((start for start in values if start <= day), default=None)
    if since is None or values[since] is None:
        raise NoRuleInForce(rule, day)
    return since, values[since]


def in_force(values: Mapping[date, V], day: date, rule: str) -> V:
    """The value of the latest date not after `day`. Raises NoRuleInForce before the first one, or where it is null."""
    return in_force_since(values, day, rule)[1]


def read_rules(path: Path) -> Any:
    """The content of one file of rules."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


@cache
def rule_file(area: str, name: str) -> dict[str, Any]:
    """The content of `rules/<area>/<name>.yaml`."""
    content: dict[str, Any] = read_rules(RULES / area / f"{name}.yaml")
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
