"""`qingmiao ledger`: read, check, import and undo ledgers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.registry.ledger.planning import LedgerFile, Sink, Totals
    from qingmiao.registry.ledger.vocabulary import Vocabulary
    from qingmiao.registry.models import LedgerImport
    from qingmiao.staff.models import Organisation

app = typer.Typer(no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Ledgers: .xlsx, .xls or .csv.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day the files speak of; else today."),
]
Words = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="Headers, sites and makers of your place, as YAML or JSON."),
]
WORD_FILES = ("words.yaml", "reference.json")  # taken up by themselves when they lie beside the ledgers


@app.command("import")
def import_(
    files: Files,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only plan: no database is needed or touched.")] = False,
    plan: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the plan to this JSON file.")] = None,
    as_of: AsOf = None,
    unit: Annotated[
        str, typer.Option("--unit", "--place", help="The bureau, unit or community whose people are listed.")
    ] = "",
    words: Words = None,
    as_json: Json = False,
) -> None:
    """Import ledgers; the files of one call know each other's people. Exit code 3 if a row or a file was left out."""
    day = as_of.date() if as_of else date.today()  # noqa: DTZ011 the clock of whoever types the command
    found, root = _words(files, words)
    named = _named(files, root, day)
    with _plan_written_to(plan) as also:
        totals = _only_plan(named, found, also) if dry_run else _import(named, found, also, unit)
    _print(totals, as_json=as_json)
    _leave(totals)


@app.command()
def undo(
    number: Annotated[int | None, typer.Argument(help="Which import (see `list`); else the last one.")] = None,
    as_json: Json = False,
) -> None:
    """Take back a whole import: people who changed since are kept and named by their numbers."""
    from django.utils import timezone

    _ready()
    from qingmiao.registry.actions.undoing import undo_import
    from qingmiao.registry.models import LedgerImport
    from qingmiao.staff.access import system

    written = LedgerImport.objects.filter(status=LedgerImport.Status.WRITTEN).order_by("written_at", "pk")
    found = written.filter(pk=number).first() if number else written.last()
    if found is None:
        raise Stop(Exit.REFUSED, "no such import, or it is not written")
    undone = undo_import(by=system("cli"), ledger_import=found, version=found.version, at=timezone.now())
    if as_json:
        typer.echo(json.dumps({"import": undone.pk, "status": undone.status, "kept": undone.kept}))
        return
    typer.echo(f"import {undone.pk} undone")
    if undone.kept:
        typer.echo(f"kept, because they changed since: {', '.join(map(str, undone.kept))}")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """The imports of this installation, latest first."""
    _ready()
    from qingmiao.registry.models import LedgerImport

    imports = LedgerImport.objects.select_related("place").prefetch_related("files")
    lines = [
        {
            "import": found.pk,
            "status": found.status,
            "place": found.place.name,
            "uploaded_at": found.uploaded_at.isoformat(timespec="minutes"),
            "files": [file.name for file in found.files.all()],
            "rows": found.totals.get("rows_read", 0),
            "people": found.totals.get("people_created", 0),
        }
        for found in imports[:50]
    ]
    if as_json:
        typer.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        files = ", ".join(line["files"])
        typer.echo(
            f"{line['import']:>5}  {line['status']:<8} {line['rows']:>9,} rows {line['people']:>9,} new  {files}"
        )


def _words(files: Sequence[Path], given: Path | None) -> tuple[Vocabulary, Path | None]:
    """The words to read by, and the folder they were found in."""
    from qingmiao.registry.ledger import vocabulary

    beside = [folder / name for file in files for folder in _near(file) for name in WORD_FILES]
    found = given or next((path for path in beside if path.is_file()), None)
    if found is None:
        return vocabulary.national(), None
    try:
        words = vocabulary.with_file(found)
    except vocabulary.WordsUnreadable as error:
        if given is None:
            return vocabulary.national(), None  # some other file of that name
        raise Stop(Exit.USAGE, str(error)) from error
    if given is None:
        typer.echo(f"words of {found}", err=True)
    return words, found.resolve().parent


def _near(file: Path) -> list[Path]:
    return [file.resolve().parent, file.resolve().parent.parent]


def _named(files: Sequence[Path], root: Path | None, day: date) -> list[LedgerFile]:
    from qingmiao.registry.ledger.plan_file import names_in_plan
    from qingmiao.registry.ledger.planning import LedgerFile

    names = names_in_plan(files, root)
    if len(set(names.values())) != len(files):
        raise Stop(Exit.USAGE, "two files have the same name")
    return [LedgerFile(path, name, day) for path, name in names.items()]


