"""The unit names, the site accepts and calls: cut-off, late additions, who cannot be named."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at
from tests.village import TODAY

from qingmiao.audit.models import AuditEntry, ChangedMeanwhile
from qingmiao.clinic.actions.batches import (
    BatchIncomplete,
    NoPlacesLeft,
    NotBookable,
    NotOpenToUnit,
    accept_batch,
    call_batch,
    change_batch,
    name_batch,
    return_batch,
    uncall_batch,
)
from qingmiao.clinic.models import Batch, SessionPlaces, Visit
from qingmiao.clinic.queries.days import batches_of, states_of_day
from qingmiao.clinic.queries.people import StandingCode, people_of, standings
from qingmiao.clinic.rules import Refused, State
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
IN_TIME = at(16, day=TODAY - timedelta(days=1))
TOO_LATE = at(19, day=TODAY - timedelta(days=1))


def name(site: Site, *who: str, by: str = "zhaoqian", unit: str = "cafe", when=IN_TIME, **more) -> Batch:
    return name_batch(
        by=site.actor(by),
        session=site.session,
        unit=getattr(site.village, unit),
        product=site.product,
        people=[site.people[one] for one in who],
        at=when,
        **more,
    )


def test_a_unit_names_its_people_in_time(site: Site):
    batch = name(site, "zhangwei", "lihong", by="qianduo")
    assert (batch.state, batch.is_late, batch.number) == ("submitted", False, None)
    assert {visit.state for visit in batch.visits.all()} == {State.NAMED}
    entry = AuditEntry.objects.get(verb="clinic.name_batch")
    assert entry.details == {"batch": batch.pk, "people": 2}


def test_after_the_cut_off_a_list_is_taken_and_marked(site: Site):
    batch = name(site, "zhangwei", when=TOO_LATE)
    assert batch.is_late
    assert batch.visits.get().is_late_addition


def test_the_cut_off_itself_is_still_in_time(site: Site):
    assert not name(site, "zhangwei", when=site.session.cut_off_at).is_late


def test_an_addition_to_an_accepted_batch_is_booked_and_marked_late(site: Site):
    batch = site.batch("zhangwei")
    change_batch(
        by=site.actor("zhaoqian"),
        batch=batch,
        version=batch.version,
        people=[site.people["zhangwei"], site.people["lihong"]],
        at=TOO_LATE,
    )
    assert [(site.visit(one).state, site.visit(one).is_late_addition) for one in ("zhangwei", "lihong")] == [
        ("booked", False),
        ("booked", True),
    ]
    [counted] = batches_of(site.session)
    assert (counted.expected, counted.here, counted.late) == (2, 0, 1)


def test_whoever_is_taken_off_is_cancelled_and_can_be_named_again(site: Site):
    batch = site.batch("zhangwei", "lihong")
    change = {"by": site.actor("zhaoqian"), "at": IN_TIME}
    change_batch(batch=batch, version=batch.version, people=[site.people["lihong"]], **change)
    assert site.visit("zhangwei").where is State.CANCELLED
    batch.refresh_from_db()
    change_batch(batch=batch, version=batch.version, people=[site.people["lihong"], site.people["zhangwei"]], **change)
    assert site.visit("zhangwei").where is State.BOOKED


def test_somebody_who_has_arrived_is_not_taken_off_by_the_unit(site: Site):
    batch = site.batch("zhangwei")
    site.arrive("zhangwei")
    change_batch(by=site.actor("zhaoqian"), batch=batch, version=batch.version, people=[], at=IN_TIME)
    assert site.visit("zhangwei").where is State.ARRIVED


def test_one_person_is_not_on_two_lists(site: Site):
    name(site, "zhangwei")
    with pytest.raises(NotBookable) as refusal:
        name(site, "zhangwei", "lihong")
    assert refusal.value.people == [site.people["zhangwei"].pk]
    assert Batch.objects.count() == 1


def test_a_unit_without_places_is_refused(site: Site):
    SessionPlaces.objects.all().delete()
    with pytest.raises(NotOpenToUnit):
        name(site, "zhangwei")


def test_more_people_than_places_are_refused(site: Site):
    SessionPlaces.objects.update(places=1)
    with pytest.raises(NoPlacesLeft, match="1"):
        name(site, "zhangwei", "lihong")
    name(site, "zhangwei")
    with pytest.raises(NoPlacesLeft, match="0"):
        name(site, "lihong")


def test_a_vaccine_that_the_session_does_not_give_is_refused(site: Site):
    site.session.products.clear()
    with pytest.raises(Refused):
        name(site, "zhangwei")


def test_the_site_accepts_with_number_time_leader_and_area(site: Site):
    first, second = site.batch("zhangwei"), site.batch("wangfang", unit="karaoke")
    assert [(batch.number, batch.area, batch.leader, batch.state) for batch in (first, second)] == [
        (1, site.area_a, "钱多", "accepted"),
        (2, site.area_a, "钱多", "accepted"),
    ]
    assert states_of_day(TODAY, unit=site.village.bureau) == {State.BOOKED: 2}
    assert states_of_day(TODAY, unit=site.village.cafe) == {State.BOOKED: 1}


def test_accepting_again_changes_the_terms_and_keeps_the_number(site: Site):
    batch = site.batch("zhangwei")
    accept_batch(
        by=site.actor("zhenghua"),
        batch=batch,
        version=batch.version,
        starts_at=at(10, 30),
        area=site.area_b,
        leader="李四",
        at=IN_TIME,
    )
    batch.refresh_from_db()
    assert (batch.number, batch.starts_at, batch.area) == (1, at(10, 30), site.area_b)


@pytest.mark.parametrize(("leader", "hour", "day"), [("", 9, TODAY), ("钱多", 9, TODAY + timedelta(days=1))])
def test_a_batch_without_leader_or_on_another_day_is_not_accepted(site: Site, leader: str, hour: int, day):
    batch = name(site, "zhangwei")
    with pytest.raises((BatchIncomplete, Refused)):
        accept_batch(
            by=site.actor("zhenghua"),
            batch=batch,
            version=batch.version,
            starts_at=at(hour, day=day),
            area=site.area_a,
            leader=leader,
            at=IN_TIME,
        )


def test_two_people_accepting_one_batch_do_not_overwrite_each_other(site: Site):
    batch = name(site, "zhangwei")
    terms = {"by": site.actor("zhenghua"), "area": site.area_a, "leader": "钱多", "at": IN_TIME, "version": 1}
    accept_batch(batch=batch, starts_at=at(9), **terms)
    stale = Batch.objects.get(pk=batch.pk)
    with pytest.raises(ChangedMeanwhile):
        accept_batch(batch=stale, starts_at=at(10), **terms)


def test_a_list_is_sent_back_with_a_reason_and_handed_in_again(site: Site):
    batch = name(site, "zhangwei")
    return_batch(by=site.actor("zhenghua"), batch=batch, version=batch.version, reason="人数与摸底不符")
    change_batch(
        by=site.actor("zhaoqian"), batch=batch, version=batch.version, people=[site.people["lihong"]], at=IN_TIME
    )
    batch.refresh_from_db()
    assert (batch.state, batch.returned_because) == ("submitted", "")


def test_a_batch_is_called_and_the_call_taken_back(site: Site):
    batch = site.batch("zhangwei")
    call_batch(by=site.actor("hejing"), batch=batch, version=batch.version, at=at(9, 25))
    assert (batch.state, batch.called_at) == ("called", at(9, 25))
    uncall_batch(by=site.actor("hejing"), batch=batch, version=batch.version)
    assert (batch.state, batch.called_at) == ("accepted", None)


def test_a_batch_that_is_not_accepted_cannot_be_called(site: Site):
    batch = name(site, "zhangwei")
    with pytest.raises(Refused):
        call_batch(by=site.actor("hejing"), batch=batch, version=batch.version, at=at(9))


def test_asking_twice_names_once(site: Site):
    request_id = uuid4()
    first = name(site, "zhangwei", request_id=request_id)
    assert name(site, "zhangwei", request_id=request_id, when=TOO_LATE) == first
    assert Batch.objects.count() == Visit.objects.count() == 1


@pytest.mark.parametrize("stranger", ["hejing", "fengyuan", "kongming"])
def test_only_a_liaison_of_the_unit_names(site: Site, stranger: str):
    with pytest.raises(NotAllowed):
        name(site, "zhangwei", by=stranger)


def test_a_liaison_of_one_unit_does_not_name_for_another(site: Site):
    with pytest.raises(NotAllowed):
        name(site, "wangfang", by="qianduo", unit="karaoke")


@pytest.mark.parametrize("stranger", ["zhaoqian", "zhoulin", "fengyuan"])
def test_only_the_reception_of_the_site_accepts_returns_and_calls(site: Site, stranger: str):
    batch = name(site, "zhangwei")
    by, version = site.actor(stranger), batch.version
    with pytest.raises(NotAllowed):
        accept_batch(by=by, batch=batch, version=version, starts_at=at(9), area=site.area_a, leader="钱多", at=IN_TIME)
    with pytest.raises(NotAllowed):
        return_batch(by=by, batch=batch, version=version, reason="不符")
    with pytest.raises(NotAllowed):
        call_batch(by=by, batch=batch, version=version, at=at(9))


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "accepted"},
        {"state": "returned"},
        {"state": "called", "number": 1},
        {"called_at": at(9)},
    ],
)
def test_the_database_refuses_half_accepted_batches(site: Site, broken: dict):
    batch = name(site, "zhangwei")
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(**broken)


def test_the_people_of_a_bureau_are_those_of_its_units(site: Site):
    people = people_of(site.village.bureau, TODAY)
    assert [person.name for person in people] == ["李红", "王芳", "张伟"]  # by pinyin
    assert [person.name for person in people_of(site.village.karaoke, TODAY)] == ["王芳"]


def standing(site: Site, who: str, day=TODAY):
    return standings([site.people[who]], site.product, day)[site.people[who].pk]


def test_where_people_stand_before_during_and_after(site: Site):
    assert (standing(site, "zhangwei").code, standing(site, "zhangwei").dose) == (StandingCode.BOOKABLE, 1)
    site.to_the_needle("zhangwei")
    assert standing(site, "zhangwei").code is StandingCode.AT_SITE
    site.inject("zhangwei")
    soon, later = standing(site, "zhangwei", TODAY + timedelta(days=20)), TODAY + timedelta(days=21)
    assert (soon.code, soon.dose, soon.until) == (StandingCode.TOO_SOON, 2, later)
    assert (standing(site, "zhangwei", later).code, standing(site, "zhangwei", later).dose) == (
        StandingCode.BOOKABLE,
        2,
    )
    assert standing(site, "lihong").code is StandingCode.BOOKABLE


def test_a_deferral_ends_by_itself(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    site.screen("zhangwei", answered=site.all_no("zhangwei", fever="yes"))
    tomorrow = standing(site, "zhangwei", TODAY + timedelta(days=1))
    assert (tomorrow.code, tomorrow.until) == (StandingCode.DEFERRED, TODAY + timedelta(days=3))
    assert "发热" in tomorrow.reason
    assert standing(site, "zhangwei", TODAY + timedelta(days=3)).code is StandingCode.BOOKABLE


def test_a_contraindication_stands(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    site.screen("zhangwei", answered=site.all_no("zhangwei", severe_allergy="yes"))
    assert standing(site, "zhangwei", TODAY + timedelta(days=300)).code is StandingCode.CONTRAINDICATED
