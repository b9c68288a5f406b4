"""A schematic map: a tile for each community. Nobody has its borders here, so the map shows none."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingmiao.reports.queries.head import Line

ACROSS, WIDE, HIGH, GAP = 5, 84, 58, 4
# The darker, the further: one hue, told apart in grey print too; the number stands on every tile.
BANDS = ((90, "1"), (75, ".75"), (50, ".5"), (25, ".3"), (0, ".12"))
DARK_FROM = 75  # from this band on letters are white


def tile_map(lines: Sequence[Line]) -> SafeString:
    """The communities in the order of the tree, each with its rate, and each a door to its figure; "" without any."""
    shown = [line for line in lines if line.place is not None and line.share is not None and line.share.of]
    if not shown:
        return SafeString("")
    rows = ceil(len(shown) / ACROSS)
    tiles = format_html_join(
        "",
        '<a href="{}"><title>{}</title>'
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="3" fill-opacity="{}"/>'
        '<text class="mid {}" x="{}" y="{}">{}</text><text class="mid {}" x="{}" y="{}">{}</text></a>',
        (_tile(number, line) for number, line in enumerate(shown)),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        ACROSS * WIDE,
        rows * HIGH,
        _("Map of tiles: one for each community, the darker the further"),
        tiles,
    )


def _tile(number: int, line: Line) -> tuple[object, ...]:
    share, place = line.share, line.place
    if share is None or place is None:
        raise ValueError(line.name)
    percent = share.percent or 0
    floor, opacity = next((floor, opacity) for floor, opacity in BANDS if percent >= floor)
    left, top = number % ACROSS * WIDE, number // ACROSS * HIGH
    middle, ink = left + (WIDE - GAP) / 2, "inv" if floor >= DARK_FROM else ""
    name = line.name if len(line.name) <= 5 else f"{line.name[:4]}…"
    rate = share.text(0)
    return (
        reverse("reports:coverage", args=[place.pk]),
        f"{line.name} {share.done}/{share.of} {rate}",
        left,
        top,
        WIDE - GAP,
        HIGH - GAP,
        opacity,
        ink,
        middle,
        top + 23,
        name,
        ink,
        middle,
        top + 43,
        rate,
    )
