"""Lists of people said to be vaccinated, held against the ledger: who matches, who does not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qingmiao.registry.ledger.layout import Layout, Skipped
from qingmiao.registry.ledger.people import NOBODY, People
from qingmiao.registry.ledger.planning import LedgerFile, PlannedRow, Totals, plan_group
from qingmiao.registry.ledger.problems import Problem
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.registry.ledger.vocabulary import Vocabulary
from qingmiao.registry.queries.known_people import Registry


class Found(StrEnum):
    """What the ledger says of a row of the list."""

    MATCHED = "matched"
    NOT_ON_LEDGER = "not_on_ledger"
    OTHER_NUMBER = "other_number"  # same name, another number
    TWICE = "twice"
    UNCLEAR = "unclear"  # nothing in the row tells who it is


_TWICE = {"duplicate_in_file", "duplicate_across_files", "dose_number_repeated"}


@dataclass(frozen=True)
class CheckedRow:
    """A row of a list. `person` is the id on the ledger, None if nobody matches; `number` is masked by the reader."""

    file: str
    row: int
    found: Found
    name: str
    number: str
    person: int | None
    codes: tuple[str, ...]
    birth: date | None = None


@dataclass
class RosterCheck:
    """Lists held against the ledger: rows in the order of the files, and files that were refused."""

    rows: list[CheckedRow] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> Counter[Found]:
        """Rows by what was found."""
        return Counter(row.found for row in self.rows)

    @property
    def people(self) -> set[int]:
        """People on the ledger whom the lists name, each once."""
        return {row.person for row in self.rows if row.person is not None}


def check_rosters(files: Sequence[LedgerFile], words: Vocabulary) -> RosterCheck:
    """Hold lists against the registry. Nothing is written; all lists of one call are judged together."""
    sinks: list[_Collector] = []

    def new_sink(_people: People) -> _Collector:
        sinks.append(_Collector())
        return sinks[-1]

    plan_group(files, words, new_sink, Registry)
    return sinks[-1].check


class _Collector:
    """A sink that keeps what the check shows."""

    def __init__(self) -> None:
        self.check = RosterCheck()
        self._file = ""

    def begin_file(self, file: LedgerFile) -> None:
        self._file = file.name

    def begin_sheet(self, layout: Layout) -> None:
        """Every sheet counts alike."""

    def row(self, planned: PlannedRow) -> None:
        row = planned.understood
        codes = tuple(dict.fromkeys(finding.code for finding in planned.findings))
        number, person = row.number.key or "", planned.known_id if planned.known_id != NOBODY else None
        found = _found(planned, set(codes), person)
        birth = date.fromordinal(row.birth) if row.birth else None
        self.check.rows.append(CheckedRow(self._file, row.row, found, row.name or "", number, person, codes, birth))

    def skipped(self, layout: Layout, skipped: Skipped) -> None:
        """Nobody."""

    def problem(self, problem: Problem) -> None:
        """Rows say their own."""

    def end_file(self, totals: Totals, refused: FileRefused | None) -> None:
        if refused:
            self.check.refused[self._file] = refused.code


def _found(planned: PlannedRow, codes: set[str], person: int | None) -> Found:
    if planned.person == NOBODY:
        return Found.UNCLEAR
    if codes & _TWICE:
        return Found.TWICE
    if person is not None:
        return Found.MATCHED
    return Found.OTHER_NUMBER if "same_name_different_id" in codes else Found.NOT_ON_LEDGER
