"""What every form is made of: the span of its month, rows, and texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from qingmiao.law.months import next_month

TOTAL = "total"


def span(period: date) -> tuple[datetime, datetime]:
    """The first instant of the month, and the first one after it."""
    return _midnight(period), _midnight(next_month(period))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def row(key: str, zh: str, en: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a form keeps it; cells by column are numbers, texts, texts in both languages, or None."""
    return {"key": key, "zh": zh, "en": en, "cells": dict(cells)}


def total(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The last row, that adds up."""
    return row(TOTAL, "合计", "Together", cells)


def both(label: object) -> dict[str, str]:
    """A translated text in both languages, as a cell keeps it."""
    with override("zh-hans"):
        zh = str(label)
    with override("en"):
        return {"zh": zh, "en": str(label)}


def said(value: Any, side: str) -> Any:
    """A cell's value in the language `side` ("zh" or "en")."""
    return value[side] if isinstance(value, dict) else value