class _Progress:
    """A sink that counts rows on a line of the terminal."""

    def __init__(self, advance: Callable[[int], None]) -> None:
        self._advance, self._rows = advance, 0

    def begin_file(self, file: LedgerFile) -> None:
        """Count on."""

    def begin_sheet(self, layout: Any) -> None:
        """Count on."""

    def row(self, planned: Any) -> None:
        """One more."""
        self._rows += 1
        if self._rows % 1000 == 0:
            self._advance(1000)

    def skipped(self, layout: Any, skipped: Any) -> None:
        """Not counted."""

    def problem(self, problem: Any) -> None:
        """Not counted."""

    def end_file(self, totals: Totals, refused: Any) -> None:
        """Count on."""


@contextmanager
def _progress() -> Iterator[_Progress]:
    """A running count on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield _Progress(lambda _rows: None)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield _Progress(lambda rows: bar.advance(task, rows))


@contextmanager
def _plan_written_to(path: Path | None) -> Iterator[Callable[[Any], Sink]]:
    """A maker of sinks that write the plan and show progress; a plan begun anew starts the file anew."""
    from qingmiao.registry.ledger.plan_file import PlanWriter
    from qingmiao.registry.ledger.sinks import Both

    with _progress() as progress, ExitStack() as stack:
        out = stack.enter_context(path.open("w", encoding="utf-8")) if path else None
        writers: list[PlanWriter] = []

        def make(_people: Any) -> Sink:
            if out is None:
                return progress
            out.seek(0)
            out.truncate()
            writers.append(PlanWriter(out))
            return Both(writers[-1], progress)

        yield make
        if writers:
            writers[-1].close()


def _only_plan(files: Sequence[LedgerFile], words: Vocabulary, sink: Callable[[Any], Sink]) -> dict[str, Totals]:
    from qingmiao.registry.ledger.planning import plan_group

    return plan_group(files, words, sink)


def _import(
    files: Sequence[LedgerFile], words: Vocabulary, sink: Callable[[Any], Sink], unit: str
) -> dict[str, Totals]:
    _ready()
    from django.utils import timezone

    from qingmiao.registry.actions.imports import import_ledger
    from qingmiao.registry.ledger.planning import Totals
    from qingmiao.registry.queries.imports import words_known
    from qingmiao.staff.access import system

    place = _place(unit)
    done: LedgerImport = import_ledger(
        by=system("cli"), place=place, files=files, at=timezone.now(), words=words_known(words), also=sink
    )
    typer.echo(f"import {done.pk}: {place.name}", err=True)
    return {file.name: Totals.of(file.totals) for file in done.files.order_by("position")}


def _place(name: str) -> Organisation:
    from qingmiao.staff.models import Organisation

    if name.isdigit():
        found = list(Organisation.objects.filter(pk=int(name)))
    elif name:
        found = list(Organisation.objects.filter(name=name))
    else:
        found = list(Organisation.objects.filter(kind=Organisation.Kind.BUREAU)[:2])
    if len(found) != 1:
        raise Stop(
            Exit.USAGE, f"--unit: {'no' if not found else 'more than one'} organisation {name!r}: give its number"
        )
    return found[0]


def _ready() -> None:
    from qingmiao.cli.django_ready import ready

    ready()
    from qingmiao.cli.installation import prepare_database

    prepare_database()


def _print(totals: dict[str, Totals], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({name: total.as_json() for name, total in totals.items()}, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for title in ("rows", "accepted", "with warning", "rejected", "skipped", "new people", "merged", "problems"):
        table.add_column(title, justify="right")
    for name, total in totals.items():
        figures = (total.rows_read, total.rows_accepted, total.rows_accepted_with_warning, total.rows_rejected,
                   total.rows_skipped, total.people_created, total.people_merged, total.problems)  # fmt: skip
        table.add_row(name, *(f"{figure:,}" for figure in figures))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    for line in _problem_lines(totals):
        console.print(line, markup=False)


def _problem_lines(totals: dict[str, Totals]) -> Iterator[str]:
    from collections import Counter

    from qingmiao.registry.ledger.problems import severity_of, texts_of

    counted: Counter[str] = sum((total.problems_by_code for total in totals.values()), Counter())
    for code, count in counted.most_common():
        texts = texts_of(code)
        cure = f" → {texts.cure}" if texts.cure else ""
        yield f"{count:>9,}  {severity_of(code):<8} {code:<28} {texts.title}{cure}"


def _leave(totals: dict[str, Totals]) -> None:
    """0 when everything was taken in; 4 when every file was refused; 3 when a row or a file was left out."""
    from qingmiao.registry.ledger.problems import Severity, severity_of

    refused = [
        name
        for name, total in totals.items()
        if any(severity_of(code) is Severity.FILE for code in total.problems_by_code)
    ]
    if len(refused) == len(totals):
        raise Stop(Exit.REFUSED)
    if refused or any(total.rows_rejected for total in totals.values()):
        raise Stop(Exit.BAD_LINES)
