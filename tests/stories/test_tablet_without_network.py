"""The tablet that loses the network: it goes on, says what is not sent, and sends everything once when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from qingmiao.clinic.models import SyncBatch, SyncEvent, Tablet
from qingmiao.demo import bureau
from qingmiao.demo.accounts import PASSWORD
from qingmiao.registry.models import Dose

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite, pytest.mark.story]
WORD = "绿树成荫2026"
CONTROLLED = """async () => { const worker = navigator.serviceWorker; if (!worker.controller)
await new Promise((ok) => worker.addEventListener("controllerchange", () => ok(), { once: true })); }"""
KEPT = """async () => { const db = await new Promise((ok) => { const a = indexedDB.open("qingmiao-offline", 1);
 a.onsuccess = () => ok(a.result); }); const all = (store) => new Promise((ok) => {
 const a = db.transaction(store).objectStore(store).getAll(); a.onsuccess = () => ok(a.result); });
 const text = (one) => new TextDecoder().decode(one?.data ?? new Uint8Array());
 return (await all("queue")).map(text).join("") + (await all("kept")).map(text).join("") }"""


@pytest.fixture
def tablet(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    bureau.build(now=timezone.now())
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/?next=/site/offline/")
    page.fill("form.qm-form [name=username]", "vaccinator")
    page.fill("form.qm-form [name=password]", PASSWORD)
    page.click("form.qm-form button")
    page.wait_for_selector("#tablet[data-ready]")
    yield page
    context.close()


def prepare(page: Page) -> None:
    page.fill("#t-name", "接种台1平板")
    page.fill("#t-word", WORD)
    page.click("[data-is=make-form] button")
    page.wait_for_selector("[data-act=dose]")
    page.evaluate(CONTROLLED)


def inject(page: Page) -> None:
    """Read the vial, give, say so."""
    page.locator("[data-act=dose]").first.click()
    page.locator("#d-lot").select_option(index=1)
    page.click("#do-dose button.primary")


def test_nothing_is_lost_and_nothing_is_doubled(tablet: Page) -> None:
    prepare(tablet)
    before = Dose.objects.filter(source="here").count()

    tablet.context.set_offline(True)
    tablet.reload()  # even a page that is loaded anew opens
    tablet.wait_for_selector("#tablet[data-ready]")
    tablet.fill("#o-word", "falsch-geraten")
    tablet.click("[data-is=open-form] button")
    expect(tablet.locator("[data-is=open-form] [data-wrong]")).not_to_be_empty()
    tablet.fill("#o-word", WORD)
    tablet.click("[data-is=open-form] button")
    inject(tablet)
    expect(tablet.locator("#tablet")).to_have_attribute("data-unsent", "1")
    expect(tablet.locator("[data-is=unsent]")).to_contain_text("1")
    assert Dose.objects.filter(source="here").count() == before

    kept = tablet.evaluate(KEPT)
    assert kept
    assert "left_deltoid" not in kept

    tablet.reload()  # what was written down is still there, and still sealed
    tablet.wait_for_selector("#tablet[data-ready]")
    expect(tablet.locator("#tablet")).to_have_attribute("data-unsent", "1")

    tablet.context.set_offline(False)
    tablet.fill("#o-word", WORD)
    tablet.click("[data-is=open-form] button")
    expect(tablet.locator("#tablet")).to_have_attribute("data-unsent", "0")
    assert Dose.objects.filter(source="here").count() == before + 1
    assert SyncEvent.objects.get().outcome == "new"
    assert sum(batch.new for batch in SyncBatch.objects.all()) == 1
    assert Tablet.objects.get().unsent == 0
