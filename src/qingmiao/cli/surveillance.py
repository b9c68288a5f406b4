"""`qingmiao surveillance`: the audit of missed report cards."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.surveillance.queries.audits import Found

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _keep_name() -> None:
    """Without a callback, an app with a single command would take its name for an argument."""


@app.command()
def audit(
    since: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    until: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    place: Annotated[str, typer.Option(help="Name of the place; left out: all registers on record.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with the rows.")] = False,
) -> None:
    """Find in the registers that were taken in what should have been reported, and match it to the cards.

    Names are masked. Exit codes: 2 a day or the place is not known, 9 cards are missing or late.
    """
    ready()
    from django.utils.translation import gettext as _

    from qingmiao.surveillance.queries.audits import found_in, key_of, registers_at, withdrawn_keys

    first, last = _day(since), _day(until)
    registers = registers_at(_place(place))
    gone = withdrawn_keys(registers)
    found = [one for one in found_in(registers, first, last) if key_of(one) not in gone]
    told = _told(found, first, last)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        typer.echo(
            _("{should_report} to be reported, {reported} reported, {missed} missed, {late} late.").format(**told)
        )
        for row in told["rows"]["missed"]:
            typer.echo(f"  {row['day']} {row['person']} {row['disease']} {row['department']} {row['doctor']}")
    if told["missed"] or told["late"]:
        raise Stop(Exit.DIFFERENCES)


def _told(found: list[Found], since: date, until: date) -> dict[str, Any]:
    from qingmiao.surveillance.missed import figures

    counts = figures([one.case for one in found])
    rates = {
        name: None if (rate := getattr(counts, name)) is None else round(rate, 2)
        for name in ("report_rate", "missed_rate", "timely_rate", "complete_rate", "consistent_rate")
    }
    rows = {
        "missed": [_row(one) for one in found if one.card is None],
        "late": [_row(one) for one in found if one.case.is_late],
        "inconsistent": [_row(one) for one in found if one.case.differs],
    }
    counted = {name: getattr(counts, name) for name in ("should_report", "reported", "missed", "late")}
    return {"from": since.isoformat(), "to": until.isoformat(), **counted, "rates": rates, "rows": rows}


def _row(one: Found) -> dict[str, Any]:
    from qingmiao.privacy.masking import masked_name
    from qingmiao.surveillance.registers import cell

    case, line = one.case, one.lines[0]
    told: dict[str, Any] = {
        "day": case.first.at.date().isoformat(),
        "person": masked_name(case.first.name),
        "disease": case.disease,
        "diagnosis": cell(line.cells, line.register.mapping, "diagnosis"),
        "words": next(hint.words for hint in case.hints),
        "doctor": case.first.doctor,
        "department": case.first.department,
        "rows": [{"register": row.register.name, "row": row.line} for row in one.lines],
    }
    if one.card is not None:
        told["card"] = one.card.pk
        told["differs"] = list(case.differs)
    return told


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stop(Exit.USAGE, f"{text!r}: YYYY-MM-DD") from None


def _place(name: str) -> Any:
    from qingmiao.staff.models import Organisation

    if not name:
        return None
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        raise Stop(Exit.USAGE, f"--place {name!r}?")
    return found
