"""Files in, a sheet of answers out: the way in for those who have files and questions rather than columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from qingmiao.engine.coverage.answering import Answer, Behind, Coverage
from qingmiao.engine.coverage.asking import CannotAsk, read
from qingmiao.engine.coverage.columns import population
from qingmiao.engine.coverage.days import date_of
from qingmiao.engine.coverage.files import File
from qingmiao.engine.coverage.files import read as read_file
from qingmiao.engine.coverage.population import Population
from qingmiao.engine.coverage.problems import Problem
from qingmiao.engine.coverage.rules import Rules
from qingmiao.engine.coverage.township import Places, read_places

FIGURES = ("due", "done_nip", "done_sub", "done", "rate_pct", "done_other", "ruleset", "readings")
BEHIND = ("row", "figure", "person_id", "record_id", "date", "township")
NOT_IN_TABLE = "NA"
Line = Mapping[str, str]


@dataclass(frozen=True)
class Answered:
    """A line of the questions with its answer; None where it could not be answered."""

    line: Line
    answer: Answer | None


def open_files(paths: Mapping[str, Path], rules: Rules) -> tuple[Coverage, list[Problem]]:
    """The population in some files (keys of `files.COLUMNS`), and the lines that were left out."""
    files = {kind: read_file(path, kind) for kind, path in paths.items()}
    moves = files["moves"].table if "moves" in files else None
    found = population(files["people"].table, files["doses"].table, files["units"].table, moves, rules)
    places, of_places = _places(files, found)
    problems = [files[one.file].at_line(one) for one in (*found.problems, *of_places)]
    problems += [one for file in files.values() for one in file.problems]
    return Coverage(found, rules, places), sorted(problems, key=lambda one: (one.file, one.line))


def _places(files: Mapping[str, File], found: Population) -> tuple[Places | None, list[Problem]]:
    if not {"townships", "people_township"} <= files.keys():
        return None, []
    return read_places(files["townships"].table, files["people_township"].table, found)


def answer_lines(coverage: Coverage, lines: Iterable[Line]) -> tuple[list[Answered], list[Problem]]:
    """Each line answered, in order; a line that asks for what is in no table stays without an answer."""
    answered, problems = [], []
    for at, line in enumerate(lines):
        try:
            answered.append(Answered(line, coverage.answer(read(line, coverage.rules))))
        except CannotAsk as error:
            answered.append(Answered(line, None))
            problems.append(Problem("ask", at + 2, error.field, error.reason))
    return answered, problems


def unknown_units(coverage: Coverage, lines: Iterable[Line]) -> list[str]:
    """Units asked for that no file mentions: their figures are zero, which may be a slip of the pen."""
    asked = [line["unit"] for line in lines if line["report"] in ("period", "cohort", "dropout")]
    units = {unit.strip() for sum_of_units in asked for unit in sum_of_units.split("+")}
    return sorted(units - coverage.population.units.numbers.keys())


def cells(answered: Answered, rules: Rules) -> dict[str, str]:
    """The line repeated with its figures, the rules and the readings they rest on."""
    line, answer = answered.line, answered.answer
    if answer is None:
        return {**line, **dict.fromkeys(FIGURES, "")}
    counts = {name: str(answer.counts.get(name, "")) for name in ("due", "done_nip", "done_sub", "done", "done_other")}
    return {
        **line,
        **counts,
        "due": counts["due"] or NOT_IN_TABLE,
        "rate_pct": answer.rate_pct,
        "ruleset": rules.ruleset,
        "readings": rules.readings(_table(line), line["vaccine"], line["dose"]),
    }


def _table(line: Line) -> str:
    return "period" if line["report"] == "period" else "cohort"


def behind_rows(answered: Iterable[Answered], coverage: Coverage) -> Iterator[tuple[str, ...]]:
    """The people, doses and townships behind every figure, `row` being the line of the question (the heading is 1)."""
    for at, one in enumerate(answered):
        for behind in one.answer.behind if one.answer else ():
            for found in (*_people(behind, coverage.population), *_townships(behind)):
                yield str(at + 2), behind.figure, *found


def _people(behind: Behind, population: Population) -> Iterator[tuple[str, ...]]:
    people = population.person_ids.take(population.children.file[behind.child]).to_pylist()
    records = population.doses.record[behind.dose]
    ids = population.record_ids.take(pa.array(records, mask=records < 0)).to_pylist()
    for person, record, dose in zip(people, ids, behind.dose, strict=True):
        day = date_of(population.doses.day[dose]).isoformat() if dose >= 0 else ""
        yield str(person), "" if record is None else str(record), day, ""


def _townships(behind: Behind) -> Iterator[tuple[str, ...]]:
    return (("", "", "", name) for name in behind.townships)
