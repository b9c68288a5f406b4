"""Texts in both languages, and where a value in a rule file comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from qingmiao.law.dated import RULES, read_rules

CONFIDENCE = frozenset({"V", "X", "S", "P", "C", "Mh", "Mm", "Ml"})


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Source:
    """Where a value comes from, and how far it may be trusted (confidence V, X, S, P, C, Mh, Mm, Ml)."""

    reference: str
    title: Words
    confidence: str

    @property
    def needs_signature(self) -> bool:
        """Whether it is from memory, so that a clinician has to sign it before clinical use."""
        return self.confidence.startswith("M")


def words_of(raw: dict[str, str]) -> Words:
    """A text as a rule file says it."""
    return Words(zh=raw["zh"], en=raw["en"])


def source_of(raw: dict[str, Any]) -> Source:
    """The `reference` and `confidence` of a value. Raises KeyError or ValueError when either is not known."""
    if raw["confidence"] not in CONFIDENCE:
        raise ValueError(f"confidence {raw['confidence']!r}")
    return Source(raw["reference"], words_of(_references()[raw["reference"]]["title"]), raw["confidence"])


@cache
def _references() -> dict[str, Any]:
    references: dict[str, Any] = read_rules(RULES / "references.yaml")["references"]
    return references
