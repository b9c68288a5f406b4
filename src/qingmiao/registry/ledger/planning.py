"""The plan of an import: every row's outcome and person, shown before anything is written.

Files of one call form one group: a person in one is the same person in the next. The plan is streamed to a
`Sink`, so a ledger of a million rows is never in memory at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from .cleaning import Cleaner
from .doses import Dose, DoseState, Finding
from .layout import Layout, SheetKind, SheetRows, Skipped, cell_name, shown
from .people import NAME, NOBODY, Answer, KnownPerson, Match, People, Question
from .problems import Problem, Severity, severity_of
from .reading.refusal import FileRefused
from .reading.source import opened
from .reading.values import Row
from .understanding import RowReader, Understood
from .vocabulary import Vocabulary

BATCH = 500


class Outcome(StrEnum):
    """What becomes of a row."""

    ACCEPTED = "accepted"
    WITH_WARNING = "accepted_with_warning"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class LedgerFile:
    """A file to import: where it lies, the name it goes by, and the day its content is judged as of."""

    path: Path
    name: str
    as_of: date

    @property
    def title(self) -> str:
        """The last part of its name, by which the table of a text file goes."""
        return self.name.rpartition("/")[2]


@dataclass
class Totals:
    """What an import of one file amounts to. Two sums always hold; `check` says so."""

    rows_read: int = 0
    rows_accepted: int = 0
    rows_accepted_with_warning: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    people_created: int = 0
    people_merged: int = 0
    doses_counted: int = 0
    dose_cells_counted: int = 0
    dose_cells_held: int = 0
    dose_cells_done_without_date: int = 0
    dose_cells_not_given: int = 0
    doses_counted_after_merge: int = 0
    problems_by_code: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> int:
        """How many problems of any severity."""
        return self.problems_by_code.total()

    def as_json(self) -> dict[str, Any]:
        """As stored and printed."""
        return {
            **vars(self),
            "problems": self.problems,
            "problems_by_code": dict(sorted(self.problems_by_code.items())),
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Totals:
        """What `as_json` gave."""
        figures = {name: value for name, value in stored.items() if name not in {"problems", "problems_by_code"}}
        return cls(**figures, problems_by_code=Counter(stored["problems_by_code"]))

    def check(self) -> None:
        """Rows in = accepted + with warning + rejected + skipped; people = accepted rows."""
        taken = self.rows_accepted + self.rows_accepted_with_warning
        if self.rows_read != taken + self.rows_rejected + self.rows_skipped:
            raise TotalsDisagree(f"{self.rows_read} rows read, {taken} + {self.rows_rejected} + {self.rows_skipped}")
        if self.people_created + self.people_merged != taken:
            raise TotalsDisagree(f"{taken} rows taken, {self.people_created} + {self.people_merged} people")


class TotalsDisagree(Exception):
    """A row was lost or counted twice: our fault, and nothing may be written."""


class PlannedRow:
    """A data row's part of the plan. `person` is an index in the group's `People`, NOBODY if rejected."""

    __slots__ = (
        "compared",
        "created",
        "findings",
        "is_withheld",
        "known_id",
        "layout",
        "new_days",
        "outcome",
        "person",
        "question",
        "understood",
    )

    def __init__(self, layout: Layout, understood: Understood) -> None:
        self.layout, self.understood = layout, understood
        self.findings: list[Finding] = understood.findings
        self.person, self.created, self.known_id = NOBODY, False, NOBODY
        self.is_withheld = False
        self.question: Question | None = None
        self.compared = NOBODY
        self.outcome = Outcome.ACCEPTED
        # Dose days this row adds to the person's; a repeat of a known dose is not among them.
        self.new_days: list[Dose] = []

    def problems(self) -> Iterator[Problem]:
        """The row's findings with place and value, as a person reads them."""
        for finding in self.findings:
            yield self._problem(finding)

    def column_of(self, finding: Finding) -> int | None:
        """Index of the column a finding is about; None for the row as a whole."""
        column = self.layout.at("name") if finding.column == NAME else finding.column
        return None if column is None or column < 0 else column

    def _problem(self, finding: Finding) -> Problem:
        row, column = self.understood.row, self.column_of(finding)
        if column is None:
            return Problem(self.layout.sheet, row, None, None, finding.code, "", finding.detail)
        raw = self.understood.raw[column]
        value = raw[1] if isinstance(raw, tuple) else str(raw)
        header = self.layout.columns[column].header or None
        if finding.code == "unknown_column":
            row = self.layout.header_row
        return Problem(self.layout.sheet, row, header, cell_name(column, row), finding.code, value, finding.detail)


