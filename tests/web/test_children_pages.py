"""The pages about children: a good path and a refusal each; what was typed is kept; health data only for the clinic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.schedule.village_child import NOW, TODAY, child, doctor, given
from tests.village import Village

from qingmiao.engine.china import china_book, observations
from qingmiao.outreach.models import Call, EntryCheck, EntryVerdict, Message
from qingmiao.registry.actions.facts import record_fact
from qingmiao.registry.actions.management import take_charge
from qingmiao.registry.models import BackEntry, Dose, Fact, Management, Person
from qingmiao.registry.queries.facts import facts_of
from qingmiao.schedule.actions import recompute_due
from qingmiao.schedule.models import DueDose
from qingmiao.staff.access import system
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def clinic(village: Village) -> Iterator[Client]:
    """The doctor's browser, on a Sunday at ten."""
    with time_machine.travel(NOW, tick=False):
        doctor(village)
        client = Client()
        client.force_login(village.users["sunming"])
        yield client


@pytest.fixture
def person(village: Village, clinic: Client) -> Person:
    by = village.actor("sunming", on=TODAY)
    found = child(village, by)
    take_charge(by=by, person=found, unit=village.centre, residence="local", since=found.birth_date, at=NOW)
    recompute_due(by=system("test"), on=TODAY, at=NOW)
    return found


def test_a_record_is_opened_with_what_is_known_from_birth(village: Village, clinic: Client):
    typed = {
        "name": "李小满", "sex": "1", "birth_date": "2026-11-21", "birth_time": "09:30", "mother_hbsag": "pos",
        "birth_weight_g": "3200", "guardian": "李立", "phone": "13800138005", "residence": "local",
        "unit": village.centre.pk, "request_id": str(uuid4()),
    }  # fmt: skip
    assert clinic.post("/child/new/", typed | {"birth_date": "2026-11-30"}).status_code == 422
    answer = clinic.post("/child/new/", typed | {"birth_date": ""})
    assert "李小满" in answer.content.decode()  # nothing typed is lost
    for _twice in range(2):
        assert clinic.post("/child/new/", typed).status_code == 302
    found = Person.objects.get(name="李小满")
    assert Management.objects.get(person=found).unit == village.centre
    assert set(Fact.objects.filter(person=found).values_list("code", flat=True)) == {"mother_hbsag", "birth_weight_g"}
    assert DueDose.objects.filter(person=found, series="HepB").exists()


def test_an_old_dose_is_entered_judged_and_leaves_the_due_list(village: Village, clinic: Client, person: Person):
    typed = {"kind": "other_province", "product": "1201", "given_on": "2026-09-16", "proof": "booklet",
             "unit": village.centre.pk, "request_id": str(uuid4())}  # fmt: skip
    assert clinic.post(f"/child/{person.pk}/old-dose/", typed | {"given_on": "2025-01-01"}).status_code == 422
    assert clinic.post(f"/child/{person.pk}/old-dose/", typed).status_code == 302
    assert BackEntry.objects.get().kind == "other_province"
    assert not DueDose.objects.filter(person=person, series="MMR", dose_number=1).exists()


def test_a_record_ends_and_nothing_is_offered(clinic: Client, person: Person):
    typed = {"ending": "moved", "on": TODAY.isoformat(), "reason": "随父母", "request_id": str(uuid4())}
    assert clinic.post(f"/child/{person.pk}/management/", typed | {"on": "2020-01-01"}).status_code == 422
    assert clinic.post(f"/child/{person.pk}/management/", typed).status_code == 302
    page = clinic.get(f"/child/{person.pk}/").content.decode()
    assert 'id="may"' not in page
    assert not DueDose.objects.filter(person=person).exists()


def test_allergies_stand_on_the_page(clinic: Client, person: Person):
    typed = {"allergies": "鸡蛋，青霉素", "mother_hbsag": "neg", "request_id": str(uuid4())}
    assert clinic.post(f"/child/{person.pk}/facts/", typed).status_code == 302
    page = clinic.get(f"/child/{person.pk}/").content.decode()
    assert "青霉素" in page


def test_every_fact_that_a_rule_of_china_asks_for_can_be_stated(clinic: Client, person: Person):
    facts = china_book(also=("label", "key_groups")).facts
    asked = {test.key for fact in facts.facts for test in fact.tests} | {facts.allergy_key}
    page = clinic.get(f"/child/{person.pk}/facts/").content.decode()
    assert {key for key in asked if f'name="{key}"' not in page} == set()
    for key, words in facts.words.items():
        assert {word for word in words if f'value="{word}"' not in page} == set(), key


def test_facts_are_kept_as_the_rules_read_them_and_said_in_words(clinic: Client, person: Person):
    stated = {
        "hiv": "unknown", "hiv_evaluated": True, "pregnant": False, "anaphylaxis_after": ["DTP", "MMR"],
        "ig_date": "2026-10-01", "wound_class": "clean", "key_groups": ["HFRS"], "conditions": ["哮喘"],
    }  # fmt: skip
    sent = stated | {"hiv_evaluated": "true", "pregnant": "false", "conditions": "哮喘"}
    for _twice in range(2):  # the second time nothing has changed
        typed = sent | {"request_id": str(uuid4())}
        assert clinic.post(f"/child/{person.pk}/facts/", typed).status_code == 302
    assert {fact.code: fact.value for fact in Fact.objects.filter(person=person)} == stated
    assert Fact.objects.filter(person=person).count() == len(stated)
    assert ("hiv_evaluated", None, "yes") in observations(stated)
    page = clinic.get(f"/child/{person.pk}/").content.decode()
    for words in ("百白破疫苗", "因HIV暴露经医生评估", "母亲感染，儿童状况不详", "哮喘"):
        assert words in page


