"""The screens of report cards: what is typed stays, what stands against it is said at its field."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from tests.surveillance.hospital import NOON, Hospital, handed_in, measles, reported
from tests.village import PASSWORD

from qingmiao.surveillance.models import CardExport, ReportCard

pytestmark = pytest.mark.django_db


def desk(username: str) -> Client:
    client = Client()
    client.cookies["language"] = "en"
    assert client.login(username=username, password=PASSWORD, request=HttpRequest())
    return client


def begin(client: Client) -> ReportCard:
    client.post(reverse("cards:new"))
    return ReportCard.objects.latest("pk")


@time_machine.travel(NOON)
def test_a_doctor_writes_a_card_and_hands_it_in(hospital: Hospital):
    client = desk("lidoctor")
    card = begin(client)
    sent = measles(hospital) | {"version": str(card.version), "hand_in": "1"}
    answer = client.post(reverse("cards:write", args=[card.pk]), sent)
    assert answer.status_code == 302
    assert ReportCard.objects.get().state == "submitted"


@time_machine.travel(NOON)
def test_what_was_typed_stays_when_something_is_wrong(hospital: Hospital):
    client = desk("lidoctor")
    card = begin(client)
    sent = measles(hospital, phone="1380") | {"version": str(card.version), "hand_in": "1"}
    answer = client.post(reverse("cards:write", args=[card.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not a phone number" in page
    assert 'value="1380"' in page
    assert "张小鱼" in page


@time_machine.travel(NOON)
def test_the_page_is_told_what_is_wrong_while_one_types(hospital: Hospital):
    client = desk("lidoctor")
    card = begin(client)
    sent = measles(hospital, number="110105202103110018") | {"version": str(card.version)}
    told = client.post(reverse("cards:check", args=[card.pk]), sent).json()
    assert list(told["faults"]) == ["number"]
    assert "20 h left, until 09-08 09:00" in told["clock"]  # seconds after noon: whole hours that are still left
    assert ReportCard.objects.get().fields["name"] == "张小鱼"


@time_machine.travel(NOON)
def test_the_second_card_of_one_case_shows_the_first(hospital: Hospital):
    first = handed_in(hospital)
    client = desk("lidoctor")
    card = begin(client)
    sent = measles(hospital) | {"version": str(card.version), "hand_in": "1"}
    answer = client.post(reverse("cards:write", args=[card.pk]), sent)
    assert answer.status_code == 422
    assert reverse("cards:card", args=[first.pk]) in answer.content.decode()
    client.post(reverse("cards:act", args=[card.pk, "aside"]), {"duplicate_of": first.pk})
    assert ReportCard.objects.get(pk=card.pk).state == "duplicate"


@time_machine.travel(NOON)
def test_a_colleague_gets_no_card_and_no_name(hospital: Hospital):
    card = handed_in(hospital)
    client = desk("zhaodoctor")
    assert client.get(reverse("cards:card", args=[card.pk])).status_code == 404
    assert "张小鱼" not in client.get(f"{reverse('cards:cards')}?group=review").content.decode()


@time_machine.travel(NOON + timedelta(hours=30))
def test_a_late_card_asks_why_before_it_is_reported(hospital: Hospital):
    card = handed_in(hospital)
    client = desk("chencontrol")
    page = client.get(reverse("cards:card", args=[card.pk])).content.decode()
    assert "late_because" in page
    assert "past the deadline" in page
    assert "article 45" in page
    client.post(reverse("cards:act", args=[card.pk, "report"]), {"reported_at": "2026-09-08T17:00"})
    assert ReportCard.objects.get().state == "submitted"
    sent = {"reported_at": "2026-09-08T17:00", "late_because": "网络故障"}
    client.post(reverse("cards:act", args=[card.pk, "report"]), sent)
    assert ReportCard.objects.get().state == "reported"


@time_machine.travel(NOON)
def test_a_returned_card_says_why_to_the_doctor(hospital: Hospital):
    card = handed_in(hospital)
    desk("chencontrol").post(reverse("cards:act", args=[card.pk, "return"]), {"reason": "住址不到门牌"})
    page = desk("lidoctor").get(reverse("cards:cards")).content.decode()
    assert "住址不到门牌" in page


@time_machine.travel(NOON)
def test_the_file_has_the_columns_of_the_card_and_does_not_claim_to_be_sent(hospital: Hospital):
    card = handed_in(hospital, remark="=1+1")
    answer = desk("chencontrol").post(reverse("cards:export"))
    text = answer.content.decode("utf-8-sig")
    assert "张小鱼" in text
    assert "1000" in text
    assert "'=1+1" in text
    assert CardExport.objects.get().cards == [card.pk]
    assert ReportCard.objects.get().state == "submitted"


@time_machine.travel(NOON)
def test_the_list_asks_a_steady_number_of_questions(hospital: Hospital, django_assert_max_num_queries):
    for number in range(4):
        reported(hospital, number="", no_number_because="x", name=f"甲{number}", birth_date="2020-01-01")
    client = desk("chencontrol")
    client.get(reverse("cards:cards"))
    with django_assert_max_num_queries(40):
        client.get(f"{reverse('cards:cards')}?group=accept")
