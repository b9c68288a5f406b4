"""What the eye would see at once, asked of a real page: text cut off, a page too wide, a button too low."""

from __future__ import annotations

from playwright.sync_api import Page

DESKTOP, TABLET, PHONE = (1366, 768), (1024, 768), (390, 844)
SIZES = (DESKTOP, TABLET, PHONE)
LOWEST = 44  # px, of a control at a desk

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Regions that scroll and words for screen readers are cut off on purpose.
CUT_OFF = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && !e.closest('.qm-wide, .qm-desks, .sr, select, textarea, input, svg, canvas')
               && getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)"""
LOW_CONTROLS = """(lowest) => [
  ...document.querySelectorAll('button, .btn, select, input:not([type=hidden], .choice), summary')]
  .filter(e => e.checkVisibility() && !e.matches('.small, .link, .sr') && !e.closest('label'))
  .map(e => [e, Math.round(e.getBoundingClientRect().height)]).filter(([e, height]) => height > 2 && height < lowest)
  .map(([e, height]) => `${height} px: ${e.outerHTML.slice(0, 80)}`)"""


def clipped(page: Page) -> list[str]:
    """Where text is cut off or the page is wider than the screen; empty is good."""
    wider = page.evaluate(WIDER)
    return [f"the page is {wider} px too wide"] * bool(wider) + page.evaluate(CUT_OFF)


def low_controls(page: Page) -> list[str]:
    """Controls lower than 44 px that are not marked as small or as a link; empty is good."""
    return list(page.evaluate(LOW_CONTROLS, LOWEST))
