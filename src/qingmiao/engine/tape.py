"""Encoding: where a ruleset's words become the numbers the kernel reads.

`encode` refuses what it does not know: a vaccine, antigen, observation or ledger that a rule names
and the ruleset does not define raises `UnknownWord`. Encoding is deterministic: same ruleset, same tape.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import NONE, day_number, first_of_month
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.settings import FIRST_DAY, LAST_DAY, Setting, boundaries_of, remaining, rows_of, target_in

_SEXES = {"F": at.SEX_F, "M": at.SEX_M, "U": at.SEX_U}
_LARGEST_MONTHS = 12000
_MOST_VACCINES = 1024


class UnknownWord(ValueError):
    """A rule names a vaccine, antigen, observation or ledger that the ruleset does not define."""


@dataclass(frozen=True)
class Tape:
    """A ruleset ready for the kernel, with the indexes that turn columns into numbers and back.

    `antigens`, in the order of judging: each with the antigens that must be judged for it, itself among them.
    """

    ruleset: tb.Ruleset
    cells: npt.NDArray[np.int32]
    antigens: dict[str, frozenset[str]]
    vaccines: dict[str, int]
    observations: dict[str, int]
    makers: dict[str, int]
    trade_names: dict[str, int]
    countries: dict[str, int]
    series: tuple[tb.Series, ...]
    antigen_of_series: tuple[str, ...]
    rules: tuple[tb.Rule, ...]
    most_forecasts: int
    most_products: int
    most_records_a_dose: int
    most_series_an_antigen: int
    series_group_count: int
    series_addresses: tuple[int, ...]
    target_numbers: tuple[tuple[int, ...], ...]

    @cached_property
    def version(self) -> str:
        """Name, version and the first ten hex digits of the tape's SHA-256."""
        digest = hashlib.sha256(self.cells.tobytes()).hexdigest()[:10]
        return f"{self.ruleset.name}@{self.ruleset.version}+{digest}"

    @cached_property
    def plain_cells(self) -> list[int]:
        """The tape as a list, for the uncompiled kernel."""
        return [int(cell) for cell in self.cells]


def encode(ruleset: tb.Ruleset) -> Tape:
    """Encode `ruleset`. Raises `UnknownWord` for undefined names."""
    return _Encoder(ruleset).encode()


def _order(ruleset: tb.Ruleset) -> list[tb.Antigen]:
    """Antigens so that a ledger is judged before whoever counts it; file order otherwise."""
    writers: dict[str, set[str]] = {}
    for antigen in ruleset.antigens:
        for series in antigen.series:
            if series.ledger:
                writers.setdefault(series.ledger, set()).add(antigen.name)
    needs = {a.name: _ledgers_read(a) for a in ruleset.antigens}
    done: list[tb.Antigen] = []
    waiting = list(ruleset.antigens)
    while waiting:
        names = {a.name for a in waiting}
        ready = [a for a in waiting if not any(writers.get(x, set()) & names - {a.name} for x in needs[a.name])]
        if not ready:
            raise UnknownWord(f"ledgers ask for each other in a circle: {sorted(names)}")
        done.append(ready[0])
        waiting.remove(ready[0])
    return done


def _judged_for(ordered: Sequence[tb.Antigen]) -> dict[str, frozenset[str]]:
    """Each antigen with itself and all whose ledgers it reads, they or those before them."""
    found: dict[str, frozenset[str]] = {}
    for antigen in ordered:
        read = _ledgers_read(antigen)
        writers = [other.name for other in ordered if any(series.ledger in read for series in other.series)]
        found[antigen.name] = frozenset({antigen.name}).union(*(found.get(name, {name}) for name in writers))
    return found


def _ledgers_read(antigen: tb.Antigen) -> set[str]:
    found: set[str] = set()
    for series in antigen.series:
        conditions = list(series.requires)
        for target in series.targets:
            conditions += [c for row in rows_of(target) for c in row.when]
            conditions += [c for skip in target.skips for s in skip.sets for c in s.conditions]
            found |= {i.ledger for i in (*target.intervals, *target.allowable_intervals) if i.ledger}
        found |= {c.ledger for c in conditions if c.ledger}
    return found


