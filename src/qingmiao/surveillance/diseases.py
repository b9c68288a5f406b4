"""The notifiable diseases: class, deadline, codes, and the words by which registers name them.

Pure; source: rules/surveillance/diseases.yaml. Codes and words are from memory (Mh, Mm): what is found by them is a
hint for a person, never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from qingmiao.surveillance.dated import NoRuleInForce, in_force, rule_file
from qingmiao.surveillance.deadlines import SHANGHAI, Deadline, deadline


@dataclass(frozen=True)
class Disease:
    """One disease or subtype as the card lists it."""

    name: str
    name_en: str
    classes: Mapping[date, str]  # A, B, C, other, event
    clocks: Mapping[date, str]  # at_once, ordinary: of deadlines.yaml
    parent: str = ""
    code: str = ""
    icd10: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    is_monitored_only: bool = False
    is_reported_once: bool = False  # chronic: one card in a life, not one an episode
    supplement: str = ""
    series: str = ""  # of the vaccine that prevents it

    def class_on(self, day: date) -> str:
        """Its class on that day. Raises NoRuleInForce before it became notifiable."""
        return in_force(self.classes, day, self.name)

    def is_notifiable_on(self, day: date) -> bool:
        """Whether the law (not only a place) asked for a card on that day."""
        try:
            return not self.is_monitored_only and self.class_on(day) in ("A", "B", "C")
        except NoRuleInForce:
            return False

    def card_deadline(self, diagnosed_at: datetime) -> Deadline:
        """Until when its card must be reported."""
        day = diagnosed_at.astimezone(SHANGHAI).date()
        return deadline(f"card.{in_force(self.clocks, day, self.name)}", diagnosed_at)


def _disease(name: str, entry: Mapping[str, Any]) -> Disease:
    return Disease(
        name=name,
        name_en=entry["en"],
        classes=entry["class"],
        clocks=entry["clock"],
        parent=entry.get("parent", ""),
        code=entry.get("code", ""),
        icd10=tuple(entry.get("icd10", ())),
        words=tuple(entry.get("words", ())),
        is_monitored_only=entry.get("monitored", False),
        is_reported_once=entry.get("once", False),
        supplement=entry.get("supplement", ""),
        series=entry.get("series", ""),
    )


@cache
def diseases() -> Mapping[str, Disease]:
    """All diseases by their official Chinese name, in the order of the card."""
    entries = rule_file("diseases")["diseases"]
    return MappingProxyType({name: _disease(name, entry) for name, entry in entries.items()})


def notifiable_on(day: date) -> list[Disease]:
    """The diseases (no subtypes) that the law listed on that day."""
    return [disease for disease in diseases().values() if not disease.parent and disease.is_notifiable_on(day)]
