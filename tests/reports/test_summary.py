"""The work summary as a Word file: every figure from one snapshot, every text from the office, nothing made up."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from tests.reports.bureau import AT, COVID, DAY_1, Bureau, member, vaccinate

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.campaign.actions import declare_number, open_head_count
from qingmiao.reports.actions import freeze_figure, write_summary_text
from qingmiao.reports.documents import build
from qingmiao.reports.models import Snapshot, SummaryText
from qingmiao.reports.queries.texts import summary_texts
from qingmiao.reports.summary.document import PACKAGED, Summary, TemplateWrong, bureau_summary, template_of
from qingmiao.reports.summary.fields import CHANNELS, FIELDS
from qingmiao.reports.summary.figures import figures_of
from qingmiao.reports.summary.kinds import KINDS, kind_of
from qingmiao.staff.access import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ALL_TEXTS = {field.name: f"甲乙丙{field.name}。" for field in FIELDS} | {"channels": "banners,groups"}


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def words(summary: Summary) -> str:
    """Everything that can be read in the file."""
    document = Document(BytesIO(summary.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def table(summary: Summary, number: int) -> list[list[str]]:
    document = Document(BytesIO(summary.content))
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]


def declared(bureau: Bureau) -> None:
    """A head-count in which 星海网吧 says it has 55 people."""
    round_ = open_head_count(
        by=bureau.village.actor("zhaoqian"),
        organisation=bureau.office,
        title="四月摸底",
        opened_on=date(2021, 4, 1),
        due_at=datetime(2021, 4, 7, 10, tzinfo=UTC),
    )
    declare_number(
        by=bureau.village.actor("qianduo"),
        head_count=round_,
        unit=bureau.cafe,
        people=55,
        declared_on=date(2021, 4, 6),
        said_by="钱多",
        at=datetime(2021, 4, 6, 8, tzinfo=UTC),
    )


def test_the_summary_says_46_of_120_and_where_it_comes_from(bureau: Bureau):
    snapshot = bureau.freeze()
    summary = bureau_summary(snapshot, ALL_TEXTS)
    text = words(summary)
    assert "全局台账登记120人，已接种46人，接种率38.3%" in text
    assert "尚有74人未接种" in text
    annex = {row[1]: row for row in table(summary, 2)[1:]}
    assert [row["value"] for row in summary.annex if row["field"] in ("done", "of", "rate")] == ["120", "46", "38.3%"]
    assert all(row[5] == str(snapshot.pk) for row in annex.values())
    assert all(row[6] == "2021-04-09 18:00" for row in annex.values())
    assert any("covid19.vaccinated-1" in row[3] for row in annex.values())


def test_the_six_aspects_stand_in_their_order(bureau: Bureau):
    text = words(bureau_summary(bureau.freeze(), ALL_TEXTS))
    heads = [
        "一、思想认识方面",
        "二、宣传发动方面",
        "三、摸底登记方面",
        "四、统筹推进方面",
        "五、示范带动方面",
        "六、定期调度方面",
    ]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)


def test_each_unit_stands_in_both_tables_with_its_own_figures(bureau: Bureau):
    declared(bureau)
    summary = bureau_summary(bureau.freeze(), ALL_TEXTS)
    register, progress = table(summary, 0), table(summary, 1)
    assert ["1", "星海网吧", "55", "54", "-1", "2021-04-06"] in register
    assert register[-1][1:4] == ["合计", "55", "120"]
    assert [row[:6] for row in progress[1:]] == [
        ["1", "古渡景区", "30", "15", "15", "50.0%"],
        ["2", "星海网吧", "54", "21", "33", "38.9%"],
        ["3", "金麦歌厅", "38", "11", "27", "28.9%"],
        ["", "合计", "120", "46", "74", "38.3%"],
    ]


def test_every_number_in_running_text_is_in_the_annex_or_a_day(bureau: Bureau):
    declared(bureau)
    summary = bureau_summary(bureau.freeze(), ALL_TEXTS)
    document = Document(BytesIO(summary.content))
    told = "".join(paragraph.text for paragraph in document.paragraphs if "附件" not in paragraph.text)
    told = told[: told.index("数据来源表")]
    told = re.sub(r"\d{4}年\d{1,2}月\d{1,2}日(\d\d:\d\d)?|表\d|图\d|少于\d人|不足5人|20个百分点", "", told)
    known = {row["value"] for row in summary.annex}
    assert {number for number in re.findall(r"[+-]?\d+(?:\.\d+)?%?", told) if number not in known} == set()


def test_what_the_office_wrote_is_in_it_and_nothing_is_left_blank(bureau: Bureau):
    summary = bureau_summary(bureau.freeze(), ALL_TEXTS)
    text = words(summary)
    assert summary.blanks == []
    assert "【" not in text
    assert all(written in text for name, written in ALL_TEXTS.items() if name != "channels")
    assert f"采取{CHANNELS['banners']}、{CHANNELS['groups']}等方式开展宣传。" in text


def test_a_text_nobody_wrote_is_a_marked_blank_and_is_told(bureau: Bureau):
    summary = bureau_summary(bureau.freeze(), {})
    assert {"basis", "meeting", "leadership"} <= {field.name for field in summary.blanks}
    document = Document(BytesIO(summary.content))
    marked = [
        run.text
        for paragraph in document.paragraphs
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert len(marked) == len(summary.blanks)
    assert all(text.startswith("【") and text.endswith("】") for text in marked)


def test_what_the_data_do_not_know_is_not_claimed(bureau: Bureau):
    text = words(bureau_summary(bureau.freeze(), ALL_TEXTS))
    for claim in ("批、", "暂缓", "应报单位", "已将接种名单"):
        assert claim not in text


def test_the_liaison_on_record_and_what_is_left_to_do_are_filled_in(bureau: Bureau):
    text = words(bureau_summary(bureau.freeze(), {}))
    assert "赵倩" in text
    assert "下一步" in text


def test_what_is_recorded_after_freezing_changes_no_figure_of_the_file(bureau: Bureau):
    snapshot = bureau.freeze()
    before = [(row["field"], row["value"]) for row in bureau_summary(snapshot, ALL_TEXTS).annex]
    vaccinate(bureau.people[50], DAY_1)
    member(bureau.cafe, "新来的")
    declared(bureau)
    after = [
        (row["field"], row["value"]) for row in bureau_summary(Snapshot.objects.get(pk=snapshot.pk), ALL_TEXTS).annex
    ]
    assert after == before


def test_an_organisation_without_people_has_a_summary_too(bureau: Bureau):
    snapshot = freeze_figure(
        by=bureau.village.actor("kongming"), indicator_id=COVID, organisation=bureau.village.subdistrict,
        on=DAY_1, today=DAY_1, at=AT,
    )  # fmt: skip
    assert "台账登记0人，已接种0人，接种率—" in words(bureau_summary(snapshot, ALL_TEXTS))


def test_the_english_summary_says_the_same(bureau: Bureau):
    snapshot = bureau.freeze()
    with translation.override("en"):
        summary = bureau_summary(snapshot, ALL_TEXTS)
    assert "holds 120 people, of whom 46 are vaccinated: 38.3%" in words(summary)


def test_an_office_may_bring_its_own_template(bureau: Bureau, settings, tmp_path: Path):
    settings.HOME = tmp_path
    own = tmp_path / "documents" / "bureau_summary.zh-hans.docx"
    own.parent.mkdir()
    document = Document()
    document.add_paragraph("本局{{ f.done }}人")
    document.save(str(own))
    assert template_of("bureau_summary", "zh-hans") == own
    assert words(bureau_summary(bureau.freeze(), {})) == "本局46人"


@pytest.mark.parametrize("field", ["{{ f.nonsense }}", "{{ nonsense }}", "{% if %}", "{{ ''.__class__.__mro__ }}"])
def test_a_template_that_asks_for_what_there_is_not_is_named(bureau: Bureau, tmp_path: Path, field: str):
    wrong = tmp_path / "wrong.docx"
    document = Document()
    document.add_paragraph(field)
    document.save(str(wrong))
    with pytest.raises(TemplateWrong, match=r"wrong\.docx"):
        bureau_summary(bureau.freeze(), {}, wrong)


def test_the_templates_in_the_package_are_those_their_wording_makes(tmp_path: Path):
    for wording in sorted(PACKAGED.glob("*.yaml")):
        build.build(wording, tmp_path / "built.docx")
        kept, built = (Document(str(path)) for path in (wording.with_suffix(".docx"), tmp_path / "built.docx"))
        assert kept.element.body.xml == built.element.body.xml, wording.name


def wording_of(path: Path) -> str:
    """The wording without its comments."""
    return "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


ASKED = {"bureau": FIELDS} | {kind: kind_of(kind).fields for kind in KINDS}


@pytest.mark.parametrize("kind", ASKED)
def test_every_field_of_the_form_is_used_by_both_templates(kind: str):
    wordings = sorted(PACKAGED.glob(f"{kind}_summary.*.yaml"))
    assert len(wordings) == 2
    for wording in wordings:
        text = wording_of(wording)
        assert {field.name for field in ASKED[kind]} == set(re.findall(r"\bt\.(\w+)", text)), wording.name


def test_every_figure_a_template_names_exists(bureau: Bureau):
    known = set(figures_of(bureau.freeze()))
    for wording in PACKAGED.glob("bureau_summary.*.yaml"):
        assert set(re.findall(r"\bf\.(\w+)", wording_of(wording))) <= known, wording.name


def save(bureau: Bureau, by: str = "zhaoqian", version: int = 0, text: str = "第一稿") -> SummaryText:
    return write_summary_text(
        by=bureau.village.actor(by), organisation=bureau.office, kind="bureau", texts={"meeting": text},
        version=version, at=AT,
    )  # fmt: skip


def test_texts_are_kept_and_the_second_writer_of_one_version_is_told(bureau: Bureau):
    save(bureau)
    save(bureau, version=1, text="第二稿")
    with pytest.raises(ChangedMeanwhile):
        save(bureau, version=1, text="别人的稿")
    assert summary_texts(bureau.office, "bureau").texts == {"meeting": "第二稿"}


def test_of_two_first_writers_the_second_is_told(bureau: Bureau):
    save(bureau)
    with pytest.raises(ChangedMeanwhile):
        save(bureau, version=0, text="别人的稿")


@pytest.mark.parametrize("stranger", ["qianduo", "zhoulin", "fengyuan"])
def test_strangers_write_no_summary(bureau: Bureau, stranger: str):
    with pytest.raises(NotAllowed):
        save(bureau, by=stranger)
    assert not SummaryText.objects.exists()
