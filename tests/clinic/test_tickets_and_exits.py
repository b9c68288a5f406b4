"""Who is called first, who is called again, new numbers, people not on record, and the ways out of the chain."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at, hire
from tests.village import TODAY

from qingmiao.clinic.actions.front_desk import (
    AlreadyOnRecord,
    DayClosed,
    Newcomer,
    admit_new_person,
    admit_walk_in,
    draw_new_ticket,
    record_arrival,
    send_away,
    undo_step,
)
from qingmiao.clinic.actions.queue import TooSoonToCallAgain, call_person, pass_over, take_next
from qingmiao.clinic.actions.sessions import close_session, reopen_session
from qingmiao.clinic.figures import figure, figures, priority_groups, rank_of
from qingmiao.clinic.models import Visit
from qingmiao.clinic.queries.people import StandingCode, reason_in, standings
from qingmiao.clinic.queries.queue import in_queue_of, waiting
from qingmiao.clinic.reasons import reasons
from qingmiao.clinic.rules import QUEUES, Event, Refused, State, Step
from qingmiao.law.dated import NoRuleInForce
from qingmiao.registry.actions.people import Number, Particulars
from qingmiao.registry.models import Identifier, Person
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Role

pytestmark = pytest.mark.django_db
PHONE = "13900139000"
NUMBER = "110105195501010016"
NEWCOMER = Newcomer(
    Particulars("老周", sex="1", birth_date=date(1955, 1, 1)),
    [Number(Identifier.Kind.ID_CARD, NUMBER)],
    ["13900139000"],
)


def admit(site: Site, newcomer: Newcomer = NEWCOMER, by: str = "hejing", group: str = "", when=None) -> Visit:
    return admit_new_person(
        by=site.actor(by),
        session=site.session,
        newcomer=newcomer,
        product=site.product,
        area=site.area_a,
        at=when or at(9, 40),
        priority_group=group,
    )


def test_somebody_not_on_record_is_written_down_and_arrives(site: Site):
    visit = admit(site)
    person = Person.objects.get(name="老周")
    assert (visit.person, visit.ticket, visit.where, person.brought_by) == (
        person, "A001", State.ARRIVED, site.village.site,
    )  # fmt: skip


def test_a_number_on_record_is_no_newcomer(site: Site):
    known = Newcomer(Particulars("李红"), [Number(Identifier.Kind.ID_CARD, "110105199203110023")])
    with pytest.raises(AlreadyOnRecord):
        admit(site, known)
    assert Person.objects.count() == len(site.people)


@pytest.mark.parametrize("stranger", ["zhaoqian", "zhoulin", "fengyuan"])
def test_only_the_reception_registers_newcomers(site: Site, stranger: str):
    with pytest.raises(NotAllowed):
        admit(site, by=stranger)


def test_the_old_are_called_before_whoever_waits_longer(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei", at(9, 31))
    old = admit(site, when=at(9, 50))
    assert take_next(by=site.actor("xulan"), desk=site.desks["consent"], at=at(9, 51)) == old


def test_pregnancy_is_told_at_the_front_desk_and_goes_before_age(site: Site):
    old = admit(site)
    pregnant = admit_walk_in(
        by=site.actor("hejing"), session=site.session, person=site.people["lihong"], product=site.product,
        area=site.area_a, at=at(9, 45), priority_group="pregnant",
    )  # fmt: skip
    assert list(waiting(site.desks["consent"], at(9, 46))) == [pregnant, old]
    with pytest.raises(Refused):
        admit(site, Newcomer(Particulars("某人", birth_date=date(1990, 1, 1))), group="manager")


@pytest.mark.parametrize(
    ("age", "asked", "rank"), [(59, "", 0), (60, "", 2), (13, "", 1), (14, "", 0), (None, "", 0), (30, "impaired", 3)]
)
def test_ranks_by_age_and_by_what_is_told(age: int | None, asked: str, rank: int):
    assert rank_of(age, asked, TODAY) == rank


def test_every_figure_and_reason_has_a_source_and_both_languages():
    for one in figures(TODAY):
        assert one.source.reference
        assert one.title.zh
        assert one.title.en
        assert one.value > 0
    for reason in reasons():
        assert reason.word.zh
        assert reason.word.en
        assert 1 <= reason.group <= 5
    assert [group.code for group in priority_groups(TODAY)][:2] == ["pregnant", "impaired"]
    with pytest.raises(NoRuleInForce):
        figure("recall_after", date(2001, 1, 1))


def test_somebody_called_is_called_again_after_half_a_minute_only(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    desk, by = site.desks["consent"], site.actor("xulan")
    visit = take_next(by=by, desk=desk, at=at(9, 35))
    with pytest.raises(TooSoonToCallAgain, match="11"):
        call_person(by=by, desk=desk, visit=visit, at=at(9, 35, second=19))
    call_person(by=by, desk=desk, visit=visit, at=at(9, 35, second=30))
    assert site.visit("zhangwei").called_at == at(9, 35, second=30)


def test_a_new_number_puts_somebody_passed_over_at_the_end_and_voids_the_old(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    site.arrive("lihong", at(9, 33))
    desk, by = site.desks["consent"], site.actor("xulan")
    visit = take_next(by=by, desk=desk, at=at(9, 35))
    with pytest.raises(Refused):
        draw_new_ticket(by=site.actor("hejing"), visit=visit, area=site.area_a, at=at(9, 36))
    pass_over(by=by, desk=desk, visit=visit, at=at(9, 36))
    request_id = uuid4()
    for _tap in range(2):
        draw_new_ticket(by=site.actor("hejing"), visit=visit, area=site.area_a, at=at(9, 40), request_id=request_id)
    again = site.visit("zhangwei")
    assert (again.ticket, again.where, again.passed_over_at) == ("A003", State.ARRIVED, None)
    assert [one.ticket for one in waiting(desk, at(9, 41))] == ["A002", "A003"]


def test_a_new_number_may_lead_to_the_other_area(site: Site):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    moved = draw_new_ticket(by=site.actor("hejing"), visit=visit, area=site.area_b, at=at(9, 40))
    assert (moved.ticket, moved.area) == ("B001", site.area_b)
    with pytest.raises(NotAllowed):
        draw_new_ticket(by=site.actor("zhaoqian"), visit=visit, area=site.area_a, at=at(9, 41))


def away(site: Site, event: Event, **more: str) -> Visit:
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    return send_away(by=site.actor("xulan"), visit=visit, event=event, at=at(9, 36), **more)


def test_a_reason_of_the_list_is_kept_as_code_and_words(site: Site):
    visit = away(site, Event.DECLINE, code="family")
    assert (visit.exit_code, visit.exit_reason) == ("family", "家人不同意")
    assert reason_in("en", visit) == "Family does not agree"


def test_a_reason_of_another_list_is_refused(site: Site):
    with pytest.raises(Refused):
        away(site, Event.DECLINE, code="no_time")


def test_sent_on_names_the_place_comes_back_and_is_undone(site: Site):
    with pytest.raises(Refused):
        away(site, Event.TRANSFER, code="hospital_assessment")
    by, visit = site.actor("xulan"), site.visit("zhangwei")
    send_away(by=by, visit=visit, event=Event.TRANSFER, code="hospital_assessment", to="区医院", at=at(9, 37))
    visit = site.visit("zhangwei")
    assert (visit.where, visit.transferred_to, visit.called_to) == (State.TRANSFERRED, "区医院", None)
    undo_step(by=by, done=visit.events.latest("pk"), at=at(9, 38))
    visit = site.visit("zhangwei")
    assert (visit.where, visit.transferred_to, visit.exit_code) == (State.ARRIVED, "", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.update(state="transferred", exit_reason="x")


def test_the_close_of_the_day_leaves_nobody_in_between(site: Site):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    head = site.actor("zhenghua")
    closed = close_session(by=head, session=site.session, version=site.session.version, at=at(18))
    assert [site.visit(name).where for name in ("zhangwei", "lihong")] == [State.LEFT, State.ABSENT]
    assert site.visit("zhangwei").exit_code == "not_found"
    with pytest.raises(DayClosed):
        record_arrival(by=site.actor("hejing"), visit=site.visit("lihong"), area=site.area_a, at=at(18, 1))
    reopen_session(by=head, session=closed, version=closed.version)
    assert site.arrive("lihong", at(18, 5)).where is State.ARRIVED


def test_a_day_missed_hinders_nobody_the_next_day(site: Site):
    site.batch("lihong")
    close_session(by=site.actor("zhenghua"), session=site.session, version=site.session.version, at=at(18))
    person = site.people["lihong"]
    standing = standings([person], site.product, TODAY + timedelta(days=1))[person.pk]
    assert standing.code is StandingCode.BOOKABLE


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_only_the_head_closes_the_day(site: Site, stranger: str):
    with pytest.raises(NotAllowed):
        close_session(by=site.actor(stranger), session=site.session, version=1, at=at(18))


@pytest.mark.parametrize("step", list(Step))
def test_everybody_in_a_queueing_state_is_shown_by_a_desk_of_the_step(site: Site, step: Step):
    hire(site, "everybody", Role.CLINIC_DOCTOR)
    site.batch("zhangwei")
    site.arrive("zhangwei")
    for state in QUEUES[step]:
        Visit.objects.update(state=state.value, consented_at=at(9), screened_at=at(9))
        assert site.visit("zhangwei") in in_queue_of(site.desks[step.value], at(10))
