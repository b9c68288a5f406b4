"""`assess`: columns in, columns out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from qingmiao.engine.calendar import NONE
from qingmiao.engine.columns import Column, Columns, read_columns
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.reasons import EVALUATION_STATUS, FORECAST_REASON, SERIES_STATUS, Words, reasons_of
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.run import ALL, Rows, judge_compiled, judge_plain

PLAIN_BELOW = 200
"""Up to this many persons the kernel runs as it is: loading compiled code would take longer."""
_TYPES = ("standard", "risk", "evaluation_only")


@dataclass(frozen=True)
class Assessment:
    """What the rules say of some persons; every table has `person`, the row of the person.

    doses: one row for each dose and best series it was judged in. series: every relevant series.
    groups: vaccine group forecasts, those to be shown first in front. products: recommended vaccines.
    `set_aside`: rows of the input's doses that were not judged (no date, unknown vaccine or person).
    """

    ruleset: Ruleset
    columns: Columns
    rows: Rows = field(repr=False)

    @property
    def set_aside(self) -> npt.NDArray[np.int64]:
        """Input rows of doses not judged."""
        return self.columns.set_aside

    @cached_property
    def doses(self) -> pa.Table:
        """person, dose (row in the input), series, antigen, vaccine_group, status, reasons, dose_number, rule_id."""
        rows = self.dose_rows()
        tape = self.ruleset.tape
        return pa.table(
            {
                "person": rows[:, 0],
                "dose": rows[:, 1],
                "series": _named([s.name for s in tape.series], rows[:, 2]),
                "antigen": _named(list(tape.antigen_of_series), rows[:, 2]),
                "vaccine_group": _named([g.name for g in self.ruleset.tables.groups], rows[:, 7]),
                "status": _worded(EVALUATION_STATUS, rows[:, 3]),
                "reasons": pa.array(
                    [[w.code for w in reasons_of(int(bits))] for bits in rows[:, 4]], pa.list_(pa.string())
                ),
                "dose_number": _number(rows[:, 5]),
                "rule_id": self._rule_ids(rows[:, 6]),
            }
        )

    def dose_rows(self) -> npt.NDArray[np.int64]:
        """Dose rows with input row numbers; a duplicate gets its twin's verdict."""
        rows = self.rows.doses.astype(np.int64)
        position = rows[:, 1].copy()
        rows[:, 1] = self.columns.dose_row[position]
        if not self.columns.twin_of:
            return rows
        parts = [rows]
        for row, twin in self.columns.twin_of.items():
            copies = rows[position == twin].copy()
            copies[:, 1] = row
            parts.append(copies)
        joined = np.concatenate(parts)
        return joined[np.lexsort((joined[:, 1], joined[:, 0]))]

    @cached_property
    def series(self) -> pa.Table:
        """Relevant series: status, dates and what selection made of them; dates are date32, null for none."""
        rows, tape = self.rows.series, self.ruleset.tape
        return pa.table(
            {
                "person": rows[:, 0],
                "series": _named([s.name for s in tape.series], rows[:, 1]),
                "antigen": _named(list(tape.antigen_of_series), rows[:, 1]),
                "vaccine_group": _named([s.vaccine_group for s in tape.series], rows[:, 1]),
                "is_relevant": rows[:, 2] == 1,
                "status": _worded(SERIES_STATUS, rows[:, 3]),
                "reason": _worded(FORECAST_REASON, rows[:, 4]),
                "is_best": rows[:, 5] == 1,
                "satisfied": rows[:, 7],
                "forecast_number": _number(rows[:, 9]),
                "earliest": _dates(rows[:, 10]),
                "recommended": _dates(rows[:, 11]),
                "past_due": _dates(rows[:, 12]),
                "latest": _dates(rows[:, 13]),
                "asks_for": self._asked(rows[:, 16]),
                "product": self._vaccine(rows[:, 17]),
                "rule_id": self._rule_ids(rows[:, 18]),
            }
        )

    @cached_property
    def groups(self) -> pa.Table:
        """Vaccine group forecasts. `dose_number` is FORECASTDN-2, `shown_number` what a schedule shows."""
        return group_table(self.ruleset, self.rows.groups)

    @cached_property
    def products(self) -> pa.Table:
        """person, series, vaccine: FORECASTRECVAC-1 for every best series that goes on."""
        rows, tape = self.rows.products, self.ruleset.tape
        return pa.table(
            {
                "person": rows[:, 0],
                "series": _named([s.name for s in tape.series], rows[:, 1]),
                "vaccine": _named(list(tape.vaccines), rows[:, 2]),
            }
        )

    def _rule_ids(self, numbers: npt.NDArray[np.integer]) -> Column:
        return _named([rule.rule_id for rule in self.ruleset.tape.rules], numbers)

    def _vaccine(self, numbers: npt.NDArray[np.integer]) -> Column:
        return _named(list(self.ruleset.tape.vaccines), numbers)

    def _asked(self, numbers: npt.NDArray[np.integer]) -> Column:
        codes = list(self.ruleset.tape.observations)
        words = ["sex" if n == at.SEX_ASKED else codes[n] if n >= 0 else None for n in numbers.tolist()]
        return pa.array(words, pa.string())


