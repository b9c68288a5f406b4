"""What the card asks for, field by field: each case fails when its rule is taken away."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from qingmiao.surveillance.card import codes_of, deadline_of, faults_of
from qingmiao.surveillance.diseases import diseases
from qingmiao.surveillance.outbreaks import Level, sign_of
from qingmiao.surveillance.same_case import school_of
from qingmiao.surveillance.words import FAULTS, said
from qingmiao.surveillance.zero_reports import Period, last_period

NOW = datetime(2026, 9, 7, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
RIGHT = {
    "name": "张小鱼",
    "parent_name": "张大海",
    "number": "110105202103110017",
    "sex": "1",
    "birth_date": "2021-03-11",
    "phone": "13800138000",
    "belongs_to": "1",
    "area": "7",
    "address": "3号楼2单元",
    "occupation": "1",
    "workplace": "柳林幼儿园大班",
    "disease": "麻疹",
    "case_kind": "1",
    "onset_on": "2026-09-05",
    "diagnosed_at": "2026-09-07T09:00",
    "doctor": "李医生",
}


def codes(**changes: str) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in faults_of(RIGHT | changes, now=NOW)]


def test_a_right_card_has_nothing_against_it():
    assert codes() == []


@pytest.mark.parametrize("field", ["name", "sex", "phone", "address", "occupation", "disease", "onset_on", "doctor"])
def test_what_is_mandatory(field: str):
    assert (field, "missing") in codes(**{field: ""})


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"parent_name": ""}, "parent_name", "guardian_missing"),
        ({"number": ""}, "number", "number_missing"),
        ({"number": "110105202103110018"}, "number", "id_checksum"),
        ({"number": "12345"}, "number", "id_format"),
        ({"birth_date": "2021-03-12"}, "birth_date", "number_other_birth"),
        ({"sex": "2"}, "sex", "number_other_sex"),
        ({"phone": "1380013800"}, "phone", "phone_format"),
        ({"area": ""}, "area", "area_missing"),
        ({"workplace": ""}, "workplace", "school_missing"),
        ({"occupation": "77"}, "occupation", "no_such_code"),
        ({"occupation": "23", "workplace": "无"}, "occupation", "occupation_age"),
        ({"disease": "流鼻涕"}, "disease", "no_such_disease"),
        ({"disease": "病毒性肝炎"}, "disease", "choose_subtype"),
        ({"case_kind": "4"}, "case_kind", "no_carrier"),
        ({"disease": "肺结核-病原学阳性", "case_kind": "1"}, "case_kind", "kind_for_disease"),
        ({"disease": "血吸虫病"}, "acute_kind", "acute_missing"),
        ({"disease": "手足口病"}, "s_severe", "missing"),
        ({"onset_on": "2026-09-08"}, "onset_on", "day_wrong"),
        ({"onset_on": "2026-09-07", "diagnosed_at": "2026-09-06T09:00"}, "onset_on", "onset_after_diagnosis"),
        ({"onset_on": "2020-09-07"}, "onset_on", "before_birth"),
        ({"diagnosed_at": "2026-09-07T12:01"}, "diagnosed_at", "moment_wrong"),
        ({"died_on": "2026-09-01"}, "died_on", "death_wrong"),
    ],
)
def test_what_is_refused_at_its_field(changes: dict[str, str], field: str, code: str):
    assert (field, code) in codes(**changes)


def test_a_parent_is_asked_for_up_to_fourteen_years():
    young = {"number": "", "no_number_because": "外地", "birth_date": "", "parent_name": "", "occupation": "3"}
    assert ("parent_name", "guardian_missing") in codes(**young, age="14", age_unit="year")
    assert ("parent_name", "guardian_missing") not in codes(**young, age="15", age_unit="year")


def test_a_newborn_without_a_number_is_a_card():
    newborn = {"number": "", "no_number_because": "新生儿", "birth_date": "2026-09-01", "occupation": "2"}
    assert codes(**newborn, disease="新生儿破伤风") == []


def test_mpox_was_not_on_the_card_before_it_was_listed():
    old = {"disease": "猴痘", "onset_on": "2023-09-10", "diagnosed_at": "2023-09-12T09:00"}
    assert ("disease", "not_listed_then") in codes(**old)


def test_the_clock_names_its_article():
    clock = deadline_of(RIGHT)
    assert clock is not None
    assert (clock.article, clock.due_at.isoformat()) == ("45", "2026-09-08T01:00:00+00:00")


def test_every_fault_can_be_said_in_both_languages():
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for fault in faults_of({"disease": "病毒性肝炎", "age": "300", "occupation": "1"}, now=NOW):
                assert "{" not in said(fault)
    assert len(FAULTS) > 20


def test_the_card_has_the_codes_of_the_national_form():
    assert set(codes_of("occupation")) & {"10", "11", "15", "25", "27"} == set()
    assert codes_of("occupation")["28"]["zh"] == "不详"
    assert [codes_of("case_kind")[code]["zh"] for code in "12345"] == [
        "临床诊断病例", "确诊病例", "疑似病例", "病原携带者", "阳性检测"
    ]  # fmt: skip


def test_all_diseases_of_the_list_and_their_subtypes_can_be_reported():
    assert len(diseases()) == 98
    assert sum(bool(disease.parent) for disease in diseases().values()) == 41


@pytest.mark.parametrize(
    ("disease", "days_ago", "level"),
    [
        ("水痘", [0, 1, 2], Level.WATCH),
        ("水痘", [0, 1], None),
        ("水痘", [0, 3, 8], None),
        ("水痘", [0] * 10, Level.RELEVANT),
        ("手足口病", [0, 1, 2, 3, 6], Level.RELEVANT),
        ("细菌性痢疾", [0] * 10, Level.RELEVANT),
        ("霍乱", [0], Level.RELEVANT),
    ],
)
def test_when_cases_of_a_school_are_a_sign(disease: str, days_ago: list[int], level: Level | None):
    on = date(2026, 9, 20)
    found = sign_of(disease, [date.fromordinal(on.toordinal() - ago) for ago in days_ago], on)
    assert (found.level if found else None) == level


@pytest.mark.parametrize("written", ["河滨小学三年级2班", "河滨小学（五年级）", "河滨小学 一班", "河滨小学"])
def test_classes_of_a_school_are_one_school(written: str):
    assert school_of(written) == "河滨小学"


@pytest.mark.parametrize(
    ("kind", "on", "first", "last"),
    [
        ("measles", date(2026, 9, 7), date(2026, 8, 31), date(2026, 9, 6)),
        ("afp", date(2026, 9, 7), date(2026, 8, 21), date(2026, 8, 31)),
        ("afp", date(2026, 9, 21), date(2026, 9, 11), date(2026, 9, 20)),
    ],
)
def test_the_period_of_a_zero_report(kind: str, on: date, first: date, last: date):
    assert last_period(kind, on) == Period(first, last)
