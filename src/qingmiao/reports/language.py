"""The few places where Chinese and English join words differently."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language


def speaks_chinese() -> bool:
    """Whether the language now active is Chinese; it is when none was chosen."""
    return (get_language() or "zh").startswith("zh")


def enumerated(words: Iterable[object]) -> str:
    """甲、乙、丙 or a, b, c."""
    return ("、" if speaks_chinese() else ", ").join(map(str, words))


def sentences(texts: Iterable[object]) -> str:
    """Sentences in a row: with a space between them, except in Chinese."""
    return ("" if speaks_chinese() else " ").join(map(str, texts))
