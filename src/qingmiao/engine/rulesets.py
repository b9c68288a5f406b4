"""Rulesets by name, ready for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from qingmiao.engine import tables as tb
from qingmiao.engine.tape import Tape, encode


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
    def china(cls, edition_on: date | None = None) -> Ruleset:
        """China's schedule, every edition; `edition_on` keeps only what was published by that day."""
        return _china(edition_on)

    @classmethod
    def named(cls, name: str) -> Ruleset:
        """ "cn", "cn@2026-06-17" or "cdsi:FOLDER". Raises `UnknownRuleset`."""
        kind, _, rest = name.partition(":")
        if kind == "cdsi" and rest:
            return cls.cdsi(Path(rest))
        country, _, day = name.partition("@")
        if country != "cn":
            raise UnknownRuleset(f"{name!r}: say cn, cn@YYYY-MM-DD or cdsi:FOLDER")
        try:
            return cls.china(date.fromisoformat(day) if day else None)
        except ValueError as error:
            raise UnknownRuleset(f"{name!r}: {error}") from error


@cache
def _china(edition_on: date | None) -> Ruleset:
    from qingmiao.engine.china import china  # YAML is not needed for CDC's rules

    return Ruleset.of(china(edition_on))
