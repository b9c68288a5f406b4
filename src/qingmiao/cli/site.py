"""`qingmiao site`: plan a day at the vaccination site, and play one."""

from __future__ import annotations

import typer

from qingmiao.cli.site_rehearse import rehearse
from qingmiao.cli.site_simulate import simulate

app = typer.Typer(no_args_is_help=True)
app.command()(rehearse)
app.command()(simulate)


@app.callback()
def _keep_names() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""
