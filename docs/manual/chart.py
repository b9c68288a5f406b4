"""A schedule as a picture: for each dose, from when it may be given, until when it is on time, when it closes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from html import escape

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.series import DoseRule, GroupRule, PathRule

from .words import months_of

_ROW, _TOP, _LEFT, _WIDTH, _LAST = 22, 54, 150, 940, 18 * 12
_TICKS = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 60, 72, 84, 144, 168, 216)
_LEGEND = {
    "zh": "粗条：按时接种；细条：仍可补种，至停止年龄或补种年龄上限",
    "en": "Thick: on time. Thin: still given late, until it closes or catch-up ends.",
}
_COLOURS = {"on_time": "#2f7d5b", "late": "#d9a441", "axis": "#c9ced3", "text": "#22272b", "faint": "#6a737b"}


@dataclass(frozen=True)
class Bar:
    """One dose: label and ages in months. `before` None: no completion age; `closes` None: the end of catch-up."""

    label: str
    dose: str
    begins: float
    before: float | None
    closes: float | None


def _x(months: float) -> float:
    """Square-root scale: a year of infancy is as wide as the years after it deserve to be narrow."""
    return _LEFT + (_WIDTH - _LEFT - 20) * math.sqrt(min(months, _LAST) / _LAST)


def _value(dose: DoseRule, name: str, day: date) -> float | None:
    quantity = getattr(dose, name)
    entry = quantity.written_on(day) if quantity else None
    return months_of(quantity, entry.value) if entry else None


def bars(group: GroupRule, path: PathRule, day: date, language: str) -> list[Bar]:
    """The doses of a path that exist on a day."""
    found = []
    for number, dose in enumerate(path.doses, 1):
        begins = _value(dose, "minimum_age", day)
        if begins is None or dose.only_if or dose.repeats:
            continue
        before, closes = _value(dose, "complete_before_age", day), _value(dose, "closes_at_age", day)
        found.append(Bar(path.verdict_series or group.title[language], str(number), begins, before, closes))
    return found


def _line(x: float, top: float, bottom: float) -> str:
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{_COLOURS["axis"]}"/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" rx="2" fill="{colour}"/>'


def _text(x: float, y: float, text: str, colour: str, *, size: int = 11, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"


def _axis(height: int, language: str) -> list[str]:
    parts = []
    for tick in _TICKS:
        x = _x(tick)
        label = f"{tick}m" if tick < 24 else f"{tick // 12}y"
        label = label if tick else {"zh": "出生", "en": "birth"}[language]
        parts.append(_line(x, _TOP - 8, height - 26))
        parts.append(_text(x, _TOP - 14, label, _COLOURS["faint"], anchor="middle"))
    return parts


def _bar(bar: Bar, y: int, first: bool) -> list[str]:
    begins, closes = _x(bar.begins), _x(bar.closes if bar.closes is not None else _LAST)
    before = _x(bar.before) if bar.before is not None else begins + 10
    late = max(before, begins)
    parts = [
        _rect(begins, y, max(4, late - begins), 12, _COLOURS["on_time"]),
        _rect(late, y + 4, max(0, closes - late), 4, _COLOURS["late"]),
        _text(begins + 3, y + 10, bar.dose, "#fff", size=9),
    ]
    return [*parts, _text(8, y + 10, bar.label, _COLOURS["text"])] if first else parts


def draw(title: str, rows: list[Bar], language: str) -> str:
    """An SVG of the bars, one row a dose."""
    height = _TOP + _ROW * len(rows) + 40
    box = f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f"<title>{escape(title)}</title>",
        _rect(0, 0, _WIDTH, height, "#fff"),
        _text(8, 20, title, _COLOURS["text"], size=15),
        *_axis(height, language),
    ]
    labels = [bar.label for bar in rows]
    for index, bar in enumerate(rows):
        parts += _bar(bar, _TOP + _ROW * index, index == 0 or labels[index - 1] != bar.label)
    return "\n".join([*parts, _text(8, height - 8, _LEGEND[language], _COLOURS["faint"]), "</svg>"]) + "\n"


def group_chart(group: GroupRule, day: date, language: str) -> str:
    """The chart of one group: every path."""
    rows = [bar for path in group.paths for bar in bars(group, path, day, language)]
    return draw(f"{group.title[language]} {day.year}", rows, language)


def programme_chart(book: RuleBook, day: date, language: str) -> str:
    """The chart of the national programme: the default path of each group."""
    rows = []
    for group in book.groups:
        path = next(path for path in group.paths if path.is_default)
        skipped = group.programme != "national" or group.offered.from_day.from_day > day or group.group == "DT"
        rows += [] if skipped else bars(group, path, day, language)
    title = {"zh": f"国家免疫规划疫苗儿童免疫程序 {day}", "en": f"National Immunization Programme, children, {day}"}
    return draw(title[language], rows, language)
