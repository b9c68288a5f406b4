"""Due lists and the call list: cut by time, village and year; one home, one caller; who came after the call."""

from datetime import date, timedelta

import pytest
from tests.schedule.village_child import NOW, TODAY, child, doctor, given
from tests.village import Village

from qingmiao.outreach.actions.calls import NotYourHome, give_back_home, record_call, take_home
from qingmiao.outreach.models import Call
from qingmiao.outreach.queries.calls import call_figures, home_leased, still_to_ring
from qingmiao.outreach.queries.lists import Kind, Wanted, cohorts, counts, due_doses
from qingmiao.outreach.rules import lease, outcomes
from qingmiao.registry.models import Person
from qingmiao.schedule.actions import recompute_due
from qingmiao.staff.access import NotAllowed, system
from qingmiao.staff.actions import assign_role
from qingmiao.staff.models import Role

pytestmark = pytest.mark.django_db
SEE = "registry.see_record"


@pytest.fixture
def by(village: Village):
    return doctor(village)


def second_caller(village: Village):
    assign_role(by=village.actor("yanan"), user=village.users["hejing"], role=Role.CLINIC_DOCTOR,
                organisation=village.centre, valid_from=date(2020, 1, 1))  # fmt: skip
    return village.actor("hejing", on=TODAY)


def night() -> None:
    recompute_due(by=system("test"), on=TODAY, at=NOW)


def test_a_child_stands_on_the_list_of_its_dose(village: Village, by):
    child(village, by, born=date(2026, 3, 20))  # MMR and JE from 8 months: since 20 November
    night()
    people = by.visible(SEE, Person)
    month = set(due_doses(people, Wanted(Kind.MONTH), TODAY).values_list("series", flat=True))
    assert {"MMR", "JE"} <= month
    overdue = set(due_doses(people, Wanted(Kind.OVERDUE), TODAY).values_list("series", flat=True))
    assert "BCG" in overdue
    assert month & overdue == set()
    assert counts(people, Wanted(), TODAY)[Kind.NEVER] == 1


def test_lists_can_be_limited_to_a_vaccine_and_a_year(village: Village, by):
    child(village, by, born=date(2026, 3, 20))
    child(village, by, name="elder", born=date(2022, 3, 20), phone="")
    night()
    people = by.visible(SEE, Person)
    assert due_doses(people, Wanted(Kind.NOW, series="MMR", born=2022), TODAY).count() == 1
    assert due_doses(people, Wanted(Kind.NOW, series="MMR"), TODAY).count() == 2
    assert cohorts(people, "measles", TODAY) == [(2026, 1, 1), (2022, 1, 1)]


def test_another_district_sees_nobody(village: Village, by):
    child(village, by)
    night()
    stranger = village.actor("fengyuan", on=TODAY)
    assert due_doses(stranger.visible(SEE, Person), Wanted(Kind.NOW), TODAY).count() == 0


def test_two_callers_never_ring_the_same_home(village: Village, by):
    """Twins under one phone are one home; the second caller gets the other family."""
    other = second_caller(village)
    child(village, by, name="twin")
    child(village, by, name="sister")
    child(village, by, name="neighbour", phone="13800138002")
    night()
    mine = take_home(by=by, at=NOW)
    theirs = take_home(by=other, at=NOW)
    assert mine is not None
    assert theirs is not None
    assert mine.pk != theirs.pk
    assert take_home(by=by, at=NOW) == mine  # still held
    people = by.visible(SEE, Person)
    homes = [home_leased(people, one.user_id, NOW, TODAY) for one in (by, other)]
    assert [sorted(person.name for person in home.children) for home in homes if home] == [
        ["sister", "twin"], ["neighbour"],
    ]  # fmt: skip


def test_a_lease_ends_by_itself_and_what_is_said_then_is_not_written(village: Village, by):
    person = child(village, by)
    night()
    home = take_home(by=by, at=NOW)
    assert home is not None
    late = NOW + lease() + timedelta(seconds=1)
    with pytest.raises(NotYourHome):
        record_call(by=by, home=home, person=person, outcome="will_come", at=late)
    assert Call.objects.count() == 0
    assert take_home(by=second_caller(village), at=late) == home


@pytest.mark.parametrize(
    ("outcome", "days", "still"),
    [("will_come", 0, 0), ("will_come", 7, 1), ("refused", 89, 0), ("refused", 90, 1), ("moved", 4000, 0)],
)
def test_an_outcome_takes_a_child_off_the_list_for_its_time(village: Village, by, outcome: str, days: int, still: int):
    person = child(village, by)
    night()
    home = take_home(by=by, at=NOW)
    assert home is not None
    record_call(by=by, home=home, person=person, outcome=outcome, at=NOW)
    assert still_to_ring(by.visible(SEE, Person), TODAY + timedelta(days=days)) == still


def test_the_caller_may_name_the_day(village: Village, by):
    person = child(village, by)
    night()
    home = take_home(by=by, at=NOW)
    assert home is not None
    call = record_call(by=by, home=home, person=person, outcome="unwell", until=date(2027, 1, 5), at=NOW)
    assert (call.until, call.closes) == (date(2027, 1, 5), True)
    give_back_home(by=by, home=home, at=NOW)
    assert take_home(by=by, at=NOW) is None


def test_who_came_after_the_call_is_counted_once(village: Village, by):
    came, stayed = child(village, by, name="came"), child(village, by, name="stayed", phone="13800138002")
    night()
    for _home in range(2):
        home = take_home(by=by, at=NOW)
        assert home is not None
        for person in home_leased(by.visible(SEE, Person), by.user_id, NOW, TODAY).children:
            record_call(by=by, home=home, person=person, outcome="will_come", at=NOW)
        give_back_home(by=by, home=home, at=NOW)
    given(village, by, came, "1201", TODAY)
    given(village, by, came, "1801", TODAY)
    given(village, by, stayed, "0202", date(2026, 1, 15))
    found = call_figures(by.visible(SEE, Person), TODAY, TODAY)
    assert (found.calls, found.children, found.reached, found.came) == (2, 2, 2, 1)


def test_only_callers_call(village: Village):
    with pytest.raises(NotAllowed):
        take_home(by=village.actor("zhaoqian"), at=NOW)


def test_every_outcome_is_worded_and_says_when_to_ring_again():
    for row in outcomes().values():
        assert row.title["zh"]
        assert row.title["en"]
        assert row.closes in ("no", "until", "for_good")
        assert (row.again_after_days is None) == (row.closes == "for_good")
