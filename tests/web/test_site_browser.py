"""The desks in a real browser, with a scanner and a keyboard only; axe finds nothing on any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.clinic.site import Site, at

from qingmiao.clinic.rules import State
from qingmiao.registry.models import Dose

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
Axe = Callable[["Page"], list[str]]


@pytest.fixture
def working_clock() -> Iterator[None]:
    """09:45 of the village's day, and time goes on."""
    import time_machine

    with time_machine.travel(at(9, 45), tick=True):
        yield


def sit_down(page: Page, server: LiveServer, site: Site, name: str) -> None:
    """The browser is signed in as `name`; whoever sat here before is not."""
    client = Client()
    client.force_login(site.village.users[name])
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])


def enter(page: Page) -> None:
    """Press Enter, and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, label: str) -> None:
    """Reach a control by its name and press it with the keyboard."""
    page.get_by_role("button", name=label, exact=True).focus()
    enter(page)


def scan(page: Page, code: str) -> None:
    """A scanner types into whatever has the focus, and ends with Enter."""
    page.keyboard.type(code)
    enter(page)


def test_a_scanner_and_a_keyboard_carry_somebody_through_the_site(
    site: Site, live_server: LiveServer, page: Page, axe: Axe, working_clock: None
) -> None:
    site.batch("zhangwei")
    found: dict[str, list[str]] = {}

    sit_down(page, live_server, site, "hejing")
    page.goto(f"{live_server.url}/site/")
    scan(page, "110105198603110018")
    found["front desk"] = axe(page)
    press(page, "到场")
    assert site.visit("zhangwei").ticket == "A001"
    token = site.visit("zhangwei").slip_token

    sit_down(page, live_server, site, "xulan")
    page.goto(f"{live_server.url}/site/consent/")
    scan(page, f"{live_server.url}/s/{token}/")
    found["consent"] = axe(page)
    for field in ("name", "birth_date"):
        page.locator(f"[name=identity][value={field}]").focus()
        page.keyboard.press("Space")
    page.locator("[name=informed]").focus()
    page.keyboard.press("Space")
    page.locator(".qm-sign summary").focus()
    page.keyboard.press("Enter")
    page.locator("[name=signature_typed]").focus()
    page.keyboard.type("张伟")
    press(page, "签字完成")
    assert site.visit("zhangwei").where is State.CONSENTED

    sit_down(page, live_server, site, "sunming")
    page.goto(f"{live_server.url}/site/screening/")
    scan(page, "A001")
    page.keyboard.type("36.5")
    for answer in page.locator("input[value=no]").all():
        answer.focus()
        page.keyboard.press("Space")
    found["screening"] = axe(page)
    page.locator("button.qm-go").focus()
    enter(page)
    assert site.visit("zhangwei").where is State.SCREENED

    sit_down(page, live_server, site, "zhoulin")
    page.goto(f"{live_server.url}/site/injection/{site.desks['injection'].pk}/")
    scan(page, "A001")
    scan(page, "(01)06901234567892(17)230301(10)202103B0291")
    found["injection"] = axe(page)
    press(page, "已接种")
    assert Dose.objects.get().person == site.people["zhangwei"]

    sit_down(page, live_server, site, "wumin")
    page.goto(f"{live_server.url}/site/observation/")
    found["observation"] = axe(page)
    assert {desk: faults for desk, faults in found.items() if faults} == {}


def test_an_empty_scan_does_nothing(site: Site, live_server: LiveServer, page: Page, working_clock: None) -> None:
    site.to_the_needle("zhangwei")
    sit_down(page, live_server, site, "zhoulin")
    page.goto(f"{live_server.url}/site/injection/{site.desks['injection'].pk}/")
    scan(page, "")
    assert page.locator(".qm-person h2").inner_text() == "张伟"
    assert not site.visit("zhangwei").lot_checks.exists()
