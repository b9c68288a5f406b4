"""`qingmiao audit`: is the trail whole, and where does it end."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

app = typer.Typer(no_args_is_help=True)


@app.command()
def verify(
    head: Annotated[
        str, typer.Option(help="A head that was kept elsewhere, as `qingmiao audit head` printed it: SEQ:DIGEST.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recompute the whole chain. Exit code 9 if anything was altered, cut out, put in or cut off."""
    ready()
    from qingmiao.audit import chain
    from qingmiao.audit.models import AuditEntry

    kept = None
    if head:
        seq, _colon, digest = head.partition(":")
        kept = (int(seq), bytes.fromhex(digest))
    broken = list(chain.breaks(kept))
    entries = AuditEntry.objects.count()
    if as_json:
        typer.echo(json.dumps({"entries": entries, "broken": [vars(place) for place in broken]}))
    else:
        typer.echo(f"{entries} entries, {len(broken)} breaks")
        for place in broken[:20]:
            typer.echo(f"  {place.seq}: {place.why}")
    if broken:
        raise Stop(Exit.DIFFERENCES)


@app.command()
def head() -> None:
    """Print the end of the chain, to be kept outside this installation (printed, sent to the city)."""
    ready()
    from qingmiao.audit.models import AuditHead

    end = AuditHead.objects.filter(id=1).first()
    typer.echo(f"{end.seq}:{bytes(end.digest).hex()}" if end else f"0:{'00' * 32}")
