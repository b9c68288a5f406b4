"""Words of the supporting data: durations, dates, flags and codes, and what reading them normalised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from xml.etree.ElementTree import Element

from qingmiao.engine.tables import Span

_TERM = re.compile(r"([+-])?\s*(\d+)\s*(years?|months?|weeks?|days?)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})$")
Meaning = TypeVar("Meaning")


class UnreadableWord(ValueError):
    """The supporting data hold a word that no rule of the format explains."""


@dataclass
class Report:
    """What an import read and what it normalised: every change from the source, counted by kind."""

    read: Counter[str] = field(default_factory=Counter)
    normalised: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, example: str) -> None:
        """Count one normalisation and keep the first example of its kind."""
        self.normalised[kind] += 1
        self.examples.setdefault(kind, example)


def text(parent: Element, tag: str, report: Report) -> str | None:
    """Text of the child `tag`; empty, "n/a" and a missing element are None."""
    child = parent.find(tag)
    if child is None or child.text is None:
        return None
    stripped = child.text.strip()
    if stripped != child.text and stripped:
        report.note("blanks around a value", f"{tag}: {child.text!r}")
    if stripped.lower() == "n/a":
        report.note("n/a read as empty", tag)
        return None
    return stripped or None


def span(words: str | None) -> Span | None:
    """'16 years - 4 months' as one span: years and months together, then weeks and days (CALCDT-6)."""
    if words is None:
        return None
    months = days = 0
    for sign, number, unit in _TERM.findall(words):
        amount = -int(number) if sign == "-" else int(number)
        kind = unit.lower().rstrip("s")
        months += amount * {"year": 12, "month": 1}.get(kind, 0)
        days += amount * {"week": 7, "day": 1}.get(kind, 0)
    if _TERM.sub("", words).strip():
        raise UnreadableWord(f"duration {words!r}")
    return Span(months, days)


def day(words: str | None) -> date | None:
    """'20250827' or '01/31/1957'."""
    if words is None:
        return None
    if found := _DATE.match(words):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _US_DATE.match(words):
        return date(int(found[3]), int(found[1]), int(found[2]))
    raise UnreadableWord(f"date {words!r}")


def cvx(words: str, report: Report) -> str:
    """A CVX code, trimmed and with at least two digits."""
    code = words.strip().zfill(2)
    if code != words:
        report.note("CVX code trimmed or padded", words)
    return code


def codes(words: str | None, report: Report) -> tuple[str, ...]:
    """A ';'-separated list of CVX codes, with or without blanks."""
    if words is None:
        return ()
    return tuple(cvx(part.strip(), report) for part in words.split(";") if part.strip())


def one_of(meanings: Mapping[str, Meaning], words: str | None, default: str) -> Meaning:
    """What `words` mean, in any case; `default` where they are empty."""
    known = (words or default).lower()
    if known not in meanings:
        raise UnreadableWord(f"{words!r} is none of {', '.join(meanings)}")
    return meanings[known]


def yes(words: str | None) -> bool:
    """'Y', 'Yes' or 'yes'; empty is False."""
    return one_of({"y": True, "yes": True, "n": False, "no": False}, words, "no")
