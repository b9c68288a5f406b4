"""The audit of missed cards: registers in, cases out, answers, verdicts, the quarter's sheet."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from tests.surveillance.hospital import CHINA, NOON, Hospital, reported
from tests.surveillance.test_card_screens import desk

from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.staff.access import NotAllowed, system
from qingmiao.staff.actions import assign_role
from qingmiao.staff.models import Role
from qingmiao.surveillance.actions.audits import (
    AlreadySigned,
    ColumnsUnknown,
    answer_finding,
    decide_finding,
    decide_objection,
    examine_registers,
    make_sheet,
    map_columns,
    object_to_sheet,
    open_audit,
    propose_rewards,
    put_rewards_in_force,
    sign_sheet,
    take_register_in,
)
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.models import AuditCase, MissedAudit, Register, RegisterLine, ReportCard, RewardRule
from qingmiao.surveillance.queries.audits import cases_to_answer, figures_by, figures_of, found_in, simulated, standing
from qingmiao.surveillance.registers import age_in_years, proposed
from qingmiao.surveillance.rewards import Finding, sheet_of
from qingmiao.surveillance.same_person import Who, people

pytestmark = pytest.mark.django_db
HEADER = ["就诊日期", "姓名", "性别", "年龄", "身份证号", "电话", "初步诊断", "接诊医师", "科室"]
XIAOYU = ["张小鱼", "男", "5岁", "110105202103110017", "13800138000"]
SHEET_DAY = datetime(2026, 10, 8, 9, tzinfo=CHINA)


def register(*rows: list[str], header: list[str] = HEADER) -> ContentFile:
    out = io.StringIO()
    csv.writer(out).writerows([["青河区人民医院门诊日志"], header, *rows])
    return ContentFile(out.getvalue().encode("gb18030"), name="门诊.csv")


def row(day: str, diagnosis: str, *person: str, doctor: str = "李医生", department: str = "儿科") -> list[str]:
    return [day, *(person or XIAOYU), diagnosis, doctor, department]


def begin(hospital: Hospital, *rows: list[str], sample_size: int = 0) -> MissedAudit:
    by = hospital.actor("chencontrol")
    audit = open_audit(
        by=by, place=hospital.place, title="三季度", since=date(2026, 7, 1), until=date(2026, 9, 30), at=SHEET_DAY,
        sample_size=sample_size,
    )  # fmt: skip
    if rows:
        take_register_in(by=by, audit=audit, kind="outpatient", file=register(*rows), name="门诊.csv", at=SHEET_DAY)
    return audit


def examined(hospital: Hospital, *rows: list[str]) -> MissedAudit:
    return examine_registers(by=hospital.actor("chencontrol"), audit=begin(hospital, *rows), at=SHEET_DAY)


def test_a_case_with_its_card_is_reported(hospital: Hospital):
    card = reported(hospital)
    audit = examined(hospital, row("2026-09-07 09:10", "麻疹"), row("2026-09-08", "上呼吸道感染"))
    [case] = standing(audit)
    assert (case.card, case.is_late, case.differs) == (card, False, [])


def test_a_case_without_a_card_is_missed_and_names_doctor_words_and_row(hospital: Hospital):
    [case] = standing(examined(hospital, row("2026-09-07", "支气管炎"), row("2026-09-08", "麻疹？ 发热")))
    assert case.is_missed
    assert (case.doctor, case.department, case.words, case.is_suspected) == ("李医生", "儿科", "麻疹", True)
    assert [line.line for line in case.lines.all()] == [4]


def test_names_in_a_register_are_not_readable_in_the_database(hospital: Hospital):
    examined(hospital, row("2026-09-07", "麻疹"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM surveillance_registerline")
        stored = b" ".join(bytes(content) for (content,) in cursor.fetchall())
    assert "张小鱼".encode() not in stored


def test_a_person_without_a_number_is_matched_by_name_and_phone(hospital: Hospital):
    reported(hospital)
    audit = examined(hospital, row("2026-09-07 09:10", "麻疹", "张小鱼", "男", "5岁", "", "13800138000"))
    assert figures_of(audit).missed == 0


def test_a_namesake_with_another_number_has_no_card(hospital: Hospital):
    reported(hospital)
    other = ["张小鱼", "男", "5岁", "110105202103110033", "13800138000"]
    assert figures_of(examined(hospital, row("2026-09-07", "麻疹", *other))).missed == 1


def test_a_card_after_the_deadline_is_late(hospital: Hospital):
    reported(hospital, at=datetime(2026, 9, 9, 12, tzinfo=CHINA))
    assert figures_of(examined(hospital, row("2026-09-07 09:00", "麻疹"))).late == 1


def test_a_register_that_names_only_the_day_accuses_nobody_of_hours(hospital: Hospital):
    reported(hospital, at=datetime(2026, 9, 8, 7, tzinfo=CHINA))
    assert figures_of(examined(hospital, row("2026-09-07", "麻疹"))).late == 0


def test_a_card_that_differs_from_the_register_is_inconsistent(hospital: Hospital):
    reported(hospital)
    [case] = standing(examined(hospital, row("2026-09-07 09:00", "麻疹", "张小鱼", "女", "9岁", *XIAOYU[3:])))
    assert case.differs == ["sex", "age"]


def test_the_audit_counts_by_doctor_disease_and_quarter(hospital: Hospital):
    audit = examined(
        hospital,
        row("2026-09-07", "麻疹"),
        row("2026-08-07", "风疹", "李小米", "女", "6岁", "", "13800138001", doctor="赵医生"),
        row("2026-08-08", "手足口病", "王小米", "女", "3岁", "", "13800138002"),
    )
    cases = standing(audit)
    assert [(name, counts.missed) for name, counts in figures_by(cases, "doctor")] == [("李医生", 2), ("赵医生", 1)]
    assert [name for name, _counts in figures_by(cases, "quarter")] == ["2026Q3"]


def test_a_draw_takes_the_same_rows_every_time(hospital: Hospital):
    rows = [row("2026-09-07", "麻疹", f"甲{n:02}", "男", "5岁", "", f"138001380{n:02}") for n in range(20)]
    audit = begin(hospital, *rows, sample_size=5)
    drawn = [[one.lines[0].line for one in _found(audit)] for _twice in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 5


def _found(audit: MissedAudit) -> list:
    registers = list(audit.registers.select_related("audit"))
    return found_in(registers, audit.since, audit.until, sample_size=audit.sample_size)


def test_the_same_file_twice_is_one_register(hospital: Hospital):
    audit = begin(hospital, row("2026-09-07", "麻疹"))
    by = hospital.actor("chencontrol")
    take_register_in(
        by=by, audit=audit, kind="outpatient", file=register(row("2026-09-07", "麻疹")), name="b.csv", at=NOON
    )
    assert Register.objects.count() == 1
    assert RegisterLine.objects.count() == 1


def test_a_file_without_a_table_is_refused_whole(hospital: Hospital):
    audit = begin(hospital)
    file = ContentFile("通知\n请于本周五前上交\n".encode(), name="通知.csv")
    with pytest.raises(FileRefused):
        take_register_in(
            by=hospital.actor("chencontrol"), audit=audit, kind="outpatient", file=file, name="通知.csv", at=NOON
        )
    assert not Register.objects.exists()


def test_unknown_columns_are_mapped_by_a_person(hospital: Hospital):
    header = ["看病那天", "姓名", "性别", "年龄", "身份证号", "电话", "大夫怎么说", "接诊医师", "科室"]
    audit, by = begin(hospital), hospital.actor("chencontrol")
    table = take_register_in(
        by=by,
        audit=audit,
        kind="outpatient",
        file=register(row("2026-09-07", "麻疹"), header=header),
        name="c.csv",
        at=NOON,
    )
    with pytest.raises(ColumnsUnknown):
        examine_registers(by=by, audit=audit, at=NOON)
    map_columns(by=by, register=table, mapping=table.mapping | {"at": 0, "diagnosis": 6}, at=NOON)
    assert figures_of(examine_registers(by=by, audit=audit, at=NOON)).missed == 1


def test_a_laboratory_result_finds_the_case_of_the_same_person(hospital: Hospital):
    audit = begin(hospital, row("2026-09-07", "发热皮疹"))
    header = ["检验日期", "姓名", "性别", "年龄", "电话", "检验项目", "结果", "送检医生", "送检科室"]
    line = ["2026-09-08", "张小鱼", "男", "5岁", "13800138000", "麻疹病毒IgM抗体", "阳性", "李医生", "儿科"]
    by = hospital.actor("chencontrol")
    take_register_in(by=by, audit=audit, kind="laboratory", file=register(line, header=header), name="l.csv", at=NOON)
    examine_registers(by=by, audit=audit, at=NOON)
    assert [case.disease for case in standing(audit)] == ["麻疹"]


def test_examining_again_keeps_what_was_said_and_finds_the_card_written_since(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07 09:00", "麻疹"))
    [case] = standing(audit)
    answer_finding(
        by=hospital.actor("lidoctor"), case=case, version=case.version, answer="missed", text="忘了", at=SHEET_DAY
    )
    reported(hospital, at=datetime(2026, 10, 8, 10, tzinfo=CHINA))
    examine_registers(by=hospital.actor("chencontrol"), audit=audit, at=SHEET_DAY)
    [again] = standing(audit)
    assert (again.pk, again.answer_text, again.is_missed, again.is_late) == (case.pk, "忘了", False, True)


def test_only_the_doctor_it_names_answers(hospital: Hospital):
    [case] = standing(examined(hospital, row("2026-09-07", "麻疹")))
    assert [one.pk for one in cases_to_answer(hospital.actor("lidoctor"))] == [case.pk]
    assert cases_to_answer(hospital.actor("zhaodoctor")) == []
    with pytest.raises(NotAllowed):
        answer_finding(
            by=hospital.actor("zhaodoctor"), case=case, version=case.version, answer="missed", text="", at=NOON
        )


def test_a_withdrawn_finding_is_counted_nowhere_and_says_why(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07", "麻疹"))
    [case] = standing(audit)
    by = hospital.actor("chencontrol")
    with pytest.raises(ReasonMissing):
        decide_finding(by=by, case=case, version=case.version, is_upheld=False, reason="", at=NOON)
    decide_finding(by=by, case=case, version=case.version, is_upheld=False, reason="复核为荨麻疹", at=NOON)
    assert figures_of(audit).should_report == 0
    assert AuditCase.objects.get().verdict_reason == "复核为荨麻疹"


def rule(hospital: Hospital, since: date = date(2026, 1, 1), *, is_decided: bool = True, **amounts: int) -> RewardRule:
    assign_role(
        by=system("test"), user=hospital.village.users["fangcontrol"], role=Role.LEADER,
        organisation=hospital.village.district, valid_from=date(2020, 1, 1),
    )  # fmt: skip
    found = propose_rewards(
        by=hospital.actor("chencontrol"), place=hospital.place, effective_from=since, reason="院办〔2026〕3号", at=NOON,
        amounts={"in_time": 5, "missed": 100} | amounts,
    )  # fmt: skip
    if is_decided:
        put_rewards_in_force(by=hospital.actor("fangcontrol"), rule=found, version=found.version, at=NOON)
    return found


def test_a_rule_is_tried_out_before_it_applies(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07", "麻疹"))
    proposed_rule = rule(hospital, is_decided=False, missed=300)
    assert [line.yuan for line in simulated(audit, proposed_rule.amounts)] == [-300]
    with pytest.raises(ReasonMissing):
        make_sheet(by=hospital.actor("chencontrol"), audit=audit, rule=proposed_rule, at=SHEET_DAY)


def test_a_rule_of_a_later_day_does_not_reach_back(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07", "麻疹"))
    later = rule(hospital, since=date(2026, 10, 1))
    with pytest.raises(ReasonMissing):
        make_sheet(by=hospital.actor("chencontrol"), audit=audit, rule=later, at=SHEET_DAY)


def test_the_sheet_is_signed_frozen_and_objected_to(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07", "麻疹"))
    made = make_sheet(by=hospital.actor("chencontrol"), audit=audit, rule=rule(hospital), at=SHEET_DAY)
    assert [(line["doctor"], line["yuan"]) for line in made.lines] == [("李医生", -100)]
    objection = object_to_sheet(by=hospital.actor("lidoctor"), quarter_sheet=made, text="已电话报告", at=SHEET_DAY)
    head = hospital.actor("fangcontrol")
    with pytest.raises(ReasonMissing):
        sign_sheet(by=head, quarter_sheet=made, version=made.version, signature="方科长", at=SHEET_DAY)
    decide_objection(
        by=head, objection=objection, version=objection.version, is_granted=False, decision="无记录", at=SHEET_DAY
    )
    sign_sheet(by=head, quarter_sheet=made, version=made.version, signature="方科长", at=SHEET_DAY)
    with pytest.raises(AlreadySigned):
        examine_registers(by=hospital.actor("chencontrol"), audit=audit, at=SHEET_DAY)


def test_a_doctor_who_is_not_on_the_sheet_cannot_object(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07", "麻疹"))
    made = make_sheet(by=hospital.actor("chencontrol"), audit=audit, rule=rule(hospital), at=SHEET_DAY)
    with pytest.raises(NotAllowed):
        object_to_sheet(by=hospital.actor("zhaodoctor"), quarter_sheet=made, text="x", at=SHEET_DAY)


def test_yuan_are_sums_of_kinds():
    findings = [Finding("李", "儿科", False), Finding("李", "儿科", False, is_late=True), Finding("李", "儿科", True)]
    [line] = sheet_of(findings, {"in_time": 5, "late": 20, "missed": 100})
    assert (line.should_report, line.yuan) == (3, 5 - 20 - 100)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (Who("张三", number="110101199001011234"), Who("张叁", number="110101199001011234"), True),
        (Who("张三", number="1" * 18), Who("张三", number="2" * 18, phone="1"), False),
        (Who("张三", birth_date="1990-01-01"), Who("张三", birth_date="1990-01-01"), True),
        (Who("张三", phone="13800138000"), Who("张三", phone="13800138000"), True),
        (Who("张三", phone="13800138000"), Who("李四", phone="13800138000"), False),
        (Who("张三", sex="1", birth_year=1990), Who("张三", sex="1", birth_year=1991), True),
        (Who("张三", sex="1", birth_year=1990), Who("张三", sex="2", birth_year=1990), False),
        (Who("张三"), Who("张三"), False),
    ],
)
def test_who_is_the_same_person(one: Who, other: Who, is_same: bool):
    assert (people([one, other])[1] == 0) is is_same


def test_two_numbers_are_never_joined_through_a_third_row():
    bridge = Who("张三", phone="13800138000")
    first, second = Who("张三", number="1" * 18, phone="13800138000"), Who("张三", number="2" * 18, phone="13800138000")
    assert len(set(people([first, bridge, second]))) == 2


@pytest.mark.parametrize(
    ("text", "age"), [("5岁", 5), ("35", 35), ("8月", 0), ("12天", 0), ("3岁5月", 3), ("不详", None)]
)
def test_ages_as_registers_write_them(text: str, age: int | None):
    assert age_in_years(text) == age


def test_headers_are_known_by_their_words():
    assert proposed(["就诊日期（必填）", "患者姓名", "诊断", "备注"]) == {"at": 0, "name": 1, "diagnosis": 2}


@time_machine.travel(SHEET_DAY)
def test_from_the_file_to_the_finding_on_the_screens(hospital: Hospital):
    client, audit = desk("chencontrol"), begin(hospital)
    sent = {"kind": "outpatient", "file": register(row("2026-09-07", "麻疹"))}
    answer = client.post(reverse("missed:take-in", args=[audit.pk]), sent)
    assert "110105********0017" in client.get(answer.headers["Location"]).content.decode()
    client.post(reverse("missed:examine", args=[audit.pk]))
    page = client.get(reverse("missed:audit", args=[audit.pk])).content.decode()
    assert "张小鱼" in page
    file = client.get(f"{reverse('missed:audit', args=[audit.pk])}?which=missed&as=xlsx")
    assert file.content.startswith(b"PK")
    case = AuditCase.objects.get()
    address = reverse("missed:case", args=[audit.pk, case.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"write_card": "1"}).status_code == 302
    card = ReportCard.objects.get()
    assert (card.disease, card.fields["name"], card.fields["phone"]) == ("麻疹", "张小鱼", "13800138000")


@time_machine.travel(SHEET_DAY)
def test_a_doctor_opens_what_names_them_and_nothing_else(hospital: Hospital):
    audit = examined(hospital, row("2026-09-07", "麻疹"))
    address = reverse("missed:case", args=[audit.pk, AuditCase.objects.get().pk])
    assert desk("lidoctor").get(address).status_code == 200
    assert desk("zhaodoctor").get(address).status_code == 404
    assert desk("lidoctor").get(reverse("missed:audit", args=[audit.pk])).status_code == 403
