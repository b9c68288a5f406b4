"""The fridge that failed at night, and a recall: in the browser of the head of the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from qingmiao.demo import bureau
from qingmiao.demo.accounts import PASSWORD
from qingmiao.demo.ledgers import LOT
from qingmiao.stock.models import Breach, Lot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite, pytest.mark.story]


@pytest.fixture
def head(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    bureau.build(now=timezone.now())
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/?next=/stock/")
    page.fill("form.qm-form [name=username]", "head")
    page.fill("form.qm-form [name=password]", PASSWORD)
    page.click("form.qm-form button")
    yield page
    context.close()


def test_the_fridge_that_failed_at_night(head: Page, live_server: LiveServer) -> None:
    head.goto(f"{live_server.url}/stock/fridges/")
    head.fill("#fn", "1号")
    head.locator("form:has(#fn) button").click()
    head.locator("main a.name").first.click()
    night = timezone.localtime() - timedelta(hours=10)
    rows = [f"{night + timedelta(minutes=30 * n):%Y-%m-%d %H:%M},{4.1 if n < 6 or n > 11 else 13.5}" for n in range(18)]
    logger = "时间,温度\n" + "\n".join(rows)
    head.locator("#file").set_input_files(
        {"name": "logger.csv", "mimeType": "text/csv", "buffer": logger.encode("utf-8-sig")}
    )
    head.locator("form:has(#file) button").click()
    head.locator("a.btn[href*='/breaches/']").first.click()
    expect(head.locator("main")).to_contain_text("13.5")
    expect(head.locator("main")).to_contain_text(LOT)
    head.locator("label[for=d-quarantine]").click()
    head.fill("#said", "停电3小时，已电话请示企业")
    head.locator("form:has(#said) button.primary").click()
    expect(head.locator("h1")).to_be_visible()
    assert Breach.objects.get().decision == "quarantine"
    assert set(Lot.objects.values_list("state", flat=True)) == {"quarantined"}


def test_a_recall_from_the_order_to_the_call_list(head: Page, live_server: LiveServer) -> None:
    lot = Lot.objects.get(number=LOT)
    head.goto(f"{live_server.url}/stock/lots/{lot.pk}/")
    head.locator("details:has(#hr) summary").click()
    head.fill("#hr", "省药监局通知 2026-11")
    head.locator("button[value=recall]").click()
    expect(head.locator("tbody tr").first).to_be_visible()
    given = head.locator("tbody tr").count()
    assert given >= 8
    expect(head.locator("tbody a[href^='tel:']").first).to_be_visible()
    with head.expect_download() as download:
        head.locator("a[href='?xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    head.goto(f"{live_server.url}/stock/lots/{lot.pk}/recall/letters/")
    assert head.locator("article.qm-letter").count() == given
    lot.refresh_from_db()
    assert lot.state == "recalled"
