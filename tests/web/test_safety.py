"""Corrections, findings, adverse reactions and the green channel, as the desks use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.site import Site, at
from tests.drawing import is_drawn_or_told

from qingmiao.clinic.models import Correction, Observation
from qingmiao.clinic.rules import State
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.green import Hospital, Line, pair_hospital
from qingmiao.safety.green import kit
from qingmiao.safety.models import Case, Drill, KitCheck, Pairing, Rescue, SelfReport, Treatment
from qingmiao.staff.access import system
from qingmiao.staff.actions import assign_role, open_account
from qingmiao.staff.models import Role
from qingmiao.stock.actions import receive_doses

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]


def page(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


@pytest.fixture
def dose(site: Site, clock) -> Dose:
    """张伟's dose of 09:58; the clock stands at 10:10."""
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    clock.move_to(at(10, 10))
    return dose


@pytest.fixture
def cdc(site: Site) -> None:
    user = open_account(
        by=system("test"), username="yanfang", display_name="严防", password="village-lantern-42", is_demo=True
    )
    assign_role(
        by=system("test"),
        user=user,
        role=Role.DISEASE_CONTROL,
        organisation=site.village.district,
        valid_from=date(2020, 1, 1),
    )
    site.village.users["yanfang"] = user


def test_two_accounts_correct_a_lot_and_the_slip_follows(site: Site, sit: Sit, dose: Dose):
    right = receive_doses(
        by=site.actor("zhenghua"),
        place=site.village.site,
        product=site.product,
        lot_number="RIGHT01",
        expires_on=date(2023, 1, 1),
        doses=10,
        at=at(8),
    ).lot
    nurse, head = sit("zhoulin"), sit("zhenghua")
    assert "张伟" in page(nurse.get("/site/corrections/?q=A001"))
    where = f"/site/corrections/doses/{dose.pk}/lot/"
    assert "空瓶" in page(nurse.post(where, {"reason": "空瓶"}), 422)  # nothing typed is lost
    shown = page(nurse.post(where, {"lot": right.pk, "reason": "空瓶核对", "request_id": uuid4()}, follow=True))
    correction = Correction.objects.get()
    assert 'value="confirm"' not in shown
    page(nurse.post(f"/site/corrections/{correction.pk}/", {"act": "confirm"}), 422)
    assert Correction.objects.get().state == "proposed"
    assert 'value="confirm"' in page(head.get(f"/site/corrections/{correction.pk}/"))
    page(head.post(f"/site/corrections/{correction.pk}/", {"act": "confirm"}, follow=True))
    slip = page(head.get(f"/site/observation/{Observation.objects.get().pk}/slip/"))
    assert "RIGHT01" in slip


def test_a_wrong_person_is_found_by_the_whole_number_only(site: Site, sit: Sit, dose: Dose):
    nurse, where = sit("zhoulin"), f"/site/corrections/doses/{dose.pk}/person/"
    page(nurse.post(where, {"number": "李红", "reason": "x"}), 422)
    page(nurse.post(where, {"number": "110105199203110023", "reason": "姐妹", "request_id": uuid4()}, follow=True))
    assert Correction.objects.get().person == site.people["lihong"]


def test_the_room_lists_whom_to_call_back_and_counts_the_calls(site: Site, sit: Sit, dose: Dose):
    nurse, pk = sit("wumin"), Observation.objects.get().pk
    nurse.post(f"/site/observation/{pk}/left/", {"request_id": uuid4()})
    assert "张伟" in page(nurse.get("/site/observation/call-backs/"))
    page(nurse.post(f"/site/observation/{pk}/call-back/", {"result": "no_answer", "said": "占线"}, follow=True))
    assert "占线" in page(nurse.get(f"/site/observation/{pk}/call-back/"))
    assert site.visit("zhangwei").where is State.LEFT_EARLY


def test_a_liaison_sees_who_may_not_leave_and_whom_to_bring_back(site: Site, sit: Sit, dose: Dose):
    liaison = sit("qianduo")
    assert [one["full_name"] for one in liaison.get("/site/observation/units/").context["stay"]] == ["张伟"]
    sit("wumin").post(f"/site/observation/{Observation.objects.get().pk}/left/", {"request_id": uuid4()})
    assert [one["full_name"] for one in liaison.get("/site/observation/units/").context["alarms"]] == ["张伟"]


