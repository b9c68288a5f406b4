"""A bureau asks its units how many people they have; each number is dated and somebody answers for it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.village import Village

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.campaign.actions import (
    HeadCountClosed,
    HeadCountOpen,
    NotOfThisRound,
    close_head_count,
    declare_number,
    open_head_count,
)
from qingmiao.campaign.models import Declaration, HeadCount
from qingmiao.campaign.queries import declarations_at, head_count_at, is_late
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
DUE = datetime(2021, 4, 10, 10, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(hours=2), DUE + timedelta(hours=2)


def opened(village: Village) -> HeadCount:
    return open_head_count(
        by=village.actor("zhaoqian"),
        organisation=village.bureau,
        title="四月摸底",
        opened_on=date(2021, 4, 5),
        due_at=DUE,
    )


def declare(village: Village, head_count: HeadCount, people: int, by: str = "qianduo", unit=None, at=BEFORE):
    return declare_number(
        by=village.actor(by),
        head_count=head_count,
        unit=unit or village.cafe,
        people=people,
        declared_on=date(2021, 4, 10),
        said_by="钱多",
        at=at,
    )


def test_the_last_number_of_a_unit_counts_and_the_earlier_one_stays(village: Village):
    round_ = opened(village)
    declare(village, round_, 54)
    declare(village, round_, 56, at=AFTER)
    assert {pk: row.people for pk, row in declarations_at(round_, BEFORE).items()} == {village.cafe.pk: 54}
    assert {pk: row.people for pk, row in declarations_at(round_, AFTER).items()} == {village.cafe.pk: 56}


def test_nobody_is_a_number_too_and_silence_is_not(village: Village):
    round_ = opened(village)
    declare(village, round_, 0)
    said = declarations_at(round_, AFTER)
    assert said[village.cafe.pk].people == 0
    assert village.karaoke.pk not in said


def test_who_answers_late_or_not_at_all_is_late_only_after_the_deadline(village: Village):
    round_ = opened(village)
    in_time, late = declare(village, round_, 1), declare(village, round_, 2, at=AFTER)
    assert [is_late(round_, said, AFTER) for said in (in_time, late, None)] == [False, True, True]
    assert not is_late(round_, None, BEFORE)


def test_units_see_the_round_of_their_bureau(village: Village):
    round_ = opened(village)
    assert head_count_at(village.cafe, AFTER) == head_count_at(village.bureau, AFTER) == round_
    assert head_count_at(village.district, AFTER) is None
    assert head_count_at(village.bureau, datetime(2021, 4, 1, tzinfo=UTC)) is None


def test_one_round_is_open_at_a_time(village: Village):
    opened(village)
    with pytest.raises(HeadCountOpen, match="四月摸底"):
        opened(village)


def test_a_closed_round_takes_no_number_and_makes_room_for_the_next(village: Village):
    round_ = opened(village)
    close_head_count(by=village.actor("zhaoqian"), head_count=round_, version=1, closed_on=date(2021, 4, 11))
    with pytest.raises(HeadCountClosed):
        declare(village, round_, 54)
    assert opened(village).pk != round_.pk


def test_closing_an_older_version_is_told(village: Village):
    round_ = opened(village)
    close_head_count(by=village.actor("zhaoqian"), head_count=round_, version=1, closed_on=date(2021, 4, 11))
    with pytest.raises(ChangedMeanwhile):
        close_head_count(by=village.actor("zhaoqian"), head_count=round_, version=1, closed_on=date(2021, 4, 12))


def test_a_number_is_for_a_unit_of_the_bureau_that_asks(village: Village):
    with pytest.raises(NotOfThisRound):
        declare(village, opened(village), 3, by="kongming", unit=village.site)


@pytest.mark.parametrize("stranger", ["qianduo", "zhoulin", "fengyuan"])
def test_strangers_open_and_close_no_round(village: Village, stranger: str):
    with pytest.raises(NotAllowed):
        open_head_count(
            by=village.actor(stranger), organisation=village.bureau, title="x", opened_on=date(2021, 4, 5), due_at=DUE
        )
    round_ = opened(village)
    with pytest.raises(NotAllowed):
        close_head_count(by=village.actor(stranger), head_count=round_, version=1, closed_on=date(2021, 4, 11))


@pytest.mark.parametrize("stranger", ["zhoulin", "fengyuan", "yanan"])
def test_strangers_declare_nothing(village: Village, stranger: str):
    with pytest.raises(NotAllowed):
        declare(village, opened(village), 54, by=stranger)
    assert not Declaration.objects.exists()


def test_a_unit_does_not_speak_for_another(village: Village):
    with pytest.raises(NotAllowed):
        declare(village, opened(village), 38, unit=village.karaoke)


def test_the_database_refuses_to_change_a_declaration_or_to_keep_one_nobody_answers_for(village: Village):
    said = declare(village, opened(village), 54)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.filter(pk=said.pk).update(people=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.create(
            head_count=said.head_count, unit=said.unit, people=1, declared_on=DUE.date(), said_by="", recorded_at=DUE
        )
