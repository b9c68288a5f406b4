"""The office of the village's leading group: its campaign, its day, and who else works there."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image
from tests.village import PASSWORD, Village

from qingmiao.campaign.actions.fieldwork import record_door_visit
from qingmiao.campaign.actions.logistics import ask_for
from qingmiao.campaign.actions.meetings import open_meeting, send_bulletin
from qingmiao.campaign.actions.organisation import add_member_unit, open_campaign, put_on_call
from qingmiao.campaign.actions.publicity import tell_rumour, write_answer, write_material
from qingmiao.campaign.actions.supervision import Found, inspect
from qingmiao.campaign.actions.tasks import give_task, report_task
from qingmiao.campaign.models import Campaign, Picture
from qingmiao.campaign.queries.organisation import duties_of
from qingmiao.campaign.rules.meetings import Line, Shown
from qingmiao.registry.models import Person
from qingmiao.staff.access import system
from qingmiao.staff.actions import assign_role, open_account
from qingmiao.staff.models import Role

DAY = date(2021, 6, 1)
CHINA = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def opened(village: Village) -> Campaign:
    """孔明 of the district opens it; 宋江 works for the community, 吴用 approves but does not lead."""
    for name, shown, where, role in (
        ("songjiang", "宋江", village.community, Role.UNIT_LIAISON),
        ("wuyong", "吴用", village.district, Role.LEADER),
    ):
        user = open_account(by=system("test"), username=name, display_name=shown, password=PASSWORD, is_demo=True)
        assign_role(by=system("test"), user=user, role=role, organisation=where, valid_from=date(2020, 1, 1))
        village.users[name] = user
    return open_campaign(
        by=village.actor("kongming"),
        organisation=village.district,
        kind="covid19",
        title="新冠病毒疫苗接种",
        starts_on=date(2021, 5, 25),
        ends_on=date(2021, 6, 13),
    )


def one_of_each(village: Village, person: Person) -> dict[str, int]:
    """One record of every kind that a campaign has, by name; the campaign is opened for it."""
    by, day, campaign = village.actor("kongming"), DAY, opened(village)
    duty = duties_of(campaign)[0]
    task = give_task(by=by, campaign=campaign, duty=duty, title="核对名单", due_at=at(17), at=at(9))
    report_task(by=by, task=task, version=1, evidence="见图", picture=photo(), at=at(10))
    meeting = open_meeting(
        by=by,
        campaign=campaign,
        kind="morning",
        day=day,
        chair="孔明",
        at=at(8),
        figures=Shown("covid19.vaccinated-1", 0, 1, 0, 0, 1, places=[Line(village.cafe.pk, "星海网吧", 0, 1)]),
    )
    send_bulletin(by=by, meeting=meeting, at=at(9))
    inspection = inspect(
        by=by, campaign=campaign, place=village.site, checklist="site", answers={"order": "no"},
        found=[Found("order", "排队过密")], at=at(10),
    )  # fmt: skip
    record_door_visit(by=by, campaign=campaign, person=person, level="grid", result="willing", at=at(10))
    rumour = tell_rumour(
        by=by, campaign=campaign, text="听说", channel="group", place=village.community, risk="high",
        seen_at=at(9), at=at(9),
    )  # fmt: skip
    material = write_material(by=by, campaign=campaign, title="海报", expires_on=campaign.ends_on, at=at(9))
    question = write_answer(by=by, campaign=campaign, question="能打吗", answer="能", at=at(9))
    need = ask_for(
        by=by, campaign=campaign, place=village.site, kind="material", item="口罩", quantity=9,
        needed_at=at(17), at=at(9),
    )  # fmt: skip
    return {
        "campaign": campaign.pk,
        "group": duty.group_id,
        "duty": duty.pk,
        "member_unit": add_member_unit(by=by, campaign=campaign, name="派出所", valid_from=day).pk,
        "watch": put_on_call(by=by, duty=duty, name="孔明", starts_at=at(8), ends_at=at(20)).pk,
        "task": task.pk,
        "picture": Picture.objects.get().pk,
        "meeting": meeting.pk,
        "dispatch": meeting.dispatches.get().pk,
        "inspection": inspection.pk,
        "finding_on_site": inspection.findings.get().pk,
        "rumour": rumour.pk,
        "publicity_material": material.pk,
        "question": question.pk,
        "need": need.pk,
    }


def photo(size: tuple[int, int] = (3000, 200)) -> bytes:
    """A photograph as a phone takes it, with what the phone writes into it."""
    drawn = BytesIO()
    image = Image.new("RGB", size, "white")
    exif = image.getexif()
    exif[0x010F] = "PHONE MAKER"
    image.save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()
