"""The sheet of a site without any network: what its columns are, and the events that a filled sheet stands for.

Each row is one visit and each group of columns one step. A step's event has an id made from the sheet's own id, the
visit and the step, so that a sheet read in twice writes nothing twice; what was changed in it since is a revision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from qingmiao.clinic.sync import Kind

COLUMNS = (
    # key, whether somebody fills it in
    ("visit", False), ("ticket", False), ("name", False), ("sex", False), ("born_on", False), ("number", False),
    ("unit", False), ("arrived", True), ("signed", True), ("signer", True), ("relation", True), ("celsius", True),
    ("screened", True), ("all_no", True), ("given", True), ("lot", True), ("body_site", True), ("released", True),
    ("away", True), ("away_reason", True),
)  # fmt: skip
KEYS = tuple(key for key, _filled in COLUMNS)
FILLED = tuple(key for key, filled in COLUMNS if filled)
_CLOCK = re.compile(r"(?:\d{4}-\d{2}-\d{2}[ T])?(\d{1,2})[:：](\d{2})(?::\d{2}(?:\.\d+)?)?$")


@dataclass(frozen=True)
class SheetRow:
    """A filled row: its place in the sheet, the visit, and the filled cells as text."""

    place: int
    visit: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Trouble:
    """A cell that cannot be understood: nothing of its step is taken."""

    place: int
    column: str
    text: str


@dataclass(frozen=True)
class Choices:
    """What may be chosen in the sheet's drop-downs: the words in it, and what each stands for."""

    lots: Mapping[str, int]
    body_sites: Mapping[str, str]
    relations: Mapping[str, str]
    away: Mapping[str, str]
    yes: str


def events_of(
    row: SheetRow, sheet_id: UUID, day: date, zone: ZoneInfo, choices: Choices, questions: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Trouble]]:
    """The events of a row in the order of the chain, in the wire format of `clinic.sync`, and what is wrong in it."""
    events: list[dict[str, Any]] = []
    troubles: list[Trouble] = []
    steps = (_arrival, _consent, _screening, _dose, _release, _away)
    for order, step in enumerate(steps):
        try:
            found = step(row, choices, questions)
        except _Unclear as error:
            troubles.append(Trouble(row.place, error.column, row.cells.get(error.column, "")))
            continue
        if found is None:
            continue
        kind, clock, content = found
        events.append(
            {
                "id": str(uuid5(sheet_id, f"{row.visit} {kind.value}")),
                "number": row.place * 10 + order,
                "kind": kind.value,
                "visit": row.visit,
                "made_at": datetime.combine(day, clock, zone).isoformat(),
                "content": content,
            }
        )
    return events, troubles


class _Unclear(ValueError):
    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


_Step = tuple[Kind, time, dict[str, Any]] | None


def _clock(row: SheetRow, column: str) -> time | None:
    """A time of day as typed (9:05, 09:05:00, or a moment of which the time counts); None when the cell is empty."""
    text = row.cells.get(column, "").strip()
    if not text:
        return None
    found = _CLOCK.match(text)
    try:
        return time(int(found[1]), int(found[2])) if found else _fraction(text)
    except ValueError as error:
        raise _Unclear(column) from error


def _fraction(text: str) -> time:
    """A time that the program kept as a part of the day: 0.375 is nine o'clock."""
    minutes = round(float(text) % 1 * 24 * 60)
    return time(minutes // 60 % 24, minutes % 60)


def _chosen(row: SheetRow, column: str, words: Mapping[str, Any]) -> Any:
    text = row.cells.get(column, "").strip()
    if text and text not in words:
        raise _Unclear(column)
    return words[text] if text else None


def _arrival(row: SheetRow, _choices: Choices, _questions: Sequence[str]) -> _Step:
    clock = _clock(row, "arrived")
    return (Kind.ARRIVE, clock, {}) if clock else None


def _consent(row: SheetRow, choices: Choices, _questions: Sequence[str]) -> _Step:
    clock, signer = _clock(row, "signed"), row.cells.get("signer", "").strip()
    if clock is None:
        return None
    if not signer:
        raise _Unclear("signer")
    relation = _chosen(row, "relation", choices.relations) or ""
    content = {
        "identity": ["name", "number"],
        "typed": signer,
        "signer": signer if relation else "",
        "relation": relation,
        "language": "zh-hans",
    }
    return Kind.CONSENT, clock, content


def _screening(row: SheetRow, choices: Choices, questions: Sequence[str]) -> _Step:
    clock = _clock(row, "screened")
    if clock is None:
        return None
    if row.cells.get("all_no", "").strip() != choices.yes:
        raise _Unclear("all_no")  # whoever answered yes to anything is screened at a desk
    return Kind.SCREEN, clock, {"answers": dict.fromkeys(questions, "no"), "celsius": row.cells.get("celsius", "")}


def _dose(row: SheetRow, choices: Choices, _questions: Sequence[str]) -> _Step:
    clock = _clock(row, "given")
    if clock is None:
        return None
    lot = _chosen(row, "lot", choices.lots)
    if lot is None:
        raise _Unclear("lot")
    return Kind.DOSE, clock, {"lot": lot, "body_site": _chosen(row, "body_site", choices.body_sites) or ""}


def _release(row: SheetRow, _choices: Choices, _questions: Sequence[str]) -> _Step:
    clock = _clock(row, "released")
    return (Kind.RELEASE, clock, {}) if clock else None


def _away(row: SheetRow, choices: Choices, _questions: Sequence[str]) -> _Step:
    event = _chosen(row, "away", choices.away)
    if event is None:
        return None
    reason = row.cells.get("away_reason", "").strip()
    if not reason:
        raise _Unclear("away_reason")
    clock = _clock(row, "arrived") or time(17)
    return Kind.AWAY, clock, {"event": event, "reason": reason}
