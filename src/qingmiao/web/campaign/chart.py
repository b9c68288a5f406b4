"""The organisation chart as SVG: the leading group on top, the working groups below it, three in a row."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingmiao.campaign.queries.organisation import GroupOn, Held

WIDTH, PER_ROW, GAP = 1080, 3, 30
LINE, HEAD, FOOT = 24, 40, 12
BOX = (WIDTH - (PER_ROW - 1) * GAP) // PER_ROW
LONGEST = 24  # characters of a line that fit a box


def organisation_chart(title: str, groups: Sequence[GroupOn], members: Sequence[str]) -> SafeString:
    """Groups with their duties, holders and phones, and the member units; "" without groups."""
    if not groups:
        return SafeString("")
    leading = [group for group in groups if group.group.is_leading]
    working = [group for group in groups if not group.group.is_leading]
    parts: list[SafeString] = []
    bottom = 0
    for group in leading:
        lines = _lines(group) + _members(members)
        parts.append(_box((WIDTH - 2 * BOX) // 2, 0, 2 * BOX, group.group.name, lines, is_leading=True))
        bottom = _height(lines)
    for start in range(0, len(working), PER_ROW):
        row = working[start : start + PER_ROW]
        top = bottom + 44
        for place, group in enumerate(row):
            left = place * (BOX + GAP)
            parts.append(_join(left + BOX // 2, bottom + 22, top, is_first=start == 0, bottom=bottom))
            parts.append(_box(left, top, BOX, group.group.name, _lines(group)))
        bottom = top + max(_height(_lines(group)) for group in row)
    return format_html(
        '<svg viewBox="-2 -2 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH + 4,
        bottom + 6,
        _("Organisation of {title}").format(title=title),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _members(members: Sequence[str]) -> list[tuple[str, str]]:
    """The member units, as many on a line as fit."""
    lines: list[str] = []
    for name in members:
        if lines and len(lines[-1]) + len(name) < 2 * LONGEST - 8:
            lines[-1] += f"、{name}"
        else:
            lines.append(name)
    return [(_("Member units") if number == 0 else "", line) for number, line in enumerate(lines)]


def _lines(group: GroupOn) -> list[tuple[str, str]]:
    return [line for held in group.duties for line in _held(held)]


def _held(held: Held) -> list[tuple[str, str]]:
    """Who holds a duty, with its phone; who stands in on a line below."""
    if held.holder is None:
        return [(held.duty.title, _("vacant"))]
    deputy = [("", _("(for him {deputy})").format(deputy=held.deputy.name))] if held.deputy else []
    return [(held.duty.title, f"{held.holder.name} {held.duty.phone}".strip()), *deputy]


def _height(lines: Sequence[object]) -> int:
    return HEAD + len(lines) * LINE + FOOT


def _join(x: int, start: int, end: int, *, is_first: bool, bottom: int) -> SafeString:
    """The line from above to a box: in the first row from the leading group, in others a short stem."""
    across = format_html('<path class="grid" d="M{} {}V{}M{} {}H{}" fill="none"/>', WIDTH // 2, bottom, start, x, start,
                         WIDTH // 2) if is_first else SafeString("")  # fmt: skip
    return format_html('{}<path class="grid" d="M{} {}V{}" fill="none"/>', across, x, start, end)


def _box(
    left: int, top: int, width: int, title: str, lines: Sequence[tuple[str, str]], *, is_leading: bool = False
) -> SafeString:
    rows = format_html_join(
        "",
        '<text class="soft" x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>',
        (
            (left + 14, top + HEAD + number * LINE + 12, term, left + 104, top + HEAD + number * LINE + 12, text)
            for number, (term, text) in enumerate(lines)
        ),
    )
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="#ffffff" stroke="{}" stroke-width="{}" rx="4"/>'
        '<text class="mid" x="{}" y="{}" font-weight="700">{}</text>{}',
        *(left, top, width, _height(lines), "#0b6e63", 3 if is_leading else 1.5, left + width // 2, top + 26),
        title,
        rows,
    )
