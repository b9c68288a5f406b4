"""Charts drawn on the server as SVG, in the classes of the stylesheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingmiao.reports.queries.live import DayFigure

WIDTH, BASE, TOP = 440, 126, 24
MOST = 8  # bars that can be told apart on a phone


def days_chart(days: Sequence[DayFigure], of: int, on: date) -> SafeString:
    """People vaccinated so far at the end of each of the last eight days on which somebody was; "" before the first."""
    if not days:
        return SafeString("")
    so_far = 0
    heights: list[tuple[date, int]] = []
    for row in days:
        so_far += row.people
        heights.append((row.day, so_far))
    shown = heights[-MOST:]
    step = WIDTH / max(len(shown), 4)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/><text class="mid" x="{}" y="{}">{}</text>'
        '<text class="mid soft" x="{}" y="143">{}</text>',
        (_bar(place, step, people, of, day, day == on) for place, (day, people) in enumerate(shown)),
    )
    label = _("Vaccinated so far, by day: {days}").format(
        days=_("; ").join(f"{day.isoformat()} {people}" for day, people in shown)
    )
    return format_html(
        '<svg viewBox="0 0 {} 150" role="img" aria-label="{}"><line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/>'
        '<line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/><text class="ends soft" x="{}" y="{}">{}</text>{}</svg>',
        *(
            WIDTH,
            label,
            WIDTH,
            BASE,
            BASE,
            WIDTH,
            TOP,
            TOP,
            WIDTH,
            TOP - 6,
            _("{of} on the ledger").format(of=f"{of:,}"),
            bars,
        ),
    )


def _bar(place: int, step: float, people: int, of: int, day: date, is_current: bool) -> tuple[object, ...]:
    height = round((BASE - TOP) * people / of) if of else 0
    left, middle = round(place * step + step * 0.14), round((place + 0.5) * step)
    width = round(step * 0.72)
    name = day.strftime("%m-%d")
    return (
        "bar" if is_current else "past",
        left,
        BASE - height,
        width,
        height,
        middle,
        BASE - height - 6,
        f"{people:,}",
        middle,
        name,
    )
