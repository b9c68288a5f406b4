"""The archive: documents are kept and found, what is missing is said, what Qingmiao made is there by itself."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from docx import Document as WordDocument

from qingmiao.archive import queries
from qingmiao.archive.actions import AlreadyReplaced, Label, UnknownKind, keep_document
from qingmiao.archive.kinds import Period, kinds, period_from, periods
from qingmiao.archive.made import FORMS, made
from qingmiao.archive.models import Document
from qingmiao.archive.reading import around, text_of
from qingmiao.privacy.sealing import Sealed
from qingmiao.reports.forms.definitions import definitions
from qingmiao.reports.models import Compilation, Form
from qingmiao.staff.access import NotAllowed, system
from qingmiao.staff.actions import assign_role
from qingmiao.staff.models import Organisation, Role
from qingmiao.surveillance.models import DeathList, MissedAudit, VillagePaper
from qingmiao.surveillance.papers import forms
from qingmiao.training.actions import Plan, record_training
from qingmiao.web.archive.views import PAGES
from tests.village import PASSWORD, Village

pytestmark = pytest.mark.django_db
AT = datetime(2021, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
MAY = period_from(date(2021, 5, 1), 1)


def _keep(
    village: Village, kind: str = "death_list", text: str = "五月死亡登记核对", title: str = "五月核对表"
) -> Document:
    label = Label(kind, village.centre, MAY, title)
    file = ContentFile(text.encode(), name="may.txt")
    return keep_document(by=village.actor("kongming"), label=label, file=file, at=AT)


def test_a_file_is_kept_once_and_comes_back(village: Village):
    document = _keep(village)
    assert _keep(village) == document
    with document.content.open("rb") as file:
        assert file.read().decode() == "五月死亡登记核对"
    assert (document.name, document.kept_by_name) == ("may.txt", "孔明")


@pytest.mark.parametrize("name", ["zhoulin", "fengyuan"])
def test_strangers_put_nothing_in(village: Village, name: str):
    label = Label("death_list", village.centre, MAY, "x")
    with pytest.raises(NotAllowed):
        keep_document(by=village.actor(name), label=label, file=ContentFile(b"x", name="x.txt"), at=AT)


def test_an_unknown_kind_is_refused(village: Village):
    label = Label("horoscope", village.centre, MAY, "x")
    with pytest.raises(UnknownKind, match="horoscope"):
        keep_document(by=village.actor("kongming"), label=label, file=ContentFile(b"x", name="x.txt"), at=AT)


def test_a_better_one_takes_its_place_and_both_stay(village: Village):
    old = _keep(village)
    label = Label("death_list", village.centre, MAY, "五月核对表（订正）")
    by = village.actor("kongming")
    new = keep_document(by=by, label=label, file=ContentFile(b"better", name="b.txt"), at=AT, replaces=old)
    assert list(queries.documents(by)) == [new]
    old.refresh_from_db()
    assert old.replaced_by == new
    with pytest.raises(AlreadyReplaced):
        keep_document(by=by, label=label, file=ContentFile(b"third", name="c.txt"), at=AT, replaces=old)
    assert Document.objects.count() == 2, "a refused replacement leaves nothing behind"


def test_the_database_refuses_a_period_that_ends_before_it_begins(village: Village):
    document = _keep(village)
    with pytest.raises(IntegrityError):
        Document.objects.filter(pk=document.pk).update(first_day=date(2021, 6, 2))


def test_what_is_over_and_not_there_is_missing(village: Village):
    _keep(village)
    lines = {
        (line.kind.code, line.organisation): line
        for line in queries.owed(village.actor("kongming"), 2021, today=date(2021, 6, 15))
    }
    deaths = lines["death_list", village.centre]
    assert [(cell.period.code, cell.count) for cell in deaths.cells if cell.count] == [("2021-05", 1)]
    assert deaths.missing == 4, "January to April; June is not over"
    assert lines["village_papers", village.community].missing == 5
    assert lines["summary", village.centre].missing == 0, "the year is not over"


def test_what_was_made_here_counts_and_is_listed(village: Village):
    plan = Plan("接种规范培训", date(2021, 3, 5), Decimal(2))
    training = record_training(by=village.actor("zhenghua"), organisation=village.site, plan=plan, at=AT)
    found = made(village.actor("kongming"), 2021)
    assert [(one.kind, one.title, one.pk) for one in found] == [("training", "接种规范培训", training.pk)]
    assert made(village.actor("kongming"), 2022) == []
    assert made(village.actor("fengyuan"), 2021) == []


def test_forms_of_all_five_kinds_are_there_once_they_were_sent(village: Village):
    for number, kind in enumerate(definitions(), 1):
        state = Form.State.AMENDED if number == 1 else Form.State.SUBMITTED
        Form.objects.create(unit=village.centre, kind=kind, period=MAY.first, state=state, content={}, counted_at=AT)
    draft = Form.objects.create(
        unit=village.centre, kind="aefi_month", period=date(2021, 4, 1), content={}, counted_at=AT
    )
    by = village.actor("kongming")
    found = made(by, 2021)
    five = {"routine_form", "class2_form", "stock_form", "cold_chain_log", "aefi_table"}
    assert {one.kind for one in found} == five == set(FORMS.values())
    assert draft.pk not in {one.pk for one in found}
    assert {one.day for one in found} == {MAY.last}
    assert made(village.actor("fengyuan"), 2021) == []
    lines = {
        line.kind.code: [cell.period.code for cell in line.cells if cell.count]
        for line in queries.owed(by, 2021, today=date(2021, 6, 15))
        if line.organisation == village.centre
    }
    assert lines["cold_chain_log"] == lines["aefi_table"] == ["2021-05"]
    home = _client("kongming").get(reverse("archive:home"), {"year": "2021"}).content.decode()
    assert all(reverse("forms:form", args=[one.pk]) in home for one in found)


def test_chinese_words_are_found_in_the_text_and_every_word_must_stand(village: Village):
    document = _keep(village, text="本月死亡12例，核对民政名单，漏报1例已补录。")
    by = village.actor("kongming")
    assert queries.search(by, "民政名单") == [document]
    assert queries.search(by, "民政 漏报") == [document]
    assert queries.search(by, "民政 疫苗") == []
    assert queries.search(by, "  ") == []
    assert queries.search(village.actor("fengyuan"), "民政") == []


def _word(text: str) -> bytes:
    document, out = WordDocument(), BytesIO()
    document.add_paragraph(text)
    document.add_table(rows=1, cols=1).cell(0, 0).text = "冷链"
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("a.docx", _word("年度总结"), "年度总结 冷链"),
        ("a.txt", "温度记录".encode("gb18030"), "温度记录"),
        ("a.csv", "﻿村,月\n柳林,5".encode(), "村,月 柳林,5"),
        ("a.pdf", b"%PDF-1.4 broken", ""),
        ("a.jpg", b"\xff\xd8\xff", ""),
    ],
)
def test_the_text_of_a_file(name: str, content: bytes, wanted: str):
    assert text_of(name, content) == wanted


def test_the_place_of_a_word():
    assert around("本月核对民政名单", "民政", before=2, after=2) == ("核对", "民政", "名单")
    assert around("本月", "民政") == ("", "", "")


def test_periods_of_a_year():
    assert [period.code for period in periods("quarter", 2023)] == ["2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4"]
    assert [period.code for period in periods("year", 2023)] == ["2023"]
    assert list(periods("none", 2023)) == []
    assert period_from(date(2024, 2, 1), 1) == Period(date(2024, 2, 1), date(2024, 2, 29))


def test_every_kind_is_owed_by_organisations_that_exist():
    known = set(Organisation.Kind.values)
    assert {place for kind in kinds().values() for place in kind.of} <= known


def _client(name: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.post("/sign-in/", {"username": name, "password": PASSWORD})
    return client


def test_the_office_puts_a_scan_in_for_the_month_of_the_day(village: Village):
    client = _client("kongming")
    form = {"request_id": str(uuid4()), "kind": "death_list", "organisation": village.centre.pk, "day": "2021-05-17"}
    answer = client.post(reverse("archive:put-in"), form | {"file": ContentFile(b"scan", name="五月核对.jpg")})
    document = Document.objects.get()
    assert answer.headers["Location"] == reverse("archive:document", args=[document.pk])
    assert (document.first_day, document.last_day, document.title) == (MAY.first, MAY.last, "五月核对")
    home = client.get(reverse("archive:home"), {"year": "2021"}).content.decode()
    assert "2021-05 ✓" in home
    assert "2021-04 缺" in home
    back = client.get(reverse("archive:file", args=[document.pk]))
    assert b"".join(back.streaming_content) == b"scan"


def test_a_form_without_a_file_keeps_what_was_typed(village: Village):
    form = {"request_id": str(uuid4()), "kind": "summary", "organisation": village.centre.pk, "day": "2021-05-17"}
    answer = _client("kongming").post(reverse("archive:put-in"), form | {"title": "二〇二一年总结"})
    assert answer.status_code == 422
    assert "二〇二一年总结" in answer.content.decode()


def _surveyed(village: Village) -> dict[str, int]:
    """What surveillance and the office have of May, by kind: the row that each document is made from."""
    audit = MissedAudit.objects.create(
        place=village.centre, title="2021年第1季度漏报自查", since=date(2021, 1, 1), until=date(2021, 3, 31),
        opened_at=AT, examined_at=AT,
    )  # fmt: skip
    deaths = DeathList.objects.create(
        place=village.centre, source="民政局", name="may.csv", since=MAY.first, until=MAY.last,
        rows=Sealed.of("[]"), at=AT,
    )  # fmt: skip
    for form in forms():
        VillagePaper.objects.create(village=village.community, form=form, month=MAY.first, received_at=AT)
    VillagePaper.objects.create(village=village.community, form="births", month=date(2021, 4, 1), received_at=AT)
    counted = [
        Compilation.objects.create(
            organisation=village.centre, organisation_name="Centre", kind="clinic", since=since, until=until,
            facts={}, taken_at=AT, taken_by_name="孔明",
        )
        for since, until in ((MAY.first, MAY.last), (date(2021, 1, 1), date(2021, 12, 31)), (MAY.first, MAY.last))
    ]  # fmt: skip
    return {
        "card_audit": audit.pk,
        "death_list": deaths.pk,
        "village_papers": village.community.pk,
        "summary": counted[-1].pk,
    }


def test_what_surveillance_and_reports_made_is_there_by_itself(village: Village):
    """A month of a village counts once every form came, a summary once it is about the whole year."""
    rows, by = _surveyed(village), village.actor("kongming")
    found = made(by, 2021)
    assert {one.kind for one in found} == rows.keys()
    assert {one.kind: one.pk for one in found if one.kind in ("card_audit", "death_list")} == {
        kind: rows[kind] for kind in ("card_audit", "death_list")
    }
    summaries = {(one.day, one.is_whole): one.pk for one in found if one.kind == "summary"}
    assert summaries.keys() == {(date(2021, 12, 31), True), (MAY.last, False)}
    assert summaries[MAY.last, False] == rows["summary"], "the facts counted last"
    there = {
        line.kind.code: [cell.period.code for cell in line.cells if cell.count]
        for line in queries.owed(by, 2021, today=date(2022, 1, 1))
        if line.kind.code in rows and line.organisation in (village.centre, village.community)
    }
    assert there == {
        "card_audit": ["2021-Q1"],
        "death_list": ["2021-05"],
        "village_papers": ["2021-05"],
        "summary": ["2021"],
    }
    assert made(village.actor("fengyuan"), 2021) == []


def test_an_audit_that_was_never_examined_is_no_document(village: Village):
    MissedAudit.objects.create(
        place=village.centre, title="x", since=date(2021, 1, 1), until=date(2021, 3, 31), opened_at=AT
    )
    assert made(village.actor("kongming"), 2021) == []


def test_whoever_may_open_a_document_has_its_link_and_nobody_else(village: Village):
    rows = _surveyed(village)
    addresses = [
        reverse("missed:audit", args=[rows["card_audit"]]),
        reverse("deaths:compare", args=[rows["death_list"]]),
        reverse("villages:year", args=[rows["village_papers"]]) + "?year=2021",
        reverse("reports:written-word", args=[rows["summary"]]),
    ]
    user = village.users["zhenghua"]
    assign_role(
        by=system("test"), user=user, role=Role.DISEASE_CONTROL, organisation=village.district, valid_from=MAY.first
    )
    control = _client("zhenghua")
    page = control.get(reverse("archive:home"), {"year": "2021"}).content.decode()
    assert [address in page for address in addresses] == [True, True, True, False]
    assert [control.get(address).status_code for address in addresses[:3]] == [200, 200, 200]
    office = _client("kongming").get(reverse("archive:home"), {"year": "2021"}).content.decode()
    assert "民政局 2021-05-01 – 2021-05-31" in office
    assert [address in office for address in addresses] == [True, False, True, True], (
        "a leader reads, but compares no lists"
    )


def test_every_kind_that_is_made_here_has_a_page():
    assert {kind.code for kind in kinds().values() if kind.made} == PAGES.keys()
