"""Duties stay, people come and go; tasks belong to duties and their state is never ticked."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image
from tests.campaign.office import DAY, at, photo
from tests.village import Village

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.campaign.actions.organisation import (
    CampaignOver,
    HandedOverTooEarly,
    NameTaken,
    add_group,
    close_campaign,
    hand_over_duty,
    put_on_call,
)
from qingmiao.campaign.actions.pictures import NotAPicture
from qingmiao.campaign.actions.tasks import (
    NotInThisState,
    SaysNothing,
    accept_task,
    give_task,
    move_task,
    report_task,
    send_task_back,
)
from qingmiao.campaign.models import Campaign, Duty, Holder, Picture, Task, TaskStep
from qingmiao.campaign.queries.organisation import groups_on, on_call
from qingmiao.campaign.queries.tasks import level_of, tasks_for, todo_of
from qingmiao.campaign.rules.tasks import Level, Rung, reached
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
NINE = ["综合协调组", "数据信息组", "宣传舆情组", "后勤保障组", "医护工作组"]


def duty(campaign: Campaign, group: str, rank: str = Duty.Rank.LEADER) -> Duty:
    return Duty.objects.get(group__campaign=campaign, group__name=group, rank=rank)


def hold(village: Village, held: Duty, name: str, user: str = "", since: date = DAY, deputy: bool = False) -> Holder:
    return hand_over_duty(
        by=village.actor("kongming"),
        duty=held,
        name=name,
        user=village.users.get(user),
        valid_from=since,
        is_deputy=deputy,
    )


def task(village: Village, campaign: Campaign, owner: Duty, title: str = "核对名单", due=None) -> Task:
    return give_task(
        by=village.actor("kongming"), campaign=campaign, duty=owner, title=title, due_at=due or at(17), at=at(9)
    )


def test_a_campaign_opens_with_the_nine_groups_of_its_template(campaign: Campaign):
    groups = groups_on(campaign, DAY)
    names = [group.group.name for group in groups]
    assert len(names) == 10
    assert names[0] == "领导小组"
    assert set(NINE) < set(names)
    assert all(group.vacant == len(group.duties) for group in groups)


def test_groups_are_added_as_many_as_are_wanted_and_named_once(village: Village, campaign: Campaign):
    for number in range(5):
        add_group(by=village.actor("kongming"), campaign=campaign, name=f"专项{number}组", valid_from=DAY)
    assert len(groups_on(campaign, DAY)) == 15
    with pytest.raises(NameTaken, match="专项1组"):
        add_group(by=village.actor("kongming"), campaign=campaign, name="专项1组", valid_from=DAY)


def test_a_change_of_person_moves_no_duty(village: Village, campaign: Campaign):
    owner = duty(campaign, "数据信息组")
    hold(village, owner, "赵倩", "zhaoqian", DAY - timedelta(days=5))
    given = task(village, campaign, owner)
    hold(village, owner, "钱多", "qianduo")
    given.refresh_from_db()
    assert given.duty == owner
    assert [one.task for one in tasks_for(village.actor("qianduo"), at(10))] == [given]
    assert tasks_for(village.actor("zhaoqian"), at(10)) == []
    yesterday = next(group for group in groups_on(campaign, DAY - timedelta(days=1)) if group.group == owner.group)
    assert next(held for held in yesterday.duties if held.duty == owner).holder.name == "赵倩"


def test_one_day_has_one_holder(village: Village, campaign: Campaign):
    owner = duty(campaign, "数据信息组")
    first = hold(village, owner, "赵倩")
    with pytest.raises(HandedOverTooEarly, match="赵倩"):
        hold(village, owner, "钱多")
    with pytest.raises(IntegrityError), transaction.atomic():
        Holder.objects.create(duty=owner, name="钱多", valid_from=DAY + timedelta(days=1))
    assert list(owner.holders.all()) == [first]


def test_a_deputy_finds_a_task_only_when_it_is_late(village: Village, campaign: Campaign):
    owner = duty(campaign, "数据信息组")
    hold(village, owner, "赵倩", "zhaoqian")
    hold(village, owner, "钱多", "qianduo", deputy=True)
    given = task(village, campaign, owner)
    assert tasks_for(village.actor("qianduo"), at(17)) == []
    assert [one.task for one in tasks_for(village.actor("qianduo"), at(17, 1))] == [given]


def test_a_late_task_climbs_to_the_leader_of_the_group_and_then_to_the_head(village: Village, campaign: Campaign):
    contact = duty(campaign, "数据信息组", Duty.Rank.CONTACT)
    hold(village, duty(campaign, "数据信息组"), "赵倩", "zhaoqian")
    hold(village, duty(campaign, "领导小组"), "孔明", "kongming")
    given = task(village, campaign, contact, due=at(9, 30))
    hears = [
        [name for name in ("zhaoqian", "kongming") if tasks_for(village.actor(name), moment)]
        for moment in (at(9, 31), at(13, 31), at(9, 31, DAY + timedelta(days=1)))
    ]
    assert hears == [[], ["zhaoqian"], ["zhaoqian", "kongming"]]
    assert level_of(given, at(9, 31, DAY + timedelta(days=1))) is Level.HEAD


@pytest.mark.parametrize(
    ("hours", "level"), [(-1, Level.OWNER), (0, Level.OWNER), (0.01, Level.DEPUTY), (4, Level.DEPUTY), (5, Level.HEAD)]
)
def test_the_ladder(hours: float, level: Level):
    ladder = [Rung(4, Level.HEAD), Rung(0, Level.DEPUTY)]
    assert reached(at(9), at(9) + timedelta(hours=hours), ladder) is level


def test_a_task_is_done_when_its_evidence_was_accepted(village: Village, campaign: Campaign):
    owner = duty(campaign, "数据信息组")
    hold(village, owner, "赵倩", "zhaoqian")
    given = task(village, campaign, owner)
    report_task(by=village.actor("zhaoqian"), task=given, version=1, evidence="名单核对完毕，差3人", at=at(16))
    assert (todo_of(campaign, at(18)).late, todo_of(campaign, at(18)).to_accept) == (0, 1)
    send_task_back(by=village.actor("kongming"), task=given, version=2, reason="差哪3人？", at=at(16, 30))
    assert (todo_of(campaign, at(18)).late, todo_of(campaign, at(18)).to_accept) == (1, 0)
    report_task(by=village.actor("zhaoqian"), task=given, version=3, evidence="3人已补登", at=at(16, 50))
    accept_task(by=village.actor("kongming"), task=given, version=4, at=at(17))
    assert todo_of(campaign, at(18)).open == 0
    assert [step.kind for step in given.steps.all()] == ["opened", "reported", "sent_back", "reported", "accepted"]


def test_evidence_says_something_and_a_closed_task_is_not_reported_again(village: Village, campaign: Campaign):
    given = task(village, campaign, duty(campaign, "数据信息组"))
    with pytest.raises(SaysNothing):
        report_task(by=village.actor("kongming"), task=given, version=1, evidence="  ", at=at(16))
    given.refresh_from_db()
    with pytest.raises(NotInThisState):
        accept_task(by=village.actor("kongming"), task=given, version=1, at=at(16))
    with pytest.raises(ChangedMeanwhile):
        report_task(by=village.actor("kongming"), task=given, version=7, evidence="做完", at=at(16))


def test_another_time_keeps_the_old_one_in_its_history(village: Village, campaign: Campaign):
    given = task(village, campaign, duty(campaign, "数据信息组"))
    move_task(by=village.actor("kongming"), task=given, version=1, due_at=at(20), reason="等名单", at=at(12))
    assert [step.due_at for step in given.steps.all()] == [at(17), at(20)]
    assert not given.is_late_at(at(19))


def test_a_photo_is_kept_small_and_without_what_the_camera_wrote(village: Village, campaign: Campaign):
    given = task(village, campaign, duty(campaign, "数据信息组"))
    report_task(by=village.actor("kongming"), task=given, version=1, evidence="见图", picture=photo(), at=at(16))
    kept = Picture.objects.get()
    with Image.open(BytesIO(bytes(kept.content))) as image:
        assert max(image.size) == 1600
        assert dict(image.getexif()) == {}
    assert b"PHONE MAKER" not in bytes(kept.content)


def test_a_file_that_is_no_photo_is_refused_and_nothing_is_written(village: Village, campaign: Campaign):
    given = task(village, campaign, duty(campaign, "数据信息组"))
    with pytest.raises(NotAPicture):
        report_task(by=village.actor("kongming"), task=given, version=1, evidence="见图", picture=b"%PDF", at=at(16))
    given.refresh_from_db()
    assert given.state == Task.State.OPEN
    assert TaskStep.objects.count() == 1


def test_who_is_on_call_now_comes_first(village: Village, campaign: Campaign):
    owner = duty(campaign, "医护工作组")
    by = village.actor("kongming")
    put_on_call(
        by=by, duty=owner, name="明晚", starts_at=at(20, day=date(2021, 6, 2)), ends_at=at(23, day=date(2021, 6, 2))
    )
    put_on_call(by=by, duty=owner, name="今晚", starts_at=at(8), ends_at=at(20), phone="0453-1234")
    put_on_call(by=by, duty=owner, name="昨晚", starts_at=at(1), ends_at=at(7))
    assert [watch.name for watch in on_call(campaign, at(9))] == ["今晚", "明晚"]


def test_a_closed_campaign_takes_nothing_new(village: Village, campaign: Campaign):
    close_campaign(by=village.actor("kongming"), campaign=campaign, version=1, closed_on=DAY)
    with pytest.raises(CampaignOver):
        add_group(by=village.actor("kongming"), campaign=campaign, name="新组", valid_from=DAY)


@pytest.mark.parametrize("stranger", ["zhaoqian", "wuyong", "zhoulin", "fengyuan"])
def test_strangers_change_no_organisation_and_give_no_task(village: Village, campaign: Campaign, stranger: str):
    by, owner = village.actor(stranger), duty(campaign, "数据信息组")
    for attempt in (
        lambda: add_group(by=by, campaign=campaign, name="新组", valid_from=DAY),
        lambda: hand_over_duty(by=by, duty=owner, name="我", valid_from=DAY),
        lambda: give_task(by=by, campaign=campaign, duty=owner, title="x", due_at=at(17), at=at(9)),
        lambda: close_campaign(by=by, campaign=campaign, version=1, closed_on=DAY),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_somebody_without_the_duty_does_not_report_its_task(village: Village, campaign: Campaign):
    given = task(village, campaign, duty(campaign, "数据信息组"))
    with pytest.raises(NotAllowed):
        report_task(by=village.actor("qianduo"), task=given, version=1, evidence="做完", at=at(16))


def test_the_database_refuses_to_change_a_step(village: Village, campaign: Campaign):
    given = task(village, campaign, duty(campaign, "数据信息组"))
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskStep.objects.filter(task=given).update(text="x")
