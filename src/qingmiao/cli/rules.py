"""`qingmiao rules`: read, check and compare rule files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from qingmiao.cli import rules_check
from qingmiao.cli.exits import Exit, Stop

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _keep_names() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""


app.command("check")(rules_check.check)
app.command("diff")(rules_check.diff)


@app.command("import-cdsi")
def import_cdsi(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="CDC's supporting data, as published.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compile CDC's published supporting data and report what was read and what was normalised."""
    from qingmiao.engine.cdsi import NotSupportingData, read_supporting_data
    from qingmiao.engine.cdsi.words import UnreadableWord
    from qingmiao.engine.tape import UnknownWord, encode

    try:
        words, report = read_supporting_data(folder)
        tape = encode(words)
    except (NotSupportingData, UnreadableWord, UnknownWord) as error:
        raise Stop(Exit.REFUSED, f"{folder}: {error}") from error
    if as_json:
        facts = {
            "ruleset": tape.version,
            "cells": len(tape.cells),
            "read": report.read,
            "normalised": report.normalised,
        }
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    typer.echo(f"{tape.version}: {len(tape.cells):,} numbers")
    for what, count in sorted(report.read.items()):
        typer.echo(f"  read        {count:>6,}  {what}")
    for what, count in sorted(report.normalised.items()):
        typer.echo(f"  normalised  {count:>6,}  {what}, e.g. {report.examples[what][:60]}")


if __name__ == "__main__":
    from qingmiao.cli.exits import guarded

    sys.exit(guarded(app))
