"""The schematic map as SVG: places as the office laid them, coloured by a figure, each a door; the others as tiles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qingmiao.staff.outlines import SHEET, Rings, edges, middle
from qingmiao.staff.queries import outlines_of

WIDTH = 420  # of the drawing; its letters are 14 high
SCALE = WIDTH / SHEET
ACROSS, WIDE, HIGH, GAP = 5, 84, 58, 4
# The darker, the more: one hue, told apart in grey print too; the number stands on every area.
SHADES = (0.12, 0.3, 0.5, 0.75, 1.0)
LIGHT_LETTERS_FROM = 3
LETTER = 14


@dataclass(frozen=True)
class Area:
    """A place on the map: `told` stands under its name, `shade` is 0 (palest) to 4, `url` is where it opens."""

    place: int | None
    name: str
    told: str
    shade: int
    url: str = ""
    more: str = ""


def shade_of_percent(percent: float) -> int:
    """By how far a place is: from 25, 50, 75 and 90 per cent on a shade darker."""
    return sum(percent >= floor for floor in (25, 50, 75, 90))


def shade_among(count: int, most: int) -> int:
    """By the share of the largest count."""
    return 0 if most == 0 or count == 0 else max(0, min(4, ceil(count * 5 / most) - 1))


def area_map(areas: Sequence[Area], label: str, *, to_drag: bool = False) -> SafeString:
    """The map; "" without areas. `to_drag` leaves out the doors and names each place for the page that moves them."""
    if not areas:
        return SafeString("")
    laid = outlines_of(area.place for area in areas if area.place)
    drawn = [(area, _scaled(laid[area.place])) for area in areas if area.place and area.place in laid]
    bottom = max((edges(rings)[3] for _area, rings in drawn), default=-GAP) + GAP
    beside = [area for area in areas if area.place not in laid]
    drawn += [(area, _tile(number, bottom)) for number, area in enumerate(beside)]
    height = max(ceil(bottom), ceil(bottom) + ceil(len(beside) / ACROSS) * HIGH)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>', WIDTH, height, label,
        format_html_join("", "{}", ((_area(area, rings, to_drag),) for area, rings in drawn)),
    )  # fmt: skip


def places_of_tiles(count: int) -> Iterable[tuple[int, int]]:
    """The middles of so many tiles on the sheet, as they lie when nobody laid them."""
    return ((round(x / SCALE), round(y / SCALE)) for x, y in (middle(_tile(number, 0)) for number in range(count)))


def _scaled(rings: Rings) -> Rings:
    return [[(round(x * SCALE, 1), round(y * SCALE, 1)) for x, y in ring] for ring in rings]


def _tile(number: int, top: float) -> Rings:
    left, high = number % ACROSS * WIDE, top + number // ACROSS * HIGH
    right, low = left + WIDE - GAP, high + HIGH - GAP
    return [[(left, high), (right, high), (right, low), (left, low)]]


def _area(area: Area, rings: Rings, to_drag: bool) -> SafeString:
    path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + "Z" for ring in rings)
    shape = format_html(
        '<title>{}</title><path class="bar area" fill-rule="evenodd" fill-opacity="{}" d="{}"/>{}',
        area.more or f"{area.name} {area.told}", SHADES[area.shade], path, _letters(area, rings),
    )  # fmt: skip
    if to_drag:
        return format_html('<g data-place="{}">{}</g>', area.place, shape)
    return format_html('<a href="{}">{}</a>', area.url, shape) if area.url else format_html("<g>{}</g>", shape)


def _letters(area: Area, rings: Rings) -> SafeString:
    """Name and figure where they fit; a small area has them in its title."""
    left, top, right, bottom = edges(rings)
    ink = "inv" if area.shade >= LIGHT_LETTERS_FROM else ""
    x, y = middle(rings)
    long = int((right - left) / LETTER * (1 if ord(area.name[:1] or "a") > 255 else 1.8))
    name = area.name if len(area.name) <= long else f"{area.name[: max(long - 1, 1)]}…"
    lines = [line for line in ((name, area.told) if bottom - top >= 2.4 * LETTER else (area.told,)) if line]
    if right - left < 2.4 * LETTER or bottom - top < LETTER:
        return SafeString("")
    first = y + 5 - (len(lines) - 1) * 10
    rows = ((ink, x, first + number * 20, line) for number, line in enumerate(lines))
    return format_html_join("", '<text class="mid {}" x="{}" y="{}">{}</text>', rows)
