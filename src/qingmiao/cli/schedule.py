"""`qingmiao schedule`: what is valid, due and allowed, for one person or for a country."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.engine.population import Job
    from qingmiao.engine.rulesets import Ruleset
    from qingmiao.engine.verdicts import Person

app = typer.Typer(no_args_is_help=True)
BATCH = 2000


def _placed(output: Path) -> Path:
    """Refuse at once what could not be written after an hour's work."""
    if not output.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {output.parent}")
    return output


Rules = Annotated[str, typer.Option("--rules", help="cn, cn@YYYY-MM-DD, cn+label+PROVINCE or cdsi:FOLDER.")]


def ruleset_named(name: str) -> Ruleset:
    """The ruleset, or a stop that says what is wrong with its name or files. Raises `NoRuleInForce`."""
    from qingmiao.engine.rulesets import Ruleset

    try:
        return Ruleset.named(name)
    except (ValueError, OSError) as error:
        raise Stop(Exit.REFUSED, f"--rules {name}: {error}") from error


@app.callback()
def _keep_names() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""


@app.command()
def assess(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", exists=True, dir_okay=False, help="One person a line.")],
    rules: Rules,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            dir_okay=False,
            callback=_placed,
            help="Verdicts, one a line, in the order of the input.",
        ),
    ],
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every question asked, with its rule and answer.")
    ] = False,
) -> None:
    """Judge every person of IN.jsonl. A bad line is reported and answered with its error; exit code 3.

    A dose of a vaccine that the rules do not know is reported likewise; the rest of its line is judged.
    """
    ruleset = ruleset_named(rules)
    bad = 0
    with source.open("rb") as lines, _finished(output) as out:
        for batch in _batches(lines):
            bad += _answer(ruleset, batch, out, trace)
    if bad:
        raise Stop(Exit.BAD_LINES, f"{bad} lines were not judged, or not wholly")


@contextmanager
def _finished(output: Path) -> Iterator[IO[str]]:
    """The output to write to: a pipe or a terminal as it goes, a file once it is whole."""
    from qingmiao.engine.whole import whole

    is_file = output.is_file() or not output.exists()
    # What is no text in an id is written as JSON escapes it, and as it came in.
    with (
        whole(output) if is_file else nullcontext(output) as path,
        path.open("w", encoding="utf-8", errors="backslashreplace") as out,
    ):
        yield out


