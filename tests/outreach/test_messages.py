"""Messages: decided when they go, one per child and day, over real servers on this machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone
from tests.schedule.village_child import NOW, TODAY, child, doctor, given
from tests.village import Village

from qingmiao.outreach.actions.calls import record_call, take_home
from qingmiao.outreach.actions.messages import About, claim_message, keep_address, plan_messages
from qingmiao.outreach.channels import HttpSms, Letter, NotDelivered, Outbox, SmtpMail, WeChat, gateways, is_outbox
from qingmiao.outreach.models import Message
from qingmiao.outreach.planning import plan_tonight
from qingmiao.outreach.sending import ask_for_receipts, printed, send_waiting
from qingmiao.outreach.withholding import withheld_words
from qingmiao.registry.actions.management import end_management, take_charge
from qingmiao.schedule.actions import recompute_due
from qingmiao.schedule.keeping import refresh_due
from qingmiao.staff.access import NotAllowed, system

pytestmark = pytest.mark.django_db
State = Message.State
MMR = (("MMR", 1),)


@pytest.fixture
def by(village: Village):
    return doctor(village)


@pytest.fixture
def person(village: Village, by):
    found = child(village, by)
    take_charge(by=by, person=found, unit=village.centre, residence="local", since=found.birth_date, at=NOW)
    recompute_due(by=system("test"), on=TODAY, at=NOW)
    return found


def plan(by, person, kind: str = "due", channel: str = "sms", doses=MMR, day: date = TODAY) -> Message:
    plan_messages(by=by, kind=kind, about=[About(person, doses)], for_day=day, channel=channel, at=NOW)
    return Message.objects.get(person=person, kind=kind, channel=channel, for_day=day)


def test_the_outbox_keeps_everything_and_nothing_leaves(by, person):
    plan(by, person)
    box = Outbox()
    assert send_waiting(by, Message.objects.all(), {"sms": box}, NOW) == {"sent": 1}
    [letter] = box.kept
    assert letter.to == "13800138001"
    assert (
        letter.text
        == "【青河街道社区卫生服务中心】陈雨桐本月应种：麻腮风疫苗（含麻疹成分）第1剂。请带预防接种证到门诊接种。"
    )


def test_without_a_file_every_channel_is_the_outbox(tmp_path: Path):
    assert all(is_outbox(way) for way in gateways(tmp_path / "channels.yaml").values())
    (tmp_path / "channels.yaml").write_text("sms: {kind: http, url: 'http://127.0.0.1:1/', key: k}\n")
    ways = gateways(tmp_path / "channels.yaml")
    assert (is_outbox(ways["sms"]), is_outbox(ways["email"])) == (False, True)


@pytest.mark.parametrize(("hour", "went"), [(7, 0), (8, 1), (19, 1), (20, 0), (23, 0)])
def test_texts_wait_in_the_quiet_hours_and_mail_does_not(by, person, hour: int, went: int):
    plan(by, person)
    plan(by, person, channel="email")
    keep_address(by=by, person=person, channel="email", address="home@example.org", at=NOW)
    at = timezone.localtime(NOW).replace(hour=hour, minute=0)
    text, mail = Outbox(), Outbox()
    send_waiting(by, Message.objects.all(), {"sms": text, "email": mail}, at)
    assert (len(text.kept), len(mail.kept)) == (went, 1)
    assert Message.objects.get(channel="sms").state == (State.SENT if went else State.WAITING)


def test_every_night_plans_what_is_missing_once_a_month(by, person):
    assert plan_tonight(system("test"), NOW) == 1
    [row] = Message.objects.all()
    assert (row.kind, row.for_day) == ("missed", TODAY.replace(day=1))
    assert ["MMR", 1] in row.series
    assert plan_tonight(system("test"), NOW + timedelta(days=1)) == 0
    box = Outbox()
    for _twice in range(2):
        send_waiting(system("test"), Message.objects.all(), {"sms": box}, NOW)
    assert len(box.kept) == 1


def test_a_promise_to_come_is_reminded_of_two_days_before(by, person):
    home = take_home(by=by, at=NOW)
    assert home is not None
    record_call(by=by, home=home, person=person, outcome="will_come", until=TODAY + timedelta(days=2), at=NOW)
    plan_tonight(system("test"), NOW)
    assert Message.objects.get(kind="reminder").for_day == TODAY + timedelta(days=2)


def test_nobody_is_written_to_twice_about_one_day(by, person):
    plan(by, person)
    plan(by, person)
    assert Message.objects.count() == 1


def withheld(by, message: Message) -> str:
    box = Outbox()
    send_waiting(by, Message.objects.all(), {message.channel: box}, NOW)
    message.refresh_from_db()
    assert (message.state, box.kept) == (State.WITHHELD, [])
    return message.reason


def test_not_sent_because_vaccinated_meanwhile(village: Village, by, person):
    message = plan(by, person)
    given(village, by, person, "1201", TODAY)
    refresh_due(person, on=TODAY)
    assert withheld(by, message) == "vaccinated"


@pytest.mark.parametrize(("ending", "reason"), [("moved", "moved"), ("dead", "dead")])
def test_not_sent_because_gone(by, person, ending: str, reason: str):
    message = plan(by, person)
    end_management(by=by, person=person, ending=ending, on=TODAY, at=NOW)
    assert withheld(by, message) == reason


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("refused", "refused"), ("unwell", "deferred"), ("contraindicated", "contraindicated"),
     ("done_elsewhere", "done_elsewhere")],
)  # fmt: skip
def test_not_sent_because_of_what_was_said(by, person, outcome: str, reason: str):
    message = plan(by, person)
    home = take_home(by=by, at=NOW)
    assert home is not None
    record_call(by=by, home=home, person=person, outcome=outcome, at=NOW)
    assert withheld(by, message) == reason


def test_a_reminder_of_a_day_that_is_over_is_not_sent(by, person):
    message = plan(by, person, kind="reminder", day=TODAY - timedelta(days=1))
    assert withheld(by, message) == "day_over"


def test_without_an_address_it_says_so(by, person):
    assert withheld(by, plan(by, person, channel="email")) == "no_address"


def test_every_reason_is_worded():
    assert all(words["zh"] and words["en"] for words in withheld_words().values())


def test_a_message_is_claimed_once(by, person):
    message = plan(by, person)
    assert claim_message(by=by, message=message, at=NOW).state == State.SENDING
    assert claim_message(by=by, message=message, at=NOW) is None


def test_only_writers_write(village: Village, person):
    with pytest.raises(NotAllowed):
        plan(village.actor("zhaoqian"), person)


def test_letters_are_marked_when_they_are_printed(by, person):
    plan(by, person, channel="letter")
    assert [row.state for row in printed(by, Message.objects.all(), NOW)] == [State.SENT]
    assert printed(by, Message.objects.all(), NOW) == []


class Phone(BaseHTTPRequestHandler):
    """A gateway for texts on this machine: takes JSON, refuses a wrong key, says what was delivered."""

    taken: list[dict[str, Any]] = []

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.startswith("/wechat"):
            self.taken.append(body)
            return self._answer(200, {"errcode": 0 if "good" in self.path else 40001, "msgid": 7})
        if self.headers["Authorization"] != "Bearer right":
            return self._answer(403, {})
        self.taken.append(body)
        return self._answer(200, {"id": "g-1"})

    def do_GET(self) -> None:
        self._answer(200, {"state": "delivered"})


@pytest.fixture
def phone() -> Iterator[str]:
    Phone.taken = []
    server = HTTPServer(("127.0.0.1", 0), Phone)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_text_goes_over_http_and_its_receipt_comes_back(by, person, phone: str):
    message = plan(by, person)
    ways = {"sms": HttpSms(f"{phone}/send", "right", f"{phone}/state")}
    assert send_waiting(by, Message.objects.all(), ways, NOW) == {"sent": 1}
    assert [(one["to"], one["id"]) for one in Phone.taken] == [("13800138001", f"qm{message.pk}")]
    assert ask_for_receipts(by, Message.objects.all(), ways, NOW) == 1
    message.refresh_from_db()
    assert (message.state, message.gateway_id) == (State.DELIVERED, "g-1")


def test_a_refused_text_is_a_failure_with_its_code(by, person, phone: str):
    message = plan(by, person)
    ways = {"sms": HttpSms(f"{phone}/send", "wrong")}
    assert send_waiting(by, Message.objects.all(), ways, NOW) == {"failed": 1}
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.FAILED, "http 403")


def test_wechat_answers_with_a_code(phone: str):
    letter = Letter("openid", "text", "subject", "qm1")
    assert WeChat(f"{phone}/wechat/good", "t", "template").send(letter) == "7"
    with pytest.raises(NotDelivered, match="wechat 40001"):
        WeChat(f"{phone}/wechat/bad", "t", "template").send(letter)


class Mailbox:
    """Keeps what the SMTP server was given; refuses one recipient."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 taken"


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, SmtpMail]]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, SmtpMail("127.0.0.1", "clinic@example.org", port)
    server.stop()


def test_a_mail_goes_to_a_real_server(by, person, mail):
    box, way = mail
    keep_address(by=by, person=person, channel="email", address="parent@example.org", at=NOW)
    plan(by, person, channel="email")
    assert send_waiting(by, Message.objects.all(), {"email": way}, NOW) == {"sent": 1}
    [envelope] = box.mails
    assert envelope.rcpt_tos == ["parent@example.org"]


def test_a_mailbox_that_does_not_exist_is_a_failure(by, person, mail):
    _box, way = mail
    keep_address(by=by, person=person, channel="email", address="nobody@example.org", at=NOW)
    message = plan(by, person, channel="email")
    assert send_waiting(by, Message.objects.all(), {"email": way}, NOW) == {"failed": 1}
    message.refresh_from_db()
    assert message.reason.startswith("smtp")


def test_a_server_that_is_not_there_is_a_failure():
    with pytest.raises(NotDelivered, match="not reached"):
        SmtpMail("127.0.0.1", "a@example.org", 1).send(Letter("b@example.org", "t", "s", "1"))
