"""Rulesets by name, ready for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from qingmiao.engine import tables as tb
from qingmiao.engine.kept import kept
from qingmiao.engine.tape import Tape, encode

FURTHER_SERIES = ("label", "key_groups")
"""Folders of China's rules that are read only when named."""
OVERLAYS = Path(__file__).parents[1] / "rules" / "cn" / "overlays"


class UnknownRuleset(ValueError):
    """No ruleset has this name."""


@dataclass(frozen=True)
class Ruleset:
    """A schedule compiled once, to be asked many times.

    `tables` are its words, `tape` its numbers, `version` what a stored verdict keeps: name, version
    and a digest of the numbers. Same files, same version.
    """

    tables: tb.Ruleset
    tape: Tape

    @property
    def name(self) -> str:
        """ "cn" or "cdsi"."""
        return self.tables.name

    @property
    def version(self) -> str:
        """Name, version and digest, as stamped on every verdict."""
        return self.tape.version

    @classmethod
    def of(cls, words: tb.Ruleset) -> Ruleset:
        """Compile a ruleset written in `tables`. Raises `UnknownWord` for undefined names."""
        return cls(words, encode(words))

    @classmethod
    def cdsi(cls, folder: Path) -> Ruleset:
        """CDC's published supporting data in `folder`. Raises `NotSupportingData`, `UnreadableWord`."""
        from qingmiao.engine.cdsi import read_supporting_data  # XML is not needed at the desk

        return cls.of(read_supporting_data(folder)[0])

    @classmethod
    def china(
        cls, edition_on: date | None = None, *, overlay: str | None = None, also: tuple[str, ...] = ()
    ) -> Ruleset:
        """China's schedule, every edition; `edition_on` keeps only what was in force by that day.

        `overlay`: a province's file, by name. `also`: further series, "label" (self-paid) or "key_groups".
        """
        return _china(edition_on, overlay, also)

    @classmethod
    def named(cls, name: str) -> Ruleset:
        """ "cn", "cn@2026-06-17", "cn+label+key_groups+liaoning" or "cdsi:FOLDER".

        Raises `UnknownRuleset`; before the first edition `NoRuleInForce`.
        """
        kind, _, rest = name.partition(":")
        if kind == "cdsi" and rest:
            return cls.cdsi(Path(rest))
        country, at, day = name.partition("@")
        first, *parts = country.split("+")
        overlays = [part for part in parts if part not in FURTHER_SERIES]
        if first != "cn" or len(overlays) > 1:
            raise UnknownRuleset(f"{name!r}: say cn, cn@YYYY-MM-DD, cn+label+PROVINCE or cdsi:FOLDER")
        if unknown := set(overlays) - set(provinces()):
            raise UnknownRuleset(f"{name!r}: no overlay {unknown.pop()!r}; there are {', '.join(provinces())}")
        also = tuple(part for part in parts if part in FURTHER_SERIES)
        try:
            on = date.fromisoformat(day) if at else None
        except ValueError as error:
            raise UnknownRuleset(f"{name!r}: {day!r} is not a day YYYY-MM-DD") from error
        return cls.china(on, overlay=overlays[0] if overlays else None, also=also)


def provinces() -> list[str]:
    """Overlays of China's rules, by name."""
    return sorted(path.stem for path in OVERLAYS.glob("*.yaml"))


@cache
def _china(edition_on: date | None, overlay: str | None, also: tuple[str, ...]) -> Ruleset:
    def build() -> Ruleset:
        from qingmiao.engine.china import china  # YAML is not needed for CDC's rules

        return Ruleset.of(china(edition_on, overlay=overlay, also=also))

    parts = ["cn", *also, *([overlay] if overlay else ())]
    return build() if edition_on else kept("+".join(parts), build)
