"""The day's bulletin: every unit with place and change, why people are not vaccinated, and what is silent."""

from ctypes.util import find_library
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation
from tests.reports.bureau import AT, DAY_1, DAY_2, Bureau, member, vaccinate

from qingmiao.campaign.actions import declare_number, open_head_count
from qingmiao.clinic.models import Session, Visit
from qingmiao.registry.models import LedgerFile, LedgerImport, LedgerRow
from qingmiao.reports import paper
from qingmiao.reports.bulletin import Bulletin, bulletin_of
from qingmiao.reports.models import Snapshot, SnapshotMember
from qingmiao.staff.access import system
from qingmiao.staff.actions import found_organisation
from qingmiao.stock.models import Product

pytestmark = pytest.mark.django_db


def figures(bulletin: Bulletin) -> list[tuple]:
    return [
        (line.placed.place, line.name, line.now.done, line.now.of, line.rate, line.added) for line in bulletin.lines
    ]


def test_units_stand_in_order_with_numbers_beside_the_rate(bureau: Bureau):
    bulletin = bulletin_of(bureau.freeze())
    assert figures(bulletin) == [
        (1, "古渡景区", 15, 30, "50.0%", "+7"),
        (2, "星海网吧", 21, 54, "38.9%", "+10"),
        (3, "金麦歌厅", 11, 38, "28.9%", "+5"),
    ]
    assert (bulletin.total.now.done, bulletin.total.rate, bulletin.total.added) == (46, "38.3%", "+22")
    assert bulletin.in_several_units == 2


def test_the_change_is_against_yesterdays_bulletin_when_there_was_one(bureau: Bureau):
    yesterday = bureau.freeze(DAY_1)
    vaccinate(bureau.people[50], DAY_1)  # came to light only today
    bulletin = bulletin_of(bureau.freeze())
    assert bulletin.compared_with == yesterday
    assert (bulletin.total.added, bulletin.total.points, bulletin.number) == ("+23", "+19.2", 2)


def test_an_older_bulletin_is_not_yesterday(bureau: Bureau):
    bureau.freeze(DAY_1 - timedelta(days=3))
    bulletin = bulletin_of(bureau.freeze())
    assert bulletin.compared_with is None
    assert bulletin.total.added == "+22"


def test_a_small_unit_is_listed_last_without_a_place(bureau: Bureau):
    kiosk = found_organisation(by=system("test"), kind="unit", name="小卖部", parent=bureau.office)
    vaccinate(member(kiosk, "小卖部老板"), DAY_2)
    bulletin = bulletin_of(bureau.freeze())
    assert (bulletin.lines[-1].name, bulletin.lines[-1].placed.place) == ("小卖部", None)
    assert [line.name for line in bulletin.small] == ["小卖部"]


def visit(bureau: Bureau, number: int, state: str, reason: str, day: date = DAY_1, until: date | None = None) -> None:
    product, _new = Product.objects.get_or_create(code="5601", name="新冠灭活疫苗")
    session, _new = Session.objects.get_or_create(
        site=bureau.village.site, day=day,
        defaults={"opens_at": time(8), "closes_at": time(17), "cut_off_at": datetime(2021, 4, 7, 10, tzinfo=UTC)},
    )  # fmt: skip
    Visit.objects.create(
        session=session, person=bureau.people[number], product=product, state=state, exit_reason=reason,
        deferred_until=until, ticket=f"A{number:03d}", arrived_at=AT, consented_at=AT,
    )  # fmt: skip


def test_deferrals_and_refusals_are_counted_by_reason_and_kept_with_the_person(bureau: Bureau):
    visit(bureau, 30, "deferred", "发热", until=date(2021, 4, 20))
    visit(bureau, 31, "deferred", "发热", until=date(2021, 4, 20))
    visit(bureau, 32, "contraindicated", "过敏")
    visit(bureau, 91, "declined", "担心")  # belongs to two units, counts once
    snapshot = bureau.freeze()
    assert [(row.state, row.reason, row.people) for row in bulletin_of(snapshot).obstacles] == [
        ("deferred", "发热", 2),
        ("contraindicated", "过敏", 1),
        ("refused", "担心", 1),
    ]
    kept = snapshot.members.get(person=bureau.people[30])
    assert (kept.state, kept.reason, kept.until) == ("deferred", "发热", date(2021, 4, 20))


@pytest.mark.parametrize(
    ("state", "reason", "until"),
    [("deferred", "发热", DAY_2), ("left", "等不及", None), ("booked", "", None)],
)
def test_what_holds_nobody_up_any_more_is_not_told(bureau: Bureau, state: str, reason: str, until: date | None):
    if state == "booked":
        visit(bureau, 30, "declined", "担心", day=DAY_1)
        visit(bureau, 30, "booked", "", day=DAY_2)
    else:
        visit(bureau, 30, state, reason, until=until)
    snapshot = bureau.freeze()
    assert bulletin_of(snapshot).obstacles == []
    assert snapshot.members.get(person=bureau.people[30]).state == SnapshotMember.State.OPEN


