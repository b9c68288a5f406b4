"""The campaign's desks in the browser's words: one good path each, one refusal, and what is typed is not lost."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import openpyxl
import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from tests.village import PASSWORD, Village

from qingmiao.campaign.models import Campaign, Duty, Meeting, Rumour, Task
from qingmiao.reports.models import Snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def signed_in(username: str) -> Client:
    client = Client()
    assert client.login(username=username, password=PASSWORD, request=HttpRequest())
    return client


def sent(**content: Any) -> dict[str, Any]:
    return {"request_id": uuid4(), **content}


@pytest.fixture
def office(village: Village) -> Client:
    return signed_in("kongming")


@pytest.fixture
def running(village: Village, office: Client) -> Campaign:
    """A campaign as the office opens it on the screen."""
    form = sent(
        organisation=village.district.pk,
        kind="covid19",
        title="重点人群接种",
        starts_on="2020-01-01",
        ends_on="2099-12-31",
    )
    answer = office.post(reverse("campaign:start"), form)
    assert answer.status_code == 302, answer.content.decode()
    return Campaign.objects.get()


def test_without_a_campaign_every_desk_says_what_to_do(village: Village, office: Client):
    for name in ("campaign:home", "meetings:home", "fieldwork:home", "publicity:home", "logistics:home"):
        page = office.get(reverse(name))
        assert page.status_code == 200
        assert "qm-empty" in page.content.decode()


def test_what_was_typed_is_not_lost_on_a_bad_form(village: Village, office: Client):
    form = sent(
        organisation=village.district.pk, kind="covid19", title="打错日期", starts_on="2026-02-02", ends_on="2026-01-01"
    )
    page = office.post(reverse("campaign:start"), form)
    assert page.status_code == 422
    assert "打错日期" in page.content.decode()
    assert not Campaign.objects.exists()


def test_the_chart_shows_nine_groups_and_goes_into_a_spreadsheet(running: Campaign, office: Client):
    page = office.get(reverse("campaign:organisation", args=[running.pk])).content.decode()
    assert "<svg" in page
    assert "宣传舆情组" in page
    file = office.get(reverse("campaign:organisation", args=[running.pk]), {"as": "xlsx"})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(file.streaming_content) if file.streaming else file.content)).active
    assert sheet.max_row == 1 + Duty.objects.count()


def test_a_form_sent_twice_hands_over_once(running: Campaign, office: Client):
    duty = Duty.objects.filter(group__is_leading=False).first()
    form = sent(name="赵倩", valid_from="2021-01-01")
    for _time in range(2):
        assert office.post(reverse("campaign:hand-over", args=[duty.pk]), form).status_code == 302
    assert [holder.name for holder in duty.holders.all()] == ["赵倩"]


def test_a_meeting_freezes_the_figure_and_its_minutes_can_be_read(running: Campaign, office: Client):
    start = reverse("meetings:start", args=[running.pk])
    assert office.post(start, sent(kind="morning", chair="孔明")).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.snapshot == Snapshot.objects.get().pk
    action = sent(duty=Duty.objects.first().pk, title="增派人手", due_at="2030-01-01T17:00")
    assert office.post(reverse("meetings:add-action", args=[meeting.pk]), action).status_code == 302
    close = sent(version=meeting.version, minutes_by="孔明")
    assert office.post(reverse("meetings:close", args=[meeting.pk]), close).status_code == 302
    assert "增派人手" in office.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()
    assert office.post(start, sent(kind="morning", chair="孔明")).status_code == 422  # held already
    word = docx.Document(BytesIO(office.get(reverse("meetings:minutes-word", args=[meeting.pk])).content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert any("增派人手" in line for line in lines)
    assert any("covid19.vaccinated-1" in line for line in lines)


def test_evidence_without_words_is_refused_with_the_form(running: Campaign, office: Client):
    form = sent(duty=Duty.objects.first().pk, title="核对名单", due_at="2030-01-01T17:00")
    assert office.post(reverse("campaign:give-task", args=[running.pk]), form).status_code == 302
    task = Task.objects.get()
    page = office.post(reverse("campaign:report-task", args=[task.pk]), sent(version=1, evidence="  "))
    assert page.status_code == 422
    task.refresh_from_db()
    assert task.state == Task.State.OPEN


def test_a_liaison_tells_a_rumour_and_does_not_answer_it(running: Campaign, village: Village):
    liaison = signed_in("zhaoqian")
    form = sent(place_told=village.cafe.pk, text="听说要收费", channel="group", risk="high", seen_at="2021-06-01T09:00")
    assert liaison.post(reverse("publicity:new-rumour"), form).status_code == 302
    rumour = Rumour.objects.get()
    assert liaison.get(reverse("publicity:rumour", args=[rumour.pk])).status_code == 200
    answer = liaison.post(reverse("publicity:draft", args=[rumour.pk]), sent(version=1, answer="不收费"))
    assert answer.status_code == 403
    rumour.refresh_from_db()
    assert rumour.state == Rumour.State.SEEN


@pytest.mark.parametrize("list_", ["groups", "places"])
def test_the_plan_goes_into_a_spreadsheet(running: Campaign, office: Client, list_: str):
    answer = office.get(reverse("campaign:plan", args=[running.pk]), {"as": "xlsx", "list": list_})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].endswith("sheet")
