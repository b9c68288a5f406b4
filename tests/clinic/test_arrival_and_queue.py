"""Arrivals, tickets, undo, and desks that take the next person."""

import threading
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from tests.clinic.site import Site, at
from tests.village import TODAY

from qingmiao.audit.door import RequestReused
from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.front_desk import (
    TooLateToUndo,
    admit_walk_in,
    record_arrival,
    send_away,
    undo_step,
)
from qingmiao.clinic.actions.queue import NobodyWaits, NotInThisQueue, call_person, pass_over, put_back, take_next
from qingmiao.clinic.actions.steps import StepNotPossible
from qingmiao.clinic.models import Visit, VisitEvent
from qingmiao.clinic.queries.areas import letter_of, suggested_area, waiting_by_area
from qingmiao.clinic.queries.front_desk import find_visits, find_walk_in, last_arrival
from qingmiao.clinic.queries.queue import passed_over, waiting
from qingmiao.clinic.queries.rooms import board
from qingmiao.clinic.rules import Event, Refused, State, Step
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db


def test_arrival_in_one_tap_draws_a_ticket_of_the_area(site: Site):
    site.batch("zhangwei", "lihong")
    first, second = site.arrive("zhangwei"), site.arrive("lihong", area=site.area_b)
    assert [(v.ticket, v.area, v.state, v.queued_at) for v in (first, second)] == [
        ("A001", site.area_a, "arrived", at(9, 31)),
        ("B001", site.area_b, "arrived", at(9, 31)),
    ]
    assert AuditEntry.objects.filter(verb="clinic.record_arrival").count() == 2
    assert "张伟" not in str(list(AuditEntry.objects.values_list("details", "subject")))


def test_asking_twice_arrives_once(site: Site):
    site.batch("zhangwei")
    request_id, visit, by = uuid4(), site.visit("zhangwei"), site.actor("hejing")
    one = record_arrival(by=by, visit=visit, area=site.area_a, at=at(9, 31), request_id=request_id)
    again = record_arrival(by=by, visit=visit, area=site.area_a, at=at(9, 32), request_id=request_id)
    assert (one.pk, again.ticket, VisitEvent.objects.filter(event="arrive").count()) == (again.pk, "A001", 1)
    with pytest.raises(RequestReused):
        record_arrival(by=by, visit=visit, area=site.area_b, at=at(9, 33), request_id=request_id)


