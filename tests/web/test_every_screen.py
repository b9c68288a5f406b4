"""Every screen a person of the demo world can reach fits three sizes, reads well to axe, and weighs little.

Each account follows its own links from its desks, so a new screen is looked at without being listed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.browser import watch
from tests.stories import a11y

from qingmiao.demo import bureau
from qingmiao.demo.accounts import PASSWORD

Axe = Callable[[Page], list[str]]

ACCOUNTS = (
    "liaison2",
    "head",
    "frontdesk",
    "consent",
    "screener",
    "vaccinator",
    "observer",
    "office",
    "cdc",
    "security",
    "auditor",
)
HEAVIEST = 100_000  # bytes of a page, as sent
DOWNLOAD = re.compile(r"\.(xlsx|docx|pdf|csv)($|\?)|/style/|[?&](as=|format=|xlsx|docx|pdf)|/file/$|/material/")
AT = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
# What sticks to an edge covers what lies under it until one scrolls; axe would call that too small to touch.
UNSTICK = "document.querySelectorAll('.qm-top, .qm-act, .qm-desks').forEach(part => part.style.position = 'static')"
LINKS = "[...document.querySelectorAll('body a[href]')].map(link => link.href)"

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture
def address(live_server: LiveServer) -> Iterator[str]:
    with time_machine.travel(AT, tick=True):
        bureau.build(now=AT)
        yield live_server.url


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_screen_fits_and_reads(browser: Browser, address: str, axe: Axe, language: str) -> None:
    """English words are longer: both languages must fit; what axe asks for does not differ, so it is asked once."""
    judge = axe if language == "zh-hans" else silent
    seen: set[str] = set()
    faults = [fault for account in ACCOUNTS for fault in faults_of(browser, address, account, language, judge, seen)]
    assert "\n".join(faults) == ""
    assert len(seen) > 40


def silent(page: Page) -> list[str]:
    return []


def faults_of(browser: Browser, address: str, account: str, language: str, axe: Axe, seen: set[str]) -> Iterator[str]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.clock.install(time=AT)  # minutes left are counted by the browser's clock
    context.add_cookies([{"name": "language", "value": language, "url": address}])
    page = context.new_page()
    errors = watch(page)
    sign_in(page, address, account)
    for found in (*walked(page, address, axe, seen), *seated(page, address, axe)):
        yield f"{account}: {found}"
    yield from (f"{account}: {error}" for error in errors)
    context.close()


def sign_in(page: Page, address: str, account: str) -> None:
    page.goto(f"{address}/sign-in/")
    form = page.locator("main form").first
    form.locator("[name=username]").fill(account)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def walked(page: Page, address: str, axe: Axe, seen: set[str]) -> Iterator[str]:
    """Follow the links breadth first, one page of each kind."""
    waiting = [page.url, *page.evaluate(LINKS)]  # the first page is the same for all, its links are not
    while waiting:
        url = waiting.pop(0)
        if not url.startswith(address) or DOWNLOAD.search(url) or kind(url) in seen:
            continue
        seen.add(kind(url))
        answer = page.goto(url)
        if answer is None or answer.status != 200:
            yield f"{kind(url)} answers {answer and answer.status}"
            continue
        weight = int(answer.headers.get("content-length") or len(answer.body()))
        if weight > HEAVIEST:
            yield f"{kind(url)} weighs {weight} bytes"
        waiting += page.evaluate(LINKS)
        yield from looked_at(page, axe)


def seated(page: Page, address: str, axe: Axe) -> Iterator[str]:
    """At a desk with a queue: sit down, take the next person, and look each time."""
    page.goto(address)
    for button in ("main a.btn.large", ".qm-act .btn.primary.qm-go"):
        page.set_viewport_size({"width": 1366, "height": 768})
        if page.url.count("/site/") and not page.url.endswith("/site/") and page.locator(button).count():
            page.locator(button).first.click()
            page.wait_for_load_state()
            yield from looked_at(page, axe)


def kind(url: str) -> str:
    """The address without what differs between records: /figures/6/people/?show."""
    parts = urlsplit(url)
    shown = sorted({field.partition("=")[0] for field in parts.query.split("&")} - {"", "page", "q"})
    return re.sub(r"\d+", "N", parts.path) + ("?" + "&".join(shown) if shown else "")


def looked_at(page: Page, axe: Axe) -> Iterator[str]:
    where = kind(page.url)
    for width, height in a11y.SIZES:
        page.set_viewport_size({"width": width, "height": height})
        yield from (f"{where} at {width}: {fault}" for fault in (*a11y.clipped(page), *a11y.low_controls(page)))
    page.evaluate(UNSTICK)
    yield from (f"{where}: {fault}" for fault in axe(page))
