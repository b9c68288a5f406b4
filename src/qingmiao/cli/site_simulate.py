"""`qingmiao site simulate`: how many desks a day needs, or what would happen with the desks there are."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qingmiao.cli.django_ready import ready
from qingmiao.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from qingmiao.clinic.queries.flow import DayFlow
    from qingmiao.clinic.simulation import DayPlan, DayResult

STEPS = ("consent", "screening", "injection")


def simulate(
    people: Annotated[int, typer.Option(min=0, help="How many people come.")] = 1200,
    desks: Annotated[
        str, typer.Option(help="consent=6,screening=4,injection=8; a step left out: as few as are enough.")
    ] = "",
    opens: Annotated[str, typer.Option(help="Opening time.")] = "08:00",
    closes: Annotated[str, typer.Option(help="Closing time.")] = "17:30",
    batch: Annotated[int, typer.Option(min=0, help="People come in batches of so many; 0: evenly.")] = 40,
    seed: Annotated[int, typer.Option(help="Another seed, another day.")] = 1,
    compare: Annotated[
        int, typer.Option(help="Number of a session: its arrivals, desks and times, and what happened.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play a day at the vaccination site and print waits, queues, seats and the end of the day."""
    ready()
    from qingmiao.clinic.simulation import play

    if compare:
        flow, plan = _of_session(compare, seed)
        _print(plan, play(plan), _opens_at(flow), as_json, happened=_happened(flow))
        return
    wanted = _desks(desks)
    start = _at(opens, "--opens")
    minutes = (_at(closes, "--closes") - start).total_seconds() / 60
    if minutes <= 0:
        raise Stop(Exit.USAGE, "--closes must be later than --opens")
    plan, result = _planned(people, wanted, minutes, batch, seed)
    _print(plan, result, start, as_json)


def _at(text: str, option: str) -> datetime:
    try:
        return datetime.combine(date.min, time.fromisoformat(text))
    except ValueError as error:
        raise Stop(Exit.USAGE, f"{option} {text}: write HH:MM") from error


def _desks(text: str) -> dict[str, int]:
    found = {}
    for part in filter(None, text.split(",")):
        name, _equals, number = part.strip().partition("=")
        if name not in STEPS or not number.isdigit() or int(number) < 1:
            raise Stop(Exit.USAGE, f"--desks {part}: write STEP=NUMBER; steps are {', '.join(STEPS)}")
        found[name] = int(number)
    return found


def _planned(people: int, desks: dict[str, int], minutes: float, batch: int, seed: int) -> tuple[DayPlan, DayResult]:
    """The day with the desks that were named; steps that were not get as few as are enough."""
    from django.utils import timezone

    from qingmiao.clinic.figures import figure
    from qingmiao.clinic.simulation import DayPlan, StagePlan, arrivals_in_batches, arrivals_spread, enough_desks, play

    today = timezone.localdate(timezone.now())
    took = {
        "consent": figure("consent_takes", today).value / 60,
        "screening": figure("screening_takes", today).value / 60,
        "injection": float(figure("minutes_per_dose", today).value),
    }
    # The last ones must still pass every step before closing.
    coming = max(1.0, minutes - 30)
    arrivals = arrivals_in_batches(people, batch, coming) if batch else arrivals_spread(people, coming)
    stages = tuple(StagePlan(step, desks.get(step, 1), took[step]) for step in STEPS)
    plan = DayPlan(arrivals, stages, seed=seed)
    if set(desks) == set(STEPS):
        return plan, play(plan)
    longest = figure("longest_wait", today).value
    return enough_desks(plan, longest_wait=longest, closes=minutes, fixed=desks)


