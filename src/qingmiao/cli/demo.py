"""`qingmiao demo`: build a demo world."""

from __future__ import annotations

from typing import Annotated

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

WORLDS = ("bureau", "routine", "clinic", "surveillance", "subdistrict")
MODULES = {"clinic": "clinic_year"}  # where the world is not called like its module


def run(world: Annotated[str, typer.Option(help="Which world: bureau.")] = "bureau") -> None:
    """Build a demo world in an empty installation, and print its accounts. Exit code 4 if there are data already."""
    ready()
    from django.utils.translation import gettext as _

    from qingmiao.cli.installation import prepare_database

    prepare_database()
    if not _is_empty():
        raise Stop(
            Exit.REFUSED,
            _(
                "There are data here already, and a demo world is never mixed with them. Set QINGMIAO_HOME to an "
                "empty folder, for example: QINGMIAO_HOME=var/demo-two qingmiao demo"
            ),
        )
    build_if_empty(world)
    typer.echo(accounts_table())


def build_if_empty(world: str) -> None:
    """Build `world` unless there are data already."""
    if world not in WORLDS:
        raise Stop(Exit.USAGE, f"--world {world!r}: {', '.join(WORLDS)}")
    if not _is_empty():
        return
    from importlib import import_module

    from django.utils import timezone

    module = import_module(f"qingmiao.demo.{MODULES.get(world, world)}")
    if world in ("clinic", "subdistrict"):
        module.build(now=timezone.now(), told=_tell)
    else:
        module.build(now=timezone.now())


def _tell(what: str, done: int, of: int) -> None:
    typer.echo(f"{what} {done:,} / {of:,}", err=True)


def accounts_table() -> str:
    """The demo accounts of this installation, to be printed; empty when there are none."""
    from qingmiao.demo.accounts import as_text, demo_accounts

    return as_text(demo_accounts())


def _is_empty() -> bool:
    from qingmiao.staff.models import Organisation, User

    return not (Organisation.objects.exists() or User.objects.exists())
