"""`qingmiao messages`: what parents are told; for a timer, every hour of the day."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _keep_names() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""


@app.command()
def send(
    plan: Annotated[bool, typer.Option(help="Plan first what the rules have planned every night.")] = False,
) -> None:
    """Send what waits: each message is decided at this moment. In quiet hours it waits; running it twice sends once."""
    from qingmiao.cli.django_ready import ready

    ready()
    from django.utils import timezone
    from django.utils.translation import gettext as _
    from rich.progress import Progress

    from qingmiao.outreach.channels import gateways
    from qingmiao.outreach.models import Message
    from qingmiao.outreach.planning import plan_tonight
    from qingmiao.outreach.sending import ask_for_receipts, may_go, send_waiting
    from qingmiao.staff.access import system

    by, now, ways, everything = system("cli"), timezone.now(), gateways(), Message.objects.all()
    if plan:
        typer.echo(_("{planned} messages planned.").format(planned=plan_tonight(by, now)))
    with Progress(disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(_("messages"), total=may_go(everything, ways, now).count())
        done = send_waiting(by, everything, ways, now, told=lambda one: bar.advance(task, one))
    ask_for_receipts(by, everything, ways, now)
    wait = everything.filter(state=Message.State.WAITING, channel__in=list(ways)).count()
    typer.echo(
        _("Sent {sent}, not sent {withheld}, failed {failed}; {wait} wait until the quiet hours are over.").format(
            sent=done[Message.State.SENT],
            withheld=done[Message.State.WITHHELD],
            failed=done[Message.State.FAILED],
            wait=wait,
        )
    )