def test_a_reaction_is_opened_from_the_dose_written_reported_and_printed(site: Site, sit: Sit, dose: Dose, cdc: None):
    nurse = sit("wumin")
    where = f"/safety/doses/{dose.pk}/report/"
    assert "皮疹散在" in page(nurse.post(where, {"course": "皮疹散在", "day": "2021-06-01", "time": "10:08"}), 422)
    nurse.post(
        where, {"reaction": "rash", "day": "2021-06-01", "time": "10:08", "course": "皮疹", "request_id": uuid4()}
    )
    case = Case.objects.get()
    assert "张伟" in page(sit("zhenghua").get("/safety/"))
    card = {"version": case.version, "course": "皮疹瘙痒", "hospitalised": "no", "outcome": "2", "first_class": "2"}
    nurse.post(f"/safety/cases/{case.pk}/", card | {"request_id": uuid4()})
    page(nurse.post(f"/safety/cases/{case.pk}/act/", {"act": "report", "how": "online"}, follow=True))
    case.refresh_from_db()
    assert (case.state, case.typed_items["course"]) == ("reported", "皮疹瘙痒")
    printed = page(nurse.get(f"/safety/cases/{case.pk}/form/"))
    assert all(text in printed for text in ("202103B0291", "皮疹瘙痒", case.number))
    officer = sit("yanfang")
    officer.post(f"/safety/cases/{case.pk}/act/", {"act": "begin", "team": "区疾控"})
    officer.post(f"/safety/cases/{case.pk}/act/", {"act": "form", "is_complete": "1"})
    done = {"act": "conclude", "classification": "abnormal", "experts": "专家组", "conclusion": "有因果关系"}
    assert "有因果关系" in page(officer.post(f"/safety/cases/{case.pk}/act/", done, follow=True))
    assert page(officer.get("/safety/")).count("safety/cases/") == 2  # the tab and the count: no clock is left


def test_a_pdf_of_the_card_or_a_plain_word_why_not(site: Site, sit: Sit, dose: Dose):
    nurse = sit("wumin")
    nurse.post(f"/safety/doses/{dose.pk}/report/", {"reaction": "rash", "day": "2021-06-01", "time": "10:08"})
    answer = nurse.get(f"/safety/cases/{Case.objects.get().pk}/form.pdf")
    assert is_drawn_or_told(answer)


def test_the_line_list_is_filtered_and_exported(site: Site, sit: Sit, dose: Dose):
    nurse = sit("wumin")
    nurse.post(f"/safety/doses/{dose.pk}/report/", {"reaction": "rash", "day": "2021-06-01", "time": "10:08"})
    assert "张伟" in page(nurse.get("/safety/cases/?lot=202103b0291&reaction=rash&from=2021-06-01"))
    assert "张伟" not in page(nurse.get("/safety/cases/?reaction=fever"))
    assert nurse.get("/safety/cases.xlsx").content.startswith(b"PK")
    page(nurse.get("/safety/signals/"))


def test_one_press_opens_the_channel_and_the_steps_are_timed(site: Site, sit: Sit, dose: Dose, clock):
    pair_hospital(
        by=site.actor("zhenghua"),
        site=site.village.site,
        hospital=Hospital("青河区人民医院"),
        phones=[Line("急诊", "01000001111")],
        on=date(2021, 5, 1),
    )
    nurse = sit("wumin")
    sheet = page(nurse.get(f"/safety/doses/{dose.pk}/emergency/?kg=60"))
    assert "0.5 mg" in sheet
    assert "01000001111" in sheet
    page(nurse.post(f"/safety/doses/{dose.pk}/alarm/", {"request_id": uuid4()}, follow=True))
    where = f"/safety/rescues/{Rescue.objects.get().pk}/"
    nurse.post(where, {"step": "answered", "request_id": uuid4()})
    nurse.post(where, {"what": "adrenaline", "text": "0.5 mg 肌注", "request_id": uuid4()})
    nurse.post(where, {"kg": "60", "request_id": uuid4()})
    clock.move_to(at(10, 30))
    nurse = sit("wumin")
    nurse.post(where, {"step": "handover", "request_id": uuid4()})
    paper = page(nurse.get(f"{where}transfer/"))
    assert all(text in paper for text in ("0.5 mg 肌注", "青河区人民医院", "20.0"))
    page(nurse.post(where, {"step": "outcome", "said": "好转", "request_id": uuid4()}, follow=True))
    assert Rescue.objects.get().is_over


