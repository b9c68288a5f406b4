"""The observation room: thirty minutes and a person, the alarm of who left, reactions."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at
from tests.village import TODAY

from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.injection import record_dose
from qingmiao.clinic.actions.observation import (
    ObservationOver,
    TooEarly,
    close_reaction,
    give_seat,
    give_up_calling_back,
    note_call_back,
    note_came_back,
    note_left_early,
    number_seats,
    observe_longer,
    release,
    report_unwell,
    undo_release,
)
from qingmiao.clinic.models import CallBack, Observation, Reaction, VisitEvent
from qingmiao.clinic.queries.rooms import called_back, ended_on, in_room, of_units
from qingmiao.clinic.rules import Refused, State
from qingmiao.registry.actions.facts import record_fact
from qingmiao.staff.access import NotAllowed, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def observed(site: Site) -> Observation:
    """张伟, vaccinated at 09:58, to be observed until 10:28."""
    site.to_the_needle("zhangwei")
    return Observation.objects.get(dose=site.inject("zhangwei"))


def state(site: Site) -> State:
    return site.visit("zhangwei").where


def test_nobody_goes_before_the_time(site: Site, observed: Observation):
    with pytest.raises(TooEarly):
        release(by=site.actor("wumin"), observation=observed, at=at(10, 27, second=59))
    assert state(site) is State.OBSERVING


def test_after_the_time_a_person_lets_the_person_go(site: Site, observed: Observation):
    done = release(by=site.actor("wumin"), observation=observed, at=at(10, 28))
    assert (done.ending, done.ended_at, done.ended_by_id) == (
        "released", at(10, 28), site.village.users["wumin"].pk,
    )  # fmt: skip
    assert (state(site), site.visit("zhangwei").released_at) == (State.RELEASED, at(10, 28))
    assert AuditEntry.objects.filter(verb="clinic.release").count() == 1
    assert (in_room(site.village.site), list(ended_on(site.village.site, site.session.day))) == ([], [done])


def test_the_clock_alone_releases_nobody(site: Site, observed: Observation):
    [one] = in_room(site.village.site)
    assert (one, one.ending) == (observed, "")


def test_asking_twice_releases_once(site: Site, observed: Observation):
    request_id, by = uuid4(), site.actor("wumin")
    release(by=by, observation=observed, at=at(10, 28), request_id=request_id)
    release(by=by, observation=observed, at=at(10, 29), request_id=request_id)
    with pytest.raises(ObservationOver):
        release(by=by, observation=observed, at=at(10, 30))


@pytest.mark.parametrize("stranger", ["zhoulin", "zhaoqian", "fengyuan"])
def test_strangers_do_nothing_in_the_room(site: Site, observed: Observation, stranger: str):
    by = site.actor(stranger)
    with pytest.raises(NotAllowed):
        release(by=by, observation=observed, at=at(10, 28))
    with pytest.raises(NotAllowed):
        note_left_early(by=by, observation=observed, at=at(10, 10))
    with pytest.raises(NotAllowed):
        report_unwell(by=by, observation=observed, signs=["dizzy"], at=at(10, 10))
    note_left_early(by=site.actor("wumin"), observation=observed, at=at(10, 10))
    with pytest.raises(NotAllowed):
        note_came_back(by=by, observation=observed, answer="", at=at(10, 12))
    with pytest.raises(NotAllowed):
        give_up_calling_back(by=by, observation=observed, answer="已联系", at=at(10, 12))


@pytest.mark.parametrize(
    "broken",
    [
        {"ending": "released", "ended_at": at(10, 27), "ended_by_id": 1},
        {"ending": "released", "ended_at": at(10, 28)},
        {"ending": "left", "ended_at": at(10, 10), "ended_by_id": 1},
        {"ending": "released"},
        {"until": at(9)},
    ],
)
def test_the_database_releases_nobody_early_or_by_itself(observed: Observation, broken: dict):
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.filter(pk=observed.pk).update(**broken)


def test_a_wrong_release_is_undone(site: Site, observed: Observation):
    release(by=site.actor("wumin"), observation=observed, at=at(10, 28))
    undo_release(by=site.actor("wumin"), done=VisitEvent.objects.latest("pk"), at=at(10, 29))
    observed.refresh_from_db()
    assert (state(site), observed.ending, site.visit("zhangwei").released_at) == (State.OBSERVING, "", None)
    release(by=site.actor("wumin"), observation=observed, at=at(10, 30))


def test_who_left_early_is_an_alarm_until_answered(site: Site, observed: Observation):
    by = site.actor("wumin")
    note_left_early(by=by, observation=observed, at=at(10, 10))
    assert state(site) is State.LEFT_EARLY
    with pytest.raises(Refused):
        release(by=by, observation=observed, at=at(10, 40))
    assert [one.visit.where for one in in_room(site.village.site)] == [State.LEFT_EARLY]
    note_came_back(by=by, observation=observed, answer="电话叫回", at=at(10, 15))
    observed.refresh_from_db()
    assert (state(site), observed.left_at, observed.left_answer) == (State.OBSERVING, at(10, 10), "电话叫回")
    release(by=by, observation=observed, at=at(10, 28))


def test_who_does_not_come_back_is_closed_with_what_was_done(site: Site, observed: Observation):
    by = site.actor("wumin")
    note_left_early(by=by, observation=observed, at=at(10, 10))
    with pytest.raises(Refused):
        give_up_calling_back(by=by, observation=observed, answer=" ", at=at(10, 20))
    give_up_calling_back(by=by, observation=observed, answer="电话联系，无不适", at=at(10, 20))
    observed.refresh_from_db()
    assert (state(site), observed.ending) == (State.LEFT_UNOBSERVED, "left")


def test_nobody_leaves_early_after_the_time(site: Site, observed: Observation):
    with pytest.raises(Refused):
        note_left_early(by=site.actor("wumin"), observation=observed, at=at(10, 28))


def test_unwell_opens_a_record_at_once_and_recovery_goes_on(site: Site, observed: Observation):
    by = site.actor("wumin")
    reaction = report_unwell(by=by, observation=observed, signs=["dizzy", "rash"], seen="面色苍白", at=at(10, 10))
    assert (state(site), reaction.signs, reaction.opened_at) == (State.REACTION, ["dizzy", "rash"], at(10, 10))
    with pytest.raises(Refused):
        release(by=by, observation=observed, at=at(10, 28))
    with pytest.raises(Refused):
        close_reaction(by=by, reaction=reaction, outcome="recovered", what_was_done="", at=at(10, 25))
    close_reaction(by=by, reaction=reaction, outcome="recovered", what_was_done="平卧后缓解", at=at(10, 25))
    assert state(site) is State.OBSERVING
    release(by=by, observation=observed, at=at(10, 28))


def test_referral_ends_the_observation(site: Site, observed: Observation):
    by = site.actor("wumin")
    reaction = report_unwell(by=by, observation=observed, signs=["breathing"], at=at(10, 10))
    close_reaction(by=by, reaction=reaction, outcome="referred", what_was_done="120送市第二医院", at=at(10, 15))
    observed.refresh_from_db()
    assert (state(site), observed.ending) == (State.REFERRED, "referred")
    with pytest.raises(Refused):
        close_reaction(by=by, reaction=reaction, outcome="recovered", what_was_done="好转", at=at(10, 16))


def test_somebody_comes_back_unwell_after_the_release(site: Site, observed: Observation):
    by = site.actor("wumin")
    release(by=by, observation=observed, at=at(10, 28))
    reaction = report_unwell(by=by, observation=observed, signs=["fever"], at=at(14))
    close_reaction(by=by, reaction=reaction, outcome="recovered", what_was_done="物理降温", at=at(15))
    assert state(site) is State.RELEASED


@pytest.mark.parametrize("signs", [[], ["unheard_of"]])
def test_a_reaction_names_what_is_seen(site: Site, observed: Observation, signs: list[str]):
    with pytest.raises(Refused):
        report_unwell(by=site.actor("wumin"), observation=observed, signs=signs, at=at(10, 10))
    assert not Reaction.objects.exists()


@pytest.mark.parametrize("stranger", ["zhoulin", "zhaoqian", "fengyuan"])
def test_strangers_close_no_reaction(site: Site, observed: Observation, stranger: str):
    reaction = report_unwell(by=site.actor("wumin"), observation=observed, signs=["dizzy"], at=at(10, 10))
    with pytest.raises(NotAllowed):
        close_reaction(
            by=site.actor(stranger), reaction=reaction, outcome="recovered", what_was_done="好转", at=at(10, 20)
        )


def test_a_doctor_may_want_somebody_to_stay_longer_never_shorter(site: Site, observed: Observation):
    by = site.actor("wumin")
    longer = observe_longer(by=by, observation=observed, minutes=60, because="既往过敏", at=at(10, 5))
    assert (longer.until, longer.longer_because) == (at(10, 58), "既往过敏")
    with pytest.raises(TooEarly):
        release(by=by, observation=longer, at=at(10, 57))
    with pytest.raises(Refused):
        observe_longer(by=by, observation=longer, minutes=30, because="好了", at=at(10, 6))
    with pytest.raises(Refused):
        observe_longer(by=by, observation=longer, minutes=90, because=" ", at=at(10, 6))


def test_who_had_a_severe_allergy_stays_longer_by_rule(site: Site):
    record_fact(by=system("test"), person=site.people["zhangwei"], code="anaphylaxis_after", value=["rabies"], at=at(8))
    site.batch("zhangwei")
    site.arrive("zhangwei")
    dose = record_dose(
        by=site.actor("zhoulin"), visit=site.visit("zhangwei"), lot=site.lot, body_site="left_deltoid", at=at(9, 58)
    )
    observed = Observation.objects.get(dose=dose)
    assert (observed.until, observed.longer_because) == (at(10, 58), "severe_allergy_before")


def test_seats_are_given_by_number_and_held_by_one(site: Site):
    number_seats(by=site.actor("zhenghua"), site=site.village.site, seats=2)
    site.to_the_needle("zhangwei")
    first = Observation.objects.get(dose=site.inject("zhangwei"))
    assert first.seat == "1"
    moved = give_seat(by=site.actor("wumin"), observation=first, seat="2")
    assert moved.seat == "2"
    with pytest.raises(Refused):
        give_seat(by=site.actor("wumin"), observation=moved, seat="3")


def test_every_try_to_call_somebody_back_is_kept(site: Site, observed: Observation):
    by = site.actor("wumin")
    gone = note_left_early(by=by, observation=observed, at=at(10, 10))
    assert called_back(site.village.site) == [gone]
    note_call_back(by=by, observation=gone, result=CallBack.Result.NO_ANSWER, at=at(10, 11))
    note_call_back(by=by, observation=gone, result=CallBack.Result.COMING, said="十分钟到", at=at(10, 14))
    assert [call.result for call in gone.call_backs.order_by("pk")] == ["no_answer", "coming"]
    assert state(site) is State.LEFT_EARLY
    note_came_back(by=by, observation=Observation.objects.get(), answer="回来了", at=at(10, 24))
    assert called_back(site.village.site) == []


def test_a_liaison_sees_who_of_theirs_may_not_leave_yet(site: Site, observed: Observation):
    assert of_units(site.actor("qianduo"), TODAY) == of_units(site.actor("zhaoqian"), TODAY) == [observed]
    assert of_units(site.actor("fengyuan"), TODAY) == []


@pytest.mark.parametrize("stranger", ["zhoulin", "zhaoqian", "fengyuan"])
def test_strangers_give_no_seat_and_no_time(site: Site, observed: Observation, stranger: str):
    by = site.actor(stranger)
    for act in (
        lambda: give_seat(by=by, observation=observed, seat="1"),
        lambda: observe_longer(by=by, observation=observed, minutes=60, because="x", at=at(10)),
        lambda: note_call_back(by=by, observation=observed, result=CallBack.Result.WELL, at=at(10)),
        lambda: number_seats(by=by, site=site.village.site, seats=3),
    ):
        with pytest.raises(NotAllowed):
            act()
