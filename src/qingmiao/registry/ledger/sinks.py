"""Sinks that only pass on."""

from __future__ import annotations

from .layout import Layout, Skipped
from .planning import LedgerFile, PlannedRow, Sink, Totals
from .problems import Problem
from .reading.refusal import FileRefused


class Both:
    """Gives the plan to several sinks."""

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks

    def begin_file(self, file: LedgerFile) -> None:
        """A file comes next."""
        for sink in self._sinks:
            sink.begin_file(file)

    def begin_sheet(self, layout: Layout) -> None:
        """A sheet was recognised."""
        for sink in self._sinks:
            sink.begin_sheet(layout)

    def row(self, planned: PlannedRow) -> None:
        """A data row."""
        for sink in self._sinks:
            sink.row(planned)

    def skipped(self, layout: Layout, skipped: Skipped) -> None:
        """A row that is nobody."""
        for sink in self._sinks:
            sink.skipped(layout, skipped)

    def problem(self, problem: Problem) -> None:
        """Something about the file, a sheet or a skipped row."""
        for sink in self._sinks:
            sink.problem(problem)

    def end_file(self, totals: Totals, refused: FileRefused | None) -> None:
        """The file is done."""
        for sink in self._sinks:
            sink.end_file(totals, refused)
