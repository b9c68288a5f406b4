"""The chain on plain values: what may follow what, and that nobody is ever stuck."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.clinic.figures import withdrawable_until
from qingmiao.clinic.rules import (
    AT_THE_SITE,
    EXITS,
    EXPECTED,
    TABLE,
    WITHOUT_DOSE,
    DoseFacts,
    Event,
    Found,
    NotNow,
    State,
    after,
    balanced_area,
    findings,
    is_identity_checked,
    may_release,
    needs_guardian,
    possible,
    shown_at,
    ticket,
)

WAY = [
    Event.ARRIVE, Event.INFORM, Event.CONSENT, Event.CLEAR, Event.VACCINATE, Event.OBSERVE, Event.RELEASE,
]  # fmt: skip
NOW = datetime(2021, 6, 1, 2, tzinfo=UTC)


def test_the_whole_way_leads_from_booked_to_released():
    state = State.BOOKED
    for event in WAY:
        state = after(state, event)
    assert state is State.RELEASED


@pytest.mark.parametrize("left_out", [event for event in WAY if event not in (Event.VACCINATE, Event.RELEASE)])
def test_no_step_can_be_left_out_before_the_needle(left_out: Event):
    with pytest.raises(NotNow):
        reduce(after, [event for event in WAY if event not in (left_out, Event.VACCINATE)], State.BOOKED)


def reachable(state: State) -> set[State]:
    """Everywhere that a person who stands at `state` may still come."""
    reached, frontier = {state}, [state]
    while frontier:
        here = frontier.pop()
        for event in possible(here):
            if (there := after(here, event)) not in reached:
                reached.add(there)
                frontier.append(there)
    return reached


@given(start=st.sampled_from([State.NAMED, State.BOOKED]), steps=st.lists(st.integers(0, 40), max_size=30))
def test_wherever_a_walk_through_the_table_leads_an_end_is_in_reach_and_a_desk_shows_it(start, steps):
    state = start
    for choice in steps:
        events = sorted(possible(state))
        if not events:
            break
        state = after(state, events[choice % len(events)])
        assert reachable(state) & EXITS, state
        assert (shown_at(state) is None) == (state in EXITS), state


@pytest.mark.parametrize("state", [state for state in State if state not in EXITS])
def test_a_person_at_the_site_can_always_go_and_one_under_observation_only_through_the_room(state: State):
    ways = {event for event in possible(state) if after(state, event) in EXITS}
    if state in AT_THE_SITE:
        assert {Event.DECLINE, Event.LEAVE, Event.TRANSFER} <= ways
    elif state in EXPECTED:
        assert {Event.CANCEL, Event.MISS} <= ways
    else:
        assert not ways & {Event.DECLINE, Event.LEAVE, Event.TRANSFER, Event.CANCEL}


@pytest.mark.parametrize("state", sorted(EXITS))
def test_who_was_never_vaccinated_may_come_back_and_who_was_released_is_done(state: State):
    back = {Event.RETURN, Event.BOOK, Event.ARRIVE} & possible(state)
    assert bool(back) == (state in WITHOUT_DOSE | {State.CANCELLED, State.ABSENT})


def test_every_state_can_be_reached():
    reached = {State.NAMED} | set(TABLE.values())
    assert reached == set(State)


def test_the_needle_is_a_fact_wherever_the_person_stood():
    for state in (State.BOOKED, State.ARRIVED, State.CONSENTED, State.DEFERRED, State.CONTRAINDICATED, State.LEFT):
        assert after(state, Event.VACCINATE) is State.VACCINATED


def test_a_vaccinated_person_leaves_only_through_the_observation_room():
    assert Event.LEAVE not in possible(State.OBSERVING)
    assert possible(State.VACCINATED) == {Event.OBSERVE, Event.WITHDRAW, Event.CORRECT}


@pytest.mark.parametrize(
    ("fields", "enough"),
    [
        ([], False),
        (["name"], False),
        (["name", "name"], False),
        (["name", "shoe_size"], False),
        (["name", "birth_date"], True),
        (["number", "phone"], True),
    ],
)
def test_identity_needs_two_different_fields(fields: list[str], enough: bool):
    assert is_identity_checked(fields, 2) is enough


@pytest.mark.parametrize(("age", "guardian"), [(7, True), (17, True), (18, False), (90, False), (None, False)])
def test_a_guardian_signs_below_eighteen(age: int | None, guardian: bool):
    assert needs_guardian(age, 18) is guardian


@pytest.mark.parametrize(
    ("waiting", "planned", "area"),
    [
        ({}, 1, None),
        ({1: 3, 2: 0}, 1, 1),
        ({1: 10, 2: 0}, 1, 1),
        ({1: 11, 2: 0}, 1, 2),
        ({1: 3, 2: 0}, None, 2),
        ({1: 2, 2: 2}, None, 1),
        ({1: 2, 2: 1}, 9, 2),
    ],
)
def test_the_planned_area_holds_until_far_more_wait_there(waiting, planned, area):
    assert balanced_area(waiting, planned, tolerated=10) == area


def test_tickets():
    assert [ticket("A", 46), ticket("B", 1204)] == ["A046", "B1204"]


def test_twenty_nine_minutes_and_fifty_nine_seconds_are_too_short():
    until = NOW + timedelta(minutes=30)
    assert not may_release(until, until - timedelta(seconds=1))
    assert may_release(until, until)


def test_a_dose_is_withdrawn_within_two_minutes():
    assert withdrawable_until(NOW) == NOW + timedelta(seconds=120)


REGULAR = DoseFacts(True, True, given_on=date(2021, 6, 1), minimum_interval_days=21, course_doses=2)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, ()),
        ({"has_consent": False}, (Found.NOT_CONSENTED,)),
        ({"was_cleared": False}, (Found.NOT_SCREENED,)),
        ({"lot_obstacles": ("recalled", "expired", "other_product")},
         (Found.LOT_RECALLED, Found.LOT_EXPIRED, Found.OTHER_PRODUCT)),
        ({"earlier_on": (date(2021, 5, 11),)}, ()),
        ({"earlier_on": (date(2021, 5, 12),)}, (Found.INTERVAL_TOO_SHORT,)),
        ({"earlier_on": (date(2021, 6, 1),)}, (Found.SECOND_TODAY,)),
        ({"earlier_on": (date(2021, 1, 1), date(2021, 2, 1))}, (Found.COURSE_COMPLETE,)),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_dose_that_was_given(change: dict, found: tuple):
    assert findings(replace(REGULAR, **change)) == found
