"""The office of the village's leading group: its campaign, its day, and who else works there."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.village import PASSWORD, Village

from qingmiao.campaign.actions.organisation import open_campaign
from qingmiao.campaign.models import Campaign
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
