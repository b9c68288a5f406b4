"""`qingmiao account`: the first organisations and accounts of a new installation; later they are opened on screen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.staff.models import Organisation

app = typer.Typer(no_args_is_help=True)


@app.command()
def place(
    path: Annotated[list[str], typer.Argument(help="KIND:NAME from the root down: district:青河区 bureau:文旅局")],
) -> None:
    """Found an organisation and whatever above it does not exist yet."""
    ready()
    from qingmiao.staff.access import system
    from qingmiao.staff.actions import found_organisation
    from qingmiao.staff.models import Organisation

    organisation: Organisation | None = None
    for step in path:
        kind, _colon, name = step.partition(":")
        if kind not in Organisation.Kind.values or not name:
            raise Stop(Exit.USAGE, f"{step}: write KIND:NAME; kinds are {', '.join(Organisation.Kind.values)}")
        organisation = found_organisation(by=system("cli"), kind=kind, name=name, parent=organisation)
    if organisation is not None:
        typer.echo(f"{organisation.pk} {organisation.path} {organisation.name}")


@app.command("open")
def open_(
    username: str,
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[str, typer.Option(help="A role, for example security_admin.")],
    at: Annotated[str, typer.Option(help="The organisation: its number or its name.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="QINGMIAO_PASSWORD")
    ],
) -> None:
    """Open an account with a role; its password must be changed at the first sign-in."""
    ready()
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from qingmiao.staff.access import system
    from qingmiao.staff.actions import assign_role, open_account
    from qingmiao.staff.models import Role

    if role not in Role.values:
        raise Stop(Exit.USAGE, f"{role}: roles are {', '.join(Role.values)}")
    organisation, by = _organisation(at), system("cli")
    try:
        with transaction.atomic():
            user = open_account(by=by, username=username, display_name=name, password=password)
            assign_role(by=by, user=user, role=Role(role), organisation=organisation, valid_from=date.today())  # noqa: DTZ011 (the border)
    except ValidationError as refusal:
        raise Stop(Exit.REFUSED, "\n".join(refusal.messages)) from None
    typer.echo(f"{user.username}: {Role(role).label}, {organisation.name}")


def _organisation(at: str) -> Organisation:
    from qingmiao.staff.models import Organisation

    found = Organisation.objects.filter(pk=at) if at.isdecimal() else Organisation.objects.filter(name=at)
    if len(found) != 1:
        raise Stop(Exit.USAGE, f"{at}: {len(found)} organisations have this name; give the number of one")
    return found[0]
