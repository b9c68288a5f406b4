"""Disease surveillance, clicked through in a browser: tuberculosis reported twice, a returned card, a village that
sends nothing, a death certificate whose chain stands in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from tests import village
from tests.browser import watch
from tests.stories.day import word
from tests.surveillance.hospital import NOON, Hospital, measles, open_hospital
from tests.surveillance.test_deaths import RIGHT

from qingmiao.surveillance.models import DeathCertificate, ReportCard, VillagePaper

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]
RADIOS = ("sex", "case_kind", "acute_kind")
TB = {"name": "赵守成", "number": "", "no_number_because": "证件遗失", "birth_date": "1970-05-01", "parent_name": ""}
TB |= {"occupation": "18", "workplace": "", "disease": "肺结核-病原学阳性", "case_kind": "2", "department": "内科"}
PHOTO = {"name": "纸.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0" + b"paper" * 50}


class Desks:
    """Everybody's own browser."""

    def __init__(self, browser: Browser, address: str, hospital: Hospital) -> None:
        self.browser, self.address, self.hospital = browser, address, hospital
        self.pages: dict[str, Page] = {}
        self.heard: list[str] = []

    def of(self, account: str, *, phone: bool = False) -> Page:
        """The page of an account, signed in and at its first desk."""
        if account not in self.pages:
            size = {"width": 390, "height": 844} if phone else {"width": 1366, "height": 768}
            context = self.browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(30_000)
            page = self.pages[account] = context.new_page()
            self.heard = watch(page)
            page.goto(f"{self.address}/sign-in/")
            form = page.locator("form.qm-form")
            form.locator("[name=username]").fill(account)
            form.locator("[name=password]").fill(village.PASSWORD)
            form.get_by_role("button", name=word("Sign in")).click()
            page.wait_for_url(lambda url: "sign-in" not in url)
        return self.pages[account]

    def goes(self, account: str, path: str, *, phone: bool = False) -> Page:
        page = self.of(account, phone=phone)
        page.goto(f"{self.address}{path}")
        return page


@pytest.fixture
def desks(browser: Browser, live_server) -> Iterator[Desks]:
    """A Monday noon in the village with its hospital."""
    with time_machine.travel(NOON, tick=True):
        found = Desks(browser, live_server.url, open_hospital(village.build()))
        yield found
        for page in found.pages.values():
            page.context.close()


def fill(page: Page, content: dict[str, str]) -> None:
    """Type into the form as a person would: the illness first, because it decides what else is asked."""
    for name, value in content.items():
        control = page.locator(f"#main [name={name}]")
        if name in RADIOS and control.count() > 1:
            uid = page.locator(f'#main [name={name}][value="{value}"]').get_attribute("id")
            page.locator(f'label[for="{uid}"]').click()
        elif control.first.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def said(english: str) -> str:
    """The word as this desk says it, where others say it otherwise."""
    return word(english, "surveillance")


def press(page: Page, english: str, *, ours: bool = False) -> None:
    page.get_by_role("button", name=(said if ours else word)(english), exact=True).click()


def writes_a_card(desks: Desks, account: str, **changes: str) -> Page:
    page = desks.goes(account, "/cards/")
    press(page, "New card")
    fill(page, measles(desks.hospital, **changes))
    press(page, "Hand in", ours=True)
    return page


def test_pulmonary_tuberculosis_is_reported_twice(desks: Desks):
    page = writes_a_card(desks, "lidoctor", **TB)
    expect(page.locator(".qm-facts .qm-tag").first).to_contain_text(said("Handed in"))
    second = writes_a_card(
        desks, "zhaodoctor", **TB | {"doctor": "赵医生", "disease": "肺结核-病原学阴性", "case_kind": "1"}
    )
    expect(second.get_by_role("alert")).to_contain_text("青河区人民医院")
    expect(second.locator("#main [name=name]")).to_have_value("赵守成")
    press(second, "Same case: put my card aside")
    states = dict(ReportCard.objects.values_list("doctor", "state"))
    assert states == {"李医生": "submitted", "赵医生": "duplicate"}


def test_a_returned_card_comes_back_and_is_reported(desks: Desks):
    writes_a_card(desks, "lidoctor", address="柳林社区")
    control = desks.goes("chencontrol", "/cards/?group=review")
    control.get_by_role("link", name="张小鱼").click()
    control.locator("summary", has_text=word("Return to the doctor")).click()
    control.locator("[name=reason]").fill("住址只到社区，请补到门牌")
    press(control, "Return to the doctor")
    doctor = desks.goes("lidoctor", "/cards/")
    expect(doctor.locator("#main")).to_contain_text("住址只到社区，请补到门牌")
    doctor.get_by_role("link", name="张小鱼").click()
    fill(doctor, {"address": "柳林社区3号楼2单元"})
    press(doctor, "Hand in", ours=True)
    control.goto(f"{desks.address}/cards/?group=review")
    control.get_by_role("link", name="张小鱼").click()
    press(control, "Reported", ours=True)
    expect(control.locator(".qm-time")).to_contain_text(word("Entered in the national system"))
    card = ReportCard.objects.get()
    assert (card.state, card.is_late) == ("reported", False)
    assert [event.event for event in card.events.all()] == ["handed_in", "returned", "handed_in", "reported"]


def test_a_village_that_sends_nothing_is_reminded_and_sends_a_photo(desks: Desks):
    control = desks.goes("fangcontrol", "/village-papers/")
    row = control.get_by_role("row", name="柳林社区")
    expect(row).to_contain_text(said("Missing"))
    row.get_by_role("button").first.click()
    expect(control.get_by_role("status").first).to_contain_text("柳林社区")
    phone = desks.goes("mavillage", "/village-papers/", phone=True)
    phone.get_by_role("link", name=said("Missing")).nth(1).click()
    phone.locator("[name=scan]").set_input_files([PHOTO])
    fill(phone, {"births": "3", "deaths": "1"})
    press(phone, "Received", ours=True)
    expect(phone.get_by_role("img", name=word("Photo of the paper"))).to_be_attached()
    control.reload()
    expect(control.get_by_role("row", name="柳林社区")).to_contain_text(word("Received late"))
    assert VillagePaper.objects.get().counts == {"births": 3, "deaths": 1}


def test_a_death_certificate_whose_chain_is_in_the_wrong_order(desks: Desks):
    page = desks.goes("lidoctor", "/deaths/")
    press(page, "New certificate")
    turned = {
        "a_text": "冠心病",
        "b_text": "心跳骤停",
        "c_text": "",
        "a_interval": "",
        "b_interval": "",
        "c_interval": "",
    }
    fill(page, RIGHT | turned)
    press(page, "Issue")
    expect(page.get_by_role("alert")).to_contain_text("心跳骤停")
    assert DeathCertificate.objects.get().state == "draft"
    fill(page, {"a_text": "心跳骤停", "b_text": "冠心病"})
    press(page, "Issue")
    expect(page.locator(".qm-time")).to_contain_text(word("Issued"))
    assert DeathCertificate.objects.get().underlying_code == "I25.1"
