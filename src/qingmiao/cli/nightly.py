"""`qingmiao nightly`: what has to be done every night, in order; one step that fails does not stop the next."""

from __future__ import annotations

from collections.abc import Callable

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop


def run() -> None:
    """Judge doses nobody judged yet, work out what is owed, write to parents, check the kept counts and the trail.

    For a timer of the machine (cron, systemd). Exit code: the highest of its steps; 9 when a check found differences.
    """
    ready()
    from django.utils.translation import gettext as _

    from qingmiao.cli.audit import verify
    from qingmiao.cli.messages import send
    from qingmiao.cli.report import check_figures
    from qingmiao.cli.schedule import due

    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        (_("Judge doses that were sent in bulk"), _judge),
        (_("Work out what is owed"), lambda: due(on="")),
        (_("Write to parents"), lambda: send(plan=True)),
        (_("Check the kept counts"), lambda: check_figures(as_json=False)),
        (_("Verify the audit trail"), lambda: verify(head="", as_json=False)),
    )
    worst = max(_code_of(title, step) for title, step in steps)
    if worst:
        raise Stop(worst)


def _code_of(title: str, step: Callable[[], None]) -> Exit:
    typer.echo(f"{title} …")
    try:
        step()
    except Stop as stop:
        typer.echo(str(stop), err=True)
        return stop.code
    except Exception as error:
        typer.echo(f"{title}: {type(error).__name__}: {error}", err=True)
        return Exit.UNEXPECTED
    return Exit.DONE


def _judge() -> None:
    from django.utils import timezone
    from django.utils.translation import gettext as _

    from qingmiao.clinic.actions.judging import judge_dose
    from qingmiao.clinic.queries.corrections import unjudged_doses
    from qingmiao.staff.access import system

    by, now = system("cli"), timezone.now()
    doses = list(unjudged_doses(by))
    for dose in doses:
        judge_dose(by=by, dose=dose, at=now)
    typer.echo(_("{doses} doses judged.").format(doses=len(doses)))
