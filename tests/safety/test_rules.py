"""Windows, adrenaline, the exact test, duty hours, the kit: decisions on plain values, each against a bound."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.law.deadlines import deadline, law_behind
from qingmiao.safety.green import Duty, faults, intervals, kit, next_step
from qingmiao.safety.observing import minutes_for
from qingmiao.safety.rules import (
    adrenaline,
    at_least,
    is_in_window,
    is_signal,
    items,
    missing,
    needs_investigation,
    reactions,
    thresholds,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
GIVEN = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("reaction", "after", "inside"),
    [
        ("anaphylaxis", timedelta(hours=24), True),
        ("anaphylaxis", timedelta(hours=24, seconds=1), False),
        ("fever", timedelta(days=5), True),
        ("fever", timedelta(days=6), False),
        ("febrile_seizure", timedelta(days=15), True),
        ("febrile_seizure", timedelta(days=16), False),
        ("guillain_barre", timedelta(days=42), True),
        ("guillain_barre", timedelta(days=43), False),
        ("sterile_abscess", timedelta(days=92), True),  # 2 June
        ("sterile_abscess", timedelta(days=93), False),
        ("bcg_lymphadenitis", timedelta(days=30), False),  # 1 April
        ("bcg_lymphadenitis", timedelta(days=31), True),
        ("other", timedelta(days=400), None),
        ("fever", timedelta(seconds=-1), False),
    ],
)
def test_an_onset_lies_in_its_window_or_not(reaction: str, after: timedelta, inside: bool | None):
    assert is_in_window(reactions()[reaction], GIVEN, GIVEN + after) is inside


@given(st.datetimes(datetime(1985, 1, 1), datetime(2100, 1, 1)), st.integers(0, 24 * 3600))
def test_a_window_of_hours_counts_elapsed_time_through_clock_changes(naive: datetime, seconds: int):
    start = naive.replace(tzinfo=UTC)
    onset = (start + timedelta(seconds=seconds)).astimezone(SHANGHAI)
    assert is_in_window(reactions()["anaphylaxis"], start.astimezone(SHANGHAI), onset) is True


@pytest.mark.parametrize(
    ("months", "kg", "mg", "ml"),
    [
        (3, None, 0.1, 0.1),
        (6, None, 0.15, 0.15),
        (71, None, 0.15, 0.15),
        (72, None, 0.3, 0.3),
        (144, None, 0.5, 0.5),
        (None, None, 0.5, 0.5),
        (24, 12, 0.12, 0.12),
        (100, 60, 0.3, 0.3),  # the most for a child
        (400, 45, 0.45, 0.45),
        (400, 90, 0.5, 0.5),  # the most for an adult
    ],
)
def test_adrenaline_goes_by_weight_and_else_by_age(months: int | None, kg: float | None, mg: float, ml: float):
    dose = adrenaline(months, kg)
    assert (dose.mg, dose.ml, dose.by_weight) == (mg, ml, kg is not None)


@given(st.integers(0, 1200), st.one_of(st.none(), st.floats(1, 300)))
def test_adrenaline_is_never_more_than_the_most(months: int, kg: float | None):
    dose = adrenaline(months, kg)
    assert 0 < dose.mg <= (0.5 if months >= 144 else 0.3)


def test_the_card_has_22_items_and_names_what_is_missing():
    assert [item.number for item in items()] == list(range(1, 23))
    empty = {item.key for item in missing({})}
    assert {"name", "vaccines", "onset_at", "course", "hospitalised", "outcome", "first_class"} <= empty
    assert "occupation" not in empty
    assert missing({item.key: "x" for item in items()}) == []


@pytest.mark.parametrize(
    ("observed", "expected", "chance"),
    [(0, 3.0, 1.0), (1, 1.0, 1 - 2.718281828459045**-1), (2, 0.1, 0.004678840160444), (5, 0.0, 0.0)],
)
def test_the_exact_tail(observed: int, expected: float, chance: float):
    assert at_least(observed, expected) == pytest.approx(chance, rel=1e-10)


@given(st.integers(1, 60), st.floats(0.001, 200))
def test_more_cases_are_never_likelier(observed: int, expected: float):
    assert 0 <= at_least(observed + 1, expected) <= at_least(observed, expected) + 1e-12 <= 1 + 1e-9


def test_a_signal_needs_cases_and_rarity():
    rule = thresholds(DAY)
    assert is_signal(2, 0.1, rule)
    assert not is_signal(1, 0.0001, rule)
    assert not is_signal(2, 0.5, rule)


@pytest.mark.parametrize(
    ("first", "grave", "serious", "asked"),
    [("1", False, False, False), ("2", False, False, True), ("1", True, False, True), ("1", False, True, True)],
)
def test_everything_but_a_common_reaction_is_investigated(first: str, grave: bool, serious: bool, asked: bool):
    assert needs_investigation(first, grave, serious) is asked


@given(
    st.sampled_from(["aefi.ordinary", "aefi.grave", "aefi.investigation"]),
    st.datetimes(datetime(2010, 6, 4), datetime(2100, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
)
def test_a_clock_in_hours_is_elapsed_time_in_whatever_zone_it_was_started(clock: str, naive: datetime, zone: str):
    hours = {"aefi.ordinary": 48, "aefi.grave": 2, "aefi.investigation": 48}[clock]
    start = naive.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    due = deadline(clock, start)
    assert (due.due_at - start).total_seconds() == hours * 3600
    assert (due.is_late(due.due_at), due.is_late(due.due_at + timedelta(seconds=1))) == (False, True)


@given(st.datetimes(datetime(2010, 6, 4), datetime(2100, 1, 1)))
def test_a_clock_in_days_ends_with_the_last_local_day(naive: datetime):
    start = naive.replace(tzinfo=UTC)
    due = deadline("aefi.form", start).due_at.astimezone(SHANGHAI)
    assert (due.date() - start.astimezone(SHANGHAI).date()).days == 8
    assert due.time() == time(0)


def test_every_clock_names_its_law_and_says_when_it_is_from_memory():
    assert law_behind(deadline("aefi.grave", GIVEN).reference).confidence == "P"
    assert law_behind(deadline("aefi.conclusion", GIVEN).reference).is_from_memory


@pytest.mark.parametrize(
    ("product", "facts", "minutes"),
    [(30, {}, 30), (15, {}, 30), (60, {}, 60), (30, {"anaphylaxis_after": ["x"]}, 60), (30, {"allergies": []}, 30)],
)
def test_the_longest_of_law_product_and_person(product: int, facts: dict[str, object], minutes: int):
    assert minutes_for(product, facts, DAY).minutes == minutes


NIGHT = Duty("5", time(18), time(8))


@pytest.mark.parametrize(
    ("duty", "day", "clock", "on"),
    [
        (Duty("12345", time(8), time(18)), 2, time(8), True),
        (Duty("12345", time(8), time(18)), 2, time(18), False),
        (Duty("12345", time(8), time(18)), 7, time(9), False),
        (NIGHT, 6, time(23), True),  # Friday night
        (NIGHT, 7, time(7, 59), True),  # Saturday before eight still belongs to Friday
        (NIGHT, 7, time(19), False),
        (NIGHT, 6, time(7), False),
        (Duty("1234567", time(0), time(0)), 8, time(3), True),
    ],
)
def test_a_night_on_duty_belongs_to_the_day_on_which_it_began(duty: Duty, day: int, clock: time, on: bool):
    assert duty.is_on(datetime.combine(date(2026, 3, day), clock, SHANGHAI)) is on


def test_steps_follow_each_other_and_minutes_stand_between():
    assert (next_step([]), next_step(["alarm", "ambulance"]), next_step(["outcome"])) == ("alarm", "handover", None)
    moments = {"alarm": GIVEN, "answered": GIVEN + timedelta(minutes=3), "handover": GIVEN + timedelta(minutes=20)}
    found = {one.step: one for one in intervals(moments)}
    assert (found["answered"].since_alarm, found["answered"].is_slow) == (3.0, True)
    assert (found["ambulance"].at, found["handover"].since_before, found["handover"].is_slow) == (None, 17.0, False)


def test_the_kit_lacks_what_is_missing_too_little_or_over_its_day():
    full = [{"code": item.code, "quantity": item.minimum, "expires_on": "2026-03-02"} for item in kit()]
    assert faults(full, DAY) == []
    assert faults(full, DAY + timedelta(days=1)) == [item.code for item in kit()]
    full[0]["quantity"] = kit()[0].minimum - 1
    assert faults(full[:-1], DAY) == [kit()[0].code, kit()[-1].code]
