"""What a story needs: the clock of its days, people who sit down at their desks, and the words of the screens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import time_machine
from django.utils import translation
from tests.browser import watch

from qingmiao.demo.accounts import PASSWORD
from qingmiao.web.status import status_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHINA = ZoneInfo("Asia/Shanghai")


def word(english: str, context: str = "") -> str:
    """How the Chinese screens say what the code calls `english`."""
    with translation.override("zh-hans"):
        return translation.pgettext(context, english) if context else translation.gettext(english)


def tag(code: str) -> str:
    """The word of a state, as the Chinese screens show it."""
    with translation.override("zh-hans"):
        return str(status_of(code).word)


@dataclass
class Story:
    """A story in progress: its clock, its server, and everybody's own browser."""

    browser: Browser
    address: str
    clock: time_machine.Coordinates
    desks: dict[str, Page] = field(default_factory=dict)
    heard: dict[str, list[str]] = field(default_factory=dict)

    def it_is(self, day: date, hour: int, minute: int = 0) -> None:
        """Move the clock of the server and of every browser; desks left alone for long have signed out by then."""
        now = datetime.combine(day, time(hour, minute), CHINA)
        self.clock.move_to(now)
        for page in self.desks.values():
            page.context.clock.set_system_time(now)

    def sits_down(self, account: str) -> Page:
        """The page of `account`, signed in."""
        page = self.desks.get(account) or self._new_desk(account)
        page.goto(f"{self.address}/")
        if "/sign-in/" in page.url:
            form = page.locator("form.qm-form")
            form.locator("[name=username]").fill(account)
            form.locator("[name=password]").fill(PASSWORD)
            form.get_by_role("button", name=word("Sign in")).click()
        assert "/sign-in/" not in page.url, f"{account} could not sign in"
        return page

    def _new_desk(self, account: str) -> Page:
        context = self.browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        context.clock.install(time=datetime.now(CHINA))
        page = self.desks[account] = context.new_page()
        self.heard[account] = watch(page)
        return page

    def goes_to(self, page: Page, desk: str) -> Page:
        """Through the left column, as a person does."""
        page.locator("nav.qm-desks").get_by_role("link", name=word(desk)).first.click()
        return page

    def leave(self) -> None:
        """Everybody goes home; what a page complained about fails the story."""
        for page in self.desks.values():
            page.context.close()
        complaints = {account: errors for account, errors in self.heard.items() if errors}
        assert complaints == {}