class Sink(Protocol):
    """Who takes the plan as it is made."""

    def begin_file(self, file: LedgerFile) -> None:
        """A file comes next."""

    def begin_sheet(self, layout: Layout) -> None:
        """A sheet was recognised."""

    def row(self, planned: PlannedRow) -> None:
        """A data row."""

    def skipped(self, layout: Layout, skipped: Skipped) -> None:
        """A row that is nobody."""

    def problem(self, problem: Problem) -> None:
        """Something about the file, a sheet or a skipped row."""

    def end_file(self, totals: Totals, refused: FileRefused | None) -> None:
        """The file is done, or imports nothing."""


@dataclass(frozen=True)
class RowKey:
    """A row of an import: its file, sheet and number."""

    file: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Decisions:
    """What people decided while reviewing a plan: answers to questions, and cells typed anew (column → text)."""

    answers: Mapping[RowKey, Answer] = field(default_factory=dict)
    cells: Mapping[RowKey, Mapping[int, str]] = field(default_factory=dict)


class KnownPeople(Protocol):
    """The registry, as far as matching needs it."""

    def names(self, rows: Sequence[Understood]) -> Iterable[str]:
        """Names of these rows that somebody in the registry has."""

    def like(self, rows: Sequence[Understood]) -> Iterable[KnownPerson]:
        """Everyone whom one of these rows could be; nobody twice in one import."""


class LateRefusal(Exception):
    """A file broke after rows of it had been planned: the group is planned again without it."""

    def __init__(self, file: LedgerFile, refused: FileRefused) -> None:
        super().__init__(file.name, refused.code)
        self.file, self.refused = file, refused


