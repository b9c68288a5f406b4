"""A meeting inherits what is unfinished, keeps what it was shown, and its bulletin reaches each unit once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.campaign.office import DAY, at
from tests.village import Village

from qingmiao.campaign.actions.meetings import (
    MeetingClosed,
    MeetingHeld,
    close_meeting,
    decide_action,
    note_point,
    open_meeting,
    see_dispatch,
    send_bulletin,
)
from qingmiao.campaign.actions.tasks import accept_task, report_task
from qingmiao.campaign.models import Campaign, Meeting, Point, Task
from qingmiao.campaign.queries.meetings import dispatches_for, lines_of, meeting_before, minutes_of
from qingmiao.campaign.queries.organisation import duties_of
from qingmiao.campaign.rules.meetings import Line, Shown, shown_from
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
TOMORROW = DAY + timedelta(days=1)


def meet(village: Village, campaign: Campaign, day: date = DAY, kind: str = "morning", done: int = 46) -> Meeting:
    lines = [Line(village.cafe.pk, "星海网吧", done, 56, 3, 1), Line(village.karaoke.pk, "金麦歌厅", 0, 2)]
    return open_meeting(
        by=village.actor("kongming"),
        campaign=campaign,
        kind=kind,
        day=day,
        chair="孔明",
        figures=Shown("covid19.vaccinated-1", done, 120, 3, 40, 120, places=lines),
        snapshot=7,
        at=at(8, day=day),
    )


def decide(village: Village, meeting: Meeting, title: str) -> Task:
    return decide_action(
        by=village.actor("kongming"),
        meeting=meeting,
        duty=duties_of(meeting.campaign)[3],
        title=title,
        due_at=at(17, day=meeting.day),
        at=at(9, day=meeting.day),
    )


def test_tomorrow_opens_with_what_is_unfinished(village: Village, campaign: Campaign):
    yesterday = meet(village, campaign)
    first, second, third, done = (decide(village, yesterday, title) for title in ("甲", "乙", "丙", "丁"))
    by = village.actor("kongming")
    report_task(by=by, task=done, version=1, evidence="完成", at=at(15))
    accept_task(by=by, task=done, version=2, at=at(16))
    report_task(by=by, task=third, version=1, evidence="完成", at=at(16))
    today = meet(village, campaign, TOMORROW)
    table = minutes_of(today).inherited
    assert [(row.task, row.state_then) for row in table] == [(first, "open"), (second, "open"), (third, "reported")]
    assert [row.task for row in minutes_of(yesterday).given] == [first, second, third, done]


def test_what_was_shown_stays_as_it_was(village: Village, campaign: Campaign):
    held = meet(village, campaign)
    held.refresh_from_db()
    shown = shown_from(held.figures)
    assert (held.snapshot, shown.done, shown.of, shown.rule) == (7, 46, 120, "covid19.vaccinated-1")
    assert shown.places[0] == Line(village.cafe.pk, "星海网吧", 46, 56, 3, 1)


def test_a_meeting_is_held_once_a_day_and_kind(village: Village, campaign: Campaign):
    meet(village, campaign)
    with pytest.raises(MeetingHeld):
        meet(village, campaign)
    assert meet(village, campaign, kind="evening").kind == "evening"


def test_a_decision_answers_a_problem_and_a_closed_meeting_takes_nothing(village: Village, campaign: Campaign):
    by, held = village.actor("kongming"), meet(village, campaign)
    problem = note_point(by=by, meeting=held, kind="problem", text="排队过长", at=at(9))
    note_point(by=by, meeting=held, kind="decision", text="分批", at=at(9), answers=problem)
    close_meeting(by=by, meeting=held, version=1, at=at(10))
    assert [point.text for point in minutes_of(held).problems] == ["排队过长"]
    for attempt in (
        lambda: note_point(by=by, meeting=held, kind="problem", text="又", at=at(11)),
        lambda: decide(village, held, "又"),
        lambda: close_meeting(by=by, meeting=held, version=2, at=at(11)),
    ):
        with pytest.raises(MeetingClosed):
            attempt()
    assert not Task.objects.exists()


def test_the_bulletin_reaches_each_unit_once_and_its_liaison_reads_it(village: Village, campaign: Campaign):
    held = meet(village, campaign, kind="evening")
    for _time in range(2):
        send_bulletin(by=village.actor("kongming"), meeting=held, at=at(18))
    assert held.dispatches.count() == 2
    (mine,) = dispatches_for(village.actor("qianduo"))
    assert (mine.unit, mine.line["done"]) == (village.cafe, 46)
    see_dispatch(by=village.actor("qianduo"), dispatch=mine, at=at(19))
    see_dispatch(by=village.actor("zhaoqian"), dispatch=mine, at=at(20))
    mine.refresh_from_db()
    assert mine.seen_at == at(19)


def test_a_liaison_does_not_read_what_was_sent_to_another_unit(village: Village, campaign: Campaign):
    held = meet(village, campaign, kind="evening")
    send_bulletin(by=village.actor("kongming"), meeting=held, at=at(18))
    with pytest.raises(NotAllowed):
        see_dispatch(by=village.actor("qianduo"), dispatch=held.dispatches.get(unit=village.karaoke), at=at(19))


def test_the_change_is_since_the_last_meeting_of_the_same_kind(village: Village, campaign: Campaign):
    before = meet(village, campaign, kind="evening", done=40)
    meet(village, campaign, TOMORROW, "morning", 44)
    today = meet(village, campaign, TOMORROW, "evening", 46)
    assert meeting_before(today) == before
    assert lines_of(today)[village.cafe.pk].done - lines_of(before)[village.cafe.pk].done == 6


@pytest.mark.parametrize("stranger", ["zhaoqian", "wuyong", "fengyuan"])
def test_strangers_hold_no_meeting(village: Village, campaign: Campaign, stranger: str):
    with pytest.raises(NotAllowed):
        open_meeting(by=village.actor(stranger), campaign=campaign, kind="morning", day=DAY, chair="我", at=at(8))


def test_the_database_refuses_to_change_what_was_said(village: Village, campaign: Campaign):
    held = meet(village, campaign)
    note_point(by=village.actor("kongming"), meeting=held, kind="problem", text="排队过长", at=at(9))
    with pytest.raises(IntegrityError), transaction.atomic():
        Point.objects.update(text="没有问题")
