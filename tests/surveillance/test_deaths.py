"""Death certificates: what is asked of the chain, the clocks of places, and what the registry learns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from tests.surveillance.hospital import CHINA, NOON, Hospital
from tests.surveillance.test_card_screens import desk

from qingmiao.audit.models import AuditEntry
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose, Identifier, Person
from qingmiao.registry.numbers import identifier_lookup
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.actions.deaths import (
    CertificateIncomplete,
    CertifiedAlready,
    correct_certificate,
    issue_certificate,
    open_certificate,
    return_certificate,
    review_certificate,
    save_certificate,
    set_deadline,
    take_death_list_in,
    upload_certificate,
)
from qingmiao.surveillance.death import chain_of, code_for, faults_of, questions_of, suggested
from qingmiao.surveillance.models import DeathCertificate
from qingmiao.surveillance.queries.deaths import certificates_of, compared, ill_defined_share, upload_deadline

pytestmark = pytest.mark.django_db
NUMBER = "110105195003110014"
RIGHT = {
    "name": "王守田",
    "sex": "1",
    "number": "",
    "birth_date": "1950-03-11",
    "died_at": "2026-09-06T22:10",
    "died_where": "1",
    "diagnosed_by": "2",
    "evidence": "4",
    "registered_place": "柳林社区3号",
    "family_name": "王大山",
    "family_phone": "13800138000",
    "a_text": "心力衰竭",
    "a_interval": "2",
    "a_unit": "day",
    "b_text": "急性心肌梗死",
    "b_interval": "5",
    "b_unit": "day",
    "c_text": "冠心病",
    "c_interval": "8",
    "c_unit": "year",
    "doctor": "李医生",
    "issued_on": "2026-09-07",
}


def questions(**changes: str) -> list[tuple[str, str]]:
    return [(question.field, question.code) for question in questions_of(RIGHT | changes)]


def test_a_right_certificate_asks_nothing_and_proposes_the_origin():
    assert faults_of(RIGHT, now=NOON) == []
    assert questions() == []
    cause = suggested(chain_of(RIGHT))
    assert (cause.line, cause.code) == ("c", "I25.1")


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        (
            {"a_text": "冠心病", "b_text": "心跳骤停", "c_text": "", "a_unit": "", "b_unit": ""},
            "b_text",
            "chain_reversed",
        ),
        ({"b_interval": "1", "b_unit": "hour"}, "b_text", "interval_order"),
        ({"b_text": "", "b_interval": "", "b_unit": ""}, "a_text", "line_skipped"),
        ({"a_text": "呼吸心跳骤停", "b_text": "", "c_text": ""}, "a_text", "mechanism_only"),
        ({"a_text": "休克", "b_text": "", "c_text": ""}, "a_text", "mechanism_only"),
        ({"a_text": "原因不明", "b_text": "", "c_text": ""}, "a_text", "ill_defined"),
        ({"c_text": "宫颈癌"}, "c_text", "other_sex"),
        ({"sex": "2", "c_text": "前列腺癌"}, "c_text", "other_sex"),
        ({"c_text": "早产"}, "c_text", "other_age"),
        ({"c_text": "颅脑损伤"}, "c_text", "external_missing"),
    ],
)
def test_what_is_asked_about_a_chain(changes: dict[str, str], field: str, code: str):
    assert (field, code) in questions(**changes)


def test_an_injury_with_its_external_cause_asks_nothing_and_proposes_that():
    fall = {"a_text": "颅脑损伤", "b_text": "跌倒", "c_text": "", "b_unit": "", "a_unit": ""}
    assert questions(**fall) == []
    assert suggested(chain_of(RIGHT | fall)).code == "W19"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2型糖尿病", "E11.9"),
        ("糖尿病", "E11.9"),
        ("急性心肌梗死", "I21.9"),
        ("慢阻肺急性加重", "J44.9"),
        ("不知道", ""),
    ],
)
def test_words_propose_codes(text: str, code: str):
    assert code_for(text) == code


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": ""}, "name", "missing"),
        ({"a_text": ""}, "a_text", "missing"),
        ({"died_at": "2026-09-08T10:00"}, "died_at", "moment_wrong"),
        ({"issued_on": "2026-09-05"}, "issued_on", "issued_before_death"),
        ({"a_code": "心衰"}, "a_code", "no_icd10"),
        ({"sex": "2", "birth_date": "1990-01-01"}, "pregnant", "missing"),
        ({"evidence": "6"}, "inquiry_of", "missing"),
        ({"sex": "3"}, "sex", "no_such_code"),
    ],
)
def test_what_stops_a_certificate(changes: dict[str, str], field: str, code: str):
    assert (field, code) in [(fault.field, fault.code) for fault in faults_of(RIGHT | changes, now=NOON)]


def issued(hospital: Hospital, **changes: str) -> DeathCertificate:
    by = hospital.actor("lidoctor")
    made = open_certificate(by=by, place=hospital.place, at=NOON, content=RIGHT | changes)
    return issue_certificate(by=by, certificate=made, version=made.version, at=NOON)


def test_a_wrong_chain_is_not_issued_until_mended_or_explained(hospital: Hospital):
    wrong = {"a_text": "冠心病", "b_text": "心跳骤停", "c_text": ""}
    with pytest.raises(CertificateIncomplete) as stopped:
        issued(hospital, **wrong)
    assert "chain_reversed" in [question.code for question in stopped.value.questions]
    explained = issued(hospital, **wrong, questions_answered="家属要求按此填写，已核实")
    assert explained.state == DeathCertificate.State.ISSUED
    assert explained.events.get().reason == "家属要求按此填写，已核实"


def test_the_person_on_record_is_dead_at_once_and_keeps_the_doses(hospital: Hospital):
    person = Person.objects.create(name="王守田", birth_date=date(1950, 3, 11))
    Identifier.objects.create(
        person=person, kind=Identifier.Kind.ID_CARD, number=Sealed.of(NUMBER), lookup=identifier_lookup(NUMBER)
    )
    Dose.objects.create(person=person, product_code="0601", source="imported", given_on=date(2020, 1, 1))
    issued(hospital, number=NUMBER)
    person.refresh_from_db()
    assert (person.status, person.status_on) == (Person.Status.DEAD, date(2026, 9, 6))
    assert person.doses.count() == 1
    assert AuditEntry.objects.filter(verb="registry.record_death").count() == 1


def test_a_person_has_one_certificate(hospital: Hospital):
    issued(hospital)
    with pytest.raises(CertifiedAlready):
        issued(hospital)


def test_fifteen_days_where_no_place_says_otherwise(hospital: Hospital):
    assert issued(hospital).due_at == datetime(2026, 9, 23, tzinfo=CHINA)


def test_the_nearest_place_sets_its_own_days_from_its_day_on(hospital: Hospital):
    by = hospital.actor("fangcontrol")
    common = {"by": by, "clock": "death.upload", "at": NOON}
    set_deadline(
        place=hospital.village.district, days=10, effective_from=date(2026, 1, 1), reason="区卫健〔示例〕", **common
    )
    set_deadline(place=hospital.place, days=7, effective_from=date(2026, 9, 1), reason="院办〔示例〕", **common)
    assert upload_deadline(hospital.place, date(2026, 9, 7)).due_at == datetime(2026, 9, 15, tzinfo=CHINA).astimezone(
        UTC
    )
    assert upload_deadline(hospital.place, date(2026, 8, 31)).due_at == datetime(2026, 9, 11, tzinfo=CHINA).astimezone(
        UTC
    )


def test_a_late_upload_says_why(hospital: Hospital):
    made, chen = issued(hospital), hospital.actor("chencontrol")
    late = NOON + timedelta(days=20)
    with pytest.raises(ReasonMissing):
        upload_certificate(by=chen, certificate=made, version=made.version, uploaded_at=late, at=late)
    upload_certificate(
        by=chen, certificate=made, version=made.version, uploaded_at=late, at=late, late_because="家属未交原件"
    )
    assert made.state == DeathCertificate.State.UPLOADED


def uploaded(hospital: Hospital, **changes: str) -> DeathCertificate:
    made = issued(hospital, **changes)
    return upload_certificate(
        by=hospital.actor("chencontrol"), certificate=made, version=made.version, uploaded_at=NOON, at=NOON
    )


def test_a_second_person_reviews_and_codes(hospital: Hospital):
    made = uploaded(hospital)
    with pytest.raises(ReasonMissing):
        review_certificate(
            by=hospital.actor("chencontrol"), certificate=made, version=made.version, underlying_code="I25.1", at=NOON
        )
    review_certificate(
        by=hospital.actor("fangcontrol"), certificate=made, version=made.version, underlying_code="i21.9", at=NOON
    )
    assert (made.state, made.underlying_code) == (DeathCertificate.State.REVIEWED, "I21.9")


def test_a_returned_certificate_is_written_and_issued_again(hospital: Hospital):
    made, li = issued(hospital), hospital.actor("lidoctor")
    return_certificate(
        by=hospital.actor("chencontrol"), certificate=made, version=made.version, reason="住址不详", at=NOON
    )
    save_certificate(
        by=li, certificate=made, version=made.version, content=RIGHT | {"registered_place": "柳林社区5号"}, at=NOON
    )
    issue_certificate(by=li, certificate=made, version=made.version, at=NOON)
    assert made.state == DeathCertificate.State.ISSUED


def test_a_correction_replaces_the_first_when_it_is_uploaded(hospital: Hospital):
    first = uploaded(hospital)
    li, chen = hospital.actor("lidoctor"), hospital.actor("chencontrol")
    second = correct_certificate(by=li, certificate=first, at=NOON)
    issue_certificate(by=li, certificate=second, version=second.version, at=NOON)
    upload_certificate(by=chen, certificate=second, version=second.version, uploaded_at=NOON, at=NOON)
    assert DeathCertificate.objects.get(pk=first.pk).state == DeathCertificate.State.CORRECTED


def test_a_correction_asked_for_twice_is_one_draft(hospital: Hospital):
    first, once = uploaded(hospital), uuid4()
    li = hospital.actor("lidoctor")
    drafts = {correct_certificate(by=li, certificate=first, at=NOON, request_id=once).pk for _press in range(2)}
    assert len(drafts) == 1
    assert DeathCertificate.objects.filter(corrects=first).count() == 1


def test_the_share_of_ill_defined_causes(hospital: Hospital):
    issued(hospital)
    issued(hospital, name="李不明", a_text="原因不明", b_text="", c_text="", questions_answered="未就诊")
    assert ill_defined_share(certificates_of(hospital.actor("chencontrol"))) == (1, 2)


def test_a_village_list_shows_who_has_no_certificate(hospital: Hospital):
    issued(hospital)
    text = "日期,姓名,性别,出生日期,住址\n2026-09-06,王守田,男,1950-03-11,柳林\n2026-09-02,李老根,男,1944-01-02,柳林\n"
    found = take_death_list_in(
        by=hospital.actor("fangcontrol"), place=hospital.village.community, source="村委会", since=date(2026, 9, 1),
        until=date(2026, 9, 30), file=ContentFile(text.encode(), name="死亡名单.csv"), name="死亡名单.csv", at=NOON,
    )  # fmt: skip
    result = compared(found)
    assert [row["name"] for row in result.only_listed] == ["李老根"]
    assert (len(result.both), result.only_certified) == (1, [])


def test_an_outsider_reaches_no_certificate(hospital: Hospital):
    issued(hospital)
    assert not certificates_of(hospital.actor("fengyuan")).exists()
    assert not certificates_of(hospital.actor("zhaodoctor")).exists()


@time_machine.travel(NOON)
def test_the_screen_names_the_line_that_stands_in_the_wrong_order(hospital: Hospital):
    client = desk("lidoctor")
    client.post(reverse("deaths:new"))
    made = DeathCertificate.objects.get()
    sent = RIGHT | {"a_text": "冠心病", "b_text": "心跳骤停", "c_text": "", "version": str(made.version), "issue": "1"}
    answer = client.post(reverse("deaths:write", args=[made.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "心跳骤停" in page
    assert "(b)" in page
    sent |= {"a_text": "心跳骤停", "b_text": "冠心病", "version": str(DeathCertificate.objects.get().version)}
    assert client.post(reverse("deaths:write", args=[made.pk]), sent).status_code == 302


@time_machine.travel(NOON)
def test_the_pages_of_disease_control_open(hospital: Hospital):
    made = uploaded(hospital)
    client = desk("fangcontrol")
    for address in (
        reverse("deaths:deaths"),
        reverse("deaths:certificate", args=[made.pk]),
        reverse("deaths:lists"),
        reverse("deaths:deadlines"),
    ):
        assert client.get(address).status_code == 200, address