class Planner:
    """Plans the files of one group, one after the other."""

    def __init__(
        self,
        words: Vocabulary,
        sink: Sink,
        people: People,
        known: KnownPeople | None = None,
        refused: Mapping[str, FileRefused] | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self.people = people
        self._words, self._sink, self._known = words, sink, known
        self._refused = refused or {}
        self._decisions = decisions if decisions and (decisions.answers or decisions.cells) else None
        self._file = 0
        self._name = ""

    def plan(self, file: LedgerFile) -> Totals:
        """Plan one file. Raises `LateRefusal` if it breaks after its first rows."""
        self._file += 1
        self._name = file.name
        self._sink.begin_file(file)
        totals = Totals()
        refused = self._refused.get(file.name)
        if refused is None:
            try:
                self._read(file, totals)
            except FileRefused as found:
                if totals.rows_read:
                    raise LateRefusal(file, found) from found
                refused, totals = found, Totals()
        if refused is not None:
            self._tell(totals, Problem(None, None, None, None, refused.code, file.title, refused.detail))
        totals.check()
        self._sink.end_file(totals, refused)
        return totals

    def _read(self, file: LedgerFile, totals: Totals) -> None:
        cleaner = Cleaner(self._words, file.as_of)
        with opened(file.path, file.title) as source:
            if source.external_link is not None:
                self._tell(totals, Problem(None, None, None, None, "external_link_ignored", source.external_link))
            recognised = False
            without: list[str] = []
            for sheet in source.sheets():
                rows = SheetRows(sheet, self._words)
                if rows.layout is None:
                    without += [sheet.name] if rows.had_values else []
                    continue
                recognised = True
                self._read_sheet(rows, rows.layout, cleaner, file, totals)
            if not recognised:
                raise FileRefused("file_empty", "blank") if not without else FileRefused("header_not_found")
            for name in without:
                self._tell(totals, Problem(name, None, None, None, "sheet_without_header"))

    def _read_sheet(self, rows: SheetRows, layout: Layout, cleaner: Cleaner, file: LedgerFile, totals: Totals) -> None:
        self._sink.begin_sheet(layout)
        for column in layout.columns:
            if not column.is_known and column.header:
                where = cell_name(column.index, layout.header_row)
                self._tell(
                    totals,
                    Problem(layout.sheet, layout.header_row, column.header, where, "unknown_column", column.header),
                )
        reader = RowReader(layout, self._words, cleaner, file.as_of)
        before = totals.rows_read
        items = iter(rows)
        while batch := list(islice(items, BATCH)):
            self._take(batch, reader, totals)
        if totals.rows_read == before:
            self._tell(totals, Problem(layout.sheet, None, None, None, "no_data_rows"))

    def _take(self, batch: list[Row | Skipped], reader: RowReader, totals: Totals) -> None:
        if self._decisions is not None:
            self._retype(batch, reader.layout, self._decisions)
        understood = [
            item if item.__class__ is Skipped else reader.read(item[0], item[1])  # type: ignore[arg-type]
            for item in batch
        ]
        if self._known is not None:
            rows = [item for item in understood if isinstance(item, Understood)]
            for known in self._known.like(rows):
                self.people.add_known(known)
            for name in self._known.names(rows):
                self.people.add_name(name)
        for item in understood:
            totals.rows_read += 1
            if isinstance(item, Understood):
                self._place(item, reader.layout, totals)
            else:
                self._skip(item, reader.layout, totals)

    def _retype(self, batch: list[Row | Skipped], layout: Layout, decisions: Decisions) -> None:
        """Put what people typed anew into the cells, before anything is understood."""
        for item in batch:
            if isinstance(item, Skipped):
                continue
            number, cells = item
            for column, text in decisions.cells.get(RowKey(self._name, layout.sheet, number), {}).items():
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = text

    def _answer(self, row: Understood, layout: Layout) -> Answer | None:
        if self._decisions is None:
            return None
        return self._decisions.answers.get(RowKey(self._name, layout.sheet, row.row))

    def _skip(self, skipped: Skipped, layout: Layout, totals: Totals) -> None:
        totals.rows_skipped += 1
        self._sink.skipped(layout, skipped)
        self._tell(totals, Problem(layout.sheet, skipped.row, None, None, skipped.code, skipped.value))

    def _place(self, row: Understood, layout: Layout, totals: Totals) -> None:
        planned = PlannedRow(layout, row)
        if not row.identifiable:
            planned.outcome = Outcome.REJECTED
            totals.rows_rejected += 1
        else:
            is_child = layout.kind is SheetKind.CHILD
            match = self.people.place(row, self._file, is_child=is_child, answer=self._answer(row, layout))
            planned.person, planned.created, planned.is_withheld = match.person, match.created, match.is_withheld
            planned.question, planned.compared = match.question, match.compared
            planned.known_id = self.people.known_ids[match.person]
            if match.created:
                totals.people_created += 1
            else:
                totals.people_merged += 1
            self._unite(planned, match, totals)
        findings = planned.findings
        if findings:
            for finding in findings:
                totals.problems_by_code[finding.code] += 1
            if row.identifiable and any(severity_of(f.code) is Severity.WARNING for f in findings):
                planned.outcome = Outcome.WITH_WARNING
        if planned.outcome is Outcome.ACCEPTED:
            totals.rows_accepted += 1
        elif planned.outcome is Outcome.WITH_WARNING:
            totals.rows_accepted_with_warning += 1
        self._sink.row(planned)

    def _unite(self, planned: PlannedRow, match: Match, totals: Totals) -> None:
        """Add what matching found, and the row's doses to the person's by day."""
        findings = planned.findings
        findings.extend(match.findings)
        if planned.layout.kind is SheetKind.VACCINATED:
            if match.created:
                findings.append(Finding(None, "not_on_roster"))
                self.people.on_roster[match.person] = False
            self._unite_event(planned, match, totals)
            return
        if match.was_in_file:
            findings.append(Finding(None, "duplicate_in_file"))
        for dose in planned.understood.doses:
            if dose.state is DoseState.COUNTED:
                totals.dose_cells_counted += 1
                if self.people.add_dose(match.person, dose.series, dose.day):
                    totals.doses_counted_after_merge += 1
                    planned.new_days.append(dose)
            elif dose.state is DoseState.HELD:
                totals.dose_cells_held += 1
            elif dose.state is DoseState.NOT_GIVEN:
                totals.dose_cells_not_given += 1
            else:
                totals.dose_cells_done_without_date += 1

    def _unite_event(self, planned: PlannedRow, match: Match, totals: Totals) -> None:
        """In a list of the vaccinated, person, dose number and day are the event."""
        people, person = self.people, match.person
        for dose in planned.understood.doses:
            if dose.state is not DoseState.COUNTED:
                continue
            event, in_file = f"dose {dose.n}", f"dose {dose.n} in file {self._file}"
            known = people.days_of(person, event)
            if dose.day in known:
                again = dose.day in people.days_of(person, in_file)
                code = "duplicate_in_file" if again else "duplicate_across_files"
                planned.findings.append(Finding(None, code))
            elif known and dose.n is not None:
                planned.findings.append(Finding(planned.layout.at("dose_no"), "dose_number_repeated"))
                continue
            else:
                people.add_dose(person, event, dose.day)
                totals.doses_counted += 1
                planned.new_days.append(dose)
            people.add_dose(person, in_file, dose.day)

    def _tell(self, totals: Totals, problem: Problem) -> None:
        totals.problems_by_code[problem.code] += 1
        self._sink.problem(problem)


def plan_group(
    files: Sequence[LedgerFile],
    words: Vocabulary,
    new_sink: SinkMaker,
    known: Callable[[], KnownPeople] | None = None,
    decisions: Decisions | None = None,
) -> dict[str, Totals]:
    """Plan a group of files; totals by name.

    `new_sink` is asked for a sink again when a file breaks late: what the first one was given is void.
    """
    refused: dict[str, FileRefused] = {}
    while True:
        people = People()
        planner = Planner(words, new_sink(people), people, known() if known else None, refused, decisions)
        try:
            return {file.name: planner.plan(file) for file in files}
        except LateRefusal as late:
            refused[late.file.name] = late.refused


class SinkMaker(Protocol):
    """Makes a fresh sink."""

    def __call__(self, people: People, /) -> Sink:
        """A sink that has been given nothing; `people` is the index that the plan will fill."""


def clean_values(planned: PlannedRow) -> dict[str, object]:
    """The cleaned values of a row by field, dates as ISO text, for a person to compare with the raw ones."""
    row, layout = planned.understood, planned.layout
    clean: dict[str, object] = {
        "name": row.name,
        "doc_type": row.number.kind,
        "doc_no": row.number.key,
        "sex": int(row.sex) if row.sex else None,
        "birth": _iso(row.birth),
        "phone": row.phone,
    }
    for name, index in layout.by_field.items():
        if name in clean or name in {"seq", "doc_type", "doc_no", "time"} or name.endswith(_DOSE_PARTS):
            continue
        value = row.values[index]
        clean[name] = _iso(value) if name in _DAYS and isinstance(value, int) else value
    if layout.kind is SheetKind.VACCINATED:
        moment = row.values[layout.at("time")]
        clean["time"] = _moment_text(moment) if moment else None
    elif layout.kind is not SheetKind.ROSTER:
        clean["doses"] = [_dose_values(row, layout, dose) for dose in row.doses]
    return clean


_DOSE_PARTS = (".date", ".maker", ".lot", ".site")
_DAYS = {"survey_date", "review_date", "deferred_until", "appointment"}


def _iso(day: int) -> str | None:
    return date.fromordinal(day).isoformat() if day else None


def _moment_text(moment: object) -> str | None:
    day, clock = getattr(moment, "day", 0), getattr(moment, "clock", "")
    return f"{_iso(day)}T{clock}" if clock else _iso(day)


def _dose_values(row: Understood, layout: Layout, dose: Dose) -> dict[str, object]:
    found: dict[str, object] = {"slot": dose.slot, "day": _iso(dose.day), "state": dose.state}
    for part in ("maker", "lot", "site"):
        if (at := layout.at(f"{dose.slot}.{part}")) >= 0:
            found[part] = row.values[at]
    return found


def raw_values(planned: PlannedRow) -> dict[str, str]:
    """The row as it stands in the file: header (or column letter) → text, blanks left out."""
    row = planned.understood
    return {
        column.header or cell_name(column.index, 0)[:-1]: shown(cell)
        for column, cell in zip(planned.layout.columns, row.raw, strict=False)
        if cell != ""
    }
