"""`qingmiao`: the same acts as the screens, for the command line. Each command parses, calls one action, prints."""

from __future__ import annotations

import sys

import typer

from qingmiao.cli import exits

app = typer.Typer(
    name="qingmiao", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Qingmiao 青苗"
)

# Each name is a module beside this file with an `app`; it is loaded only when it is asked for, so that a quick
# command need not wait for the libraries of a slow one.
GROUPS: dict[str, str] = {
    "account": "Organisations, accounts and roles of a new installation.",
    "audit": "The audit trail: verify it, print its head.",
    "coverage": "Who is vaccinated, of whom.",
    "ledger": "Read, check, import and undo ledgers.",
    "messages": "Messages to parents: plan and send.",
    "report": "Bulletins and work summaries.",
    "roster": "Check lists of vaccinated people against the ledger.",
    "rules": "Rule files: check, compare, import.",
    "schedule": "What is valid, due and allowed.",
    "surveillance": "The audit of missed report cards.",
    "site": "Plan a day at the vaccination site, and play one.",
}
COMMANDS: dict[str, str] = {
    "demo": "Build a demo world through the product's own actions.",
    "doctor": "Is this installation fit to be used?",
    "nightly": "What has to be done every night: due lists, judgements, checks.",
    "serve": "Start the server.",
}


@app.callback()
def _keep_names() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""


def _mount(names: list[str]) -> None:
    """Load the modules that the command line names; all of them for the list of commands."""
    from importlib import import_module

    wanted = [name for name in names if name in GROUPS or name in COMMANDS] or [*GROUPS, *COMMANDS]
    for name in wanted:
        module = import_module(f"qingmiao.cli.{name}")
        if name in GROUPS:
            app.add_typer(module.app, name=name, help=GROUPS[name])
        else:
            app.command(name, help=COMMANDS[name])(module.run)


def main() -> None:
    """Entry point: run the command; each family of error has one exit code (see `cli/exits.py`)."""
    _mount(sys.argv[1:2])
    sys.exit(exits.guarded(app))


__all__: list[str] = ["app", "main"]
