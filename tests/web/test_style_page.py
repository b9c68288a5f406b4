"""The style page shows every component in both languages, and nothing on it keeps anybody out."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.stories import a11y

from qingmiao.web.style.samples import SAMPLES

WEB = Path(__file__).resolve().parents[2] / "src" / "qingmiao" / "web"
SHOWN_OTHERWISE = {
    "languages.html": "in the head of the page",
    "logo.html": "in the frame",
    "messages.html": "answers to an act",
    "pages.html": "needs a list of pages",
    "seat.html": "inside style/seats.html",
    "signed.html": "shown after signing",
}
Axe = Callable[[Page], list[str]]
PAGES = ("/style/", "/style/desk/", "/sign-in/")


def open_in(page: Page, address: str, language: str) -> None:
    page.context.add_cookies([{"name": "language", "value": language, "url": address}])
    page.goto(address)


def test_every_component_has_a_sample() -> None:
    templates = {path.name for path in (WEB / "templates" / "components").glob("*.html")}
    shown = {Path(sample.template).name for sample in SAMPLES}
    assert templates - shown == set(SHOWN_OTHERWISE)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_both_languages_stand_side_by_side(client: Client, language: str) -> None:
    client.cookies["language"] = language
    text = client.get("/style/").content.decode()
    assert "有效期至" in text
    assert "Left in vial" in text


def test_one_component_can_be_looked_at_alone(client: Client, db: None) -> None:
    text = client.get("/style/?only=lot").content.decode()
    assert text.count('<section class="stack" aria-labelledby') == 1


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("size", a11y.SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_is_clipped(
    live_server, page: Page, axe: Axe, path: str, language: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_in(page, live_server.url + path, language)
    assert a11y.clipped(page) == []
    assert a11y.low_controls(page) == []
    assert axe(page) == []


@pytest.mark.browser
@pytest.mark.slow
def test_high_contrast_and_double_zoom_keep_everything(live_server: LiveServer, page: Page, axe: Axe) -> None:
    page.emulate_media(contrast="more")
    page.set_viewport_size({"width": 683, "height": 384})
    open_in(page, live_server.url + "/style/desk/", "zh-hans")
    assert a11y.clipped(page) == []
    assert axe(page) == []
    page.emulate_media(contrast="no-preference", forced_colors="active")
    assert axe(page) == []


@pytest.mark.browser
@pytest.mark.slow
def test_a_hand_draws_a_signature(live_server: LiveServer, page: Page) -> None:
    open_in(page, live_server.url + "/style/?only=sign", "zh-hans")
    field = page.locator("[data-sign] input[type=hidden]").first
    box = page.locator("canvas").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=12)
    page.mouse.up()
    assert re.fullmatch(r"M\d+ \d+(L\d+ \d+){8,}", field.input_value())
    page.locator("[data-sign-clear]").first.click()
    assert field.input_value() == ""


@pytest.mark.browser
@pytest.mark.slow
def test_a_scanner_needs_no_mouse(live_server: LiveServer, page: Page) -> None:
    open_in(page, live_server.url + "/style/desk/", "zh-hans")
    page.keyboard.type("8412345")
    assert page.locator("[data-scan]").input_value() == "8412345"
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "qm-find"


@pytest.mark.browser
@pytest.mark.slow
def test_the_undo_bar_counts_down(live_server: LiveServer, page: Page) -> None:
    open_in(page, live_server.url + "/style/desk/", "zh-hans")
    assert re.fullmatch(r"1:\d\d", page.locator("[data-left=clock]").inner_text())


@pytest.mark.browser
@pytest.mark.slow
def test_every_printed_page_says_where_and_when(live_server: LiveServer, page: Page, tmp_path: Path) -> None:
    open_in(page, live_server.url + "/style/desk/", "zh-hans")
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.emulate_media(media="print")
    assert page.locator(".qm-printed").is_visible()
    assert not page.locator(".qm-act").is_visible()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") >= 3


def test_the_stylesheet_stays_small_and_ours() -> None:
    sheet = (WEB / "static" / "qingmiao.css").read_bytes()
    assert len(sheet) <= 32_000
    assert b"--bs-" not in sheet
    assert b"url(" not in sheet


def test_no_page_needs_inline_script_or_style() -> None:
    pages = [path for path in (WEB / "templates").rglob("*.html") if path.parent.name != "print"]  # those become PDF
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=\"|<style|<script(?![^>]*\bsrc=)|javascript:", text), path


@pytest.mark.browser
@pytest.mark.slow
def test_the_code_on_a_slip_can_be_read_from_paper(live_server: LiveServer, page: Page) -> None:
    open_in(page, live_server.url + "/style/slip/", "zh-hans")
    photo = Image.open(BytesIO(page.locator(".qm-slip").screenshot()))
    assert [code.text for code in zxingcpp.read_barcodes(photo)] == ["https://example.org/style/"]


@pytest.mark.browser
@pytest.mark.slow
def test_a_slip_is_printed_without_leaving_the_desk(live_server: LiveServer, page: Page) -> None:
    printed = "document.documentElement.dataset.printed = document.querySelector('body > .qm-paper').innerText"
    page.add_init_script(f"print = () => {{ {printed}; }}")
    open_in(page, live_server.url + "/style/desk/", "zh-hans")
    page.get_by_role("link", name="补打留观条").click()
    expect(page.locator("html")).to_have_attribute("data-printed", re.compile("A046"))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("body > .qm-paper").count() == 0
    assert page.url.endswith("/style/desk/")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("path", ["/style/board/", "/style/observation-board/", "/style/slip/", "/style/slip/?wide=1"])
def test_boards_and_slips_fit_their_places(live_server: LiveServer, page: Page, axe: Axe, path: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    open_in(page, live_server.url + path, "zh-hans")
    assert a11y.clipped(page) == []
    assert axe(page) == []
