"""Target doses as the kernel reads them: one record for each that a setting makes of it.

Whatever hangs on the setting or on the vaccine of the dose is answered here, so that the kernel meets only
what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import NONE, day_number
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.settings import (
    FIRST_DAY,
    LAST_DAY,
    NO_DOSE,
    Setting,
    asked_of,
    boundaries_of,
    target_in,
    vaccines_told_apart,
)
from qingmiao.engine.tape.cells import Cells, Names, span
from qingmiao.engine.tape.plainly import longest_of, plainly

SEXES = {"F": at.SEX_F, "M": at.SEX_M, "U": at.SEX_U}


class Targets:
    """Writes target doses and what they are made of."""

    def __init__(self, cells: Cells, names: Names, conflicts: Sequence[tb.Conflict], watched: frozenset[str]) -> None:
        self.cells, self.names, self.watched = cells, names, watched
        self.conflict_of = {(c.conflicting, c.impacted): c for c in conflicts}
        self.live: dict[str, int] = {}
        for conflict in conflicts:
            for code in (conflict.conflicting, conflict.impacted):
                names.vaccine(code)
                self.live.setdefault(code, len(self.live))
        self._ends: dict[frozenset[str], int] = {}
        self._done: dict[tuple[str, tb.TargetDose], int] = {}

    def of_series(self, series: tb.Series, antigen: str, settings: Sequence[Setting]) -> int:
        """Per setting, per position: the target dose as it is there; equal ones are written once."""
        own = [boundaries_of([target]) for target in series.targets]
        known: dict[tuple[int, Setting], int] = {}
        cells = []
        for setting in settings:
            for position, target in enumerate(series.targets):
                key = (position, own[position].setting_of(setting))
                if key not in known:
                    known[key] = self._target_in(target, key[1], antigen)
                cells.append(known[key])
        return self.cells.emit(cells)

    def _target_in(self, target: tb.TargetDose, setting: Setting, antigen: str) -> int:
        there = (antigen, target_in(target, setting))
        if there not in self._done:
            self._done[there] = self.cells.emit(self._target(there[1], antigen))
        return self._done[there]

    def _target(self, target: tb.TargetDose, antigen: str) -> tuple[int, ...]:
        start, end = target.season
        ahead = asked_of(target, NO_DOSE)
        return (
            *self._ages_and_intervals(ahead, antigen),
            target.number,
            *self.cells.emit_list([self.vaccine_row(v, antigen) for v in ahead.preferable]),
            *self.cells.emit_list([self._skip(s, antigen) for s in target.skips]),
            int(target.is_recurring),
            NONE if start is None else day_number(start),
            LAST_DAY if end is None else day_number(end),
            self._forecast_conflicts(target),
            self.names.rule(target.rule),
            *self._by_vaccine(target, antigen),
        )

    def _ages_and_intervals(self, target: tb.TargetDose, antigen: str) -> tuple[int, ...]:
        return (
            *self.cells.emit_list([self._age(a, antigen) for a in target.ages]),
            *self.cells.emit_list([self._interval(i, antigen) for i in target.intervals]),
        )

    def _by_vaccine(self, target: tb.TargetDose, antigen: str) -> list[int]:
        """For each vaccine of the antigen: address of what the target dose asks of a dose of it."""
        told_apart = vaccines_told_apart(target)
        heads: dict[tuple[bool, ...], tuple[tb.TargetDose, tuple[int, ...]]] = {}
        cells = []
        for code in self.names.locals[antigen]:
            named = tuple(code in vaccines for vaccines in told_apart)
            if named not in heads:
                asked = _without_idle_minimum(asked_of(target, code))
                heads[named] = asked, self._head(asked, antigen)
            asked, head = heads[named]
            cells.append(
                self.cells.emit((*head, *self._vaccine_rows(asked, code, antigen), *plainly(asked, code, self.watched)))
            )
        return cells

    def _head(self, target: tb.TargetDose, antigen: str) -> tuple[int, ...]:
        allowable = [self._interval(i, antigen) for i in target.allowable_intervals]
        return *self._ages_and_intervals(target, antigen), *self.cells.emit_list(allowable)

    def _vaccine_rows(self, target: tb.TargetDose, code: str, antigen: str) -> tuple[int, ...]:
        """Address of the rows of one vaccine; how many are inadvertent, then preferable, then allowable."""
        kinds = [
            [self.vaccine_row(row, antigen) for row in rows if row.vaccine == code]
            for rows in (target.inadvertent, target.preferable, target.allowable)
        ]
        return self.cells.emit_list([row for kind in kinds for row in kind])[0], *map(len, kinds)

    def _forecast_conflicts(self, target: tb.TargetDose) -> int:
        """For each live vaccine given before: the ends of its conflicts with any preferable vaccine."""
        impacted = frozenset(v.vaccine for v in target.preferable if v.vaccine in self.live)
        if impacted not in self._ends:
            self._ends[impacted] = self._conflict_ends(impacted)
        return self._ends[impacted]

    def _conflict_ends(self, impacted: frozenset[str]) -> int:
        if not impacted:
            return 0
        cells = []
        for given in self.live:
            ends = {self.conflict_of[pair].end for code in impacted if (pair := (given, code)) in self.conflict_of}
            spans = [cell for end in sorted(ends) for cell in span(end)]
            cells.append(self.cells.emit([len(ends), *spans]) if ends else 0)
        return self.cells.emit(cells) if any(cells) else 0

    def conflict_matrix(self) -> int:
        """The conflict of each live vaccine with each later one, 0 for none."""
        pairs = [(conflicting, impacted) for conflicting in self.live for impacted in self.live]
        found = [self.conflict_of.get(pair) for pair in pairs]
        return self.cells.emit([0 if conflict is None else self._conflict(conflict) for conflict in found])

    def longest_conflict(self) -> int:
        """Days after which no live dose conflicts with an earlier one."""
        return longest_of(end for one in self.conflict_of.values() for end in (one.short_end, one.end))

    def _conflict(self, conflict: tb.Conflict) -> int:
        return self.cells.emit((*span(conflict.begin), *span(conflict.short_end), *span(conflict.end)))

    def _age(self, row: tb.AgeRow, antigen: str) -> tuple[int, ...]:
        return (
            *span(row.absolute_minimum),
            *span(row.minimum),
            *span(row.recommended),
            *span(row.overdue),
            row.overdue.hours if row.overdue else 0,
            *span(row.maximum),
            *self.conditions(row.when, antigen),
            self.names.rule(row.rule),
        )

    def _interval(self, row: tb.Interval, antigen: str) -> tuple[int, ...]:
        return (
            int(row.counts_from),
            row.target,
            *(self._most_recent(row.vaccines, antigen) if row.vaccines else (0, 0)),
            self.names.observation(row.observation),
            self.names.ledger(row.ledger),
            *span(row.absolute_minimum),
            *span(row.minimum),
            *span(row.recommended),
            *span(row.overdue),
            int(row.has_priority),
            int(row.only_after),
            *self.conditions(row.when, antigen),
            self.names.rule(row.rule),
        )

    def vaccine_row(self, row: tb.VaccineRow, antigen: str) -> tuple[int, ...]:
        """A preferable, allowable or inadvertent vaccine, or one that a contraindication names."""
        return (
            self.names.vaccine(row.vaccine),
            *span(row.begin_age),
            *span(row.end_age),
            self.names.met(self.names.trade_names, row.trade_name),
            self.names.met(self.names.makers, row.maker),
            -1 if row.volume_microlitres is None else row.volume_microlitres,
            int(row.is_forecast),
            *self.conditions(row.when, antigen),
            self.names.rule(row.rule),
        )

    def _skip(self, skip: tb.Skip, antigen: str) -> tuple[int, ...]:
        sets = [(int(one.all_must_hold), *self.conditions(one.conditions, antigen)) for one in skip.sets]
        rule = self.names.rule(skip.rule)
        return int(skip.context), int(skip.all_must_hold), *self.cells.emit_list(sets), rule

    def conditions(self, conditions: Sequence[tb.Condition], antigen: str) -> tuple[int, int]:
        """Address of conditions, and how many."""
        return self.cells.emit_list([self._condition(c, antigen) for c in conditions]) if conditions else (0, 0)

    def _condition(self, row: tb.Condition, antigen: str) -> tuple[int, ...]:
        own, foreign = self._own_and_foreign(row.vaccines, antigen) if row.vaccines else (0, 0)
        by_code = row.kind == tb.Kind.VACCINE or row.scope == tb.Scope.LEDGER
        if row.vaccines and by_code:  # no local numbers
            vaccines = self.names.vaccines
            foreign = self.cells.emit_bits((vaccines[code] for code in row.vaccines), len(vaccines))
        return (
            int(row.kind),
            int(row.negated),
            *span(row.begin_age),
            *span(row.end_age),
            FIRST_DAY if row.start is None else day_number(row.start),
            LAST_DAY if row.end is None else day_number(row.end),
            *span(row.interval),
            row.count,
            int(row.compare),
            int(row.scope),
            own,
            foreign,
            sum(1 << group for group in row.series_groups),
            self.names.observation(row.observation),
            sum(SEXES[sex] for sex in row.sexes),
            self.names.ledger(row.ledger),
        )

    def own_vaccines(self, vaccines: Sequence[str], antigen: str) -> int:
        """Bit set, by local number, of those of `vaccines` that count for the antigen."""
        local = self.names.locals[antigen]
        for code in vaccines:
            self.names.vaccine(code)
        return self.cells.emit_bits((local[c] for c in vaccines if c in local), len(local))

    def _most_recent(self, vaccines: Sequence[str], antigen: str) -> tuple[int, int]:
        """As `_own_and_foreign`; a vaccine that counts for the antigen at some ages only is in both: outside
        them a dose is no record of the antigen, and still one of the vaccine type (CALCDTINT-8)."""
        own, foreign = self._own_and_foreign(vaccines, antigen)
        if not any((code, antigen) in self.names.at_some_ages for code in vaccines):
            return own, foreign
        local, known = self.names.locals[antigen], self.names.vaccines
        others = [c for c in vaccines if c not in local or (c, antigen) in self.names.at_some_ages]
        return own, self.cells.emit_bits((known[code] for code in others), len(known))

    def _own_and_foreign(self, vaccines: Sequence[str], antigen: str) -> tuple[int, int]:
        """Bit sets of `vaccines`: those of the antigen by local number, the others by global number."""
        own, known = self.own_vaccines(vaccines, antigen), self.names.vaccines
        others = [known[code] for code in vaccines if code not in self.names.locals[antigen]]
        return own, self.cells.emit_bits(others, len(known)) if others else 0


def _without_idle_minimum(target: tb.TargetDose) -> tb.TargetDose:
    """A dose is judged by the absolute minimum; the minimum is asked besides only where it is another (6.4, 6.5)."""
    return replace(
        target,
        ages=tuple(replace(a, minimum=None) if a.minimum == a.absolute_minimum else a for a in target.ages),
        intervals=tuple(replace(i, minimum=None) if i.minimum == i.absolute_minimum else i for i in target.intervals),
    )
