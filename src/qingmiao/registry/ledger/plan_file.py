"""A plan as a JSON file that programs read: per file totals, rows with raw beside cleaned values, problems."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from .layout import Layout, Skipped
from .people import NOBODY
from .planning import LedgerFile, Outcome, PlannedRow, Totals, clean_values, raw_values
from .problems import Problem, severity_of, texts_of
from .reading.refusal import FileRefused

SPOOL = 1 << 20


class PlanWriter:
    """A sink that writes the plan to an open file as it is made; problems wait in a spool until their file ends."""

    def __init__(self, out: IO[str], language: str = "zh") -> None:
        self._out, self._language = out, language
        self._problems: IO[str] = tempfile.SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8")  # noqa: SIM115 see close
        self._some_rows = self._some_problems = self._some_files = False
        self._is_text = True
        out.write("{")

    def begin_file(self, file: LedgerFile) -> None:
        """Open the entry of a file."""
        self._out.write(",\n" if self._some_files else "\n")
        self._some_files = True
        self._out.write(f'{json.dumps(file.name, ensure_ascii=False)}: {{"as_of": "{file.as_of}", "rows": [')
        self._some_rows = self._some_problems = False
        self._problems.seek(0)
        self._problems.truncate()
        self._text_name = file.title

    def begin_sheet(self, layout: Layout) -> None:
        """Cells of text tables have no A1 names."""
        self._is_text = layout.sheet == self._text_name

    def row(self, planned: PlannedRow) -> None:
        """Write a data row and keep its problems."""
        problems = list(planned.problems())
        person = None if planned.person == NOBODY else f"P{planned.person + 1}"
        self._write_row(
            sheet=planned.layout.sheet,
            row=planned.understood.row,
            outcome=planned.outcome,
            person=person,
            codes=sorted({problem.code for problem in problems}),
            raw=raw_values(planned),
            clean=clean_values(planned),
        )
        for problem in problems:
            self.problem(problem)

    def skipped(self, layout: Layout, skipped: Skipped) -> None:
        """Write a row that is nobody."""
        self._write_row(sheet=layout.sheet, row=skipped.row, outcome=Outcome.SKIPPED, person=None, codes=[skipped.code])

    def problem(self, problem: Problem) -> None:
        """Keep a problem until the file ends."""
        texts = texts_of(problem.code, self._language)
        entry = {
            **problem._asdict(),
            "cell": None if self._is_text else problem.cell,
            "severity": severity_of(problem.code),
            "why": texts.why,
            "cure": texts.cure,
        }
        self._problems.write(",\n" if self._some_problems else "\n")
        self._some_problems = True
        json.dump(entry, self._problems, ensure_ascii=False)

    def end_file(self, totals: Totals, refused: FileRefused | None) -> None:
        """Write problems, totals and outcome."""
        self._out.write('],\n"problems": [')
        self._problems.seek(0)
        self._out.writelines(iter(lambda: self._problems.read(SPOOL), ""))
        closing: dict[str, Any] = {"outcome": "refused" if refused else "imported"}
        if refused:
            closing["code"] = refused.code
        closing["totals"] = totals.as_json()
        self._out.write("],\n" + json.dumps(closing, ensure_ascii=False)[1:])

    def close(self) -> None:
        """End the document."""
        self._out.write("\n}\n")
        self._problems.close()

    def _write_row(self, **values: Any) -> None:
        self._out.write(",\n" if self._some_rows else "\n")
        self._some_rows = True
        json.dump(values, self._out, ensure_ascii=False)


def names_in_plan(paths: Iterable[Path], root: Path | None) -> dict[Path, str]:
    """The name each file goes by: its path below `root`, the folder of the word list, else its own name."""
    return {path: _name(path, root) for path in paths}


def _name(path: Path, root: Path | None) -> str:
    full = path.resolve()
    return full.relative_to(root).as_posix() if root and full.is_relative_to(root) else path.name
