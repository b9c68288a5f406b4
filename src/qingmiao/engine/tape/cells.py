"""The cells of a tape while they are written, and the numbers of the names that rules use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel import layout as at

_LARGEST_MONTHS = 12000


class UnknownWord(ValueError):
    """A rule names a vaccine, antigen, observation or ledger that the ruleset does not define."""


def number_of(index: dict[str, int], word: str, what: str) -> int:
    """The number of a name. Raises `UnknownWord` for one that is not defined."""
    if word not in index:
        raise UnknownWord(f"{what} {word!r} is not defined")
    return index[word]


def span(length: tb.Span | None) -> tuple[int, int]:
    """Months and days; months NONE means absent."""
    if length is None:
        return NONE, 0
    if abs(length.months) > _LARGEST_MONTHS:
        raise UnknownWord(f"span too long: {length}")
    return length.months, length.days


class Cells:
    """A tape that grows. What was written before is not written again: a short tape stays near the processor."""

    def __init__(self) -> None:
        self.cells: list[int] = [0] * at.W_SIZE
        self._written: dict[tuple[int, ...], int] = {}

    def emit(self, cells: Sequence[int]) -> int:
        """Address of `cells`."""
        written = tuple(cells)
        address = self._written.setdefault(written, len(self.cells))
        if address == len(self.cells):
            self.cells.extend(written)
        return address

    def emit_list(self, records: Iterable[Sequence[int]]) -> tuple[int, int]:
        """Address of records of one width, and how many."""
        listed = list(records)
        return self.emit([cell for record in listed for cell in record]), len(listed)

    def emit_bits(self, members: Iterable[int], size: int) -> int:
        """Address of a bit set."""
        words = [0] * (size // 32 + 1)
        for member in members:
            words[member >> 5] |= 1 << (member & 31)
        return self.emit([word - (1 << 32) if word >> 31 else word for word in words])


class Names:
    """Numbers of all names of a ruleset; those of makers, trade names, countries, ledgers and rules as they are met.

    `locals`: per antigen, numbers of the vaccines that count for it.
    """

    def __init__(self, ruleset: tb.Ruleset, antigens: Iterable[tb.Antigen]) -> None:
        self.vaccines = {v.code: i for i, v in enumerate(ruleset.vaccines)}
        self.observations = {o.code: i for i, o in enumerate(ruleset.observations)}
        self.antigens = {a.name: i for i, a in enumerate(antigens)}
        self.groups = {g.name: i for i, g in enumerate(ruleset.groups)}
        self.makers: dict[str, int] = {}
        self.trade_names: dict[str, int] = {}
        self.countries: dict[str, int] = {}
        self.ledgers: dict[str, int] = {}
        self.rules: dict[tb.Rule, int] = {}
        self.locals: dict[str, dict[str, int]] = {a: {} for a in self.antigens}
        self.at_some_ages: set[tuple[str, str]] = set()
        for vaccine in ruleset.vaccines:
            for association in vaccine.associations:
                number_of(self.antigens, association.antigen, "antigen")
                local = self.locals[association.antigen]
                local.setdefault(vaccine.code, len(local))
                if association.begin_age or association.end_age:
                    self.at_some_ages.add((vaccine.code, association.antigen))

    def vaccine(self, code: str) -> int:
        return number_of(self.vaccines, code, "vaccine")

    def ledger(self, name: str | None) -> int:
        return -1 if name is None else number_of(self.ledgers, name, "ledger")

    def observation(self, code: str | None) -> int:
        return -1 if code is None else number_of(self.observations, code, "observation")

    def rule(self, rule: tb.Rule | None) -> int:
        return -1 if rule is None else self.rules.setdefault(rule, len(self.rules))

    @staticmethod
    def met(index: dict[str, int], word: str | None) -> int:
        """The number of a maker or trade name, a new one if it was not met before; -1 for none."""
        return -1 if word is None else index.setdefault(word.casefold(), len(index))
