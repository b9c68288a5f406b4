"""What an old dose entered afterwards means for the statistics. Pure; source: rules/registry/back_entry.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from qingmiao.law.dated import rule_file


@dataclass(frozen=True)
class Meaning:
    """One kind of back-entry. `leaves_due`: in period coverage the dose is neither due nor done."""

    kind: str
    unit_code: str
    leaves_due: bool
    means: Mapping[str, str]
    reference: Mapping[str, str]
    confidence: str


@cache
def meanings() -> dict[str, Meaning]:
    """Every kind, by its name."""
    content = rule_file("registry", "back_entry")
    return {kind: _meaning(kind, row, content["references"]) for kind, row in content["kinds"].items()}


def _meaning(kind: str, row: Mapping[str, Any], references: Mapping[str, Any]) -> Meaning:
    source = references[row["reference"]]
    return Meaning(kind, row["unit_code"], row["leaves_due"], row["means"], source["title"], source["confidence"])