def group_table(ruleset: Ruleset, rows: npt.NDArray[np.int32], names: tuple[str, ...] = ()) -> pa.Table:
    """The kernel's group rows as an Arrow table: the columns named, or all."""
    tape = ruleset.tape

    def field_of(offset: int) -> npt.NDArray[np.int32]:
        return rows[:, 1 + offset]

    columns: dict[str, Callable[[], Column]] = {
        "person": lambda: rows[:, 0],
        "vaccine_group": lambda: _named([g.name for g in ruleset.tables.groups], field_of(at.O_GROUP)),
        "series_group": lambda: field_of(at.O_SERIES_GROUP),
        "type": lambda: _named(list(_TYPES), field_of(at.O_TYPE)),
        "status": lambda: _worded(SERIES_STATUS, field_of(at.O_STATUS)),
        "dose_number": lambda: field_of(at.O_NUMBER),
        "shown_number": lambda: field_of(at.O_SHOWN_NUMBER),
        "earliest": lambda: _dates(field_of(at.O_EARLIEST)),
        "recommended": lambda: _dates(field_of(at.O_RECOMMENDED)),
        "past_due": lambda: _dates(field_of(at.O_PAST_DUE)),
        "latest": lambda: _dates(field_of(at.O_LATEST)),
        "series": lambda: _named([s.name for s in tape.series], field_of(at.O_SERIES)),
        "product": lambda: _named(list(tape.vaccines), field_of(at.O_PRODUCT)),
        "rule_id": lambda: _named([rule.rule_id for rule in tape.rules], field_of(at.O_RULE)),
    }
    return pa.table({name: columns[name]() for name in names or columns})


def _named(names: list[str], numbers: npt.NDArray[np.integer]) -> Column:
    """Numbers as dictionary-encoded names; anything outside the list is null.

    The dictionary holds each name once, though several rules have one id: in the place of repeated names
    Parquet's writer leaves whatever its memory held, so that equal tables make different files.
    """
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    place_of = np.array([*(places[name] for name in names), 0], dtype=np.int32)
    known = np.minimum(numbers.astype(np.uint32), len(names))  # what is below 0 is very large here
    outside = known == len(names)
    indices: Column = pa.array(place_of.take(known), mask=outside if outside.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(places), pa.string()))


def _worded(words: dict[int, Words], numbers: npt.NDArray[np.integer]) -> Column:
    return _named([words[code].code for code in sorted(words)], numbers)


def _number(numbers: npt.NDArray[np.integer]) -> Column:
    """Dose numbers; 0 and less mean there is none."""
    return pa.array(numbers.astype(np.int32), mask=numbers <= 0)


def _dates(days: npt.NDArray[np.integer]) -> Column:
    return pa.array(days.astype(np.int32), mask=days == NONE).cast(pa.date32())


def assess(
    ruleset: Ruleset,
    people: pa.Table,
    doses: pa.Table,
    observations: pa.Table | None = None,
    *,
    on: date | None = None,
    compiled: bool | None = None,
    threads: int = 1,
    wants: int = ALL,
) -> Assessment:
    """Judge every dose and every series of `people` on the day `on`.

    people: person_id, born_on (date32), sex (F, M, U); optional born_minute (minutes after midnight),
    country, and on (an assessment day of their own). doses: person_id, given_on, vaccine (CVX or
    China's 4-digit code); optional maker, trade_name, volume_microlitres, lot_expires_on, is_faulty;
    any order. observations: person_id, code; optional on, value ("yes", "no", "unknown"). Ids are of
    one type in all tables; days may be whatever Arrow casts to date32.

    A missing birth date makes every series unknown; a missing sex matches no required sex; nothing is
    guessed: doses without a day, of a stranger or of an unknown vaccine are in `set_aside`. What is not
    observed is as the ruleset assumes. One child is a table of one row.

    `wants`: sum of `WANT_DOSES`, `WANT_SERIES`, `WANT_GROUPS`, `WANT_PRODUCTS`; other tables stay empty.
    `compiled` None chooses by size, both give the same rows; `threads` are of the compiled kernel.
    Raises `MissingColumn`, and Arrow's own errors for columns that cannot be read. Sources: the ruleset's
    rules, named by `rule_id` in every row.
    """
    columns = read_columns(ruleset.tape, people, doses, observations, on)
    fast = columns.people_count >= PLAIN_BELOW if compiled is None else compiled
    rows = judge_compiled(ruleset.tape, columns, wants, threads) if fast else judge_plain(ruleset.tape, columns, wants)
    return Assessment(ruleset, columns, rows)


WANT_DOSES, WANT_SERIES, WANT_GROUPS, WANT_PRODUCTS = (
    at.WANT_DOSES,
    at.WANT_SERIES,
    at.WANT_GROUPS,
    at.WANT_PRODUCTS,
)
