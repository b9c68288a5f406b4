"""Indicators: what a figure counts, as data files. Code knows how to count; the file says what and in which version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from qingmiao.reports.language import speaks_chinese

FOLDER = Path(__file__).resolve().parent
DENOMINATORS = frozenset({"people_on_ledger"})
NUMERATORS = frozenset({"people_of_denominator_with_counted_dose"})
LEFT_OUT = {
    "denominator": frozenset({"merged", "died", "moved_away"}),
    "numerator": frozenset({"held", "void", "superseded", "undated", "after_the_day"}),
}
KEYS = frozenset({
    "id", "version", "in_force_from", "title", "denominator", "numerator",
    "rounding", "ranking", "author", "written_on", "checked", "source",
})  # fmt: skip


class UnknownIndicator(LookupError):
    """No file defines an indicator of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No indicator {name!r}. Known: {', '.join(sorted(indicators()))}.")


class IndicatorFileWrong(ValueError):
    """An indicator file says something that the query layer cannot count; says which file, what, and what it may be."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if speaks_chinese() else self.en


@dataclass(frozen=True)
class Part:
    """One side of a share: what it is called and how it is counted, in words."""

    title: Words
    definition: Words


@dataclass(frozen=True)
class Indicator:
    """A share of people: who is counted below the line, who of them above it, and by which version of the rule."""

    id: str
    version: int
    in_force_from: date
    title: Words
    denominator: Part
    numerator: Part
    product_codes: tuple[str, ...]
    names_on_lists: tuple[str, ...]  # beginnings of names on imported lists; "" stands for none written
    places: int
    ranked_from: int
    ranking_reason: Words
    author: str
    written_on: date
    checked: Mapping[str, Any] | None
    source: Words

    @property
    def rule(self) -> str:
        """Name and version of the rule, as it is printed beside a figure."""
        return f"{self.id}-{self.version}"


def as_kept(indicator: Indicator) -> dict[str, Any]:
    """The whole definition as JSON, to be kept with what was counted by it."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(indicator).items()}


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id. Raises IndicatorFileWrong for a file that cannot be counted."""
    loaded = [_load(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {indicator.id: indicator for indicator in loaded}


def indicator(name: str) -> Indicator:
    """The indicator with this id; UnknownIndicator if there is none."""
    try:
        return indicators()[name]
    except KeyError:
        raise UnknownIndicator(name) from None


def _load(path: Path) -> Indicator:
    try:
        return read(path, yaml.safe_load(path.read_text(encoding="utf-8")))
    except KeyError as missing:
        raise IndicatorFileWrong(path, f"{missing} is missing") from missing


def read(path: Path, content: Mapping[str, Any]) -> Indicator:
    """The indicator that a file's `content` defines; refuses every word it does not know."""
    if unknown := set(content) - KEYS:
        raise IndicatorFileWrong(path, f"unknown keys {sorted(unknown)}; known are {sorted(KEYS)}")
    below, above = content["denominator"], content["numerator"]
    _known(path, "denominator", below, DENOMINATORS)
    _known(path, "numerator", above, NUMERATORS)
    if content["rounding"]["half"] != "up":
        raise IndicatorFileWrong(path, "rounding.half can only be up")
    return Indicator(
        id=content["id"],
        version=int(content["version"]),
        in_force_from=content["in_force_from"],
        title=Words(**content["title"]),
        denominator=Part(Words(**below["title"]), Words(**below["definition"])),
        numerator=Part(Words(**above["title"]), Words(**above["definition"])),
        product_codes=tuple(above["product_codes"]),
        names_on_lists=tuple(above["names_on_lists"]),
        places=int(content["rounding"]["places"]),
        ranked_from=int(content["ranking"]["from_people"]),
        ranking_reason=Words(**content["ranking"]["reason"]),
        author=content["author"],
        written_on=content["written_on"],
        checked=content["checked"],
        source=Words(**content["source"]),
    )


def _known(path: Path, side: str, part: Mapping[str, Any], countable: frozenset[str]) -> None:
    if part["counts"] not in countable:
        raise IndicatorFileWrong(path, f"{side}.counts is {part['counts']!r}; it may be {sorted(countable)}")
    # Each of these is always left out: the file must say so, so that its reader knows what the code does.
    if set(part["leaves_out"]) != LEFT_OUT[side]:
        raise IndicatorFileWrong(path, f"{side}.leaves_out must name {sorted(LEFT_OUT[side])}")