def test_a_fact_of_another_system_is_kept_and_a_tick_can_be_taken_away(
    village: Village, clinic: Client, person: Person
):
    by = village.actor("sunming", on=TODAY)
    record_fact(by=by, person=person, code="anaphylaxis_after", value=["Rabies", "DTP"], at=NOW)
    for ticks in (["Rabies"], []):
        typed = {"anaphylaxis_after": ticks, "request_id": str(uuid4())}
        assert clinic.post(f"/child/{person.pk}/facts/", typed).status_code == 302
        assert facts_of([person.pk])[person.pk] == {"anaphylaxis_after": ticks}


@pytest.mark.parametrize("page", ["", "booklet/", "next/", "old-dose/", "management/", "facts/"])
def test_every_page_of_a_record_opens_for_the_clinic_and_not_for_a_liaison(
    village: Village, clinic: Client, person: Person, page: str
):
    given(village, village.actor("sunming", on=TODAY), person, "0202", date(2026, 1, 15))
    assert clinic.get(f"/child/{person.pk}/{page}").status_code == 200
    other = Client()
    other.force_login(village.users["zhaoqian"])
    assert other.get(f"/child/{person.pk}/{page}").status_code == 403


def test_doses_that_cannot_be_say_so_on_the_page(clinic: Client, person: Person):
    for day in (date(2026, 1, 1), date(2027, 5, 1)):
        Dose.objects.create(person=person, product_code="0202", given_on=day, held="date", source="imported")
    page = clinic.get(f"/child/{person.pk}/").content.decode()
    assert "接种日期早于出生日期" in page
    assert "接种日期在今天之后" in page


@pytest.mark.parametrize("which", ["overdue", "missed", "month", "next", "never", "now"])
def test_every_list_opens_and_exports(clinic: Client, person: Person, which: str):
    assert clinic.get(f"/outreach/due/?list={which}").status_code == 200
    sheet = clinic.get(f"/outreach/due/?list={which}&as=xlsx")
    assert sheet.headers["Content-Type"].startswith("application/vnd")


def test_catch_up_rounds_open(clinic: Client, person: Person):
    for round_ in ("measles", "polio", "nonsense"):
        assert clinic.get(f"/outreach/due/catch-up/?round={round_}").status_code == 200


def test_a_call_is_made_and_written_down(clinic: Client, person: Person):
    assert clinic.post("/outreach/calls/next/").status_code == 302
    page = clinic.get("/outreach/calls/").content.decode()
    assert "13800138001" in page
    home = page.partition("/outreach/calls/")[2]
    assert home
    number = int(page.partition("/said/")[0].rpartition("/")[2])
    typed = {"outcome": "will_come", "until": "", "remark": "周二", "request_id": str(uuid4())}
    clinic.post(f"/outreach/calls/{number}/said/{person.pk}/", typed)
    assert Call.objects.get().outcome == "will_come"
    clinic.post(f"/outreach/calls/{number}/done/")
    assert "13800138001" not in clinic.get("/outreach/calls/").content.decode()


def test_messages_are_planned_sent_and_logged(clinic: Client, person: Person):
    typed = {"kind": "missed", "channel": "sms", "request_id": str(uuid4())}
    assert clinic.post("/outreach/messages/", typed | {"kind": "changed"}).status_code == 422
    clinic.post("/outreach/messages/", typed)
    assert Message.objects.get().state == "waiting"
    clinic.post("/outreach/messages/send/")
    assert Message.objects.get().state == "sent"  # into the outbox
    assert "陈雨桐" in clinic.get("/outreach/messages/?state=sent").content.decode()
    assert clinic.get(f"/outreach/messages/child/{person.pk}/").status_code == 200


def test_an_address_that_cannot_be_is_refused(clinic: Client, person: Person):
    typed = {"channel": "email", "address": "nobody", "request_id": str(uuid4())}
    assert clinic.post(f"/outreach/address/{person.pk}/", typed).status_code == 422
    assert clinic.post(f"/outreach/address/{person.pk}/", typed | {"address": "a@example.org"}).status_code == 302


def test_a_class_comes_in_as_a_file_and_is_judged_at_once(village: Village, clinic: Client, person: Person):
    school = found_organisation(
        by=system("test"), kind=Organisation.Kind.SCHOOL, name="中心幼儿园", parent=village.district
    )
    typed = {"school": school.pk, "clinic": village.centre.pk, "title": "小一班", "kind": "entry",
             "term_from": "2026-09-01", "request_id": str(uuid4())}  # fmt: skip
    empty = SimpleUploadedFile("class.csv", b"")
    assert clinic.post("/school/new/", typed | {"listed": empty}).status_code == 422
    rows = "姓名,出生日期,联系电话\n陈雨桐,2026-01-15,13800138001\n"
    answer = clinic.post("/school/new/", typed | {"listed": SimpleUploadedFile("class.csv", rows.encode())})
    assert answer.status_code == 302
    check = EntryCheck.objects.get()
    assert EntryVerdict.objects.get().standing == "missing"
    again = clinic.post("/school/new/", typed | {"listed": SimpleUploadedFile("class.csv", rows.encode())})
    assert again.status_code == 422
    for page in ("", "?show=missing", "?as=xlsx", "certificates/", "notices/"):
        assert clinic.get(f"/school/{check.pk}/{page}").status_code == 200
    clinic.post(f"/school/{check.pk}/judge/")
    assert EntryVerdict.objects.count() == 2
