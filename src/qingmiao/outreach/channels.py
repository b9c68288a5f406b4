"""How messages leave: one small interface, a gateway for each channel, and an outbox from which nothing leaves.

Which gateways are used is written in QINGMIAO_HOME/channels.yaml; without that file everything stays in the outbox.

    sms: {kind: http, url: "https://…/send", status_url: "https://…/status", key: "…"}
    email: {kind: smtp, host: "mail.example.org", port: 587, sender: "clinic@example.org", user: "…", password: "…"}
    wechat: {kind: wechat, url: "https://…/cgi-bin/message/template/send", token: "…", template: "…"}
"""

from __future__ import annotations

import json
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import yaml
from django.conf import settings

SECONDS = 10


class NotDelivered(Exception):
    """The gateway refused, or could not be reached; `code` is short and names nobody."""

    def __init__(self, code: str) -> None:
        self.code = code[:40]
        super().__init__(self.code)


@dataclass(frozen=True)
class Letter:
    """What a gateway is given: where to, what it says, a key under which it goes once."""

    to: str
    text: str
    subject: str
    once: str


class Gateway(Protocol):
    """A way out. `send` returns the gateway's number of the message, or raises NotDelivered."""

    def send(self, letter: Letter) -> str: ...

    def state(self, gateway_id: str) -> str:
        """What became of it: delivered, failed, or empty while it is not known."""


@dataclass
class Outbox:
    """Keeps everything here: what would have been sent stands in the log, and nothing leaves the installation."""

    kept: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> str:
        """Keep it."""
        self.kept.append(letter)
        return f"outbox-{letter.once}"

    def state(self, gateway_id: str) -> str:
        """Nobody reads an outbox."""
        return ""


@dataclass(frozen=True)
class HttpSms:
    """A text message gateway that takes JSON: {"to", "text", "id"} with a bearer key, and answers {"id"}."""

    url: str
    key: str
    status_url: str = ""

    def send(self, letter: Letter) -> str:
        """Hand it over."""
        answer = _asked(self.url, self.key, {"to": letter.to, "text": letter.text, "id": letter.once})
        return str(answer.get("id") or letter.once)

    def state(self, gateway_id: str) -> str:
        """Ask the gateway."""
        if not self.status_url:
            return ""
        answer = _asked(f"{self.status_url}?{urlencode({'id': gateway_id})}", self.key)
        found = str(answer.get("state", ""))
        return found if found in ("delivered", "failed") else ""


@dataclass(frozen=True)
class WeChat:
    """Template messages of a WeChat official account: the text goes into the template's one field."""

    url: str
    token: str
    template: str

    def send(self, letter: Letter) -> str:
        """Hand it over; WeChat answers errcode 0 and a msgid."""
        body = {"touser": letter.to, "template_id": self.template, "client_msg_id": letter.once,
                "data": {"thing1": {"value": letter.text}}}  # fmt: skip
        answer = _asked(f"{self.url}?{urlencode({'access_token': self.token})}", "", body)
        if answer.get("errcode", 0) != 0:
            raise NotDelivered(f"wechat {answer['errcode']}")
        return str(answer.get("msgid", letter.once))

    def state(self, gateway_id: str) -> str:
        """Told by a call back that is not listened to here."""
        return ""


@dataclass(frozen=True)
class SmtpMail:
    """E-mail by SMTP, encrypted where the server offers it."""

    host: str
    sender: str
    port: int = 25
    user: str = ""
    password: str = ""

    def send(self, letter: Letter) -> str:
        """Hand it over; the server's refusal is a failure."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, letter.to, letter.subject
        mail["Message-ID"] = make_msgid(letter.once, "qingmiao.invalid")
        mail.set_content(letter.text)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=SECONDS) as server:
                if server.has_extn("starttls"):
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(mail)
        except smtplib.SMTPException as error:
            raise NotDelivered(f"smtp {getattr(error, 'smtp_code', type(error).__name__)}") from error
        except OSError as error:
            raise NotDelivered("not reached") from error
        return str(mail["Message-ID"])

    def state(self, gateway_id: str) -> str:
        """A mail that was taken says no more."""
        return ""


def _asked(url: str, key: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A JSON answer of a gateway. Raises NotDelivered for any other."""
    if not url.startswith(("http://", "https://")):
        raise NotDelivered("not a web address")
    data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    try:
        with urlopen(Request(url, data, headers), timeout=SECONDS) as answer:  # noqa: S310 (checked above)
            found = json.load(answer)
    except URLError as error:
        raise NotDelivered(f"http {getattr(error, 'code', 'not reached')}") from error
    except (OSError, ValueError) as error:
        raise NotDelivered("no answer") from error
    if not isinstance(found, dict):
        raise NotDelivered("strange answer")
    return found


KINDS: dict[str, Any] = {"http": HttpSms, "smtp": SmtpMail, "wechat": WeChat}


def gateways(path: Path | None = None) -> dict[str, Gateway]:
    """The gateway of each channel, as written in channels.yaml; the outbox for every channel not named there."""
    file = path or Path(settings.HOME) / "channels.yaml"
    written: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    named = {
        channel: KINDS[row["kind"]](**{k: v for k, v in row.items() if k != "kind"}) for channel, row in written.items()
    }
    outbox = Outbox()
    return {channel: named.get(channel, outbox) for channel in ("sms", "email", "wechat")}


def is_outbox(gateway: Gateway) -> bool:
    """Whether nothing leaves by this way."""
    return isinstance(gateway, Outbox)
