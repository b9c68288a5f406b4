"""`qingmiao coverage national`: rows of the national coverage tables, from files of people, doses and units."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.engine.coverage.problems import Problem
    from qingmiao.engine.coverage.rules import Rules

_SHOWN = 20


def national(
    people: Annotated[Path, typer.Option(help="People, CSV or Parquet.")],
    doses: Annotated[Path, typer.Option(help="Doses, CSV or Parquet.")],
    units: Annotated[Path, typer.Option(help="Vaccinating units and their roles: nip, maternity or non_nip.")],
    ask: Annotated[Path, typer.Option(help="The rows asked for, CSV.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the answers go, CSV.")],
    moves: Annotated[Path | None, typer.Option(help="Which unit managed whom from which day.")] = None,
    townships: Annotated[
        Path | None, typer.Option(help="Townships with residents. Default: townships.csv beside the people.")
    ] = None,
    people_township: Annotated[
        Path | None, typer.Option(help="Township of each person. Default: people_township.csv beside the people.")
    ] = None,
    behind: Annotated[
        Path | None, typer.Option(help="Also write the people and doses behind each figure, CSV.")
    ] = None,
    reading: Annotated[
        list[str] | None, typer.Option(help="Another reading of a disputed rule, as name=value. May be repeated.")
    ] = None,
) -> None:
    """Coverage by the national rules (46号): one answer per asked row, with the rules and readings it rests on.

    Exit codes: 2 an unknown reading, 3 some lines were bad (named on stderr and in OUT.problems.csv; the rest is
    counted), 4 a file cannot be read at all.
    """
    from qingmiao.engine.coverage import sheet

    rules = _rules(reading or [])
    paths = {"people": people, "doses": doses, "units": units, "moves": moves}
    paths |= {"townships": townships or _beside(people, "townships.csv")}
    paths |= {"people_township": people_township or _beside(people, "people_township.csv")}
    try:
        coverage, problems = sheet.open_files({kind: path for kind, path in paths.items() if path}, rules)
        answered, unanswered = sheet.answer_lines(coverage, _lines(ask))
    except (OSError, ValueError) as error:
        raise Stop(Exit.REFUSED, str(error)) from error
    for unit in sheet.unknown_units(coverage, (one.line for one in answered)):
        typer.echo(f"{unit}: 没有文件提到此单位 / no file mentions this unit", err=True)
    asked = [name for name in (answered[0].line if answered else ()) if name not in sheet.FIGURES]
    heading = [*asked, *sheet.FIGURES]
    _write(out, heading, ([sheet.cells(one, rules)[name] for name in heading] for one in answered))
    if behind:
        _write(behind, sheet.BEHIND, sheet.behind_rows(answered, coverage))
    _report([*problems, *unanswered], out)


def _rules(readings: list[str]) -> Rules:
    from qingmiao.engine.coverage.loading import UnknownReading, load

    try:
        return load(**{name: value for name, _, value in (one.partition("=") for one in readings)})
    except UnknownReading as error:
        raise Stop(Exit.USAGE, str(error)) from error


def _beside(people: Path, name: str) -> Path | None:
    path = people.with_name(name)
    return path if path.exists() else None


def _lines(ask: Path) -> list[dict[str, str]]:
    from qingmiao.engine.coverage.asking import KEYS

    with ask.open(newline="", encoding="utf-8-sig") as file:
        return [{**dict.fromkeys(KEYS, ""), **line} for line in csv.DictReader(file)]


def _write(path: Path, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        writer.writerows(rows)


def _report(problems: list[Problem], out: Path) -> None:
    """Name every bad line and every remark; with a bad line the command ends with exit code 3."""
    if not problems:
        return
    path = out.with_name(out.name + ".problems.csv")
    rows = ((one.file, str(one.line), one.field, one.reason, one.text("zh"), one.text("en")) for one in problems)
    _write(path, ("file", "line", "field", "reason", "zh", "en"), rows)
    for one in problems[:_SHOWN]:
        typer.echo(f"{one.file}:{one.line}: {one.field}: {one.text('zh')} / {one.text('en')}", err=True)
    bad = sum(not one.is_remark for one in problems)
    if bad:
        raise Stop(Exit.BAD_LINES, f"{bad} bad lines, all of them in {path}")
