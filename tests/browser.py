"""A real browser for tests: Debian's Chromium driven by Playwright, and axe to judge what it shows.

`page` fails a test in which the page reported an error of its own (a script, a refused style, a missing file).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parent.parent
AXE_PLACES = (ROOT / "var/node/node_modules", ROOT / "node_modules", Path("/usr/share/javascript"))
# Without these Chromium looks for its maker's servers at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium() -> str | None:
    """Path of the browser on this machine, or None."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found (on Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread; Django sees it
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without any memory, in Chinese, with the smallest of our three screens' clocks: Shanghai."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose own errors fail the test."""
    page = context.new_page()
    errors = watch(page)
    yield page
    assert errors == []


def watch(page: Page) -> list[str]:
    """The errors that `page` will report from now on; the list grows."""
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A refused form (422) and a page without the right (403, 404, 409) are answers, not errors of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Judge a page by WCAG 2.2 AA: returns what is wrong, one line per finding; empty is good."""
    source = next((place / "axe-core/axe.min.js" for place in AXE_PLACES if (place / "axe-core").exists()), None)
    if source is None:
        pytest.skip("no axe-core found (npm install --prefix var/node axe-core)")
    script = source.read_text(encoding="utf-8")

    def judge(page: Page) -> list[str]:
        page.evaluate(script)
        result: Any = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", STANDARDS)
        return [
            f"{broken['id']}: {broken['help']} at {json.dumps(node['target'], ensure_ascii=False)}"
            for broken in result["violations"]
            for node in broken["nodes"]
        ]

    return judge
