"""The figures of training, as dated data. Pure. Source: rules/training/norms.yaml."""

from __future__ import annotations

from datetime import date

from qingmiao.law.dated import in_force, rule_file
from qingmiao.staff.models import Role


def norm(name: str, on: date) -> int:
    """The figure called `name` on that day. Raises NoRuleInForce before the first one."""
    values = rule_file("training", "norms")[name]["values"]
    return int(in_force(values, on, f"training.{name}")["value"])


def needs_certificate() -> tuple[Role, ...]:
    """The roles whose holders must have passed a test."""
    return tuple(Role(name) for name in rule_file("training", "norms")["needs_certificate"])