def test_somebody_who_is_here_does_not_arrive_again(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(StepNotPossible, match="A001"):
        site.arrive("zhangwei")


@pytest.mark.parametrize("stranger", ["zhaoqian", "zhoulin", "fengyuan"])
def test_only_the_reception_of_the_site_records_arrivals(site: Site, stranger: str):
    site.batch("zhangwei")
    with pytest.raises(NotAllowed):
        record_arrival(by=site.actor(stranger), visit=site.visit("zhangwei"), area=site.area_a, at=at(9))


@pytest.mark.parametrize("text", ["张伟", "张", "zw", "zhangwei", "110105198603110018", "A001", " a001 "])
def test_a_person_of_today_is_found_by(site: Site, text: str):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    assert [visit.person.name for visit in find_visits(site.session, text)] == ["张伟"]


def test_a_slip_is_found_by_its_code(site: Site):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    assert find_visits(site.session, f"https://example.cn/s/{visit.slip_token}/") == [visit]


def test_nobody_outside_the_list_is_found_by_name_or_phone(site: Site):
    assert find_visits(site.session, "王芳") == []
    assert find_walk_in(site.session, "王芳") is None
    assert find_walk_in(site.session, "13800138000") is None


def test_a_walk_in_is_found_by_the_whole_number_and_taken_in(site: Site):
    person = find_walk_in(site.session, "110105197001020024")
    assert person == site.people["wangfang"]
    visit = admit_walk_in(
        by=site.actor("hejing"),
        session=site.session,
        person=person,
        product=site.product,
        area=site.area_b,
        at=at(9, 40),
    )
    assert (visit.ticket, visit.batch, visit.where) == ("B001", None, State.ARRIVED)
    assert find_walk_in(site.session, "110105197001020024") is None


def test_a_wrong_tap_is_undone_and_the_next_arrival_gets_a_new_ticket(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    done = last_arrival(site.session, site.actor("hejing").user_id)
    undo_step(by=site.actor("hejing"), done=done, at=at(9, 32))
    visit = site.visit("zhangwei")
    assert (visit.where, visit.ticket, visit.arrived_at, visit.queued_at) == (State.BOOKED, None, None, None)
    assert last_arrival(site.session, site.actor("hejing").user_id) is None
    assert site.arrive("zhangwei", at(9, 33)).ticket == "A002"


def test_an_arrival_is_not_undone_once_the_person_has_gone_on(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    done = VisitEvent.objects.get(event="arrive")
    site.sign("zhangwei")
    with pytest.raises(TooLateToUndo):
        undo_step(by=site.actor("hejing"), done=done, at=at(9, 45))


def test_a_step_is_not_undone_twice(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    done = VisitEvent.objects.get(event="arrive")
    undo_step(by=site.actor("hejing"), done=done, at=at(9, 32))
    with pytest.raises(TooLateToUndo):
        undo_step(by=site.actor("hejing"), done=done, at=at(9, 33))


@pytest.mark.parametrize("stranger", ["wumin", "zhaoqian", "fengyuan"])
def test_strangers_undo_no_arrival(site: Site, stranger: str):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(NotAllowed):
        undo_step(by=site.actor(stranger), done=VisitEvent.objects.get(event="arrive"), at=at(9, 32))


def test_somebody_declines_with_a_reason_and_comes_back(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(Refused):
        send_away(by=site.actor("xulan"), visit=site.visit("zhangwei"), event=Event.DECLINE, reason=" ", at=at(9, 35))
    send_away(
        by=site.actor("xulan"), visit=site.visit("zhangwei"), event=Event.DECLINE, reason="担心副作用", at=at(9, 35)
    )
    visit = site.visit("zhangwei")
    assert (visit.where, visit.exit_reason) == (State.DECLINED, "担心副作用")
    back = site.arrive("zhangwei", at(10))
    assert (back.where, back.ticket, back.exit_reason) == (State.ARRIVED, "A001", "")


@pytest.mark.parametrize("stranger", ["wumin", "zhaoqian", "fengyuan"])
def test_strangers_send_nobody_away(site: Site, stranger: str):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(NotAllowed):
        send_away(by=site.actor(stranger), visit=site.visit("zhangwei"), event=Event.LEAVE, reason="走", at=at(9, 35))


def test_areas_are_balanced(site: Site):
    site.batch("zhangwei")
    assert waiting_by_area(site.session) == {site.area_a.pk: 0, site.area_b.pk: 0}
    site.arrive("zhangwei")
    assert waiting_by_area(site.session) == {site.area_a.pk: 1, site.area_b.pk: 0}
    assert suggested_area(site.session) == site.area_b
    assert suggested_area(site.session, site.area_a) == site.area_a
    assert [letter_of(area) for area in (site.area_a, site.area_b, site.village.site)] == ["A", "B", "V"]


def test_the_longest_waiting_is_next_and_a_desk_keeps_its_person(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("lihong", at(9, 31))
    site.arrive("zhangwei", at(9, 32))
    desk, by = site.desks["consent"], site.actor("xulan")
    first = take_next(by=by, desk=desk, at=at(9, 35))
    assert first.person == site.people["lihong"]
    assert take_next(by=by, desk=desk, at=at(9, 36)) == first
    assert [visit.person.name for visit in waiting(desk, at(9, 36))] == ["张伟"]


def test_priority_goes_first(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("lihong", at(9, 31))
    site.arrive("zhangwei", at(9, 32))
    Visit.objects.filter(person=site.people["zhangwei"]).update(priority=1)
    assert take_next(by=site.actor("xulan"), desk=site.desks["consent"], at=at(9, 35)).person.name == "张伟"


def test_a_desk_of_area_a_takes_nobody_of_area_b(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei", area=site.area_b)
    with pytest.raises(NobodyWaits):
        take_next(by=site.actor("xulan"), desk=site.desks["consent"], at=at(9, 35))


def test_who_does_not_come_is_passed_over_and_called_again_by_hand(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    desk, by = site.desks["consent"], site.actor("xulan")
    visit = take_next(by=by, desk=desk, at=at(9, 35))
    pass_over(by=by, desk=desk, visit=visit, at=at(9, 36))
    with pytest.raises(NobodyWaits):
        take_next(by=by, desk=desk, at=at(9, 37))
    assert list(passed_over(desk, at(9, 37))) == [visit]
    assert board(site.village.site, TODAY).passed_over == ("A001",)
    call_person(by=by, desk=desk, visit=visit, at=at(9, 38))
    assert site.visit("zhangwei").called_to == desk
    assert list(passed_over(desk, at(9, 38))) == []


def test_put_back_keeps_the_place_in_the_queue(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei", at(9, 31))
    site.arrive("lihong", at(9, 32))
    desk, by = site.desks["consent"], site.actor("xulan")
    visit = take_next(by=by, desk=desk, at=at(9, 35))
    put_back(by=by, desk=desk, visit=visit)
    with pytest.raises(NotInThisQueue):
        put_back(by=by, desk=desk, visit=visit)
    assert take_next(by=by, desk=desk, at=at(9, 36)) == visit


def test_a_desk_does_not_call_whom_another_desk_has(site: Site):
    site.to_the_needle("zhangwei")
    with pytest.raises(NotInThisQueue):
        call_person(by=site.actor("zhoulin"), desk=site.desks["injection2"], visit=site.visit("zhangwei"), at=at(9, 58))


def test_a_desk_does_not_call_somebody_who_waits_elsewhere(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(NotInThisQueue):
        call_person(by=site.actor("zhoulin"), desk=site.desks["injection"], visit=site.visit("zhangwei"), at=at(9, 58))


@pytest.mark.parametrize("stranger", ["zhoulin", "zhaoqian", "fengyuan"])
def test_strangers_call_nobody_to_the_consent_desk(site: Site, stranger: str):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    by, desk = site.actor(stranger), site.desks["consent"]
    with pytest.raises(NotAllowed):
        take_next(by=by, desk=desk, at=at(9, 35))
    with pytest.raises(NotAllowed):
        call_person(by=by, desk=desk, visit=visit, at=at(9, 35))
    with pytest.raises(NotAllowed):
        pass_over(by=by, desk=desk, visit=visit, at=at(9, 35))
    with pytest.raises(NotAllowed):
        put_back(by=by, desk=desk, visit=visit)


def test_the_board_shows_numbers_and_no_names(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei", at(9, 31))
    site.arrive("lihong", at(9, 32))
    take_next(by=site.actor("xulan"), desk=site.desks["consent"], at=at(9, 35))
    shown = board(site.village.site, TODAY, site.area_a)
    assert {(window.desk.name, window.ticket) for window in shown.windows if window.ticket} == {("签字台1号", "A001")}
    assert (shown.latest.ticket, shown.next[Step.CONSENT], shown.waiting[Step.CONSENT]) == ("A001", ("A002",), 1)
    assert board(site.village.site, TODAY, site.area_b).waiting[Step.CONSENT] == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "arrived"},
        {"state": "screened"},
        {"state": "deferred"},
        {"state": "declined"},
        {"state": "released"},
        {"called_at": at(9)},
    ],
)
def test_the_database_refuses_states_without_what_belongs_to_them(site: Site, broken: dict):
    site.batch("zhangwei")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(person=site.people["zhangwei"]).update(**broken)


def test_the_database_refuses_one_ticket_twice_and_two_people_at_one_desk(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    site.arrive("lihong")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.update(ticket="A001")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.update(called_to=site.desks["consent"], called_at=at(9))


def test_the_journal_of_a_visit_is_not_rewritten(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitEvent.objects.update(reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitEvent.objects.all().delete()


def both_at_once(*calls) -> list[object]:
    """What each call answered when all were made at the same moment, each on a connection of its own."""
    answers: list[object] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(place: int) -> None:
        try:
            start.wait(10)
            answers[place] = calls[place]()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_desks_that_press_next_at_once_never_get_the_same_person(site: Site):
    site.batch("zhangwei", "lihong")
    for name in ("zhangwei", "lihong"):
        site.arrive(name)
        site.sign(name)
        site.screen(name)
    by = site.actor("zhoulin")
    one, two = both_at_once(
        *(
            lambda desk=site.desks[name]: take_next(by=by, desk=desk, at=at(9, 57))
            for name in ("injection", "injection2")
        )
    )
    assert {one.person_id, two.person_id} == {site.people["zhangwei"].pk, site.people["lihong"].pk}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_desks_and_one_person_make_one_winner(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    site.screen("zhangwei")
    by = site.actor("zhoulin")
    answers = both_at_once(
        *(
            lambda desk=site.desks[name]: take_next(by=by, desk=desk, at=at(9, 57))
            for name in ("injection", "injection2")
        )
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NobodyWaits", "Visit"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_arrivals_at_the_same_moment_get_different_tickets(site: Site):
    site.batch("zhangwei", "lihong")
    visits = [site.visit(name) for name in ("zhangwei", "lihong")]
    by = site.actor("hejing")
    answers = both_at_once(
        *(lambda v=v: record_arrival(by=by, visit=v, area=site.area_a, at=at(9, 31)) for v in visits)
    )
    assert sorted(answer.ticket for answer in answers) == ["A001", "A002"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_taps_on_one_arrival_make_one(site: Site):
    site.batch("zhangwei")
    visit, by = site.visit("zhangwei"), site.actor("hejing")
    answers = both_at_once(
        *[lambda: record_arrival(by=by, visit=visit, area=site.area_a, at=at(9, 31)) for _tap in range(2)]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["StepNotPossible", "Visit"]
    assert VisitEvent.objects.filter(event="arrive").count() == 1
