"""Ledgers into the registry and out again: review, decide, write all at once, undo exactly."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import models
from tests.village import Village

from qingmiao.audit.models import ChangedMeanwhile
from qingmiao.registry.actions.imports import (
    NotInThisState,
    QuestionsOpen,
    accept_proposals,
    answer_questions,
    approve_import,
    drop_import,
    plan_again,
    retype_cell,
    teach_header,
    upload_ledger,
)
from qingmiao.registry.actions.people import Number, Particulars, correct_person, register_person
from qingmiao.registry.actions.undoing import undo_import
from qingmiao.registry.models import (
    Dose,
    Guardian,
    Identifier,
    LedgerImport,
    LedgerRow,
    Person,
    Phone,
    UnitMembership,
)
from qingmiao.registry.numbers import identifier_lookup
from qingmiao.registry.queries.imports import content_of
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation

pytestmark = pytest.mark.django_db

A, B, C = "239901197108164882", "23990419690607865X", "229901197809091234"
AT = datetime(2021, 4, 10, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
AS_OF = date(2021, 4, 10)
ROSTER = f"""
姓名,身份证号,联系电话,单位,人员类别
张湉,{A},16412345678,星海网吧,业主
李一鸣,{B},16412345679,金麦歌厅,员工
张湉,{A},,金麦歌厅,员工
王二,,16412345670,飞鱼网吧,流动
小赵,,,星海网吧,员工
"""
LIST = f"""
姓名,证件号码,联系电话,疫苗名称,生产企业,批号,剂次,接种时间,接种单位
张湉,{A},,新冠疫苗(Vero细胞),北京科兴,L1,1,2021-04-08 08:01,青河街道接种点
王二,,16412345670,新冠疫苗(Vero细胞),北京科兴,L1,1,2021-04-08 08:05,青河街道接种点
"""


def csv(text: str, name: str = "roster.csv") -> ContentFile:
    return ContentFile(text.strip().encode("gb18030"), name=name)


def state() -> dict[str, list[tuple[object, ...]]]:
    """Everything the registry holds, to be compared."""
    tables: tuple[type[models.Model], ...] = (Person, Identifier, Phone, Guardian, UnitMembership, Dose)
    return {table.__name__: list(table._default_manager.order_by("pk").values_list()) for table in tables}


@pytest.fixture
def upload(village: Village):
    def up(*texts: str, place: Organisation | None = None) -> LedgerImport:
        files = [csv(text, f"ledger{n}.csv") for n, text in enumerate(texts, 1)]
        by = village.actor("zhaoqian")
        return upload_ledger(by=by, place=place or village.bureau, files=files, as_of=AS_OF, at=AT)

    return up


@pytest.fixture
def liaison(village: Village):
    return village.actor("zhaoqian")


def approve(liaison, found: LedgerImport) -> LedgerImport:
    return approve_import(by=liaison, ledger_import=found, version=found.version, at=AT)


def test_nothing_is_written_before_approval(upload):
    found = upload(ROSTER)
    assert not Person.objects.exists()
    assert found.totals["people_created"] == 3
    groups = LedgerRow.objects.order_by("row").values_list("row", "group")
    assert list(groups) == [(2, "new"), (3, "new"), (4, "known"), (5, "problem"), (6, "problem")]


def test_the_original_row_stands_beside_what_was_understood_and_is_sealed(upload):
    upload(ROSTER)
    row = LedgerRow.objects.get(row=5)
    content = content_of(row)
    assert content["raw"][0] == "王二"
    assert content["clean"]["phone"] == "16412345670"
    assert [p["code"] for p in content["problems"]] == ["missing_id"]
    assert "王二".encode() not in row.content.content


def test_approval_writes_people_numbers_phones_and_units(upload, liaison, village):
    found = approve(liaison, upload(ROSTER))
    assert found.status == "written"
    zhang = Identifier.objects.get(lookup=identifier_lookup(A)).person
    assert (zhang.name, zhang.sex, zhang.birth_date) == ("张湉", "2", date(1971, 8, 16))
    assert zhang.name_spelled == "zhangtian"
    units = UnitMembership.objects.filter(person=zhang).order_by("pk").values_list("unit__name", "position")
    assert list(units) == [("星海网吧", "业主"), ("金麦歌厅", "从业人员")]
    assert Organisation.objects.get(name="飞鱼网吧").parent == village.bureau
    assert Phone.objects.filter(person=zhang).count() == 1
    assert set(LedgerRow.objects.filter(person_pk=zhang.pk).values_list("row", flat=True)) == {2, 4}


def test_a_list_in_the_same_import_finds_the_people_of_the_roster(upload, liaison):
    approve(liaison, upload(ROSTER, LIST))
    columns = ("person__name", "product_code", "vaccine", "dose_number", "given_on", "lot_number")
    assert list(Dose.objects.order_by("pk").values_list(*columns)) == [
        ("张湉", "5601", "新冠灭活(Vero)", 1, date(2021, 4, 8), "L1"),
        ("王二", "5601", "新冠灭活(Vero)", 1, date(2021, 4, 8), "L1"),
    ]
    dose = Dose.objects.first()
    assert dose is not None
    assert dose.site is not None
    assert dose.given_at == datetime(2021, 4, 8, 8, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_same_ledger_again_finds_everybody_known(upload, liaison):
    approve(liaison, upload(ROSTER, LIST))
    before = state()
    again = upload(ROSTER, LIST)
    assert (again.totals["people_created"], again.totals["doses_counted"]) == (0, 0)
    approve(liaison, again)
    assert state() == before


def test_undo_restores_exactly(upload, liaison):
    register_person(by=liaison, particulars=Particulars(name="李一鸣"), numbers=[Number(Identifier.Kind.ID_CARD, B)])
    before = state()
    found = approve(liaison, upload(ROSTER, LIST))
    assert state() != before
    undone = undo_import(by=liaison, ledger_import=found, version=found.version, at=AT)
    assert (undone.status, undone.kept) == ("undone", [])
    assert state() == before


def test_undo_keeps_and_names_who_changed_since(upload, liaison):
    found = approve(liaison, upload(ROSTER, LIST))
    zhang = Identifier.objects.get(lookup=identifier_lookup(A)).person
    correct_person(by=liaison, person=zhang, version=zhang.version, changes={"address": "青河路1号"})
    undone = undo_import(by=liaison, ledger_import=found, version=found.version, at=AT)
    assert undone.kept == [zhang.pk]
    assert list(Person.objects.values_list("name", flat=True)) == ["张湉"]
    assert Dose.objects.get().person == zhang


def test_undo_keeps_who_got_something_from_elsewhere(upload, liaison):
    found = approve(liaison, upload(ROSTER))
    zhang = Identifier.objects.get(lookup=identifier_lookup(A)).person
    Dose.objects.create(person=zhang, vaccine="乙肝", source="paper")
    undone = undo_import(by=liaison, ledger_import=found, version=found.version, at=AT)
    assert undone.kept == [zhang.pk]


def test_a_blank_is_filled_and_never_overwrites(upload, liaison):
    person = register_person(
        by=liaison,
        particulars=Particulars(name="张湉", sex="1", address="老地址"),
        numbers=[Number(Identifier.Kind.ID_CARD, A)],
    )
    found = approve(liaison, upload(ROSTER))
    person.refresh_from_db()
    assert (person.sex, person.address, person.birth_date) == ("1", "老地址", date(1971, 8, 16))
    undo_import(by=liaison, ledger_import=found, version=found.version, at=AT)
    person.refresh_from_db()
    assert person.birth_date is None


def test_a_change_of_the_registry_since_the_review_stops_the_writing(upload, liaison):
    found = upload(ROSTER)
    register_person(by=liaison, particulars=Particulars(name="张湉"), numbers=[Number(Identifier.Kind.ID_CARD, A)])
    with pytest.raises(ChangedMeanwhile):
        approve(liaison, found)
    assert Person.objects.count() == 1
    plan_again(by=liaison, ledger_import=LedgerImport.objects.get(pk=found.pk))
    fresh = LedgerImport.objects.get(pk=found.pk)
    assert fresh.totals["people_created"] == 2
    approve(liaison, fresh)
    assert Person.objects.count() == 3


TWO_NAMES = f"""
姓名,身份证号,联系电话
张湉雨,{A},16412345678
李一鸣,{A},16412345679
"""


def test_one_number_under_two_names_waits_for_an_answer(upload, liaison):
    found = upload(TWO_NAMES)
    row = LedgerRow.objects.get(group="ask")
    with pytest.raises(QuestionsOpen):
        approve(liaison, found)
    found = LedgerImport.objects.get(pk=found.pk)
    answer_questions(by=liaison, ledger_import=found, answers={row.pk: "one"})
    approve(liaison, LedgerImport.objects.get(pk=found.pk))
    assert Person.objects.count() == 1


def test_accepting_proposals_answers_all_that_is_open(upload, liaison):
    found = upload(TWO_NAMES)
    accept_proposals(by=liaison, ledger_import=found)
    approve(liaison, LedgerImport.objects.get(pk=found.pk))
    assert list(Person.objects.order_by("pk").values_list("name", flat=True)) == ["张湉雨", "李一鸣"]
    assert Identifier.objects.get().person.name == "张湉雨"


def test_a_cell_typed_anew_cures_its_row(upload, liaison):
    found = upload(ROSTER)
    row = LedgerRow.objects.get(row=5)
    retype_cell(by=liaison, row=row, column=1, text="11010119900307751X")
    assert LedgerRow.objects.get(row=5).group == "problem"
    retype_cell(by=liaison, row=LedgerRow.objects.get(row=5), column=1, text="PA1234567")
    assert LedgerRow.objects.get(row=5).group == "new"
    approve(liaison, LedgerImport.objects.get(pk=found.pk))
    assert Identifier.objects.filter(lookup=identifier_lookup("PA1234567")).exists()


def test_a_header_taught_once_is_known_everywhere(upload, liaison):
    text = ROSTER.replace("联系电话", "本人的电话号")
    found = upload(text)
    assert found.totals["rows_rejected"] == 2
    teach_header(by=liaison, ledger_import=found, header="本人的电话号", field="phone", at=AT)
    assert LedgerImport.objects.get(pk=found.pk).totals["rows_rejected"] == 1
    assert upload(text).totals["rows_rejected"] == 1


def test_a_dropped_upload_writes_nothing_and_cannot_be_approved(upload, liaison):
    found = drop_import(by=liaison, ledger_import=upload(ROSTER))
    with pytest.raises(NotInThisState):
        approve(liaison, found)
    assert not Person.objects.exists()


@pytest.mark.parametrize("who", ["hejing", "fengyuan", "qianduo"])
def test_strangers_cannot_import_for_the_bureau(village, who):
    with pytest.raises(NotAllowed):
        upload_ledger(by=village.actor(who), place=village.bureau, files=[csv(ROSTER)], as_of=AS_OF, at=AT)


@pytest.mark.parametrize("who", ["hejing", "fengyuan"])
def test_strangers_cannot_approve_or_undo(upload, village, liaison, who):
    found = upload(ROSTER)
    with pytest.raises(NotAllowed):
        approve(village.actor(who), found)
    written = approve(liaison, found)
    with pytest.raises(NotAllowed):
        undo_import(by=village.actor(who), ledger_import=written, version=written.version, at=AT)


def test_a_refused_file_is_told_and_the_other_is_imported(upload, liaison):
    found = upload(ROSTER, "随便,什么\n1,2")
    refused = found.files.get(name="ledger2.csv")
    assert (refused.is_refused, refused.code) == (True, "header_not_found")
    approve(liaison, found)
    assert Person.objects.count() == 3