def test_the_head_keeps_hospital_drills_and_the_kit(site: Site, sit: Sit, clock):
    head = sit("zhenghua")
    page(head.post("/safety/green/hospital/", {"hospital": "区医院"}), 422)
    hospital = {"hospital": "区医院", "name-0": "急诊", "number-0": "120120", "from-0": "08:00", "until-0": "20:00"}
    head.post("/safety/green/hospital/", hospital | {"request_id": uuid4()})
    assert Pairing.objects.get().phones.get().number.reveal() == "120120"
    head.post("/safety/green/drills/", {"planned_on": "2021-06-02", "scenario": "晕厥", "request_id": uuid4()})
    drill = Drill.objects.get()
    page(head.post(f"/safety/green/drills/{drill.pk}/", {"request_id": uuid4()}, follow=True))
    where = f"/safety/rescues/{Rescue.objects.get().pk}/"
    for step in ("answered", "ambulance", "handover", "outcome"):
        head.post(where, {"step": step, "said": "完成", "request_id": uuid4()})
    head.post(f"/safety/green/drills/{drill.pk}/", {"lessons": "担架位置"})
    assert Drill.objects.get().lessons == "担架位置"
    counted = {f"q-{item.code}": "99" for item in kit()}
    page(head.post("/safety/green/kit/", counted | {"q-adrenaline": "两支"}), 422)
    head.post("/safety/green/kit/", counted | {"q-adrenaline": "1", "request_id": uuid4()})
    assert KitCheck.objects.get().faults == ["adrenaline"]
    assert "区医院" in page(head.get("/safety/green/"))


def test_a_resident_reports_through_the_slip_and_is_called(site: Site, sit: Sit, dose: Dose):
    token = site.visit("zhangwei").slip_token
    parent = Client()
    assert "张" not in page(parent.get(f"/s/{token}/unwell/"))
    page(parent.post(f"/s/{token}/unwell/", {"signs": ["pain"], "phone": "1"}), 422)
    page(parent.post(f"/s/{token}/unwell/", {"signs": ["pain"], "text": "红肿", "phone": "13900001111"}))
    report = SelfReport.objects.get()
    nurse = sit("wumin")
    assert "张伟" in page(nurse.get("/safety/residents/"))
    assert "13900001111" in page(nurse.get(f"/safety/residents/{report.pk}/"))
    done = {"state": "case", "answer": "红肿4厘米", "reaction": "swelling", "day": "2021-06-01", "time": "10:05"}
    nurse.post(f"/safety/residents/{report.pk}/", done | {"request_id": uuid4()})
    assert Case.objects.get().typed_items["phone"] == "13900001111"


def test_an_unknown_slip_opens_nothing(site: Site):
    assert Client().get("/s/nothing-like-it/unwell/").status_code == 404


def test_vitals_are_figures_and_are_kept_with_their_moment(site: Site, sit: Sit, dose: Dose):
    nurse, pk = sit("wumin"), Observation.objects.get().pk
    page(nurse.post(f"/site/observation/{pk}/vitals/", {"pressure": "低", "request_id": uuid4()}, follow=True))
    page(nurse.post(f"/site/observation/{pk}/vitals/", {"request_id": uuid4()}, follow=True))
    assert not Treatment.objects.exists()
    measured = {"pressure": "118/76", "pulse": "82", "request_id": uuid4()}
    assert "118/76" in page(nurse.post(f"/site/observation/{pk}/vitals/", measured, follow=True))


def test_another_dose_of_the_same_person_is_named_on_the_card(site: Site, sit: Sit, dose: Dose):
    earlier = Dose.objects.create(
        person=dose.person, product_code="5601", vaccine="流感疫苗", given_on=date(2021, 5, 20), source="imported"
    )
    nurse = sit("wumin")
    nurse.post(f"/safety/doses/{dose.pk}/report/", {"reaction": "rash", "day": "2021-06-01", "time": "10:08"})
    case = Case.objects.get()
    nurse.post(f"/safety/cases/{case.pk}/act/", {"act": "another", "dose": earlier.pk, "request_id": uuid4()})
    assert "流感疫苗" in page(nurse.get(f"/safety/cases/{case.pk}/form/"))
