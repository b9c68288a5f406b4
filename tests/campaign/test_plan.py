"""Targets that somebody answers for, days that a site can hold, and what a lost day costs."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.campaign.office import DAY, at
from tests.village import Village

from qingmiao.campaign.actions.plan import (
    NotOfThisOrganisation,
    OutsideTheCampaign,
    plan_days,
    set_strength,
    set_target,
)
from qingmiao.campaign.models import Campaign, Target
from qingmiao.campaign.queries.plan import capacities, planned_by_day, strength_on, targets_of
from qingmiao.campaign.rules.plan import capacity, needed, spread
from qingmiao.clinic.models import Period, Session
from qingmiao.clinic.queries.capacity import loads_of
from qingmiao.staff.access import NotAllowed

DAYS = [DAY + timedelta(days=number) for number in range(4)]


def test_capacity_is_vaccinators_by_time_by_minutes_per_dose():
    assert capacity(5, Decimal(8), Decimal("2.4")) == 1000
    assert capacity(5, Decimal(8), Decimal(7)) == 342


def test_doses_are_rounded_up():
    assert needed(100, Decimal("1.1")) == 110
    assert needed(101, Decimal("1.1")) == 112


def test_doses_fall_on_days_in_proportion_to_what_they_hold():
    assert spread(150, dict(zip(DAYS, (100, 100, 0, 100), strict=True))).doses == dict(
        zip(DAYS, (50, 50, 0, 50), strict=True)
    )


def test_a_lost_day_is_carried_by_the_others_until_they_are_full():
    able = dict.fromkeys(DAYS, 100)
    assert spread(300, able, [DAYS[0]]).doses == dict(zip(DAYS, (0, 100, 100, 100), strict=True))
    assert spread(350, able, [DAYS[0]]).short == 50
    assert spread(350, able).short == 0


@given(
    doses=st.integers(0, 5000),
    able=st.lists(st.integers(0, 900), min_size=1, max_size=12),
    lost=st.sets(st.integers(0, 11)),
)
def test_no_dose_is_lost_and_no_day_overfull(doses: int, able: list[int], lost: set[int]):
    days = {DAY + timedelta(days=number): held for number, held in enumerate(able)}
    gone = [DAY + timedelta(days=number) for number in lost]
    laid = spread(doses, days, gone)
    assert sum(laid.doses.values()) + laid.short == doses
    assert all(0 <= laid.doses[day] <= (0 if day in gone else held) for day, held in days.items())


@pytest.mark.django_db
def test_the_last_target_said_counts_and_the_earlier_one_stays(village: Village, campaign: Campaign):
    for people, said_by in ((20000, "孔明"), (21500, "区指挥部")):
        set_target(
            by=village.actor("kongming"),
            campaign=campaign,
            people=people,
            source=Target.Source.TOLD,
            said_by=said_by,
            said_on=DAY,
            at=at(9),
        )
    assert targets_of(campaign)[None, None].said_by == "区指挥部"
    assert Target.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.update(people=1)


@pytest.mark.django_db
def test_a_site_can_do_what_was_said_of_it_from_that_day_on(village: Village, campaign: Campaign):
    for day, vaccinators in ((campaign.starts_on, 4), (DAY, 8)):
        set_strength(
            by=village.actor("kongming"),
            campaign=campaign,
            site=village.site,
            from_day=day,
            vaccinators=vaccinators,
            hours=Decimal(8),
            minutes_per_dose=Decimal("2.4"),
        )
    assert strength_on(campaign, village.site, DAY - timedelta(days=1)).vaccinators == 4
    able = capacities(campaign, village.site, DAY - timedelta(days=1))
    assert [able[DAY - timedelta(days=1)], able[DAY], able[campaign.ends_on]] == [800, 1600, 1600]


@pytest.mark.django_db
def test_planning_again_replaces_those_days_only(village: Village, campaign: Campaign):
    by = village.actor("kongming")
    plan_days(by=by, campaign=campaign, place=village.site, doses=dict(zip(DAYS, (10, 20, 30, 40), strict=True)))
    plan_days(by=by, campaign=campaign, place=village.site, doses={DAYS[1]: 25, DAYS[2]: 0})
    assert planned_by_day(campaign) == {DAYS[0]: 10, DAYS[1]: 25, DAYS[3]: 40}


@pytest.mark.django_db
def test_what_units_are_asked_for_is_not_added_to_what_sites_give(village: Village, campaign: Campaign):
    by = village.actor("kongming")
    plan_days(by=by, campaign=campaign, place=village.site, doses={DAY: 100})
    plan_days(by=by, campaign=campaign, place=village.cafe, doses={DAY: 60})
    assert planned_by_day(campaign) == {DAY: 100}


@pytest.mark.django_db
def test_days_outside_and_places_elsewhere_are_refused(village: Village, campaign: Campaign):
    by = village.actor("kongming")
    with pytest.raises(OutsideTheCampaign):
        plan_days(by=by, campaign=campaign, place=village.site, doses={date(2021, 7, 1): 5})
    with pytest.raises(NotOfThisOrganisation):
        plan_days(by=by, campaign=campaign, place=village.far_site, doses={DAY: 5})


@pytest.mark.django_db
@pytest.mark.parametrize("stranger", ["zhaoqian", "wuyong", "fengyuan"])
def test_strangers_plan_nothing(village: Village, campaign: Campaign, stranger: str):
    with pytest.raises(NotAllowed):
        plan_days(by=village.actor(stranger), campaign=campaign, place=village.site, doses={DAY: 5})


@pytest.mark.django_db
def test_a_day_that_the_site_has_planned_holds_what_the_site_says(village: Village, campaign: Campaign):
    """One number: the plan reads the periods of the session, and what was said of the strength for other days."""
    set_strength(
        by=village.actor("kongming"), campaign=campaign, site=village.site, from_day=campaign.starts_on,
        vaccinators=4, hours=Decimal(8), minutes_per_dose=Decimal("2.4"),
    )  # fmt: skip
    session = Session.objects.create(
        site=village.site, day=DAY, opens_at=time(8), closes_at=time(17), cut_off_at=at(17, day=DAY - timedelta(days=1))
    )
    for starts, ends, vaccinators in ((8, 12, 3), (14, 17, 2)):
        Period.objects.create(session=session, starts_at=time(starts), ends_at=time(ends), vaccinators=vaccinators)
    able = capacities(campaign, village.site, DAY)
    assert able[DAY] == sum(load.places for load in loads_of(session)) == 3 * 80 + 2 * 60
    assert able[DAY + timedelta(days=1)] == 800
