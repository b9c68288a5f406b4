"""What each form looks like and when it is due, read from rules/forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qingmiao.law.dated import RULES, read_rules
from qingmiao.law.months import months_later
from qingmiao.reports.indicators import Words

FOLDER = RULES / "forms"
SOURCES = frozenset({"national_period", "outside_programme", "stock_movements", "cold_chain", "reactions"})
VACCINE = {"zh": "疫苗", "en": "Vaccine"}


class FormFileWrong(ValueError):
    """A form file names something that cannot be counted; says which file and what."""


class UnknownForm(LookupError):
    """No file defines a form of this name."""


@dataclass(frozen=True)
class Column:
    """A column of a form; `opens` when its cells lead to people and doses."""

    id: str
    title: Words
    opens: bool = False


@dataclass(frozen=True)
class RowAsked:
    """A row of the national table."""

    vaccine: str
    dose: str
    title: Words

    @property
    def key(self) -> str:
        return f"{self.vaccine}-{self.dose}"


@dataclass(frozen=True)
class Definition:
    """A form: what counts it, its columns and rows (listed where they are fixed), and the day it is due."""

    id: str
    version: int
    title: Words
    source: str
    row_title: Words
    columns: tuple[Column, ...]
    rows: tuple[RowAsked, ...]
    months_after: int
    due_day: int
    due_from_memory: bool
    reference: str
    confidence: str

    def due_on(self, period: date) -> date:
        """The last day on which the form of a month is in time."""
        return months_later(period, self.months_after).replace(day=self.due_day)


@cache
def definitions() -> Mapping[str, Definition]:
    """All forms by id, in the order of the files. Raises FormFileWrong."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.yaml"))]
    order = {"routine_month": 0, "class2_month": 1}
    return {one.id: one for one in sorted(found, key=lambda one: (order.get(one.id, 2), one.id))}


def definition(name: str) -> Definition:
    """The form of this name; UnknownForm if there is none."""
    try:
        return definitions()[name]
    except KeyError:
        raise UnknownForm(name) from None


def _read(path: Path) -> Definition:
    content: Mapping[str, Any] = read_rules(path)
    if content["source"] not in SOURCES:
        raise FormFileWrong(f"{path.name}: source {content['source']!r}; it may be {sorted(SOURCES)}")
    return Definition(
        content["id"],
        int(content["version"]),
        Words(**content["title"]),
        content["source"],
        Words(**content.get("row_title", VACCINE)),
        tuple(Column(one["id"], Words(**one["title"]), one.get("opens", False)) for one in content["columns"]),
        tuple(RowAsked(one["vaccine"], str(one["dose"]), Words(**one["title"])) for one in content["rows"]),
        int(content["due"]["months_after"]),
        int(content["due"]["day"]),
        bool(content["due"].get("from_memory")),
        content["reference"],
        content["confidence"],
    )
