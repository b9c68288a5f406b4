"""What the plan is held against: figures of the reporting layer beside targets of the campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingmiao.campaign.models import Campaign
from qingmiao.reports.queries import live
from qingmiao.reports.queries.campaigns import course_of, rule_of
from qingmiao.reports.rules import Share
from qingmiao.staff.models import Organisation

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 620, 240, 56, 208, 34  # 14 units of text are read across a room
MOST_LABELS = 8
MARGIN = 16  # so that the last label is whole


@dataclass(frozen=True)
class Progress:
    """Where the campaign stands on a day: the share who have begun, by day; and who is done with the whole course,
    where that takes more."""

    share: Share
    days: Mapping[date, int]
    finished: Share | None

    def until(self, day: date) -> int:
        return sum(people for given, people in self.days.items() if given <= day)


def progress_of(campaign: Campaign, on: date) -> Progress | None:
    """The figures of the reporting layer; None when the campaign has no indicator."""
    rule = rule_of(campaign)
    if rule is None:
        return None
    days = {row.day: row.people for row in live.first_doses_by_day(rule, campaign.organisation, on)}
    course = course_of(campaign)
    finished = live.figure_of(course, campaign.organisation, on) if course else None
    return Progress(live.figure_of(rule, campaign.organisation, on), days, finished)


def shares_of_places(campaign: Campaign, places: list[Organisation], on: date) -> Mapping[int, Share]:
    """The share of each place by id; empty when the campaign has no indicator."""
    rule = rule_of(campaign)
    return live.figures_by_place(rule, places, on) if rule else {}


def plan_chart(days: Sequence[date], planned: Mapping[date, int], done: Mapping[date, int], on: date) -> SafeString:
    """Planned and done so far, day by day, in figures that can be read across a room; "" without a plan."""
    if not planned or not days:
        return SafeString("")
    before = sum(people for day, people in done.items() if day < days[0])
    plan_line, done_line, plan_sum, done_sum = [], [], before, before
    for day in days:
        plan_sum += planned.get(day, 0)
        plan_line.append(plan_sum)
        if day <= on:
            done_sum += done.get(day, 0)
            done_line.append(done_sum)
    top = max([*plan_line, *done_line, 1])
    step = (WIDTH - LEFT - MARGIN) / len(days)

    def y(value: int) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * value / top)

    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        (
            ("bar" if day == on else "past", round(LEFT + place * step + step * 0.15), y(value), round(step * 0.7),
             BOTTOM - y(value))
            for place, (day, value) in enumerate(zip(days, done_line, strict=False))
        ),
    )  # fmt: skip
    line = " ".join(
        f"{'M' if place == 0 else 'L'}{round(LEFT + (place + 0.5) * step)} {y(value)}"
        for place, value in enumerate(plan_line)
    )
    every = -(-len(days) // MOST_LABELS)
    labels = format_html_join(
        "",
        '<text class="mid soft" x="{}" y="{}">{}</text>',
        (
            (round(LEFT + (place + 0.5) * step), BOTTOM + 20, day.strftime("%m-%d"))
            for place, day in enumerate(days)
            if place % every == 0
        ),
    )
    said = _("Planned {planned}, done {done}").format(
        planned=f"{plan_line[len(done_line) - 1] if done_line else 0:,}", done=f"{done_sum:,}"
    )
    return format_html(
        '<svg class="qm-far" viewBox="0 0 {} {}" role="img" aria-label="{}"><line class="grid" x1="{}" x2="{}" y1="{}" '
        'y2="{}"/>{}<path class="plan" d="{}" fill="none" stroke-dasharray="7 5"/>{}'
        '<text class="ends soft" x="{}" y="{}">{}</text>'
        '<text class="ends soft" x="{}" y="{}">0</text>'
        '<text x="{}" y="18" font-weight="700">{}</text></svg>',
        *(WIDTH, HEIGHT, said, LEFT, WIDTH, BOTTOM, BOTTOM, bars, line, labels),
        *(LEFT - 6, TOP + 6, f"{top:,}", LEFT - 6, BOTTOM, LEFT, said),
    )
