"""The rule files of surveillance; which of their values was in force is asked of `qingmiao.law`."""

from __future__ import annotations

from typing import Any

from qingmiao.law import dated
from qingmiao.law.dated import NoRuleInForce, in_force

__all__ = ["NoRuleInForce", "in_force", "rule_file"]


def rule_file(name: str) -> dict[str, Any]:
    """The content of `rules/surveillance/<name>.yaml`."""
    return dated.rule_file("surveillance", name)