def _batches(lines: IO[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    batch: list[tuple[int, bytes]] = []
    for number, line in enumerate(lines, 1):
        content = line.removeprefix(BOM_UTF8) if number == 1 else line
        if content.strip():
            batch.append((number, content))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _answer(ruleset: Ruleset, batch: list[tuple[int, bytes]], out: IO[str], trace: bool) -> int:
    """Write one line for each line of the batch; how many were bad."""
    from qingmiao.engine import verdicts

    facts = verdicts.facts_reader(ruleset)
    unread: dict[int, dict[str, Any]] = {}
    people: list[Person] = []
    for number, line in batch:
        try:
            people.append(verdicts.read_line(line, facts))
        except verdicts.BadLine as error:
            unread[number] = {"id": verdicts.id_of(line), "error": str(error), "line": number}
    judged = iter(_traced(ruleset, people) if trace else verdicts.verdicts(ruleset, people))
    answers = {number: unread.get(number) or next(judged) for number, _ in batch}
    bad = {number: answer["error"] for number, answer in answers.items() if "error" in answer}
    for number, why in bad.items():
        typer.echo(f"line {number}: {why}", err=True)
    out.writelines(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers.values())
    return len(bad)


def _traced(ruleset: Ruleset, people: list[Person]) -> list[dict[str, Any]]:
    from qingmiao.engine import verdicts
    from qingmiao.engine.trace import traced

    found = []
    for person in people:
        typer.echo(f"PERSON {person.id}")
        with traced(ruleset.tape, typer.echo):
            found += verdicts.verdicts(ruleset, [person], compiled=False)
    return found


@app.command()
def forecast(
    people: Annotated[Path, typer.Argument(metavar="PEOPLE.parquet", exists=True, help="person_id, born_on, sex.")],
    doses: Annotated[Path, typer.Argument(metavar="DOSES.parquet", exists=True, help="person_id, given_on, vaccine.")],
    rules: Rules,
    on: Annotated[str, typer.Option("--on", help="The day of assessment, YYYY-MM-DD.")],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", callback=_placed, help="Due doses, one row for each person and vaccine group."),
    ],
    until: Annotated[str, typer.Option(help="Write next doses that may be given by this day (default: --on).")] = "",
    observations: Annotated[
        Path | None,
        typer.Option(
            exists=True, help="Facts: person_id, code; optionally on, value. What is not stated is as the rules assume."
        ),
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the local engine.")] = 1,
    engine: Annotated[str, typer.Option(help="local or spark.")] = "local",
    master: Annotated[str, typer.Option(help="Address of the Spark master.")] = "local[*]",
) -> None:
    """Write the due doses of a population. Memory stays bounded, whatever the size of the files."""
    from pyarrow.lib import ArrowException

    from qingmiao.engine.columns import MissingColumn
    from qingmiao.engine.population import Job

    day = _day(on, "--on")
    last = _day(until, "--until") if until else day
    if last < day:
        raise Stop(Exit.USAGE, f"--until {last}: before --on {day}")
    job = Job(ruleset_named(rules), people, doses, day, last, threads, observations)
    try:
        said = _run(job, output, engine, master, rules)
    except (MissingColumn, OSError) as error:
        raise Stop(Exit.REFUSED, str(error)) from error
    except ArrowException as error:
        raise Stop(Exit.REFUSED, f"{people.name} or {doses.name}: {error}") from error
    typer.echo(said, err=True)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Stop(Exit.USAGE, f"{option}: {text!r} is not a day YYYY-MM-DD") from error


def _run(job: Job, output: Path, engine: str, master: str, rules: str) -> str:
    """Run the job here, with a progress bar, or on Spark; what was written."""
    if engine == "spark":
        from qingmiao.engine.on_spark import forecast_on_spark

        return f"{forecast_on_spark(job, output, rules, master):,} due doses in {output}"
    if engine != "local":
        raise Stop(Exit.USAGE, f"--engine {engine}: say local or spark")
    if output.is_dir():
        raise Stop(Exit.USAGE, f"-o {output}: a folder is written by --engine spark only")
    from pyarrow.parquet import ParquetFile
    from rich.progress import Progress

    from qingmiao.engine.population import forecast as forecast_here

    with Progress(disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("persons", total=ParquetFile(job.people).metadata.num_rows)
        written = forecast_here(job, output, lambda done: bar.advance(task, done))
    aside = f"; {written.set_aside:,} recorded doses not judged (vaccine, day or person unknown)"
    return f"{written.rows:,} due doses in {output}{aside if written.set_aside else ''}"


@app.command()
def due(
    on: Annotated[str, typer.Option("--on", help="The day, YYYY-MM-DD (default: today).")] = "",
) -> None:
    """Work out anew what is owed to every child on record; run it every night."""
    from qingmiao.cli.django_ready import ready

    ready()
    from django.utils import timezone
    from django.utils.translation import gettext as _
    from rich.progress import Progress

    from qingmiao.schedule.actions import recompute_due
    from qingmiao.staff.access import system

    now = timezone.now()
    day = _day(on, "--on") if on else timezone.localdate(now)
    with Progress(disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(_("people"), total=None)
        run = recompute_due(by=system("cli"), on=day, at=now, progress=lambda done: bar.advance(task, done))
    typer.echo(
        _("{owed} doses owed to {people} children by {until}, as of {on} ({ruleset}).").format(
            owed=f"{run.owed:,}", people=f"{run.people:,}", until=run.until, on=run.on, ruleset=run.ruleset
        )
    )


if __name__ == "__main__":
    from qingmiao.cli.exits import guarded

    sys.exit(guarded(app))