def test_who_was_deferred_and_then_vaccinated_is_vaccinated(bureau: Bureau):
    visit(bureau, 0, "deferred", "发热", until=date(2021, 4, 20))
    assert bureau.freeze().members.get(person=bureau.people[0]).state == SnapshotMember.State.VACCINATED


def test_a_unit_that_missed_the_deadline_is_named(bureau: Bureau):
    round_ = open_head_count(
        by=bureau.village.actor("zhaoqian"), organisation=bureau.office, title="摸底",
        opened_on=date(2021, 4, 1), due_at=datetime(2021, 4, 7, 10, tzinfo=UTC),
    )  # fmt: skip
    for unit, people in ((bureau.cafe, 54), (bureau.scenic, 31)):
        declare_number(
            by=bureau.village.actor("zhaoqian"), head_count=round_, unit=unit, people=people,
            declared_on=date(2021, 4, 6), said_by="赵倩", at=datetime(2021, 4, 6, 8, tzinfo=UTC),
        )  # fmt: skip
    bulletin = bulletin_of(bureau.freeze())
    assert [line.name for line in bulletin.silent] == ["金麦歌厅"]
    assert {line.name: line.difference for line in bulletin.lines} == {"星海网吧": 0, "古渡景区": -1, "金麦歌厅": None}
    assert bulletin.total.declared == 85


def listed(bureau: Bureau, status: str = "written") -> LedgerFile:
    taken_in = LedgerImport.objects.create(
        place=bureau.office, status=status, as_of=DAY_2, uploaded_at=AT, written_at=AT, undone_at=AT
    )
    columns = [{"sheet": "day1", "row": 1, "kind": "vaccinated", "columns": []}]
    file = LedgerFile.objects.create(
        ledger_import=taken_in, position=0, name="day1.csv", sha256="0" * 64, columns=columns
    )
    rows = [
        (2, "accepted", ""),
        (3, "accepted_with_warning", "lot_missing"),
        (4, "accepted_with_warning", "not_on_roster"),
        (5, "accepted_with_warning", "same_name_different_id not_on_roster"),
        (6, "accepted_with_warning", "duplicate_in_file"),
        (7, "rejected", "missing_id unidentifiable"),
    ]
    LedgerRow.objects.bulk_create(
        LedgerRow(file=file, sheet="day1", row=row, group="known", outcome=outcome, codes=codes)
        for row, outcome, codes in rows
    )
    return file


def test_lists_of_the_vaccinated_give_a_difference_list(bureau: Bureau):
    listed(bureau)
    check = bulletin_of(bureau.freeze()).check
    assert (check.listed, check.matched) == (6, 2)
    assert [(row.file, row.row, row.what) for row in check.rows] == [
        ("day1.csv", 4, "not_on_ledger"),
        ("day1.csv", 5, "other_number"),
        ("day1.csv", 6, "twice"),
        ("day1.csv", 7, "unclear"),
    ]


def test_a_list_taken_back_or_taken_in_later_is_not_in_it(bureau: Bureau):
    listed(bureau, status="undone")
    assert bulletin_of(bureau.freeze()).check.listed == 0
    listed(bureau)
    assert bulletin_of(bureau.freeze(at=AT - timedelta(minutes=1))).check.listed == 0


def test_a_bulletin_printed_again_says_the_same(bureau: Bureau):
    snapshot = bureau.freeze()
    first = paper.bulletin_html(bulletin_of(snapshot))
    vaccinate(bureau.people[50], DAY_2)
    listed(bureau)
    assert paper.bulletin_html(bulletin_of(Snapshot.objects.get(pk=snapshot.pk))) == first


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_printed_bulletin_needs_no_other_file(bureau: Bureau, language: str):
    with translation.override(language):
        html = paper.bulletin_html(bulletin_of(bureau.freeze()))
    assert "<b>46</b>" in html
    assert not any(word in html for word in ("http://", "https://", "src=", "@import"))


@pytest.mark.slow
def test_the_pdf_is_a_pdf(bureau: Bureau):
    if find_library("pango-1.0") is None or not paper.has_chinese_font():
        pytest.skip("Pango or a Chinese font is not installed: apt-get install " + paper.NEEDED)
    assert paper.as_pdf(paper.bulletin_html(bulletin_of(bureau.freeze()))).startswith(b"%PDF")


def test_without_a_chinese_font_no_pdf_of_empty_boxes_is_made(bureau: Bureau, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paper, "has_chinese_font", lambda: False)
    with pytest.raises(paper.NoPdfHere, match="fonts-noto-cjk"):
        paper.as_pdf("<p>46</p>")
