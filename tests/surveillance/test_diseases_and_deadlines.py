"""Which diseases are notifiable, and until when: by the law of the day."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.surveillance.dated import NoRuleInForce
from qingmiao.surveillance.deadlines import SHANGHAI, deadline
from qingmiao.surveillance.diseases import diseases, notifiable_on


def test_the_law_lists_forty_diseases_and_two_more_from_april_2026():
    def classes(day: date) -> Counter[str]:
        return Counter(disease.class_on(day) for disease in notifiable_on(day))

    assert classes(date(2025, 9, 1)) == {"A": 2, "B": 27, "C": 11}
    assert classes(date(2026, 4, 1)) == {"A": 2, "B": 29, "C": 11}


def test_every_subtype_has_its_disease():
    assert {disease.parent for disease in diseases().values() if disease.parent} <= set(diseases())


@pytest.mark.parametrize(
    ("name", "hours"),
    [("鼠疫", 2), ("肺炭疽", 2), ("传染性非典型肺炎", 2), ("麻疹", 24), ("流行性腮腺炎", 24), ("肺结核", 24)],
)
def test_hours_of_the_card(name: str, hours: int):
    at = datetime(2026, 5, 1, 2, tzinfo=UTC)
    assert diseases()[name].card_deadline(at).due_at == at + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "hours"), [(datetime(2023, 1, 7, 15, tzinfo=UTC), 2), (datetime(2023, 1, 7, 16, tzinfo=UTC), 24)]
)
def test_covid_19_changed_its_deadline_at_local_midnight(day: datetime, hours: int):
    assert diseases()["新型冠状病毒感染"].card_deadline(day).due_at == day + timedelta(hours=hours)


def test_there_is_no_rule_before_the_first_one():
    assert not diseases()["猴痘"].is_notifiable_on(date(2023, 9, 19))
    with pytest.raises(NoRuleInForce, match="card.ordinary"):
        deadline("card.ordinary", datetime(1999, 1, 1, tzinfo=UTC))


def test_a_card_in_the_last_moment_is_in_time():
    at = datetime(2026, 5, 1, 2, tzinfo=UTC)
    clock = deadline("card.ordinary", at)
    assert not clock.is_late(at + timedelta(hours=24))
    assert clock.is_late(at + timedelta(hours=24, microseconds=1))
    assert clock.article == "45"


def test_a_death_is_uploaded_by_the_end_of_the_fifteenth_day():
    issued = datetime(2026, 3, 1, 23, 59, tzinfo=SHANGHAI)
    assert deadline("death.upload", issued).due_at == datetime(2026, 3, 17, tzinfo=SHANGHAI)


@given(st.datetimes(datetime(2016, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC)))
def test_a_clock_never_runs_out_before_it_starts_and_never_moves_back(at: datetime):
    for clock in ("card.at_once", "card.ordinary", "aefi.form", "death.upload"):
        due = deadline(clock, at).due_at
        assert at < due <= deadline(clock, at + timedelta(seconds=1)).due_at
