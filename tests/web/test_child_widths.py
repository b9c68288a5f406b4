"""The verdict on every dose of a child stands on the screen at each width, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from tests.schedule.village_child import NOW, child, doctor, given

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer
    from tests.village import Village

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
DOSES = (("0202", date(2026, 1, 15)), ("1601", date(2026, 7, 15)), ("1401", date(2026, 9, 16)))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_verdict_is_beyond_the_edge(village: Village, live_server: LiveServer, page: Page, language: str) -> None:
    with time_machine.travel(NOW, tick=True):
        by = doctor(village)
        person = child(village, by)
        for code, day in DOSES:
            given(village, by, person, code, day)
        client = Client()
        client.force_login(village.users["sunming"])
        cookies = {"sessionid": client.cookies["sessionid"].value, "language": language}
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        for width in (1366, 1024, 820, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{live_server.url}/child/{person.pk}/")
            tags = [tag.bounding_box() for tag in page.locator("section[aria-labelledby=doses] td .qm-tag").all()]
            assert len(tags) == len(DOSES)
            assert all(box and box["width"] > 0 and box["x"] + box["width"] <= width for box in tags), width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
