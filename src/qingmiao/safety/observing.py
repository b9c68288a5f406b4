"""How long somebody is observed after a dose: by product, by what is known of the person, by date.

Pure. Source: rules/safety/observation.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingmiao.law.dated import in_force, rule_file


@dataclass(frozen=True)
class Length:
    """Minutes of observation; `because` is the code of the rule that made it longer than usual, or empty."""

    minutes: int
    because: str = ""


def minutes_for(product_minutes: int, facts: Mapping[str, Any], day: date) -> Length:
    """The longest of what the law, the product and the person ask for.

    A fact that nobody wrote down asks for nothing; one written down as an empty list neither.
    """
    rules = rule_file("safety", "observation")
    usual = max(product_minutes, in_force(rules["minimum"]["values"], day, "observation.minimum")["minutes"])
    longest = Length(usual)
    for rule in rules["longer"]:
        minutes = in_force(rule["values"], day, rule["code"])["minutes"]
        if facts.get(rule["fact"]) and minutes > longest.minutes:
            longest = Length(minutes, rule["code"])
    return longest


def why_longer(because: str, language: str) -> str:
    """The words for `because`: of the rule with this code, or as the doctor wrote it."""
    for rule in rule_file("safety", "observation")["longer"]:
        if rule["code"] == because:
            return str(rule["title"]["zh" if language.startswith("zh") else "en"])
    return because