def _of_session(pk: int, seed: int) -> tuple[DayFlow, DayPlan]:
    """A session as a plan: its real arrivals, the desks that worked, and their median time per person."""
    from django.utils import timezone

    from qingmiao.clinic.models import Session
    from qingmiao.clinic.queries.flow import flow_of
    from qingmiao.clinic.rules import Step
    from qingmiao.clinic.simulation import DayPlan, StagePlan

    session = Session.objects.filter(pk=pk).first()
    if session is None:
        raise Stop(Exit.REFUSED, f"--compare {pk}: there is no such session")
    flow = flow_of(session, timezone.now())
    opens = _opens_at(flow)
    came = sorted(one.since for one in flow.passings[Step.CONSENT])
    if not came:
        raise Stop(Exit.REFUSED, f"--compare {pk}: nobody has arrived in this session")
    arrivals = tuple((at - opens).total_seconds() / 60 for at in came)
    stages = []
    for step in Step:
        done = [one for one in flow.passings[step] if one.done]
        at_work = len({one.desk for one in done if one.desk}) or 1
        stages.append(StagePlan(step.value, at_work, flow.steps[step].took_median or 1.0))
    return flow, DayPlan(arrivals, tuple(stages), called_first=0.0, seed=seed)


def _opens_at(flow: DayFlow) -> datetime:
    from django.utils import timezone

    return timezone.make_aware(datetime.combine(flow.session.day, flow.session.opens_at))


def _happened(flow: DayFlow) -> list[dict[str, Any]]:
    from qingmiao.clinic.rules import Step

    return [
        {
            "name": step.value,
            "wait_median": flow.steps[step].wait_median,
            "wait_p90": flow.steps[step].wait_p90,
            "last_done": _clock(max((one.done for one in flow.passings[step] if one.done), default=None)),
        }
        for step in Step
    ]


def _clock(at: datetime | None) -> str:
    return at.strftime("%H:%M") if at else "—"


def _print(
    plan: DayPlan, result: DayResult, opens: datetime, as_json: bool, happened: list[dict[str, Any]] | None = None
) -> None:
    from django.utils.translation import gettext as _

    def clock(minutes: float) -> str:
        return (opens + timedelta(minutes=minutes)).strftime("%H:%M")

    if as_json:
        stages = [asdict(one) | {"last_done": clock(one.last_done)} for one in result.stages]
        found: dict[str, Any] = {
            "people": result.people,
            "seed": plan.seed,
            "stages": stages,
            "last_dose": clock(result.last_dose),
            "last_out": clock(result.last_out),
            "seats": result.seats,
            "bottleneck": result.bottleneck.name if result.bottleneck else None,
        }
        if happened is not None:
            found["happened"] = happened
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    _table(result, clock, happened)
    typer.echo(
        _(
            "{people} people; last dose {dose}, last out {out}; {seats} seats under observation; slowest: {step}."
        ).format(
            people=f"{result.people:,}",
            dose=clock(result.last_dose),
            out=clock(result.last_out),
            seats=result.seats,
            step=_word(result.bottleneck.name) if result.bottleneck else "—",
        )
    )


def _word(step: str) -> str:
    from qingmiao.clinic.rules import Step
    from qingmiao.clinic.words import STEPS as WORDS

    return str(WORDS[Step(step)])


def _table(result: DayResult, clock: Any, happened: list[dict[str, Any]] | None) -> None:
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext
    from rich.console import Console
    from rich.table import Table

    table = Table()
    columns = [
        _("Step"),
        _("Desks"),
        _("wait, median min"),
        _("wait, p90 min"),
        _("longest queue"),
        _("busy"),
        pgettext("time", "last"),
    ]
    if happened is not None:
        columns += [_("was: median"), _("was: p90"), _("was: last")]
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for number, one in enumerate(result.stages):
        row = [
            _word(one.name), str(one.desks), f"{one.wait_median:.1f}", f"{one.wait_p90:.1f}", str(one.queue_longest),
            f"{one.busy:.0%}", clock(one.last_done),
        ]  # fmt: skip
        if happened is not None:
            was = happened[number]
            row += [_number(was["wait_median"]), _number(was["wait_p90"]), was["last_done"]]
        table.add_row(*row)
    Console().print(table)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
