"""`qingmiao roster`: check lists of vaccinated people against the ledger."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from qingmiao.cli.exits import Exit, Stop

app = typer.Typer(no_args_is_help=True)

TITLES = {
    "matched": "已匹配",
    "not_on_ledger": "不在台账",
    "other_number": "同名不同证",
    "twice": "重复",
    "unclear": "无法确定是谁",
}


@app.callback()
def _keep_names() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Lists: .xlsx, .xls or .csv.")],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day the lists speak of; else today."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Who on the lists is on the ledger, who is not, who has another number there, who is listed twice.

    Nothing is written. Exit code 9 if anything but matches was found, 4 if every list was refused.
    """
    from qingmiao.cli.django_ready import ready

    ready()
    from qingmiao.privacy.masking import masked_number
    from qingmiao.registry.ledger.planning import LedgerFile
    from qingmiao.registry.queries.imports import words_known
    from qingmiao.registry.queries.rosters import Found, check_rosters

    day = as_of.date() if as_of else date.today()  # noqa: DTZ011 the clock of whoever types the command
    found = check_rosters([LedgerFile(path, path.name, day) for path in files], words_known())
    if as_json:
        rows = [{**vars(row), "number": masked_number(row.number)} for row in found.rows]
        counts = {kind: found.counts[kind] for kind in Found}
        facts = {"counts": counts, "people_on_ledger": len(found.people), "refused": found.refused, "rows": rows}
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        for kind in Found:
            typer.echo(f"{found.counts[kind]:>6}  {TITLES[kind]}")
        typer.echo(f"{len(found.people):>6}  台账人数（每人计一次）")
        for row in found.rows:
            if row.found is not Found.MATCHED:
                typer.echo(f"  {row.file} {row.row}  {TITLES[row.found]}  {row.name}  {masked_number(row.number)}")
        for name, code in found.refused.items():
            typer.echo(f"  {name}: {code}", err=True)
    if len(found.refused) == len(files):
        raise Stop(Exit.REFUSED)
    if set(found.counts) - {Found.MATCHED}:
        raise Stop(Exit.DIFFERENCES)
