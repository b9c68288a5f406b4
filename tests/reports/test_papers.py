"""Bulletin and minutes as Word files: from our template, from the office's own, and what a wrong one says."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document
from tests.campaign.office import at, opened

from qingmiao.campaign.actions.meetings import note_point, open_meeting
from qingmiao.campaign.queries.meetings import minutes_of
from qingmiao.campaign.rules.meetings import Line, Shown, shown_from
from qingmiao.reports.bulletin import bulletin_of
from qingmiao.reports.summary.document import TemplateWrong
from qingmiao.reports.summary.papers import bulletin_as_word, minutes_as_word

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from tests.reports.bureau import Bureau
    from tests.village import Village

    from qingmiao.campaign.models import Meeting

pytestmark = pytest.mark.django_db


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs if paragraph.text]


def tables(content: bytes) -> list[list[list[str]]]:
    found = docx.Document(BytesIO(content)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


def own_template(home: Path, name: str, text: str) -> None:
    document = Document()
    document.add_paragraph(text)
    (home / "documents").mkdir()
    document.save(str(home / "documents" / f"{name}.zh-hans.docx"))


@pytest.fixture
def meeting(village: Village) -> Meeting:
    places = [Line(village.cafe.pk, "星海网吧", 21, 54, 3, 1), Line(village.karaoke.pk, "金麦歌厅", 0, 2)]
    shown = Shown("covid19.vaccinated-1", 46, 120, 22, 40, 120, places=places)
    by, campaign = village.actor("kongming"), opened(village)
    held = open_meeting(
        by=by, campaign=campaign, kind="morning", day=at(8).date(), chair="孔明", figures=shown, at=at(8)
    )
    note_point(by=by, meeting=held, kind="problem", text="候种排队过长", at=at(9))
    return held


def test_the_bulletin_says_what_its_page_says(bureau: Bureau):
    made = bulletin_as_word(bulletin_of(bureau.freeze()))
    said = lines(made)
    assert said[1] == "新冠病毒疫苗接种情况通报"
    assert any("台账登记120人，已接种46人，接种率38.3%，尚有74人未接种" in line for line in said)
    [units] = tables(made)
    assert units[1] == ["1", "古渡景区", "—", "30", "15", "15", "50.0%", "+7", "+23.3"]
    assert units[-1][:5] == ["", "合计", "—", "120", "46"]
    assert any("有2人同时登记在几个单位" in line for line in said)


def test_the_bulletin_in_english(bureau: Bureau):
    with translation.override("en"):
        said = lines(bulletin_as_word(bulletin_of(bureau.freeze())))
    assert "Bulletin on COVID-19 vaccination" in said


def test_the_minutes_have_figures_problems_and_an_empty_part_says_so(meeting: Meeting):
    rows = [["星海网吧", "1", 21, 54, "38.9%", 3, "+3"], ["金麦歌厅", "—", 0, 2, "0.0%", None, "—"]]
    made = minutes_as_word(minutes_of(meeting), shown_from(meeting.figures), rows)
    said = lines(made)
    assert any("台账登记120人，已接种46人" in line for line in said)
    assert said[said.index("三、问题") + 1] == "1. 候种排队过长"
    assert said[said.index("四、决定") + 1] == "无。"
    assert tables(made)[0][2] == ["金麦歌厅", "—", "0", "2", "0.0%", "", "—"]


def test_a_meeting_without_figures_has_no_table(meeting: Meeting):
    made = minutes_as_word(minutes_of(meeting), None, [])
    assert tables(made) == []
    assert any("未留存数据" in line for line in lines(made))


def test_an_office_edits_both_in_word(bureau: Bureau, meeting: Meeting, settings, tmp_path: Path):
    settings.HOME = tmp_path
    own_template(tmp_path, "daily_bulletin", "{{ office }}第{{ number }}号")
    assert lines(bulletin_as_word(bulletin_of(bureau.freeze()))) == [f"{bureau.office.name}第1号"]
    document = Document()
    document.add_paragraph("{{ chair }}主持")
    document.save(str(tmp_path / "documents" / "meeting_minutes.zh-hans.docx"))
    assert lines(minutes_as_word(minutes_of(meeting), None, [])) == ["孔明主持"]


def test_a_wrong_template_is_named_and_leads_back(bureau: Bureau, client: Client, settings, tmp_path: Path):
    settings.HOME = tmp_path
    own_template(tmp_path, "daily_bulletin", "{{ nonsense }}")
    snapshot = bureau.freeze()
    with pytest.raises(TemplateWrong, match="daily_bulletin"):
        bulletin_as_word(bulletin_of(snapshot))
    client.force_login(bureau.village.users["zhaoqian"])
    answer = client.get(reverse("reports:bulletin-word", args=[snapshot.pk]))
    assert answer.status_code == 422
    assert reverse("reports:bulletin", args=[snapshot.pk]) in answer.content.decode()
