"""Lengths of time, products and verdicts in Chinese and English."""

from __future__ import annotations

from qingmiao.engine.rules.messages import catalogue
from qingmiao.engine.rules.series import Gap
from qingmiao.engine.rules.values import Quantity

LANGUAGES = ("zh", "en")
_UNITS = {
    "zh": {"hour": "小时", "day": "天", "week": "周", "month": "月", "year": "年"},
    "en": {"hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year"},
}
_AGES = {"zh": {"month": "月龄", "year": "岁", "day": "日龄", "week": "周龄", "hour": "小时"}}
STATUS = {
    "zh": {
        "due": "应种", "overdue": "逾期", "due_later": "未到时间", "complete": "已完成", "aged_out": "超龄",
        "contraindicated": "禁忌", "not_applicable": "不适用", "unknown": "资料不足", "immune": "已免疫",
    },
    "en": {
        "due": "due", "overdue": "overdue", "due_later": "due later", "complete": "complete", "aged_out": "aged out",
        "contraindicated": "contraindicated", "not_applicable": "not applicable", "unknown": "unknown",
        "immune": "immune",
    },
}  # fmt: skip
REASON = {
    "zh": {
        "too_young": "无效：未到最小年龄", "too_old": "无效：超龄", "interval_too_short": "无效：间隔不足",
        "live_conflict": "无效：与其他减毒活疫苗间隔不足", "wrong_product": "无效：品种不符", "extra": "多余剂次",
        "-": "不计入",
    },
    "en": {
        "too_young": "invalid: too young", "too_old": "invalid: too old", "interval_too_short": "invalid: too soon",
        "live_conflict": "invalid: too soon after another live vaccine", "wrong_product": "invalid: wrong product",
        "extra": "extra", "-": "not counted",
    },
}  # fmt: skip


def length(unit: str, value: int, language: str) -> str:
    """A length of time: "28 days", "28天"."""
    word = _UNITS[language][unit]
    if language == "zh":
        return f"{value}{'个月' if unit == 'month' else word}"
    return f"{value} {word}{'' if value == 1 else 's'}"


def age(unit: str, value: int, language: str) -> str:
    """An age: "8 months", "8月龄"; zero is birth."""
    if value == 0:
        return "出生" if language == "zh" else "birth"
    return f"{value}{_AGES['zh'][unit]}" if language == "zh" else length(unit, value, language)


def confidence(code: str, language: str) -> str:
    """How sure we are, with the code."""
    return f"{catalogue().confidence[code][language]} [{code}]"


def origin(gap: Gap, titles: dict[str, dict[str, str]], language: str) -> str:
    """What a gap counts from."""
    kind, value = gap.after
    if kind == "dose":
        return f"第{value}剂后" if language == "zh" else f"after dose {value}"
    if kind == "previous":
        return "上一剂后" if language == "zh" else "after the previous dose"
    if kind == "last_in":
        title = titles[str(value)][language]
        return f"末剂{title}后" if language == "zh" else f"after the last {title}"
    if kind == "last_of":
        assert isinstance(value, tuple)
        return f"末剂{'、'.join(value)}后" if language == "zh" else f"after the last {', '.join(value)}"
    return f"{titles[str(value)][language]}后" if language == "zh" else f"after: {titles[str(value)][language]}"


def months_of(quantity: Quantity | None, value: int | None) -> float | None:
    """A value in months, for drawing."""
    if quantity is None or value is None:
        return None
    return value * {"hour": 1 / 720, "day": 1 / 30.4, "week": 7 / 30.4, "month": 1, "year": 12}[quantity.unit]
