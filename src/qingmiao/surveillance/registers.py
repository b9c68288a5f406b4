"""Registers of a hospital as files: which column is what, and what a row then says.

Reading the file itself (Excel or CSV, in a process of its own) is the ledger's.
Source of the words: rules/surveillance/registers.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from qingmiao.registry.ledger.cleaning import moment_of, phone_of, tidy
from qingmiao.registry.ledger.layout import shown
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.registry.ledger.reading.source import opened
from qingmiao.registry.numbers import comparable
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.deadlines import SHANGHAI
from qingmiao.surveillance.missed import RegisterRow
from qingmiao.surveillance.same_person import Who

HEADER_AMONG_FIRST = 20
KNOWN_NAMES_OF_A_HEADER = 3
_AGE = re.compile(r"(\d{1,3})\s*(岁|周岁|Y|y)?(?:\d{1,2}\s*月)?")
_SMALL = re.compile(r"\d{1,3}\s*(月|个月|天|日|小时)(龄)?")


@dataclass(frozen=True)
class Table:
    """A register as it came: its header, and its rows with their number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def fields() -> dict[str, dict[str, Any]]:
    """The fields that a column can be, with their words."""
    found: dict[str, dict[str, Any]] = rule_file("registers")["fields"]
    return found


def read_table(path: Path, title: str) -> Table:
    """The first sheet that has a header. Raises FileRefused for a file that is none, or has none."""
    with opened(path, title) as source:
        for sheet in source.sheets():
            rows = [
                (number, tuple(tidy(shown(cell)) for cell in cells))
                for batch in sheet.batches
                for number, cells in batch
            ]
            for place, (_number, cells) in enumerate(rows[:HEADER_AMONG_FIRST]):
                if len(proposed(cells)) >= KNOWN_NAMES_OF_A_HEADER:
                    body = tuple((number, found) for number, found in rows[place + 1 :] if any(found))
                    return Table(cells, body)
    raise FileRefused("no_header_found")


def proposed(header: Sequence[str]) -> dict[str, int]:
    """Field to column, by the words that are known; the first column wins."""
    found: dict[str, int] = {}
    for column, text in enumerate(header):
        wording = re.sub(r"[\s（(].*$", "", text).upper()
        for name, entry in fields().items():
            if wording in (word.upper() for word in entry["words"]):
                found.setdefault(name, column)
    return found


def lacking(mapping: Mapping[str, int]) -> list[str]:
    """What no column says although no case can be found without it."""
    missing = [name for name in rule_file("registers")["needed"] if name not in mapping]
    if not {"diagnosis", "icd10", "result"} & set(mapping):
        missing.append("diagnosis")
    return missing


def cell(cells: Sequence[str], mapping: Mapping[str, int], name: str) -> str:
    """What a row says of a field, empty where it says nothing."""
    column = mapping.get(name, -1)
    return cells[column].strip() if 0 <= column < len(cells) else ""


def moment(cells: Sequence[str], mapping: Mapping[str, int]) -> tuple[datetime, bool] | None:
    """When the row happened, and whether it names the time; None when the day cannot be read."""
    found = moment_of(cell(cells, mapping, "at"))
    if found is None:
        return None
    clock = time.fromisoformat(found.clock) if found.clock else time(0)
    return datetime.combine(date.fromordinal(found.day), clock, SHANGHAI), bool(found.clock)


def age_in_years(text: str) -> int | None:
    """35岁 is 35, 8月 is 0; None for what is no age."""
    if _SMALL.fullmatch(text):
        return 0
    found = _AGE.fullmatch(text)
    return int(found[1]) if found else None


def who(cells: Sequence[str], mapping: Mapping[str, int], year: int) -> Who:
    """The person of a row."""
    born = moment_of(cell(cells, mapping, "birth_date"))
    birth = date.fromordinal(born.day).isoformat() if born else ""
    age = age_in_years(cell(cells, mapping, "age"))
    birth_year = int(birth[:4]) if birth else (year - age if age is not None else None)
    phone = phone_of(cell(cells, mapping, "phone")) or ""
    number = comparable(cell(cells, mapping, "number"))
    name = "".join(cell(cells, mapping, "name").split())
    return Who(name, number if len(number) >= 8 else "", birth, phone, _sex(cells, mapping), birth_year)


def _sex(cells: Sequence[str], mapping: Mapping[str, int]) -> str:
    return {"男": "1", "女": "2", "1": "1", "2": "2"}.get(cell(cells, mapping, "sex"), "")


def card_of(cells: Sequence[str], mapping: Mapping[str, int], disease: str, year: int) -> dict[str, str]:
    """What a row says of a card that is still to be written: field to text, as on the card."""
    person, found = who(cells, mapping, year), moment(cells, mapping)
    age = age_in_years(cell(cells, mapping, "age"))
    return {
        "name": person.name,
        "number": person.number,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "age": "" if person.birth_date or age is None else str(age),
        "age_unit": "year" if age is not None else "",
        "phone": person.phone,
        "address": cell(cells, mapping, "address"),
        "workplace": cell(cells, mapping, "workplace"),
        "department": cell(cells, mapping, "department"),
        "doctor": cell(cells, mapping, "doctor"),
        "disease": disease,
        "diagnosed_at": found[0].strftime("%Y-%m-%dT%H:%M") if found else "",
    }


def row_of(key: str, person: str, cells: Sequence[str], mapping: Mapping[str, int]) -> RegisterRow | None:
    """The row as the audit needs it; None when its day cannot be read."""
    found = moment(cells, mapping)
    if found is None:
        return None
    at, has_time = found
    texts = {
        name: cell(cells, mapping, name) for name in ("diagnosis", "icd10", "item", "result", "doctor", "department")
    }
    age = age_in_years(cell(cells, mapping, "age"))
    name = "".join(cell(cells, mapping, "name").split())
    return RegisterRow(key, person, at, **texts, has_time=has_time, name=name, sex=_sex(cells, mapping), age=age)
