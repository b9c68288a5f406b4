"""A schedule as a picture: for each dose, from when it may be given, until when it is on time, when it closes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.series import DoseRule, GroupRule, PathRule
from qingmiao.engine.rules.values import Quantity

from .words import months_of

_ROW, _TOP, _LEFT, _WIDTH, _DAYS_A_MONTH = 22, 54, 180, 940, 30.4
_ROOM = 28
"""Between two labels of the axis; a tick with less has a line and no label."""
_LEGEND = {
    "zh": "粗条：按时接种；细条：仍可补种，至停止年龄或补种年龄上限。第2剂起按最早可种时间（含间隔）画出",
    "en": "Thick: on time. Thin: still given late, until it closes or catch-up ends. Later doses stand where their "
    "interval first allows them.",
}
_DAYS_LEGEND = {"zh": "自暴露（受伤）当天起的天数", "en": "Days since the exposure or wound"}
_COLOURS = {"on_time": "#2f7d5b", "late": "#d9a441", "axis": "#c9ced3", "text": "#22272b", "faint": "#6a737b"}


@dataclass(frozen=True)
class Bar:
    """One dose: label and times in months. `before` None: no completion age; `closes` None: the end of catch-up."""

    label: str
    dose: str
    begins: float
    before: float | None
    closes: float | None


Row = Bar | str
"""A dose, or a line of text above doses."""


@dataclass(frozen=True)
class Scale:
    """What lies from left to right: months of age, or days since an exposure."""

    last: float
    ticks: tuple[float, ...]
    in_days: bool = False

    def x(self, months: float) -> float:
        """Square roots of ages: a year of infancy is as wide as the years after it deserve to be narrow."""
        share = min(months, self.last) / self.last
        return _LEFT + (_WIDTH - _LEFT - 20) * (share if self.in_days else math.sqrt(share))

    def label(self, months: float, language: str) -> str:
        """A tick in words."""
        zh = language == "zh"
        if self.in_days:
            number = round(months * _DAYS_A_MONTH)
            return f"第{number}天" if zh else f"day {number}"
        if not months:
            return "出生" if zh else "birth"
        number, is_month = (int(months), True) if months < 24 else (int(months // 12), False)
        return f"{number}{'月' if is_month else '岁'}" if zh else f"{number}{'m' if is_month else 'y'}"


_CHILDREN = Scale(18 * 12, (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 60, 72, 84, 144, 168, 216))
_EVERYBODY = Scale(80 * 12, (0, 12, 24, 60, 120, 216, 360, 480, 600, 720, 840, 960))


def _value(quantity: Quantity | None, day: date) -> float | None:
    entry = quantity.written_on(day) if quantity and not quantity.only_if else None
    return months_of(quantity, entry.value) if entry else None


def _begins(dose: DoseRule, earlier: list[float], day: date) -> float | None:
    """When a dose may first be given, if every earlier one was given as soon as it might."""
    youngest = _value(dose.minimum_age, day)
    if youngest is None:
        return None
    for gap in dose.gaps:
        length = _value(gap.minimum, day)
        since = {"dose": gap.after[-1], "previous": len(earlier)}.get(gap.after[0])
        if length is not None and isinstance(since, int) and 0 < since <= len(earlier) and not gap.when:
            youngest = max(youngest, earlier[since - 1] + length)
    return youngest


def bars(path: PathRule, day: date, label: str) -> list[Bar]:
    """The doses of a path that exist on a day and are owed to everyone on it; the first bears the label."""
    found: list[Bar] = []
    begun: list[float] = []
    for number, dose in enumerate(path.doses, 1):
        begins = _begins(dose, begun, day)
        if begins is None:
            continue
        begun.append(begins)
        if not dose.only_if and not dose.repeats:
            before, closes = _value(dose.complete_before_age, day), _value(dose.closes_at_age, day)
            found.append(Bar("" if found else label, str(number), begins, before, closes))
    return found


def _line(x: float, top: float, bottom: float) -> str:
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{_COLOURS["axis"]}"/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" rx="2" fill="{colour}"/>'


def _text(x: float, y: float, text: str, colour: str, *, size: int = 11, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"


def _axis(scale: Scale, height: int, language: str) -> Iterator[str]:
    free = 0.0
    for tick in scale.ticks:
        x = scale.x(tick)
        yield _line(x, _TOP - 8, height - 26)
        if x >= free:
            yield _text(x, _TOP - 14, scale.label(tick, language), _COLOURS["faint"], anchor="middle")
            free = x + _ROOM


def _row(row: Row, scale: Scale, y: int) -> list[str]:
    if isinstance(row, str):
        return [_text(8, y + 12, row, _COLOURS["text"])]
    begins, closes = scale.x(row.begins), scale.x(row.closes if row.closes is not None else scale.last)
    before = scale.x(row.before) if row.before is not None else 0
    late = max(before, begins + 14)
    parts = [_rect(begins, y, late - begins, 12, _COLOURS["on_time"])]
    if not scale.in_days:
        parts.append(_rect(late, y + 4, max(0, closes - late), 4, _COLOURS["late"]))
    parts.append(_text(begins + 4, y + 10, row.dose, "#fff", size=9))
    return [*parts, _text(8, y + 10, row.label, _COLOURS["text"])] if row.label else parts


def draw(title: str, rows: list[Row], scale: Scale, language: str) -> str:
    """An SVG of the rows."""
    height = _TOP + _ROW * len(rows) + 40
    box = f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f"<title>{escape(title)}</title>",
        _rect(0, 0, _WIDTH, height, "#fff"),
        _text(8, 20, title, _COLOURS["text"], size=15),
        *_axis(scale, height, language),
    ]
    for index, row in enumerate(rows):
        parts += _row(row, scale, _TOP + _ROW * index)
    legend = (_DAYS_LEGEND if scale.in_days else _LEGEND)[language]
    return "\n".join([*parts, _text(8, height - 8, legend, _COLOURS["faint"]), "</svg>"]) + "\n"


def _is_after_a_fact(path: PathRule) -> bool:
    """Whether the first dose waits for something that happens, such as a bite or a wound, at whatever age."""
    return any(gap.after[0] == "fact" and gap.counts_only_after for gap in path.doses[0].gaps)


def _scale(doses: list[Bar], in_days: bool) -> Scale:
    if in_days:
        days = sorted({bar.begins for bar in doses})
        return Scale(days[-1] * 1.1 or 1, tuple(days), in_days=True)
    return _EVERYBODY if any(bar.begins >= _CHILDREN.last for bar in doses) else _CHILDREN


def group_chart(group: GroupRule, day: date, language: str) -> str:
    """The chart of one group: every path under its title."""
    paths = [(path.title[language], bars(path, day, "")) for path in group.paths_on(day)]
    drawn = [(title, doses) for title, doses in paths if doses]
    rows: list[Row] = [row for title, doses in drawn for row in (title, *doses)]
    scale = _scale([bar for _, doses in drawn for bar in doses], all(map(_is_after_a_fact, group.paths)))
    return draw(f"{group.title[language]} {day.year}", rows, scale, language)


def programme_chart(book: RuleBook, day: date, language: str) -> str:
    """The chart of the national programme: the default path of each group."""
    rows: list[Row] = []
    for group in book.groups:
        path = next(path for path in group.paths if path.is_default)
        skipped = group.programme != "national" or group.offered.from_day.from_day > day or group.group == "DT"
        rows += [] if skipped else bars(path, day, group.title[language])
    title = {"zh": f"国家免疫规划疫苗儿童免疫程序 {day}", "en": f"National Immunization Programme, children, {day}"}
    return draw(title[language], rows, _CHILDREN, language)
