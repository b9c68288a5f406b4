"""Doses of a row: which count, which are held, and what is said about each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from .cleaning import Flawed, Held, Moment, Word
from .layout import Layout, SheetKind
from .vocabulary import Vocabulary

CAMPAIGN_SERIES = "新冠"
_WITHOUT_DATE = {"dose_elsewhere_no_date", "dose_tick_no_date"}


class DoseState(StrEnum):
    """What a dose cell amounts to."""

    COUNTED = "counted"
    HELD = "held"
    DONE_WITHOUT_DATE = "done_without_date"
    NOT_GIVEN = "not_given"


class Dose(NamedTuple):
    """One dose cell. `day` is a proleptic ordinal, 0 when unread; `code` says why it does not count.

    `slot` is the dose's label (d1, 乙肝2); `series` and `n` what it means; `column` where it stands.
    """

    series: str
    slot: str
    n: int | None
    day: int
    state: DoseState
    code: str
    column: int


class Finding(NamedTuple):
    """Something to report about a row: column index (None: the row as a whole), code, evidence."""

    column: int | None
    code: str
    detail: str = ""


class Slot(NamedTuple):
    """A dose column: its place, its label, number in the series, and the columns of which one must be filled."""

    column: int
    label: str
    n: int
    needs: tuple[int, ...]
    maker: int = -1
    lot: int = -1
    site: int = -1


class Series(NamedTuple):
    """The dose columns of one series, in the order of the doses."""

    name: str
    slots: tuple[Slot, ...]


def series_of(layout: Layout, words: Vocabulary) -> tuple[Series, ...]:
    """The dose columns of a wide ledger, by series."""
    if layout.kind is SheetKind.STREET:
        return (_campaign_series(layout, words),)
    by_series: dict[str, dict[int, int]] = {}
    for column in layout.columns:
        if column.dose:
            by_series.setdefault(column.dose.series, {})[column.dose.n] = column.index
    return tuple(
        Series(name, tuple(_child_slot(layout, columns, n) for n in sorted(columns)))
        for name, columns in by_series.items()
    )


def _child_slot(layout: Layout, columns: dict[int, int], n: int) -> Slot:
    needs = (columns[n - 1],) if n - 1 in columns else ()
    return Slot(columns[n], layout.columns[columns[n]].header, n, needs)


def _campaign_series(layout: Layout, words: Vocabulary) -> Series:
    slots = []
    for n, label in enumerate(words.dose_slots, 1):
        if (column := layout.at(f"{label}.date")) < 0:
            continue
        needs = (layout.at(f"{before}.date") for before in words.slot_needs_one_of.get(label, ()))
        attributes = (layout.at(f"{label}.{name}") for name in ("maker", "lot", "site"))
        slots.append(Slot(column, label, n, tuple(at for at in needs if at >= 0), *attributes))
    return Series(CAMPAIGN_SERIES, tuple(slots))


def judge_series(series: Series, values: list[Any], birth: int, doses: list[Dose], findings: list[Finding]) -> None:
    """Judge the dose cells of one series; appends to `doses` and `findings`. `birth` 0: unknown."""
    counted: list[int] = []
    for slot in series.slots:
        value = values[slot.column]
        if value is None:
            continue
        if value.__class__ is int:
            day, state, code = value, DoseState.COUNTED, ""
            if birth and day < birth:
                state, code = DoseState.HELD, "dose_before_birth"
            elif day in counted:
                state, code = DoseState.HELD, "dose_same_day"
            else:
                if counted and day < counted[-1]:
                    findings.append(Finding(slot.column, "dose_order"))
                counted.append(day)
        else:
            day, state, code = _undated(value)
        if code:
            findings.append(Finding(slot.column, code))
        if slot.needs and day and all(values[at] is None for at in slot.needs):
            findings.append(Finding(slot.column, "dose_skipped"))
        doses.append(Dose(series.name, slot.label, slot.n, day, state, code, slot.column))


def _undated(value: Held | Word) -> tuple[int, DoseState, str]:
    if isinstance(value, Held):
        return value.day, DoseState.HELD, value.code
    state = DoseState.DONE_WITHOUT_DATE if value.code in _WITHOUT_DATE else DoseState.NOT_GIVEN
    return 0, state, value.code


def judge_attributes(
    series: Series, values: list[Any], flaws: dict[int, tuple[str, ...]], findings: list[Finding]
) -> None:
    """Maker, lot and site of each dose whose date cell holds a date, readable or not."""
    for slot in series.slots:
        value = values[slot.column]
        if value is None or value.__class__ is Word:
            continue
        if slot.lot >= 0 and values[slot.lot] is None:
            findings.append(Finding(slot.lot, "lot_missing"))
        if flaws:
            _unknown(slot.site, flaws, findings)
            _unknown(slot.maker, flaws, findings)


CONDITIONAL = frozenset({"unknown_unit", "unknown_manufacturer", "unknown_vaccine"})


def _unknown(column: int, flaws: dict[int, tuple[str, ...]], findings: list[Finding]) -> None:
    findings.extend(Finding(column, code) for code in flaws.get(column, ()) if code in CONDITIONAL)


class EventColumns(NamedTuple):
    """Where a list of the vaccinated keeps the parts of an event; -1 where it has no such column."""

    time: int
    vaccine: int
    dose_no: int
    maker: int
    lot: int
    site: int


def event_columns(layout: Layout) -> EventColumns:
    """The columns of a list of the vaccinated."""
    return EventColumns(*(layout.at(name) for name in EventColumns._fields))


def judge_event(
    columns: EventColumns,
    values: list[Any],
    flaws: dict[int, tuple[str, ...]],
    birth: int,
    findings: list[Finding],
) -> list[Dose]:
    """The one dose of a row in a list of the vaccinated."""
    value = values[columns.time]
    if value is None:
        return []
    day, state, code = 0, DoseState.COUNTED, ""
    if isinstance(value, Moment):
        day = value.day
        if birth and day < birth:
            state, code = DoseState.HELD, "dose_before_birth"
    else:
        day, state, code = _undated(value)
    if code:
        findings.append(Finding(columns.time, code))
    if value.__class__ is not Word:
        if columns.lot >= 0 and values[columns.lot] is None:
            findings.append(Finding(columns.lot, "lot_missing"))
        for column in (columns.site, columns.maker, columns.vaccine):
            _unknown(column, flaws, findings)
    n = values[columns.dose_no]
    return [Dose(values[columns.vaccine] or "", f"{n or ''}", n, day, state, code, columns.time)]


def plain(value: Any) -> Any:
    """A cleaned value without what is said about it."""
    return value.value if isinstance(value, Flawed) else value
