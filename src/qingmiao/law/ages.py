"""Ages by law, as rules/law/ages.yaml dates them. Pure."""

from __future__ import annotations

from datetime import date

from qingmiao.law.dated import in_force, rule_file
from qingmiao.law.months import months_later


def adult_from(on: date) -> int:
    """From how many years of age somebody is an adult on a day. Raises NoRuleInForce before the first rule."""
    return int(in_force(rule_file("law", "ages")["adult"]["values"], on, "law.ages.adult")["years"])


def adult_if_born_by(on: date) -> date:
    """Whoever was born on this day or before is of age on `on`. Raises NoRuleInForce before the first rule."""
    return months_later(on, -12 * adult_from(on))
