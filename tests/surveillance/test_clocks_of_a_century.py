"""Deadlines over a century: hours are elapsed time whatever the wall clock did, days end with the local day."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.surveillance.dated import NoRuleInForce, rule_file
from qingmiao.surveillance.deadlines import SHANGHAI, deadline
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.papers import due_at

CLOCKS = rule_file("deadlines")["clocks"]
HOURS = sorted(name for name, rule in CLOCKS.items() if all("hours" in value for value in rule["values"].values()))
DAYS = sorted(name for name, rule in CLOCKS.items() if all("days" in value for value in rule["values"].values()))
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Pacific/Apia", "UTC")
CENTURY = st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC))


@given(CENTURY, st.sampled_from(HOURS))
def test_a_clock_in_hours_is_elapsed_time_or_has_no_rule_yet(at: datetime, clock: str):
    first = min(CLOCKS[clock]["values"])
    if at.astimezone(SHANGHAI).date() < first:
        with pytest.raises(NoRuleInForce):
            deadline(clock, at)
        return
    found = deadline(clock, at)
    assert found.due_at - at in {timedelta(hours=value["hours"]) for value in CLOCKS[clock]["values"].values()}
    assert found.article


@given(CENTURY, st.sampled_from(DAYS))
def test_a_clock_in_days_ends_at_a_local_midnight(at: datetime, clock: str):
    if at.astimezone(SHANGHAI).date() < min(CLOCKS[clock]["values"]):
        return
    ends = deadline(clock, at).due_at.astimezone(SHANGHAI)
    assert ends.time() == time()
    days = next(iter(CLOCKS[clock]["values"].values()))["days"]
    assert (ends.date() - at.astimezone(SHANGHAI).date()).days == days + 1


@given(CENTURY, st.sampled_from(ZONES), st.sampled_from(sorted(CLOCKS)))
def test_the_zone_in_which_the_moment_was_said_changes_nothing(at: datetime, zone: str, clock: str):
    try:
        expected = deadline(clock, at)
    except NoRuleInForce:
        return
    assert deadline(clock, at.astimezone(ZoneInfo(zone))) == expected


@given(st.datetimes(datetime(2016, 1, 2), datetime(2100, 12, 31), timezones=st.just(UTC)))
def test_every_disease_of_the_day_has_a_deadline_with_an_article(at: datetime):
    day = at.astimezone(SHANGHAI).date()
    for disease in diseases().values():
        if disease.is_notifiable_on(day):
            clock = disease.card_deadline(at)
            assert clock.article
            assert timedelta(hours=2) <= clock.due_at - at <= timedelta(hours=24)


@pytest.mark.parametrize("year", range(1986, 1992))
def test_shanghai_turned_its_clocks_in_these_years(year: int):
    """What the deadlines stand on: in summer nine hours ahead of UTC, from 1986 to 1991."""
    assert datetime(year, 7, 1, tzinfo=SHANGHAI).utcoffset() == timedelta(hours=9)
    assert datetime(year, 1, 15, tzinfo=SHANGHAI).utcoffset() == timedelta(hours=8)


@given(
    st.datetimes(datetime(1986, 1, 1), datetime(1992, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 48),
    st.integers(1, 30),
)
def test_elapsed_hours_and_local_days_hold_when_clocks_are_turned(at: datetime, hours: int, days: int):
    """The two sums of `deadline`, on the days when Shanghai's hour was skipped or came twice."""
    local = at.astimezone(SHANGHAI)
    assert (at + timedelta(hours=hours)).astimezone(SHANGHAI).astimezone(UTC) - at == timedelta(hours=hours)
    ends = datetime.combine(local.date() + timedelta(days=days + 1), time(), SHANGHAI).astimezone(UTC)
    assert at < ends
    assert ends.astimezone(SHANGHAI).date() == local.date() + timedelta(days=days + 1)


@given(st.dates(date(2000, 1, 1), date(2100, 11, 1)))
def test_a_village_paper_is_never_due_before_its_month_has_ended(day: date):
    month = day.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    assert following < due_at(month).astimezone(SHANGHAI).date() <= following + timedelta(days=10)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_a_machine_in_another_zone_reckons_the_same(zone: str):
    """Nothing reads the machine's own zone: a restart elsewhere changes no deadline."""
    code = (
        "from datetime import *; from qingmiao.surveillance.deadlines import deadline;"
        "print(deadline('death.upload', datetime(2026,3,1,16,30,tzinfo=timezone.utc)).due_at.isoformat())"
    )
    told = subprocess.run(  # noqa: S603 our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"TZ": zone}
    )
    assert told.stdout.strip() == "2026-03-17T16:00:00+00:00"