def _series_order(antigen: tb.Antigen) -> list[tb.Series]:
    """Series so that a group is complete before those ask whose skips name it ("Completed Series")."""
    done: list[tb.Series] = []
    waiting = list(antigen.series)
    while waiting:
        groups = {s.series_group: s for s in waiting}
        ready = [s for s in waiting if not (_groups_asked(s) - {s.series_group}) & set(groups)]
        chosen = (ready or waiting)[0]
        done.append(chosen)
        waiting.remove(chosen)
    return done


def _groups_asked(series: tb.Series) -> set[int]:
    return {
        group
        for target in series.targets
        for skip in target.skips
        for one in skip.sets
        for condition in one.conditions
        for group in condition.series_groups
    }


class _Encoder:
    def __init__(self, ruleset: tb.Ruleset) -> None:
        self.ruleset = ruleset
        self.cells: list[int] = [0] * at.W_SIZE
        self.vaccines = {v.code: i for i, v in enumerate(ruleset.vaccines)}
        self.observations = {o.code: i for i, o in enumerate(ruleset.observations)}
        self.antigens = {a.name: i for i, a in enumerate(_order(ruleset))}
        self.groups = {g.name: i for i, g in enumerate(ruleset.groups)}
        self.makers: dict[str, int] = {}
        self.trade_names: dict[str, int] = {}
        self.countries: dict[str, int] = {}
        self.ledgers: dict[str, int] = {}
        self.rules: dict[tb.Rule, int] = {}
        self.series_group_count = 0
        self.series_addresses: list[int] = []
        targets = [t for a in ruleset.antigens for s in a.series for t in s.targets]
        requires = [c for a in ruleset.antigens for s in a.series for c in s.requires]
        self.boundaries = boundaries_of(targets, requires)
        self.settings = self.boundaries.settings()
        self.written: dict[tuple[int, ...], int] = {}
        self.ends_done: dict[frozenset[str], int] = {}
        self.targets_done: dict[tuple[str, tb.TargetDose], int] = {}
        self.series: list[tb.Series] = []
        self.antigen_of_series: list[str] = []
        self.locals: dict[str, dict[str, int]] = {a: {} for a in self.antigens}
        for vaccine in ruleset.vaccines:
            for association in vaccine.associations:
                self._known(self.antigens, association.antigen, "antigen")
                local = self.locals[association.antigen]
                local.setdefault(vaccine.code, len(local))
        self.live = self._live()
        self.conflict_of = {(c.conflicting, c.impacted): c for c in ruleset.conflicts}

    def encode(self) -> Tape:
        for antigen in self.antigens:
            for series in self._antigen(antigen).series:
                if series.ledger:
                    self.ledgers.setdefault(series.ledger, len(self.ledgers))
        if len(self.ledgers) > 30:
            raise UnknownWord("more than 30 ledgers")
        if len(self.vaccines) > _MOST_VACCINES:
            raise UnknownWord(f"more than {_MOST_VACCINES} vaccines")
        self.cells[at.W_VACCINES] = self._vaccine_records()
        self.cells[at.W_CONFLICTS] = self._conflict_matrix()
        antigens = [self._antigen_record(self._antigen(name)) for name in self.antigens]
        self.cells[at.W_ANTIGENS] = self._emit([cell for record in antigens for cell in record])
        groups = [self._group_record(group) for group in self.ruleset.groups]
        self.cells[at.W_GROUPS] = self._emit([cell for record in groups for cell in record])
        self._header()
        return self._tape()

    def _tape(self) -> Tape:
        return Tape(
            ruleset=self.ruleset,
            cells=np.array(self.cells, dtype=np.int32),
            antigens=_judged_for(list(map(self._antigen, self.antigens))),
            vaccines=self.vaccines,
            observations=self.observations,
            makers=self.makers,
            trade_names=self.trade_names,
            countries=self.countries,
            series=tuple(self.series),
            antigen_of_series=tuple(self.antigen_of_series),
            rules=tuple(self.rules),
            most_forecasts=self._most_forecasts(),
            most_products=max(1, sum(len(t.preferable) for s in self.series for t in s.targets)),
            most_records_a_dose=max((len(v.associations) for v in self.ruleset.vaccines), default=1),
            series_group_count=self.series_group_count,
            series_addresses=tuple(self.series_addresses),
            most_series_an_antigen=max((len(a.series) for a in self.ruleset.antigens), default=1),
            target_numbers=tuple(tuple(t.number for t in s.targets) for s in self.series),
        )

    def _header(self) -> None:
        policy, cells = self.ruleset.policy, self.cells
        cells[at.W_CALENDAR] = int(self.ruleset.calendar)
        cells[at.W_REPEAT_AFTER_DAYS] = policy.repeat_after_days
        cells[at.W_PAST_DUE_OFFSET_DAYS] = policy.past_due_offset_days
        cells[at.W_PAST_DUE_FROM_EARLIEST] = int(policy.past_due_from_earliest)
        cells[at.W_SAME_VISIT_IS_FREE] = int(policy.same_visit_is_free)
        cells[at.W_NUMBER_BY_COUNT] = int(policy.number_by_count)
        cells[at.W_DEFAULT_YIELDS] = int(policy.contraindicated_default_yields)
        cells[at.W_BEGUN_YIELDS] = int(policy.begun_default_yields)
        cells[at.W_VACCINE_COUNT] = len(self.vaccines)
        cells[at.W_ANTIGEN_COUNT] = len(self.antigens)
        cells[at.W_GROUP_COUNT] = len(self.groups)
        cells[at.W_LIVE_COUNT] = len(self.live)
        cells[at.W_SERIES_COUNT] = len(self.series)
        months = range(at.FIRST_MONTH, at.FIRST_MONTH + at.MONTH_COUNT)
        cells[at.W_MONTHS] = self._emit([first_of_month(month) for month in months])
        cells[at.W_EPOCHS] = self._emit(self.boundaries.epochs)
        cells[at.W_EPOCH_COUNT] = len(self.boundaries.epochs)
        cells[at.W_COHORTS] = self._emit(self.boundaries.cohorts)
        cells[at.W_COHORT_COUNT] = len(self.boundaries.cohorts)
        longest = max((len(s.targets) for s in self.series), default=0)
        cells[at.W_STATE_WIDTH] = at.Z_SATISFIED_ON + longest
        cells[at.W_OBSERVATION_KINDS] = len(self.observations)
        cells[at.W_TAPE_END] = len(cells)

    def _most_forecasts(self) -> int:
        """How many vaccine group forecasts one person can have at most."""
        return len({(s.vaccine_group, s.series_group, s.type) for s in self.series})

    def _antigen(self, name: str) -> tb.Antigen:
        return next(a for a in self.ruleset.antigens if a.name == name)

    def _live(self) -> dict[str, int]:
        live: dict[str, int] = {}
        for conflict in self.ruleset.conflicts:
            for code in (conflict.conflicting, conflict.impacted):
                self._known(self.vaccines, code, "vaccine")
                live.setdefault(code, len(live))
        return live

    @staticmethod
    def _known(index: dict[str, int], word: str, what: str) -> int:
        if word not in index:
            raise UnknownWord(f"{what} {word!r} is not defined")
        return index[word]

    def _emit(self, cells: Sequence[int]) -> int:
        """Address of `cells`; what was written before is not written again: a short tape stays near the processor."""
        written = tuple(cells)
        address = self.written.setdefault(written, len(self.cells))
        if address == len(self.cells):
            self.cells.extend(written)
        return address

    def _emit_list(self, records: Iterable[Sequence[int]]) -> tuple[int, int]:
        """Append records of one width; their address and how many."""
        listed = list(records)
        return self._emit([cell for record in listed for cell in record]), len(listed)

    @staticmethod
    def _span(span: tb.Span | None) -> tuple[int, int]:
        if span is None:
            return NONE, 0
        if abs(span.months) > _LARGEST_MONTHS:
            raise UnknownWord(f"span too long: {span}")
        return span.months, span.days

    def _rule(self, rule: tb.Rule | None) -> int:
        return -1 if rule is None else self.rules.setdefault(rule, len(self.rules))

    def _ledger(self, name: str | None) -> int:
        return -1 if name is None else self._known(self.ledgers, name, "ledger")

    def _observation(self, code: str | None) -> int:
        return -1 if code is None else self._known(self.observations, code, "observation")

    def _bits(self, members: Iterable[int], size: int) -> int:
        words = [0] * (size // 32 + 1)
        for member in members:
            words[member >> 5] |= 1 << (member & 31)
        return self._emit([word - (1 << 32) if word >> 31 else word for word in words])

    def _own_and_foreign(self, vaccines: Sequence[str], antigen: str) -> tuple[int, int]:
        """Bit sets of `vaccines`: those of the antigen by local number, the others by global number."""
        for code in vaccines:
            self._known(self.vaccines, code, "vaccine")
        local = self.locals[antigen]
        own = self._bits((local[c] for c in vaccines if c in local), len(local))
        others = [self.vaccines[c] for c in vaccines if c not in local]
        return own, self._bits(others, len(self.vaccines)) if others else 0

    def _vaccine_records(self) -> int:
        records = []
        for vaccine in self.ruleset.vaccines:
            rows = [
                (
                    self.antigens[j.antigen],
                    self.locals[j.antigen][vaccine.code],
                    *self._span(j.begin_age),
                    *self._span(j.end_age),
                )
                for j in vaccine.associations
            ]
            records.append((self.live.get(vaccine.code, -1), *self._emit_list(rows)))
        return self._emit_list(records)[0]

    def _conflict_matrix(self) -> int:
        codes = list(self.live)
        matrix = []
        for conflicting in codes:
            for impacted in codes:
                conflict = self.conflict_of.get((conflicting, impacted))
                matrix.append(0 if conflict is None else self._conflict(conflict))
        return self._emit(matrix)

    def _conflict(self, conflict: tb.Conflict) -> int:
        return self._emit((*self._span(conflict.begin), *self._span(conflict.short_end), *self._span(conflict.end)))

    def _antigen_record(self, antigen: tb.Antigen) -> tuple[int, ...]:
        ordered = _series_order(antigen)
        addresses = {id(s): self._series(s, antigen) for s in ordered}
        listed = self._emit([addresses[id(s)] for s in ordered])
        groups = sorted({s.series_group for s in antigen.series})
        in_groups = [[addresses[id(s)] for s in antigen.series if s.series_group == g] for g in groups]
        rows = [
            (g, self._emit(members), len(members), self.series_group_count + i)
            for i, (g, members) in enumerate(zip(groups, in_groups, strict=True))
        ]
        self.series_group_count += len(groups)
        immune = self._emit([self._observation(code) for code in antigen.immune_observations])
        return (
            listed,
            len(ordered),
            self._possible(antigen, ordered, addresses),
            *self._emit_list(rows),
            *self._emit_list([self._contraindication(c, antigen.name) for c in antigen.contraindications]),
            immune,
            len(antigen.immune_observations),
            *self._emit_list([self._birth(b) for b in antigen.birth_immunity]),
            self._group_of(antigen),
            self.antigens[antigen.name],
            1,
        )

    def _group_of(self, antigen: tb.Antigen) -> int:
        named = [i for i, g in enumerate(self.ruleset.groups) if antigen.name in g.antigens]
        if not named:
            raise UnknownWord(f"antigen {antigen.name!r} is in no vaccine group")
        return named[0]

    def _birth(self, birth: tb.BirthImmunity) -> tuple[int, ...]:
        country = -1
        if birth.country is not None:
            country = self.countries.setdefault(birth.country, len(self.countries))
        exclusions = self._emit([self._observation(code) for code in birth.exclusions])
        return day_number(birth.born_before), country, exclusions, len(birth.exclusions)

    def _contraindication(self, row: tb.Contraindication, antigen: str) -> tuple[int, ...]:
        return (
            self._observation(row.observation),
            *self._span(row.begin_age),
            *self._span(row.end_age),
            *self._emit_list([self._vaccine_row(v, antigen) for v in row.vaccines]),
            self._rule(row.rule),
        )

    def _series(self, series: tb.Series, antigen: tb.Antigen) -> int:
        index = len(self.series)
        self.series.append(series)
        self.antigen_of_series.append(antigen.name)
        self._known(self.groups, series.vaccine_group, "vaccine group")
        sexes = sum(_SEXES[sex] for sex in series.sexes)
        equivalent = sum(1 << group for group in series.equivalent_groups)
        passes = self._own_and_foreign(series.vaccines, antigen.name)[0] if series.vaccines else 0
        indications = [
            (self._observation(i.observation), *self._span(i.begin_age), *self._span(i.end_age))
            for i in series.indications
        ]
        address = self._emit(
            (
                index,
                0,
                self.antigens[antigen.name],
                int(series.type),
                series.series_group,
                equivalent,
                int(series.is_default),
                int(series.is_product_path),
                ord(series.priority) - ord("A"),
                999 if series.preference is None else series.preference,
                *self._span(series.minimum_age_to_start),
                *self._span(series.maximum_age_to_start),
                sexes,
                *self._emit_list(indications),
                self._requires(series, antigen.name),
                passes,
                self._ledger(series.ledger),
                self._targets(series, antigen.name),
                len(series.targets),
                self._rule(series.rule),
            )
        )
        self.series_addresses.append(address)
        return address

    def _requires(self, series: tb.Series, antigen: str) -> int:
        """Per setting: the requirements still open; those that are false leave none to ask."""
        emitted: dict[tuple[tb.Condition, ...], tuple[int, int]] = {(): (0, 0)}
        cells: list[int] = []
        for setting in self.settings:
            still = remaining(series.requires, setting) or ()
            if still not in emitted:
                emitted[still] = self._conditions(still, antigen)
            cells += emitted[still]
        return self._emit(cells)

    def _possible(self, antigen: tb.Antigen, ordered: Sequence[tb.Series], addresses: dict[int, int]) -> int:
        """Per setting: the series whose requirements are not false there."""
        emitted: dict[tuple[int, ...], int] = {}
        cells = []
        for setting in self.settings:
            there = tuple(addresses[id(s)] for s in ordered if remaining(s.requires, setting) is not None)
            if there not in emitted:
                emitted[there] = self._emit((len(there), *there))
            cells.append(emitted[there])
        return self._emit(cells)

    def _targets(self, series: tb.Series, antigen: str) -> int:
        """Per setting, per position: the target dose as it is there; equal ones are written once."""
        own = [boundaries_of([target]) for target in series.targets]
        known: dict[tuple[int, Setting], int] = {}
        cells = []
        for setting in self.settings:
            for position, target in enumerate(series.targets):
                key = (position, own[position].setting_of(*setting))
                if key not in known:
                    known[key] = self._target_in(target, key[1], antigen)
                cells.append(known[key])
        return self._emit(cells)

    def _target_in(self, target: tb.TargetDose, setting: Setting, antigen: str) -> int:
        there = (antigen, target_in(target, setting))
        if there not in self.targets_done:
            self.targets_done[there] = self._emit(self._target(there[1], antigen))
        return self.targets_done[there]

    def _target(self, target: tb.TargetDose, antigen: str) -> tuple[int, ...]:
        start, end = target.season
        return (
            target.number,
            *self._emit_list([self._age(a, antigen) for a in target.ages]),
            *self._emit_list([self._interval(i, antigen) for i in target.intervals]),
            *self._emit_list([self._interval(i, antigen) for i in target.allowable_intervals]),
            *self._emit_list([self._vaccine_row(v, antigen) for v in target.preferable]),
            self._vaccine_cells(target, antigen),
            *self._emit_list([self._skip(s, antigen) for s in target.skips]),
            int(target.is_recurring),
            NONE if start is None else day_number(start),
            LAST_DAY if end is None else day_number(end),
            self._forecast_conflicts(target),
            self._rule(target.rule),
        )

    def _vaccine_cells(self, target: tb.TargetDose, antigen: str) -> int:
        cells = []
        for code in self.locals[antigen]:
            kinds = [
                [v for v in rows if v.vaccine == code]
                for rows in (target.inadvertent, target.preferable, target.allowable)
            ]
            if not any(kinds):
                cells.append(0)
                continue
            rows = [self._vaccine_row(v, antigen) for kind in kinds for v in kind]
            cells.append(self._emit([len(kind) for kind in kinds] + [cell for row in rows for cell in row]))
        return self._emit(cells)

    def _forecast_conflicts(self, target: tb.TargetDose) -> int:
        """For each live vaccine given before: the ends of its conflicts with any preferable vaccine."""
        impacted = frozenset(v.vaccine for v in target.preferable if v.vaccine in self.live)
        if impacted not in self.ends_done:
            self.ends_done[impacted] = self._conflict_ends(impacted)
        return self.ends_done[impacted]

    def _conflict_ends(self, impacted: frozenset[str]) -> int:
        if not impacted:
            return 0
        cells = []
        for given in self.live:
            ends = {self.conflict_of[pair].end for code in impacted if (pair := (given, code)) in self.conflict_of}
            spans = [cell for span in sorted(ends) for cell in self._span(span)]
            cells.append(self._emit([len(ends), *spans]) if ends else 0)
        return self._emit(cells) if any(cells) else 0

    def _age(self, row: tb.AgeRow, antigen: str) -> tuple[int, ...]:
        return (
            *self._span(row.absolute_minimum),
            *self._span(row.minimum),
            *self._span(row.recommended),
            *self._span(row.overdue),
            row.overdue.hours if row.overdue else 0,
            *self._span(row.maximum),
            *self._conditions(row.when, antigen),
            self._rule(row.rule),
        )

    def _interval(self, row: tb.Interval, antigen: str) -> tuple[int, ...]:
        own, foreign = self._own_and_foreign(row.vaccines, antigen) if row.vaccines else (0, 0)
        return (
            int(row.counts_from),
            row.target,
            own,
            foreign,
            self._observation(row.observation),
            self._ledger(row.ledger),
            *self._span(row.absolute_minimum),
            *self._span(row.minimum),
            *self._span(row.recommended),
            *self._span(row.overdue),
            int(row.has_priority),
            int(row.only_after),
            *self._conditions(row.when, antigen),
            self._rule(row.rule),
        )

    def _vaccine_row(self, row: tb.VaccineRow, antigen: str) -> tuple[int, ...]:
        trade, maker = row.trade_name, row.maker
        return (
            self._known(self.vaccines, row.vaccine, "vaccine"),
            *self._span(row.begin_age),
            *self._span(row.end_age),
            -1 if trade is None else self.trade_names.setdefault(trade.casefold(), len(self.trade_names)),
            -1 if maker is None else self.makers.setdefault(maker.casefold(), len(self.makers)),
            -1 if row.volume_microlitres is None else row.volume_microlitres,
            int(row.is_forecast),
            *self._conditions(row.when, antigen),
            self._rule(row.rule),
        )

    def _skip(self, skip: tb.Skip, antigen: str) -> tuple[int, ...]:
        sets = [(int(one.all_must_hold), *self._conditions(one.conditions, antigen)) for one in skip.sets]
        return int(skip.context), int(skip.all_must_hold), *self._emit_list(sets), self._rule(skip.rule)

    def _conditions(self, conditions: Sequence[tb.Condition], antigen: str) -> tuple[int, int]:
        return self._emit_list([self._condition(c, antigen) for c in conditions]) if conditions else (0, 0)

    def _condition(self, row: tb.Condition, antigen: str) -> tuple[int, ...]:
        own, foreign = self._own_and_foreign(row.vaccines, antigen) if row.vaccines else (0, 0)
        by_code = row.kind == tb.Kind.VACCINE or row.scope == tb.Scope.LEDGER
        if row.vaccines and by_code:  # no local numbers
            foreign = self._bits((self.vaccines[code] for code in row.vaccines), len(self.vaccines))
        return (
            int(row.kind),
            int(row.negated),
            *self._span(row.begin_age),
            *self._span(row.end_age),
            FIRST_DAY if row.start is None else day_number(row.start),
            LAST_DAY if row.end is None else day_number(row.end),
            *self._span(row.interval),
            row.count,
            int(row.compare),
            int(row.scope),
            own,
            foreign,
            sum(1 << group for group in row.series_groups),
            self._observation(row.observation),
            sum(_SEXES[sex] for sex in row.sexes),
            self._ledger(row.ledger),
        )

    def _group_record(self, group: tb.VaccineGroup) -> tuple[int, ...]:
        antigens = self._emit([self._known(self.antigens, name, "antigen") for name in group.antigens])
        return -1 if group.full_group is None else int(group.full_group), antigens, len(group.antigens)
