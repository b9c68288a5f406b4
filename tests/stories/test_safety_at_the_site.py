"""Four stories at the site: the expired lot, the early leaver, an anaphylaxis from button to handover, the lot that
signals. Each is played in a browser with the village's people, at the hours of the story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from tests.clinic.site import Site, at, open_site
from tests.safety.test_signals import given, ill
from tests.stories.day import word
from tests.village import TODAY, Village

from qingmiao.clinic.models import Observation
from qingmiao.clinic.rules import State
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.green import Hospital, Line, pair_hospital
from qingmiao.safety.models import Case, Rescue
from qingmiao.stock.actions import receive_doses

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
Axe = Callable[["Page"], list[str]]


@pytest.fixture
def site(transactional_db: None) -> Site:
    """The site of the village, in a database that the server sees."""
    from tests import village

    built: Village = village.build()
    return open_site(built)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """A quarter to ten, and time goes on."""
    with time_machine.travel(at(9, 45), tick=True) as traveller:
        yield traveller


class Desk:
    """A browser at which somebody sits down, one after the other."""

    def __init__(self, page: Page, server: LiveServer, site: Site) -> None:
        self.page, self.server, self.site = page, server, site

    def sits_down(self, name: str, path: str) -> None:
        client = Client()
        client.force_login(self.site.village.users[name])
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.server.url}
        self.page.context.clear_cookies()
        self.page.context.add_cookies([session])
        self.page.goto(f"{self.server.url}{path}")

    def presses(self, label: str, context: str = "") -> None:
        self.page.get_by_role("button", name=word(label, context), exact=True).first.click()
        self.page.wait_for_load_state()

    def follows(self, label: str) -> None:
        self.page.get_by_role("link", name=word(label), exact=True).first.click()
        self.page.wait_for_load_state()

    def scans(self, code: str) -> None:
        self.page.keyboard.type(code)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def reads(self) -> str:
        return self.page.locator("main").inner_text()


@pytest.fixture
def desk(page: Page, context: BrowserContext, live_server: LiveServer, site: Site) -> Desk:
    return Desk(page, live_server, site)


def test_the_expired_lot(site: Site, desk: Desk, clock: time_machine.Coordinates, axe: Axe) -> None:
    """The vial of yesterday is stopped with name, rule and cure; the good one is given; both checks are kept."""
    receive_doses(
        by=site.actor("zhenghua"),
        place=site.village.site,
        product=site.product,
        lot_number="OLD01",
        expires_on=TODAY - timedelta(days=1),
        doses=10,
        at=at(8),
    )
    site.to_the_needle("zhangwei")
    clock.move_to(at(9, 58))
    desk.sits_down("zhoulin", f"/site/injection/{site.desks['injection'].pk}/")
    desk.scans("OLD01")
    stopped = desk.page.get_by_role("alert").inner_text()
    assert all(text in stopped for text in ("张伟", "OLD01", "疫苗管理法"))
    assert desk.page.get_by_role("button", name=word("Given", "button"), exact=True).count() == 0
    assert axe(desk.page) == []
    desk.scans("202103B0291")
    desk.presses("Given", "button")
    assert Dose.objects.get().lot_number == "202103B0291"
    assert [check.obstacle for check in site.visit("zhangwei").lot_checks.order_by("pk")] == ["expired", ""]


def test_the_early_leaver(site: Site, desk: Desk, clock: time_machine.Coordinates, axe: Axe) -> None:
    """Somebody goes after ten minutes: the leader sees it on a phone, the nurse calls, the person is back and stays."""
    site.to_the_needle("zhangwei")
    observation = Observation.objects.get(dose=site.inject("zhangwei"))
    clock.move_to(at(10, 8))
    desk.sits_down("wumin", "/site/observation/")
    desk.page.get_by_role("button", name=word("Gone")).first.click()
    desk.page.wait_for_load_state()
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.sits_down("qianduo", "/site/observation/units/")
    assert all(text in desk.reads() for text in ("张伟", word("%(n)s min short") % {"n": 20}))
    assert axe(desk.page) == []
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    desk.sits_down("wumin", "/site/observation/call-backs/")
    desk.page.get_by_role("link", name=word("Call", "by phone")).click()
    desk.page.locator("[name=said]").fill("五分钟内回来")
    desk.presses("Is coming back")
    assert observation.call_backs.get().result == "coming"
    clock.move_to(at(10, 15))
    desk.sits_down("wumin", f"/site/observation/{observation.pk}/call-back/")
    desk.presses("Is back in the room")
    assert site.visit("zhangwei").where is State.OBSERVING
    clock.move_to(at(10, 27))
    desk.sits_down("wumin", "/site/observation/")
    assert desk.page.get_by_role("button", name=word("Release")).count() == 0
    clock.move_to(at(10, 28, second=1))
    desk.sits_down("wumin", "/site/observation/")
    desk.page.get_by_role("button", name=word("Release")).first.click()
    desk.page.wait_for_load_state()
    assert site.visit("zhangwei").where is State.RELEASED


def test_an_anaphylaxis_from_button_to_handover(
    site: Site, desk: Desk, clock: time_machine.Coordinates, axe: Axe
) -> None:
    """Trouble breathing after seven minutes: sheet, alarm, adrenaline, ambulance, handover; the case with its clock."""
    pair_hospital(
        by=site.actor("zhenghua"),
        site=site.village.site,
        hospital=Hospital("青河区人民医院", "急诊科", drive_minutes=8),
        phones=[Line("急诊值班", "01000001111")],
        on=date(2021, 5, 1),
    )
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    clock.move_to(at(10, 5))
    desk.sits_down("wumin", f"/site/observation/{Observation.objects.get().pk}/unwell/")
    desk.page.get_by_text(word("Trouble breathing"), exact=True).click()
    desk.presses("Open the record")
    desk.follows("Emergency")
    assert all(
        text in desk.reads() for text in ("0.5 mg", "01000001111", word("From memory, to be signed by a doctor"))
    )
    assert axe(desk.page) == []
    desk.presses("Open the green channel")
    for minute, step in ((6, "医院应答"), (17, "救护车到达"), (24, "交接给医院")):
        clock.move_to(at(10, minute))
        desk.page.get_by_role("button", name=step, exact=True).first.click()
        desk.page.wait_for_load_state()
        if minute == 6:
            desk.page.locator("#text").fill("0.5 mg 大腿肌注")
            desk.presses("Write down")
    assert axe(desk.page) == []
    rescue = Rescue.objects.get()
    minutes = [int((step.at - at(10, 5)).total_seconds() // 60) for step in rescue.steps.order_by("pk")]
    assert minutes == [0, 1, 12, 19]
    desk.page.goto(f"{desk.server.url}/safety/rescues/{rescue.pk}/transfer/")
    assert all(text in desk.reads() for text in ("张伟", "0.5 mg 大腿肌注", "青河区人民医院", "202103B0291"))
    desk.page.go_back()
    desk.follows("Report a reaction")
    desk.page.locator("#reaction").select_option("anaphylaxis")
    desk.page.locator("#time").fill("10:05")
    desk.presses("Open the case")
    assert Case.objects.get().is_serious
    desk.sits_down("zhenghua", "/safety/")
    assert all(text in desk.reads() for text in ("张伟", "过敏性休克", "47小时", "监测方案 报告"))
    assert axe(desk.page) == []


def test_the_lot_that_signals(site: Site, desk: Desk, clock: time_machine.Coordinates, axe: Axe) -> None:
    """Three rashes in a hundred doses of one lot, one in four hundred of the other: the first stands out in red."""
    for dose in given(site, "BAD77", 100)[:3]:
        ill(dose)
    ill(given(site, "GOOD88", 400)[0])
    clock.move_to(at(11))
    desk.sits_down("zhenghua", "/safety/signals/")
    row = desk.page.locator("tr.is-stop", has_text="BAD77").first
    assert all(text in row.inner_text() for text in (word("signal"), "0.05", "2e-05"))
    assert desk.page.locator("tr.is-stop", has_text="GOOD88").count() == 0
    assert axe(desk.page) == []
    row.get_by_role("link").click()
    assert desk.page.locator("tbody tr").count() == 3
