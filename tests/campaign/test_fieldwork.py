"""Where people stand by dose, site and door; who goes next; the list of the day; figures signed in time or late."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.campaign.office import DAY, at
from tests.clinic.site import Site, open_site
from tests.village import Village

from qingmiao.campaign.actions.fieldwork import (
    NotOfThisCampaign,
    ReasonMissing,
    draw_day_list,
    give_responsibility,
    name_forerunner,
    record_door_visit,
    sign_counts,
)
from qingmiao.campaign.models import Campaign, DoorVisit, SignedCount
from qingmiao.campaign.queries.fieldwork import (
    answers_for,
    day_list,
    heard_on,
    missing_today,
    place_in,
    refusals,
    reported_on,
    responsibilities_on,
)
from qingmiao.campaign.rules.fieldwork import Standing, next_level, standing_of
from qingmiao.clinic.rules import Refused
from qingmiao.registry.actions.people import Particulars, register_person
from qingmiao.registry.models import Person
from qingmiao.reports.queries.field import counts_of_places, done_among, field_counts, field_people
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(village: Village) -> Site:
    return open_site(village)


def knock(village: Village, campaign: Campaign, person: Person, result: str, by: str = "zhaoqian", **more) -> DoorVisit:
    values = {"level": "grid", "at": at(10), "reason": "no_time" if result == "refused" else ""} | more
    return record_door_visit(by=village.actor(by), campaign=campaign, person=person, result=result, **values)


def resident(village: Village, name: str, address: str = "", units=()) -> Person:
    return register_person(
        by=village.actor("zhaoqian"),
        particulars=Particulars(name=name, home=village.community, address=address),
        units=units,
    )


@pytest.mark.parametrize(
    ("done", "at_site", "booked", "at_door", "until", "stands"),
    [
        (True, "refused", True, "refused", None, "done"),
        (False, "contraindicated", False, "willing", None, "contraindicated"),
        (False, "", True, "refused", None, "booked"),
        (False, "", False, "refused", None, "refused"),
        (False, "", False, "deferred", DAY + timedelta(days=1), "deferred"),
        (False, "", False, "deferred", DAY, "not_asked"),
        (False, "", False, "", None, "not_asked"),
    ],
)
def test_where_somebody_stands(done: bool, at_site: str, booked: bool, at_door: str, until: date | None, stands: str):
    assert (
        standing_of(is_done=done, at_site=at_site, is_booked=booked, at_door=at_door, door_until=until, on=DAY)
        == stands
    )


def test_the_next_level_goes_until_all_have_been_there():
    levels = ["grid", "community", "subdistrict"]
    assert [next_level(levels[:n], levels) for n in range(4)] == ["grid", "community", "subdistrict", None]
    assert next_level(["subdistrict"], levels) == "grid"


def test_three_visits_by_three_levels_and_then_it_is_left(village: Village, campaign: Campaign, site: Site):
    person = site.people["zhangwei"]
    told = []
    for level in ("grid", "grid", "community", "subdistrict"):
        knock(village, campaign, person, "refused", level=level)
        (one,) = refusals(campaign)
        told.append((one.times, one.next_level))
    assert told == [(1, "community"), (2, "community"), (3, "subdistrict"), (4, None)]
    knock(village, campaign, person, "willing")
    assert refusals(campaign) == []


def test_a_refusal_needs_its_reason_and_later_needs_a_day(village: Village, campaign: Campaign, site: Site):
    person = site.people["zhangwei"]
    for result in ("refused", "deferred"):
        with pytest.raises(ReasonMissing):
            knock(village, campaign, person, result, reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        DoorVisit.objects.create(
            campaign=campaign, person=person, place=village.cafe, level="grid", result="refused", day=DAY, at=at(9),
            by_name="x",
        )  # fmt: skip


def test_sums_of_many_places_equal_the_people_counted_one_by_one(village: Village, campaign: Campaign, site: Site):
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    names = [person for name, person in site.people.items() if name != "zhangwei" and place_in(campaign, person)]
    for person, result in zip(names, ("refused", "willing", "not_reached"), strict=False):
        knock(village, campaign, person, result, by="kongming")
    both = resident(village, "两处", units=[village.cafe])
    knock(village, campaign, both, "deferred", until=DAY + timedelta(days=3))
    places = [village.cafe, village.karaoke, village.bureau, village.community]
    on = site.session.day
    sums = counts_of_places(campaign, places, on)
    one_by_one = {place.pk: field_counts(field_people(campaign, place, on)) for place in places}
    assert {pk: told.as_kept() for pk, told in sums.items()} == {pk: told.as_kept() for pk, told in one_by_one.items()}
    assert sums[village.cafe.pk].of(Standing.DONE) == 1
    assert sums[village.cafe.pk].of(Standing.DEFERRED) == sums[village.community.pk].of(Standing.DEFERRED) == 1
    assert sums[village.cafe.pk].eligible == sums[village.cafe.pk].found - 1


def test_somebody_of_two_ledgers_is_counted_where_he_lives(village: Village, campaign: Campaign):
    both = resident(village, "两处", units=[village.cafe])
    only_works = register_person(
        by=village.actor("zhaoqian"), particulars=Particulars(name="只上班"), units=[village.karaoke]
    )
    assert place_in(campaign, both) == village.community
    assert place_in(campaign, only_works) == village.karaoke
    assert {one.person for one in field_people(campaign, village.district, DAY)} == {both, only_works}


def test_the_list_of_the_day_is_clear_when_everybody_was_heard(village: Village, campaign: Campaign):
    people = [resident(village, name) for name in ("甲", "乙")]
    by = village.actor("songjiang")
    for _twice in range(2):
        draw_day_list(by=by, campaign=campaign, place=village.community, day=DAY, people=people, at=at(8))
    entries = day_list(campaign, village.community, DAY)
    assert [entry.person for entry in entries] == people
    knock(village, campaign, people[0], "not_reached", by="songjiang")
    assert {entry.person_id for entry in entries} - heard_on(campaign, DAY) == {people[1].pk}


def test_a_community_works_for_its_own_doors_only(village: Village, campaign: Campaign, site: Site):
    with pytest.raises(NotAllowed):
        knock(village, campaign, site.people["zhangwei"], "willing", by="songjiang")
    outsider = register_person(
        by=village.actor("zhaoqian"), particulars=Particulars(name="外人"), brought_by=village.bureau
    )
    with pytest.raises(NotOfThisCampaign):
        knock(village, campaign, outsider, "willing")


def test_the_nearest_answers_for_a_door(village: Village, campaign: Campaign):
    by = village.actor("songjiang")
    person = resident(village, "甲", "柳林路8号3号楼201")
    for name, doors, level in (
        ("书记", "", "community"),
        ("楼长", "柳林路8号3号楼", "grid"),
        ("别人", "柳林路8号4号楼", "grid"),
    ):
        give_responsibility(
            by=by, campaign=campaign, place=village.community, doors=doors, level=level, name=name, valid_from=DAY
        )
    held = responsibilities_on(campaign, DAY)
    assert [one.name for one in answers_for(person, village.community, held)] == ["楼长", "书记"]


def test_a_new_person_answers_from_a_day_on_and_the_old_one_until_the_day_before(village: Village, campaign: Campaign):
    by = village.actor("songjiang")
    for name, day in (("甲", DAY), ("乙", DAY + timedelta(days=3))):
        give_responsibility(by=by, campaign=campaign, place=village.community, level="grid", name=name, valid_from=day)
    names = [[one.name for one in responsibilities_on(campaign, DAY + timedelta(days=days))] for days in (0, 2, 3)]
    assert names == [["甲"], ["甲"], ["乙"]]
    with pytest.raises(Refused, match="乙"):
        give_responsibility(by=by, campaign=campaign, place=village.community, level="grid", name="丙", valid_from=DAY)


def test_a_unit_that_signs_late_is_told_apart_from_one_that_is_silent(village: Village, campaign: Campaign):
    sign_counts(
        by=village.actor("qianduo"), campaign=campaign, place=village.cafe, day=DAY, counts={"found": 4},
        signed_by="钱多", at=at(17, 20),
    )  # fmt: skip
    told = {row.place: (row.signed is not None, row.is_late) for row in reported_on(campaign, DAY, at(18))}
    assert told == {
        village.community: (False, True),
        village.cafe: (True, True),
        village.karaoke: (False, True),
    }
    assert not any(row.is_late for row in reported_on(campaign, DAY + timedelta(days=1), at(18)))


def test_signing_again_adds_a_row_and_nothing_changes_one(village: Village, campaign: Campaign):
    for found in (4, 5):
        sign_counts(
            by=village.actor("qianduo"), campaign=campaign, place=village.cafe, day=DAY, counts={"found": found},
            signed_by="钱多", at=at(16, found),
        )  # fmt: skip
    assert SignedCount.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedCount.objects.update(counts={})


def test_who_goes_first_is_tracked(village: Village, campaign: Campaign, site: Site):
    for name in ("zhangwei", "lihong"):
        name_forerunner(
            by=village.actor("zhaoqian"), campaign=campaign, person=site.people[name], kind="owner", at=at(9)
        )
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    people = [one.person_id for one in campaign.forerunners.all()]
    assert done_among(campaign, people, site.session.day) == {site.people["zhangwei"].pk}


def test_todays_missing_people_are_those_of_the_list_who_have_not_come(village: Village, site: Site):
    site.batch("zhangwei", "lihong")
    before = {visit.person_id for visit in missing_today(village.cafe, site.session.day)}
    site.arrive("zhangwei")
    after = {visit.person_id for visit in missing_today(village.cafe, site.session.day)}
    assert before - after == {site.people["zhangwei"].pk}
    assert missing_today(village.karaoke, site.session.day) == []
