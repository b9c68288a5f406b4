"""As much of a browser as a desk needs: cookies, forms, and a network that sometimes loses the answer."""

from __future__ import annotations

import http.client
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from qingmiao.rehearsal.server import HOST

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
_INPUT = re.compile(r"<(?:input|button)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """An answer: its status, where it leads to, and its text."""

    status: int
    location: str
    text: str

    def hidden(self, action: str = "", mark: str = "") -> dict[str, str] | None:
        """The hidden fields of the first form whose action contains `action` and whose text contains `mark`."""
        for attributes, body in _FORM.findall(self.text):
            if action in attributes and mark in body:
                return _hidden(body)
        return None

    def actions(self, pattern: str) -> list[tuple[str, dict[str, str]]]:
        """(address, hidden fields) of every form whose action matches `pattern`."""
        found = []
        for attributes, body in _FORM.findall(self.text):
            action = dict(_ATTRIBUTE.findall(attributes)).get("action", "")
            if re.search(pattern, action):
                found.append((action, _hidden(body)))
        return found


def _hidden(body: str) -> dict[str, str]:
    fields = [dict(_ATTRIBUTE.findall(attributes)) for attributes in _INPUT.findall(body)]
    return {one["name"]: one.get("value", "") for one in fields if one.get("type") == "hidden" and "name" in one}


class UnexpectedAnswer(RuntimeError):
    """The server answered with an error that a desk must never see."""

    def __init__(self, path: str, page: Page) -> None:
        super().__init__(f"{page.status} at {path}: {re.sub(r'<[^>]+>', ' ', page.text)[:400]}")


@dataclass
class Weather:
    """How bad the network is: which share of answers is lost, which share of requests is sent again although answered;
    both counted. Seeded, so that a day can be played again."""

    lost: float = 0.0
    retried: float = 0.0
    seed: int = 7
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def takes_answer(self) -> bool:
        return self._chance.random() < self.lost

    def sends_again(self) -> bool:
        return self._chance.random() < self.retried


class Browser:
    """One person's browser at one desk. `at` is the instant that it tells the server, or None for the real clock."""

    def __init__(self, port: int, weather: Weather) -> None:
        self.port, self.weather = port, weather
        self.at: datetime | None = None
        self._cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def sign_in(self, username: str, password: str) -> None:
        """Sign in as a person does. Raises UnexpectedAnswer when that fails."""
        self.get("/sign-in/")
        page = self._send("POST", "/sign-in/", {"username": username, "password": password})
        if page.status != http.client.FOUND:
            raise UnexpectedAnswer("/sign-in/", page)

    def get(self, path: str) -> Page:
        """Ask for a page; a redirect is followed once."""
        page = self._send("GET", path)
        return self._send("GET", page.location) if page.status == http.client.FOUND else page

    def post(self, path: str, fields: Mapping[str, str | list[str]]) -> Page:
        """Send a form. In bad weather its answer gets lost and it is sent again, or it is sent twice for nothing."""
        while self.weather.takes_answer():
            self._lose("POST", path, fields)
        page = self._send("POST", path, fields)
        if self.weather.sends_again():
            self.weather.seen["retries"] += 1
            self._send("POST", path, fields)
        return page

    def _send(self, method: str, path: str, fields: Mapping[str, str | list[str]] | None = None) -> Page:
        self.weather.seen["requests"] += 1
        for attempt in (1, 2):
            try:
                self._request(method, path, fields)
                assert self._connection is not None
                answer = self._connection.getresponse()
                text = answer.read().decode()
                break
            except (http.client.HTTPException, OSError):
                self._connection = None  # the server had closed an idle connection
                if attempt == 2:
                    raise
        self._keep(answer)
        page = Page(answer.status, answer.getheader("Location", "") or "", text)
        if page.status >= http.client.INTERNAL_SERVER_ERROR or page.status == http.client.FORBIDDEN:
            raise UnexpectedAnswer(path, page)
        return page

    def _lose(self, method: str, path: str, fields: Mapping[str, str | list[str]]) -> None:
        """Send, and never see the answer."""
        self.weather.seen["requests"] += 1
        self.weather.seen["lost_answers"] += 1
        self._request(method, path, fields)
        assert self._connection is not None
        self._connection.close()
        self._connection = None

    def _request(self, method: str, path: str, fields: Mapping[str, str | list[str]] | None) -> None:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if self.at is not None:
            headers["X-Rehearsed-At"] = self.at.isoformat()
        body = None
        if fields is not None:
            token = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
            body = urlencode({**fields, **token}, doseq=True)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{HOST}:{self.port}"}
        self._connection.request(method, path, body=body, headers=headers)

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = line.partition("=")
            self._cookies[name] = rest.partition(";")[0]
