"""Training: who came, tests and their certificates, who is out of date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from qingmiao.staff.access import NotAllowed
from qingmiao.training import queries
from qingmiao.training.actions import (
    AlreadyHandedIn,
    Came,
    Plan,
    add_material,
    hand_in_test,
    record_attendance,
    record_training,
    start_test,
)
from qingmiao.training.models import Attempt, Certificate, TrainingSession
from tests.village import PASSWORD, Village

pytestmark = pytest.mark.django_db
DAY = date(2021, 6, 1)
AT = datetime(2021, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAN = Plan("新冠疫苗接种规范", DAY, Decimal("2.5"), place="三楼会议室", teacher="郑华")


def _training(village: Village) -> TrainingSession:
    return record_training(by=village.actor("zhenghua"), organisation=village.site, plan=PLAN, at=AT)


def _attempt(village: Village, name: str = "zhoulin", at: datetime = AT) -> Attempt:
    return start_test(by=village.actor(name), user=village.users[name], organisation=village.site, at=at)


def _right(attempt: Attempt, wrong: int = 0) -> list[int | None]:
    answers: list[int | None] = [question["right"] for question in attempt.questions]
    for index in range(wrong):
        answers[index] = None
    return answers


def test_a_head_writes_down_a_training_and_who_came(village: Village):
    session = _training(village)
    people = [Came(village.users["zhoulin"], True), Came(village.users["sunming"], False, "夜班")]
    record_attendance(by=village.actor("zhenghua"), session=session, people=people, at=AT)
    record_attendance(by=village.actor("zhenghua"), session=session, people=people, at=AT)
    written = {user.username: written for user, written in queries.staff_of(session, on=DAY)}
    assert written["zhoulin"]
    assert written["zhoulin"].came
    assert written["sunming"]
    assert written["sunming"].reason == "夜班"
    assert written["wumin"] is None


@pytest.mark.parametrize("name", ["zhoulin", "fengyuan"])
def test_nobody_else_writes_down_a_training(village: Village, name: str):
    with pytest.raises(NotAllowed):
        record_training(by=village.actor(name), organisation=village.site, plan=PLAN, at=AT)


def test_the_same_request_writes_once(village: Village):
    again = {"by": village.actor("zhenghua"), "organisation": village.site, "plan": PLAN, "request_id": uuid4()}
    assert record_training(**again, at=AT) == record_training(**again, at=AT + timedelta(seconds=9))
    assert TrainingSession.objects.count() == 1


def test_the_same_file_is_kept_once(village: Village):
    session = _training(village)
    for name in ("讲义.pdf", "讲义副本.pdf"):
        add_material(
            by=village.actor("zhenghua"), session=session, name=name, file=ContentFile(b"slides", name=name), at=AT
        )
    assert [material.name for material in session.materials.all()] == ["讲义.pdf"]


def test_passing_gives_a_certificate_for_two_years(village: Village):
    attempt = _attempt(village)
    done = hand_in_test(by=village.actor("zhoulin"), attempt=attempt, answers=_right(attempt, wrong=2), at=AT)
    certificate = Certificate.objects.get()
    assert (done.percent, done.is_passed) == (80, True)
    assert (certificate.user, certificate.valid_until) == (village.users["zhoulin"], date(2023, 6, 1))


def test_one_answer_too_few_gives_none(village: Village):
    attempt = _attempt(village)
    done = hand_in_test(by=village.actor("zhoulin"), attempt=attempt, answers=_right(attempt, wrong=3), at=AT)
    assert (done.percent, done.is_passed, Certificate.objects.count()) == (70, False, 0)


def test_a_test_is_handed_in_once(village: Village):
    attempt = _attempt(village)
    hand_in_test(by=village.actor("zhoulin"), attempt=attempt, answers=_right(attempt, wrong=9), at=AT)
    with pytest.raises(AlreadyHandedIn):
        hand_in_test(by=village.actor("zhoulin"), attempt=attempt, answers=_right(attempt), at=AT)


def test_an_unfinished_test_of_today_is_gone_on_with(village: Village):
    assert _attempt(village) == _attempt(village, at=AT + timedelta(hours=1))
    assert _attempt(village) != _attempt(village, at=AT + timedelta(days=1))


def test_nobody_takes_a_test_for_somebody_else(village: Village):
    attempt = _attempt(village)
    with pytest.raises(NotAllowed):
        hand_in_test(by=village.actor("sunming"), attempt=attempt, answers=_right(attempt), at=AT)
    with pytest.raises(NotAllowed):
        start_test(by=village.actor("sunming"), user=village.users["zhoulin"], organisation=village.site, at=AT)


def test_the_head_sees_who_is_out_of_date(village: Village):
    attempt = _attempt(village)
    hand_in_test(by=village.actor("zhoulin"), attempt=attempt, answers=_right(attempt), at=AT)
    head = village.actor("zhenghua")

    def states(on: date) -> dict[str, str]:
        return {one.user.username: one.state for one in queries.standings(head, on=on)}

    assert states(DAY) == {"zhoulin": "valid", "sunming": "missing", "wumin": "missing"}
    assert states(date(2023, 4, 2))["zhoulin"] == "ending"
    assert states(date(2023, 6, 1))["zhoulin"] == "ending"
    assert states(date(2023, 6, 2))["zhoulin"] == "ended"


def test_the_database_refuses_a_test_handed_in_without_a_mark(village: Village):
    attempt = _attempt(village)
    with pytest.raises(IntegrityError):
        Attempt.objects.filter(pk=attempt.pk).update(finished_at=AT)


def _client(name: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.post("/sign-in/", {"username": name, "password": PASSWORD})
    return client


def test_a_vaccinator_takes_the_test_in_the_browser(village: Village):
    client = _client("zhoulin")
    page = client.get(client.post(reverse("training:start-test"), {"request_id": str(uuid4())}).headers["Location"])
    attempt = Attempt.objects.get()
    half = {f"q{n}": str(question["right"]) for n, question in enumerate(attempt.questions[:5], 1)}
    unfinished = client.post(page.request["PATH_INFO"], half)
    assert unfinished.status_code == 422
    assert "5个问题还没有回答" in unfinished.content.decode()
    assert unfinished.content.decode().count(" checked") == 5
    all_right = {f"q{n}": str(question["right"]) for n, question in enumerate(attempt.questions, 1)}
    assert client.post(page.request["PATH_INFO"], all_right).status_code == 302
    assert "合格" in client.get(page.request["PATH_INFO"]).content.decode()
    certificate = client.get(reverse("training:certificate", args=[Certificate.objects.get().pk]))
    assert "周琳" in certificate.content.decode()


def test_a_wrong_answer_is_explained_with_its_rule(village: Village):
    attempt = _attempt(village)
    hand_in_test(by=village.actor("zhoulin"), attempt=attempt, answers=_right(attempt, wrong=1), at=AT)
    page = _client("zhoulin").get(reverse("training:test", args=[attempt.pk])).content.decode()
    assert attempt.questions[0]["rule"] in page
    assert "正确答案" in page


def test_a_colleague_does_not_see_my_test(village: Village):
    attempt = _attempt(village)
    assert _client("sunming").get(reverse("training:test", args=[attempt.pk])).status_code == 404


def test_the_head_ticks_who_came_and_exports_who_is_missing(village: Village):
    client, session = _client("zhenghua"), _training(village)
    client.post(
        reverse("training:attendance", args=[session.pk]),
        {"came": [str(village.users["zhoulin"].pk)], f"reason_{village.users['wumin'].pk}": "休假"},
    )
    came = {one.user.username: (one.came, one.reason) for one in session.attendances.select_related("user")}
    assert came["zhoulin"] == (True, "")
    assert came["wumin"] == (False, "休假")
    assert client.get(reverse("training:standings")).headers["Content-Type"].endswith("sheet")
    home = client.get(reverse("training:home")).content.decode()
    assert "新冠疫苗接种规范" in home
    assert "没有证书" in home
