"""`qingmiao coverage`: who is vaccinated, of whom."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.coverage_national import national
from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.reports.indicators import Indicator
    from qingmiao.reports.models import Snapshot
    from qingmiao.staff.models import Organisation

app = typer.Typer(no_args_is_help=True)
app.command()(national)


@app.callback()
def coverage() -> None:
    """Who is vaccinated, of whom."""


@app.command()
def unit(
    bureau: Annotated[str, typer.Option(help="Name of the bureau; may be left out if there is one.")] = "",
    unit: Annotated[str, typer.Option(help="Name of one unit, or of any other organisation.")] = "",
    on: Annotated[str, typer.Option(help="End of this day, YYYY-MM-DD. Default: today.")] = "",
    freeze: Annotated[bool, typer.Option("--freeze", help="Keep the figure with the names behind it.")] = False,
    indicator: Annotated[str, typer.Option(help="Which indicator. Default: that of the campaign there.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object; it holds no names.")] = False,
) -> None:
    """Coverage of a bureau and each of its units, or of one unit: found, vaccinated, rate.

    Exit codes: 2 the organisation or day is not known, 8 the installation is not ready.
    """
    ready()
    from django.utils import timezone

    from qingmiao.reports.indicators import indicator as indicator_named
    from qingmiao.reports.queries.campaigns import rule_at

    now = timezone.now()
    day = day_of(on, timezone.localdate(now))
    organisation = organisation_named(unit, "") if unit else organisation_named(bureau, "bureau")
    rule = indicator_named(indicator) if indicator else rule_at(organisation)
    snapshot = frozen(organisation, rule.id, day, now) if freeze else None
    found = _found(rule, organisation, day, snapshot)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)


def day_of(text: str, today: date) -> date:
    """The day that `text` names, else today. Ends the command with exit code 2 when it is no day."""
    try:
        return date.fromisoformat(text) if text else today
    except ValueError as error:
        raise Stop(Exit.USAGE, f"{text!r}: YYYY-MM-DD") from error


def organisation_named(name: str, kind: str) -> Organisation:
    """The organisation of that name, or the only one of `kind` without a name; else exit code 2, naming those known."""
    from django.utils.translation import gettext as _

    from qingmiao.staff.models import Organisation

    known = Organisation.objects.filter(closed_on=None).order_by("path")
    candidates = list(known.filter(name=name) if name else known.filter(kind=kind))
    if len(candidates) == 1:
        return candidates[0]
    names = ", ".join(known.filter(kind__in=("bureau", "unit")).values_list("name", flat=True)[:30])
    if not name:
        raise Stop(Exit.USAGE, _("Say which bureau: --bureau NAME. Known: {names}").format(names=names or "—"))
    if not candidates:
        raise Stop(Exit.USAGE, _("No organisation is called {name}. Known: {names}").format(name=name, names=names))
    raise Stop(Exit.USAGE, _("{count} organisations are called {name}.").format(count=len(candidates), name=name))


def frozen(organisation: Organisation, indicator_id: str, on: date, now: datetime) -> Snapshot:
    """A new snapshot by whoever owns this installation; a line on stderr tells while it is taken."""
    from django.utils import timezone
    from rich.console import Console

    from qingmiao.reports.actions import freeze_figure
    from qingmiao.staff.access import system

    with Console(stderr=True).status(organisation.name):
        return freeze_figure(
            by=system("cli"),
            indicator_id=indicator_id,
            organisation=organisation,
            on=on,
            today=timezone.localdate(now),
            at=now,
        )


def _found(rule: Indicator, organisation: Organisation, on: date, snapshot: Snapshot | None) -> dict[str, Any]:
    from qingmiao.reports.queries import live
    from qingmiao.reports.queries.frozen import FrozenUnit, share_of, units_of
    from qingmiao.reports.rules import places

    share = share_of(snapshot) if snapshot else live.figure_of(rule, organisation, on)
    rows: list[tuple[str, FrozenUnit | live.UnitFigure]] = (
        [(unit.part.name, unit) for unit in units_of(snapshot)]
        if snapshot
        else [(row.unit.name, row) for row in live.figures_by_unit(rule, organisation, on)]
    )
    placed = places([row for _name, row in rows], rule.ranked_from)
    return {
        "organisation": organisation.name,
        "indicator": rule.id,
        "rule": rule.rule,
        "on": on.isoformat(),
        "done": share.done,
        "of": share.of,
        "percent": share.text(rule.places),
        "snapshot": snapshot and snapshot.pk,
        "frozen_at": snapshot and snapshot.taken_at.isoformat(),
        "units": [
            {"name": name, "done": row.done, "of": row.of, "percent": row.share.text(rule.places), "place": place.place}
            for (name, row), place in zip(rows, placed, strict=True)
        ],
    }


def _print(found: dict[str, Any]) -> None:
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title, justify in (
        (_("Unit"), "left"),
        (_("Vaccinated"), "right"),
        (_("On the ledger"), "right"),
        (_("Rate"), "right"),
    ):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for row in found["units"]:
        if row["of"]:
            table.add_row(row["name"], str(row["done"]), str(row["of"]), row["percent"])
    table.add_row(found["organisation"], str(found["done"]), str(found["of"]), found["percent"], style="bold")
    Console().print(table)
    typer.echo(f"{found['on']} · {found['rule']}")
    if found["snapshot"]:
        typer.echo(_("Frozen as snapshot {number}.").format(number=found["snapshot"]))
