"""The figure a leader doubts, opened down to the names: two of three had DTP 1 in May. Who was the third?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from playwright.sync_api import expect
from tests.reports.clinic import AT, MAY, Clinic, build
from tests.stories.a11y import clipped
from tests.stories.day import word
from tests.village import PASSWORD, TODAY

from qingmiao.reports.actions.forms import open_form, submit_form

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer
    from tests.village import Village

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture
def clinic(live_server: LiveServer, village: Village) -> Iterator[Clinic]:
    """The first of June: the clinic has sent its form of May."""
    with time_machine.travel(datetime(2021, 6, 1, 3, tzinfo=UTC), tick=True):
        clinic = build(village)
        form = open_form(by=clinic.doctor(), unit=clinic.centre, kind="routine_month", period=MAY, at=AT)
        submit_form(by=clinic.doctor(), form=form, version=form.version, today=TODAY, at=AT)
        yield clinic


def test_the_figure_a_leader_doubts_is_opened_down_to_the_names(clinic: Clinic, page: Page, live_server: LiveServer):
    page.goto(f"{live_server.url}/sign-in/?next=/forms/%3Fyear=2021")
    page.fill("form.qm-form [name=username]", "kongming")
    page.fill("form.qm-form [name=password]", PASSWORD)
    page.click("form.qm-form button")
    page.get_by_role("link", name=word("Submitted", "form")).first.click()

    row = page.locator("tbody tr", has=page.get_by_role("rowheader", name="百白破疫苗 第1剂", exact=True))
    expect(row).to_contain_text("66.67")
    form = page.url
    row.get_by_role("link", name="2", exact=True).last.click()
    names = page.locator("table.cards tbody")
    expect(names.locator("tr")).to_have_count(2)
    expect(names).not_to_contain_text("苗三")
    assert clipped(page) == []

    page.goto(form)
    row.get_by_role("link", name="3", exact=True).click()
    expect(names.locator("tr")).to_have_count(3)
    third = names.locator("tr", has_text="苗三")
    expect(third).to_contain_text(word("due, not given"))
    third.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("苗三")
