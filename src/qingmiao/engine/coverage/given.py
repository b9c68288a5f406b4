"""实种: which doses count for a row of the table, at which unit, in which column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from qingmiao.engine.coverage.days import Index, Mask, Months, months_of
from qingmiao.engine.coverage.due import Denominator, NumberedSeries
from qingmiao.engine.coverage.population import (
    MATERNITY,
    NIP,
    NOWHERE,
    OWN_PROVINCE,
    Population,
)
from qingmiao.engine.coverage.rules import PROGRAMME, SUBSTITUTE, OtherDose, Row, Rules

OTHER = 2
Part: TypeAlias = "tuple[Index, npt.NDArray[np.int8]]"
"""Positions of doses and the kind of each."""
KINDS = {"done_nip": PROGRAMME, "done_sub": SUBSTITUTE, "done_other": OTHER}


@dataclass(frozen=True)
class Given:
    """Doses that count for a row: one entry per dose."""

    rows: Index  # positions in `Doses`
    unit: npt.NDArray[np.int32]
    month: Months
    kind: npt.NDArray[np.int8]  # PROGRAMME, SUBSTITUTE, or OTHER: another series that completes the row

    def where(self, mask: Mask) -> Given:
        return Given(self.rows[mask], self.unit[mask], self.month[mask], self.kind[mask])


def given(row: Row, rules: Rules, population: Population, numbered: NumberedSeries, since: int, before: int) -> Given:
    """The doses of a row from day `since` to `before`, each at the unit where it counts (谁接种、谁统计)."""
    day = population.doses.day
    since = max(since, row.in_force_from)
    parts = [
        _of_days(part, (day[part[0]] >= since) & (day[part[0]] < before))
        for part in (_own(row, numbered), *_others(row, population, numbered))
    ]
    rows = np.concatenate([rows for rows, _ in parts])
    kind = np.concatenate([kind for _, kind in parts])
    counted = Given(rows, counting_unit(row, rules, population, rows), months_of(population.doses.day[rows]), kind)
    counts = counted.unit >= 0
    if row.among_due:
        counts &= _among_due(row, rules, population, numbered, counted)
    return counted.where(counts)


def _of_days(part: Part, within: Mask) -> Part:
    rows, kind = part
    return rows[within], kind[within]


def _own(row: Row, numbered: NumberedSeries) -> Part:
    """The doses of the row's own series."""
    series = numbered(row.series)
    if row.any:
        return series.rows, series.substitute.astype(np.int8)
    rows = series.nth(row.n)
    has = rows >= 0
    return rows[has], series.is_substitute(row.n)[has].astype(np.int8)


def _others(row: Row, population: Population, numbered: NumberedSeries) -> Iterator[Part]:
    """Doses of other series that complete the row for children who have not reached it by its own."""
    for other in row.also_done_by:
        series = numbered(other.series)
        rows = series.rows if other.any else series.nth(other.n)
        rows = rows[rows >= 0]
        child, day = population.doses.child[rows], population.doses.day[rows]
        not_yet = day < numbered(row.series).on(row.n)[child]
        rows = rows[_at_ages(other, population, rows) & not_yet]
        yield rows, np.full(len(rows), OTHER, np.int8)


def _at_ages(other: OtherDose, population: Population, rows: Index) -> Mask:
    child, day = population.doses.child[rows], population.doses.day[rows]
    fits = np.ones(len(rows), np.bool_)
    if other.from_age:
        fits &= day >= population.children.at_age(other.from_age)[child]
    if other.before_age:
        fits &= day < population.children.at_age(other.before_age)[child]
    return fits


def counting_unit(row: Row, rules: Rules, population: Population, rows: Index) -> npt.NDArray[np.int32]:
    """统计单位: the giving unit, or `NOWHERE`.

    补录 from another province, abroad, Hong Kong, Macao and Taiwan counts nowhere; hepatitis B 1 and BCG from an
    unknown unit of the own province count where they were entered. Units outside the programme count nothing,
    maternity units only hepatitis B 1 and BCG.
    """
    unit, entering = population.doses.giving(rows), population.doses.entering(rows)
    own_province = unit == OWN_PROVINCE
    if row.at_birth or rules.chosen["own_province_unit_unknown"] == "entering_unit":
        unit = np.where(own_province, entering, unit)
    if (reading := rules.chosen["entered_by_another_unit"]) != "giving_unit":
        differs = ~own_province & (unit >= 0) & (entering >= 0) & (unit != entering)
        unit = np.where(differs, entering if reading == "entering_unit" else NOWHERE, unit)
    reporting = np.append(reports(row, population), False)  # the last entry is `NOWHERE`
    return np.where(reporting[np.maximum(unit, NOWHERE)], unit, NOWHERE)


def reports(row: Row, population: Population) -> Mask:
    """Which units report a row: those of the programme; maternity units hepatitis B 1 and BCG only."""
    role = population.units.role
    reporting: Mask = role == NIP
    return reporting | (role == MATERNITY) if row.at_birth else reporting


def _among_due(row: Row, rules: Rules, population: Population, numbered: NumberedSeries, counted: Given) -> Mask:
    """先统计分母，再从中统计分子: only doses of children whose due month has come."""
    due, _ = Denominator(row, rules, population.children, numbered).due()
    return counted.month >= months_of(due)[population.doses.child[counted.rows]]
