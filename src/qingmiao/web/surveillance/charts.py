"""The curve of cases as SVG, in the classes of the stylesheet: the page's policy allows no style of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, BASE, TOP = 560, 150, 20


def curve_chart(weeks: Sequence[tuple[date, int, int]]) -> SafeString:
    """Cases a week as bars, the same week of the year before as a line of dots."""
    most = max([1, *(count for _end, count, _before in weeks), *(before for _end, _count, before in weeks)])
    step = WIDTH / max(len(weeks), 1)
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/><text class="mid" x="{}" y="{}">{}</text>'
        '<circle class="plan" cx="{}" cy="{}" r="3"/><text class="mid soft" x="{}" y="{}">{}</text>',
        (
            (
                "bar" if place == len(weeks) - 1 else "past",
                round(place * step + step * 0.15),
                BASE - _height(count, most),
                round(step * 0.7),
                _height(count, most),
                round((place + 0.5) * step),
                BASE - _height(count, most) - 5,
                count,
                round((place + 0.5) * step),
                BASE - _height(before, most),
                round((place + 0.5) * step),
                BASE + 16,
                end.strftime("%m-%d"),
            )
            for place, (end, count, before) in enumerate(weeks)
        ),
    )
    label = _("Cases a week: {weeks}").format(weeks="; ".join(f"{end} {count}" for end, count, _b in weeks))
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line class="grid" x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>',
        WIDTH, BASE + 24, label, WIDTH, BASE, BASE, bars,
    )  # fmt: skip


def _height(count: int, most: int) -> int:
    return round((BASE - TOP) * count / most)
