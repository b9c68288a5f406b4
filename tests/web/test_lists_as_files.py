"""Every list of figures can be taken along: as a spreadsheet with all its rows, and who took names is written down."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.campaign.office import at, opened
from tests.reports import bureau as bureau_world
from tests.reports.bureau import DAY_2, Bureau

from qingmiao.audit.models import AuditEntry
from qingmiao.campaign.actions.meetings import open_meeting
from qingmiao.campaign.actions.organisation import hand_over_duty
from qingmiao.campaign.actions.tasks import give_task
from qingmiao.campaign.models import Duty

if TYPE_CHECKING:
    from django.test import Client
    from tests.village import Village

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(village: Village) -> Bureau:
    return bureau_world.build(village)


@pytest.fixture
def liaison(bureau: Bureau, client: Client) -> Client:
    client.force_login(bureau.village.users["zhaoqian"])
    return client


def rows(client: Client, address: str, **asked: str) -> list[tuple[object, ...]]:
    """The rows of the spreadsheet below its heading, reached from the page by its own link."""
    page = client.get(address, asked).content.decode()
    assert "as=xlsx" in page
    answer = client.get(address, asked | {"as": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active
    return list(sheet.iter_rows(min_row=2, values_only=True))


def test_coverage_unit_by_unit(bureau: Bureau, liaison: Client):
    units = rows(liaison, reverse("reports:coverage", args=[bureau.office.pk]), on=DAY_2.isoformat())
    assert units[0] == (1, "古渡景区", 15, 30, "50.0%", None)


def test_all_names_behind_a_number_and_who_took_them(bureau: Bureau, liaison: Client):
    names = rows(liaison, reverse("reports:people", args=[bureau.office.pk]), which="open", on=DAY_2.isoformat())
    assert len(names) == 74, "the page shows fifty at a time, the file all"
    look = AuditEntry.objects.latest("seq")
    assert (look.verb, look.is_look, len(look.details["people"])) == ("reports.export_names", True, 74)


def test_a_frozen_figure_and_its_names(bureau: Bureau, liaison: Client):
    snapshot = bureau.freeze()
    assert len(rows(liaison, reverse("reports:snapshot", args=[snapshot.pk]))) == 3
    done = rows(liaison, reverse("reports:snapshot-people", args=[snapshot.pk]), which="done")
    assert len(done) == 47, "somebody of two units has a row for each"
    assert AuditEntry.objects.latest("seq").verb == "reports.export_names"


def test_the_head_count(bureau: Bureau, liaison: Client):
    found = rows(liaison, reverse("reports:head-count", args=[bureau.office.pk]))
    assert sorted((row[0], row[2]) for row in found) == [("古渡景区", 30), ("星海网吧", 54), ("金麦歌厅", 38)]


def test_the_heads_page_and_the_meetings(bureau: Bureau, client: Client):
    village = bureau.village
    client.force_login(village.users["kongming"])
    lines = rows(client, reverse("command_room:home"), place=str(village.district.pk))
    assert ("部门", village.bureau.name) in {line[:2] for line in lines}
    open_meeting(by=village.actor("kongming"), campaign=opened(village), kind="morning", day=at(8).date(),
                 chair="孔明", figures=None, at=at(8))  # fmt: skip
    assert [row[2] for row in rows(client, reverse("meetings:home"))] == ["孔明"]


def test_ones_own_tasks(village: Village, client: Client):
    by, campaign = village.actor("kongming"), opened(village)
    duty = Duty.objects.get(group__campaign=campaign, group__name="数据信息组", rank=Duty.Rank.LEADER)
    hand_over_duty(by=by, duty=duty, name="赵倩", user=village.users["zhaoqian"], valid_from=at(8).date())
    give_task(by=by, campaign=campaign, duty=duty, title="核对名单", due_at=at(17), at=at(9))
    client.force_login(village.users["zhaoqian"])
    assert [row[:2] for row in rows(client, reverse("campaign:mine"))] == [("核对名单", "数据信息组")]
