"""`qingmiao site rehearse`: play a day through the real server at speed, and count what must hold."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.rehearsal.invariants import Invariants

Tell = Callable[[datetime, float], None]


def rehearse(
    people: Annotated[int, typer.Option(min=20, max=20_000, help="How many come or are named.")] = 1200,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    lost: Annotated[float, typer.Option(min=0, max=0.5, help="Share of answers that get lost on the way.")] = 0.1,
    retried: Annotated[float, typer.Option(min=0, max=1, help="Share of forms that are sent twice.")] = 0.3,
    seed: Annotated[int, typer.Option(help="Another day: who comes, who declines, what gets lost.")] = 7,
) -> None:
    """Play yesterday at an invented site: the real server, a data folder of its own, every desk a browser.

    Units come, people decline, have a fever, are decided on by a doctor, leave early; answers get lost and are asked
    for again. Afterwards everything that must hold is counted from the database and the trail is verified. Nothing of
    this installation is touched. Exit code 9 when something does not hold.
    """
    with tempfile.TemporaryDirectory(prefix="qingmiao-rehearsal-") as name:
        found, facts = _play(Path(name), people, lost, retried, seed, quiet=as_json)
    if as_json:
        typer.echo(json.dumps(facts | asdict(found), ensure_ascii=False))
    else:
        _print(found, facts)
    if not found.hold:
        raise Stop(Exit.DIFFERENCES)


def _play(
    folder: Path, people: int, lost: float, retried: float, seed: int, *, quiet: bool
) -> tuple[Invariants, dict[str, Any]]:
    """Build the site, start the server, play the day, count."""
    os.environ["QINGMIAO_HOME"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("QINGMIAO_KEYS", None)
    (folder / "rehearsal").touch()
    from qingmiao.cli.django_ready import ready
    from qingmiao.cli.installation import prepare_database, prepare_pages

    ready()
    from django.db import connection
    from django.utils import timezone

    from qingmiao.rehearsal.browser import Weather
    from qingmiao.rehearsal.day import Day
    from qingmiao.rehearsal.invariants import counted
    from qingmiao.rehearsal.server import serving
    from qingmiao.rehearsal.world import build

    prepare_database()
    prepare_pages()
    site = build(people, timezone.localdate() - timedelta(days=1))
    connection.close()
    weather = Weather(lost, retried, seed)
    started = time.perf_counter()
    with _bar(quiet) as tell, serving(folder) as port:
        told = Day(site, port, weather, tell).play()
    seconds = time.perf_counter() - started
    found = counted(site.session, [int(visit) for visit in told.given])
    facts = {
        "people": people,
        "day": site.day.isoformat(),
        "seconds": round(seconds, 1),
        **dict(sorted(weather.seen.items())),
        **dict(sorted(told.counts.items())),
    }
    return found, facts


@contextmanager
def _bar(quiet: bool) -> Iterator[Tell]:
    """A line with the clock of the played day and the share of people who have gone home; on the terminal only."""
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=console, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task(_("Opening the site"), total=1.0)

        def tell(at: datetime, done: float) -> None:
            progress.update(task, completed=done, description=f"{at:%H:%M}")

        yield tell


def _print(found: Invariants, facts: dict[str, Any]) -> None:
    from django.utils.translation import gettext as _

    words = {
        "vaccinated": _("vaccinated"),
        "unsigned": _("doses without a signature before"),
        "unscreened": _("doses without a screening before"),
        "released_early": _("let go before the time"),
        "recorded_twice": _("doses recorded twice"),
        "stock_difference": _("doses of difference in stock"),
        "lost": _("acknowledged doses that are gone"),
        "stuck": _("people stuck inside"),
    }
    typer.echo(_("A day of {people} people, played in {seconds} s").format(**facts))
    typer.echo("  " + "  ".join(f"{key} {value}" for key, value in facts.items() if key not in ("people", "seconds")))
    for key, value in asdict(found).items():
        if key in words:
            mark = "" if key == "vaccinated" or not value else "  <<<"
            typer.echo(f"  {value:>6}  {words[key]}{mark}")
    typer.echo("  " + (_("The audit trail is whole.") if found.audit_verified else _("The audit trail is broken.")))
