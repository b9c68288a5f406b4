"""The head's figures from the journal of a day, and the simulation that plans one."""

import json
from dataclasses import replace
from datetime import timedelta
from math import factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic.site import Site, at
from typer.testing import CliRunner

from qingmiao.clinic.actions.front_desk import undo_step
from qingmiao.clinic.actions.sessions import close_session
from qingmiao.clinic.flow import Happened, passings, percentile, worked_at
from qingmiao.clinic.queries.flow import flow_of, unfinished_sessions
from qingmiao.clinic.rules import Event, State, Step
from qingmiao.clinic.simulation import (
    DayPlan,
    StagePlan,
    arrivals_in_batches,
    arrivals_spread,
    enough_desks,
    play,
)


@pytest.mark.django_db
def test_waits_are_counted_until_the_call_and_desk_time_until_it_is_done(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei", at(9, 30))
    site.sign("zhangwei", at(9, 40))
    flow = flow_of(site.session, at(9, 41))
    consent = flow.steps[Step.CONSENT]
    assert (consent.wait_median, consent.took_median, consent.done, consent.waiting) == (10, 0, 1, 0)
    assert flow.steps[Step.SCREENING].waiting == 1
    assert flow.arrivals == {at(9, 30): 1}


@pytest.mark.django_db
def test_an_arrival_taken_back_has_never_been(site: Site):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei", at(9, 30))
    undo_step(by=site.actor("hejing"), done=visit.events.get(event="arrive"), at=at(9, 31))
    assert flow_of(site.session, at(9, 40)).arrivals == {}


@pytest.mark.django_db
def test_a_day_that_was_not_closed_is_named_until_somebody_closes_it(site: Site):
    site.batch("zhangwei")
    tomorrow = at(8) + timedelta(days=1)
    assert unfinished_sessions(site.village.site, at(20)) == []
    assert unfinished_sessions(site.village.site, tomorrow) == [site.session]
    close_session(by=site.actor("zhenghua"), session=site.session, version=1, at=tomorrow)
    assert unfinished_sessions(site.village.site, tomorrow) == []


def lines(*rows: tuple[int, Event, State, int]) -> list[Happened]:
    return [
        Happened(visit, event, after, at(9) + timedelta(minutes=minute), 1, 7) for visit, event, after, minute in rows
    ]


def test_who_goes_without_the_dose_leaves_the_step_undone():
    found = passings(lines((1, Event.ARRIVE, State.ARRIVED, 0), (1, Event.LEAVE, State.LEFT, 5)))
    assert [(one.done, one.waited) for one in found[Step.CONSENT]] == [(None, None)]


def test_called_again_counts_from_the_last_call():
    found = passings(
        lines(
            (1, Event.ARRIVE, State.ARRIVED, 0), (1, Event.CALL, State.ARRIVED, 4), (1, Event.CALL, State.ARRIVED, 9),
            (1, Event.INFORM, State.INFORMED, 10), (1, Event.CONSENT, State.CONSENTED, 12),
        )
    )  # fmt: skip
    [one] = found[Step.CONSENT]
    assert (one.waited, one.took) == (9, 3)
    [work] = worked_at(found[Step.CONSENT], "by").values()
    assert (work.count, work.overtime(at(9, 10))) == (1, 2)


@pytest.mark.parametrize(("values", "found"), [([], None), ([5.0], 5.0), ([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10], 9.0)])
def test_percentiles_are_values_that_happened(values: list[float], found: float | None):
    assert percentile(values, 90) == found


@pytest.mark.django_db
def test_the_forecast_names_the_slowest_step(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei", at(9, 30))
    from qingmiao.clinic.actions.queue import take_next

    take_next(by=site.actor("xulan"), desk=site.desks["consent"], at=at(9, 34))
    site.sign("zhangwei", at(9, 40))
    coming = flow_of(site.session, at(9, 41)).forecast
    assert coming is not None
    assert (coming.step, coming.remaining, round(coming.per_hour)) == (Step.CONSENT, 1, 10)
    assert coming.last_done == at(9, 47)


def day(*stages: StagePlan, people: int = 300, minutes: float = 300, **more: object) -> DayPlan:
    return DayPlan(arrivals_spread(people, minutes), stages, **more)  # type: ignore[arg-type]


def test_a_day_without_chance_is_worked_out_by_hand():
    """Ten people at once, one desk, three minutes each: the last waits 27 minutes, and half of them 13.5."""
    result = play(DayPlan((0.0,) * 10, (StagePlan("injection", 1, 3, 0),), called_first=0))
    [stage] = result.stages
    assert (stage.wait_longest, stage.wait_median, stage.queue_longest, stage.busy) == (27, 13.5, 9, 1.0)
    assert (result.last_dose, result.last_out) == (30, 60)


def test_the_simulation_agrees_with_queueing_theory():
    """Random arrivals and times at three desks that are busy 80 %: Erlang's C formula gives the mean wait."""
    import random

    chance, clock, arrivals = random.Random(5), 0.0, []
    for _person in range(200_000):
        clock += chance.expovariate(0.8)
        arrivals.append(clock)
    load, desks, minutes = 2.4, 3, 3.0
    top = load**desks / factorial(desks) * desks / (desks - load)
    erlang_c = top / (sum(load**n / factorial(n) for n in range(desks)) + top)
    from qingmiao.clinic.simulation.day import _minutes, _pass

    stage = StagePlan("x", desks, minutes, 1.0)
    took = [_minutes(chance, stage) for _person in arrivals]
    started, _done = _pass(arrivals, took, [False] * len(arrivals), desks)
    mean = sum(call - since for call, since in zip(started, arrivals, strict=True)) / len(arrivals)
    assert mean == pytest.approx(erlang_c * minutes / (desks - load), rel=0.05)


@given(desks=st.integers(1, 6), people=st.integers(0, 80), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_one_desk_more_never_makes_anybody_wait_longer_and_nobody_is_lost(desks: int, people: int, seed: int):
    plan = day(StagePlan("consent", desks, 4), people=people, minutes=60, called_first=0, seed=seed)
    more = replace(plan, stages=(replace(plan.stages[0], desks=desks + 1),))
    few, many = play(plan), play(more)
    assert few.people == many.people == people
    assert many.stages[0].wait_longest <= few.stages[0].wait_longest + 1e-9
    assert play(plan) == few


def test_whoever_is_called_first_waits_less():
    crowd = DayPlan((0.0,) * 200, (StagePlan("injection", 2, 3),), called_first=0.5, seed=3)
    from qingmiao.clinic.simulation.day import _pass

    first = [number % 2 == 0 for number in range(200)]
    started, _done = _pass(crowd.arrivals, [3.0] * 200, first, 2)
    assert max(at for at, early in zip(started, first, strict=True) if early) < min(
        at for at, early in zip(started, first, strict=True) if not early
    )


def test_batches_come_together_and_everybody_comes():
    arrivals = arrivals_in_batches(100, 40, 300)
    assert (len(arrivals), arrivals[0], arrivals[40], arrivals[80]) == (100, 0, 100, 200)


def test_enough_desks_are_enough_and_fixed_ones_stay():
    plan = day(StagePlan("consent", 1, 2), StagePlan("injection", 2, 3))
    found, result = enough_desks(plan, longest_wait=20, closes=330, fixed={"injection"})
    assert found.stages[1].desks == 2
    found, result = enough_desks(plan, longest_wait=20, closes=330)
    assert all(stage.wait_p90 <= 20 for stage in result.stages)
    assert result.last_dose <= 330


@pytest.mark.django_db
def test_the_command_plans_a_day_and_compares_one_with_what_happened(site: Site):
    from qingmiao.cli.site import app

    planned = CliRunner().invoke(app, ["simulate", "--people", "300", "--json"])
    found = json.loads(planned.stdout)
    assert (planned.exit_code, found["people"], [one["name"] for one in found["stages"]]) == (
        0, 300, ["consent", "screening", "injection"],
    )  # fmt: skip
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    compared = CliRunner().invoke(app, ["simulate", "--compare", str(site.session.pk), "--json"])
    happened = json.loads(compared.stdout)["happened"]
    assert (compared.exit_code, happened[0]["wait_median"], happened[0]["last_done"]) == (0, 9.0, "09:40")


@pytest.mark.parametrize(
    "wrong", [["--desks", "tea=3"], ["--opens", "9"], ["--closes", "07:00"], ["--desks", "consent=0"]]
)
def test_the_command_says_what_it_does_not_understand(wrong: list[str]):
    from qingmiao.cli.exits import Stop
    from qingmiao.cli.site import app

    result = CliRunner().invoke(app, ["simulate", *wrong])
    assert isinstance(result.exception, Stop)
