"""`qingmiao schedule`: what is valid, due and allowed, for one person or for a country."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.engine.rulesets import Ruleset
    from qingmiao.engine.verdicts import Person

app = typer.Typer(no_args_is_help=True)
BATCH = 2000

Rules = Annotated[str, typer.Option("--rules", help="cn, cn@YYYY-MM-DD or cdsi:FOLDER.")]


def ruleset_named(name: str) -> Ruleset:
    """The ruleset, or a stop that says what is wrong with its name or files."""
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
    output: Annotated[Path, typer.Option("-o", "--output", help="Verdicts, one a line, in the order of the input.")],
    trace: Annotated[
        bool, typer.Option("--trace", help="Print every question asked, with its rule and answer.")
    ] = False,
) -> None:
    """Judge every person of IN.jsonl. A bad line is reported and answered with its error; exit code 3."""
    ruleset = ruleset_named(rules)
    bad = 0
    with source.open(encoding="utf-8-sig", errors="replace") as lines, output.open("w", encoding="utf-8") as out:
        for batch in _batches(lines):
            bad += _answer(ruleset, batch, out, trace)
    if bad:
        raise Stop(Exit.BAD_LINES, f"{bad} lines were not judged")


def _batches(lines: IO[str]) -> Iterator[list[tuple[int, str]]]:
    batch: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            batch.append((number, line))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _answer(ruleset: Ruleset, batch: list[tuple[int, str]], out: IO[str], trace: bool) -> int:
    """Write one line for each line of the batch; how many were bad."""
    from qingmiao.engine import verdicts

    facts = verdicts.facts_reader(ruleset)
    answers: list[dict[str, Any] | None] = []
    people: list[Person] = []
    for number, line in batch:
        try:
            people.append(verdicts.read_line(line, facts))
            answers.append(None)
        except verdicts.BadLine as error:
            typer.echo(f"line {number}: {error}", err=True)
            answers.append({"id": verdicts.id_of(line), "error": str(error), "line": number})
    judged = iter(_traced(ruleset, people) if trace else verdicts.verdicts(ruleset, people))
    for answer in answers:
        out.write(json.dumps(next(judged) if answer is None else answer, ensure_ascii=False) + "\n")
    return sum(answer is not None for answer in answers)


def _traced(ruleset: Ruleset, people: list[Person]) -> list[dict[str, Any]]:
    from qingmiao.engine import verdicts
    from qingmiao.engine.trace import traced

    found = []
    for person in people:
        typer.echo(f"PERSON {person.id}")
        with traced(ruleset.tape, typer.echo):
            found += verdicts.verdicts(ruleset, [person], compiled=False)
    return found


if __name__ == "__main__":
    from qingmiao.cli.exits import guarded

    sys.exit(guarded(app))
