"""A whole ruleset written on a tape: vaccines, antigens, series, groups, and the header that says where they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import day_number, first_of_month
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.settings import Setting, boundaries_of, remaining
from qingmiao.engine.tape.cells import Cells, Names, UnknownWord, number_of, span
from qingmiao.engine.tape.order import antigens_in_order, judged_for, series_in_order
from qingmiao.engine.tape.plainly import watched_of
from qingmiao.engine.tape.record import Tape
from qingmiao.engine.tape.targets import SEXES, Targets

_MOST_VACCINES = 1024


def encode(ruleset: tb.Ruleset) -> Tape:
    """Encode `ruleset`. Raises `UnknownWord` for undefined names."""
    return _Encoder(ruleset).encode()


class _Encoder:
    def __init__(self, ruleset: tb.Ruleset) -> None:
        self.ruleset = ruleset
        self.ordered = antigens_in_order(ruleset)
        self.cells = Cells()
        self.names = Names(ruleset, self.ordered)
        self.watched = watched_of(ruleset)
        self.targets = Targets(self.cells, self.names, ruleset.conflicts, self.watched)
        targets = [t for a in ruleset.antigens for s in a.series for t in s.targets]
        requires = [c for a in ruleset.antigens for s in a.series for c in s.requires]
        self.boundaries = boundaries_of(targets, requires)
        self.assumed = frozenset(one.code for one in ruleset.observations if one.is_assumed)
        self.settings = self.boundaries.settings(self.assumed)
        self.series_group_count = 0
        self.series: list[tb.Series] = []
        self.series_addresses: list[int] = []
        self.antigen_of_series: list[str] = []

    def encode(self) -> Tape:
        self._check()
        for antigen in self.ordered:
            for series in antigen.series:
                if series.ledger:
                    self.names.ledgers.setdefault(series.ledger, len(self.names.ledgers))
        if len(self.names.ledgers) > 30:
            raise UnknownWord("more than 30 ledgers")
        cells = self.cells.cells
        cells[at.W_VACCINES] = self._vaccine_records()
        cells[at.W_CONFLICTS] = self.targets.conflict_matrix()
        cells[at.W_ANTIGENS] = self.cells.emit_list([self._antigen_record(one) for one in self.ordered])[0]
        cells[at.W_GROUPS] = self.cells.emit_list([self._group_record(group) for group in self.ruleset.groups])[0]
        self._header()
        return self._tape()

    def _check(self) -> None:
        if len(self.names.vaccines) > _MOST_VACCINES:
            raise UnknownWord(f"more than {_MOST_VACCINES} vaccines")
        for antigen in self.ruleset.antigens:
            asked = {*antigen.immune_observations, *(row.observation for row in antigen.contraindications)}
            asked |= {code for birth in antigen.birth_immunity for code in birth.exclusions}
            asked |= {one.observation for series in antigen.series for one in series.indications}
            for code in sorted(asked & self.assumed):
                raise UnknownWord(
                    f"{antigen.name}: {code!r} is assumed of everybody, so only conditions may ask for it"
                )

    def _tape(self) -> Tape:
        names = self.names
        return Tape(
            ruleset=self.ruleset,
            cells=np.array(self.cells.cells, dtype=np.int32),
            antigens=judged_for(self.ordered),
            vaccines=names.vaccines,
            observations=names.observations,
            assumed=tuple(sorted(names.observations[code] for code in self.assumed)),
            makers=names.makers,
            trade_names=names.trade_names,
            countries=names.countries,
            series=tuple(self.series),
            antigen_of_series=tuple(self.antigen_of_series),
            rules=tuple(names.rules),
            most_forecasts=self._most_forecasts(),
            most_products=max(1, sum(len(t.preferable) for s in self.series for t in s.targets)),
            most_records_a_dose=max((len(v.associations) for v in self.ruleset.vaccines), default=1),
            series_group_count=self.series_group_count,
            series_addresses=tuple(self.series_addresses),
            most_series_an_antigen=max((len(a.series) for a in self.ruleset.antigens), default=1),
            target_numbers=tuple(tuple(t.number for t in s.targets) for s in self.series),
        )

    def _header(self) -> None:
        policy, cells = self.ruleset.policy, self.cells.cells
        cells[at.W_CALENDAR] = int(self.ruleset.calendar)
        cells[at.W_REPEAT_AFTER_DAYS] = policy.repeat_after_days
        cells[at.W_PAST_DUE_OFFSET_DAYS] = policy.past_due_offset_days
        cells[at.W_PAST_DUE_FROM_EARLIEST] = int(policy.past_due_from_earliest)
        cells[at.W_SAME_VISIT_IS_FREE] = int(policy.same_visit_is_free)
        cells[at.W_NUMBER_BY_COUNT] = int(policy.number_by_count)
        cells[at.W_EXTRA_KEEPS_TARGET] = int(policy.extra_keeps_target)
        cells[at.W_DEFAULT_YIELDS] = int(policy.contraindicated_default_yields)
        cells[at.W_BEGUN_YIELDS] = int(policy.begun_default_yields)
        cells[at.W_VACCINE_COUNT] = len(self.names.vaccines)
        cells[at.W_ANTIGEN_COUNT] = len(self.names.antigens)
        cells[at.W_GROUP_COUNT] = len(self.names.groups)
        cells[at.W_LIVE_COUNT] = len(self.targets.live)
        cells[at.W_LONGEST_CONFLICT] = self.targets.longest_conflict()
        cells[at.W_SERIES_COUNT] = len(self.series)
        cells[at.W_LEDGER_COUNT] = len(self.names.ledgers)
        months = range(at.FIRST_MONTH, at.FIRST_MONTH + at.MONTH_COUNT)
        cells[at.W_MONTHS] = self.cells.emit([first_of_month(month) for month in months])
        cells[at.W_EPOCHS] = self.cells.emit(self.boundaries.epochs)
        cells[at.W_EPOCH_COUNT] = len(self.boundaries.epochs)
        cells[at.W_COHORTS] = self.cells.emit(self.boundaries.cohorts)
        cells[at.W_COHORT_COUNT] = len(self.boundaries.cohorts)
        longest = max((len(s.targets) for s in self.series), default=0)
        cells[at.W_STATE_WIDTH] = at.Z_SATISFIED_ON + longest + 1
        unstated = [at.UNDATED if code in self.assumed else at.NOT_STATED for code in self.names.observations]
        cells[at.W_UNSTATED] = self.cells.emit(unstated)
        cells[at.W_TAPE_END] = len(cells)

    def _most_forecasts(self) -> int:
        """How many vaccine group forecasts one person can have at most."""
        return len({(s.vaccine_group, s.series_group, s.type) for s in self.series})

    def _vaccine_records(self) -> int:
        records = []
        for vaccine in self.ruleset.vaccines:
            rows = [
                (
                    self.names.antigens[j.antigen],
                    self.names.locals[j.antigen][vaccine.code],
                    *span(j.begin_age),
                    *span(j.end_age),
                )
                for j in vaccine.associations
            ]
            live, is_watched = self.targets.live.get(vaccine.code, -1), int(vaccine.code in self.watched)
            records.append((live, is_watched, *self.cells.emit_list(rows)))
        return self.cells.emit_list(records)[0]

    def _antigen_record(self, antigen: tb.Antigen) -> tuple[int, ...]:
        ordered = series_in_order(antigen)
        addresses = {id(s): self._series(s, antigen) for s in ordered}
        listed = self.cells.emit([addresses[id(s)] for s in ordered])
        groups = sorted({s.series_group for s in antigen.series})
        in_groups = [[addresses[id(s)] for s in antigen.series if s.series_group == g] for g in groups]
        rows = [
            (g, self.cells.emit(members), len(members), self.series_group_count + i)
            for i, (g, members) in enumerate(zip(groups, in_groups, strict=True))
        ]
        self.series_group_count += len(groups)
        immune = self.cells.emit([self.names.observation(code) for code in antigen.immune_observations])
        return (
            listed,
            len(ordered),
            self._possible(ordered, addresses),
            *self.cells.emit_list(rows),
            *self.cells.emit_list([self._contraindication(c, antigen.name) for c in antigen.contraindications]),
            immune,
            len(antigen.immune_observations),
            *self.cells.emit_list([self._birth(b) for b in antigen.birth_immunity]),
            self._group_of(antigen),
            self.names.antigens[antigen.name],
            1,
        )

    def _group_of(self, antigen: tb.Antigen) -> int:
        named = [i for i, g in enumerate(self.ruleset.groups) if antigen.name in g.antigens]
        if not named:
            raise UnknownWord(f"antigen {antigen.name!r} is in no vaccine group")
        return named[0]

    def _birth(self, birth: tb.BirthImmunity) -> tuple[int, ...]:
        countries = self.names.countries
        country = -1 if birth.country is None else countries.setdefault(birth.country, len(countries))
        exclusions = self.cells.emit([self.names.observation(code) for code in birth.exclusions])
        return day_number(birth.born_before), country, exclusions, len(birth.exclusions)

    def _contraindication(self, row: tb.Contraindication, antigen: str) -> tuple[int, ...]:
        return (
            self.names.observation(row.observation),
            *span(row.begin_age),
            *span(row.end_age),
            *self.cells.emit_list([self.targets.vaccine_row(v, antigen) for v in row.vaccines]),
            self.names.rule(row.rule),
        )

    def _series(self, series: tb.Series, antigen: tb.Antigen) -> int:
        index = len(self.series)
        self.series.append(series)
        self.antigen_of_series.append(antigen.name)
        number_of(self.names.groups, series.vaccine_group, "vaccine group")
        indications = [
            (self.names.observation(i.observation), *span(i.begin_age), *span(i.end_age)) for i in series.indications
        ]
        address = self.cells.emit(
            (
                index,
                0,
                self.names.antigens[antigen.name],
                int(series.type),
                series.series_group,
                sum(1 << group for group in series.equivalent_groups),
                int(series.is_default),
                int(series.is_product_path),
                ord(series.priority) - ord("A"),
                999 if series.preference is None else series.preference,
                *span(series.minimum_age_to_start),
                *span(series.maximum_age_to_start),
                sum(SEXES[sex] for sex in series.sexes),
                *self.cells.emit_list(indications),
                self._requires(series, antigen.name),
                self.targets.own_vaccines(series.vaccines, antigen.name) if series.vaccines else 0,
                self.names.ledger(series.ledger),
                self.targets.of_series(series, antigen.name, self.settings),
                len(series.targets),
                self.names.rule(series.rule),
            )
        )
        self.series_addresses.append(address)
        return address

    def _requires(self, series: tb.Series, antigen: str) -> int:
        """Per setting: the requirements still open; those that are false leave none to ask."""
        cells: list[int] = []
        for setting in self.settings:
            cells += self.targets.conditions(_still_required(series, setting) or (), antigen)
        return self.cells.emit(cells)

    def _possible(self, ordered: Sequence[tb.Series], addresses: dict[int, int]) -> int:
        """Per setting: the series whose requirements are not false there."""
        cells = []
        for setting in self.settings:
            there = [addresses[id(s)] for s in ordered if _still_required(s, setting) is not None]
            cells.append(self.cells.emit((len(there), *there)))
        return self.cells.emit(cells)

    def _group_record(self, group: tb.VaccineGroup) -> tuple[int, ...]:
        antigens = self.cells.emit([number_of(self.names.antigens, name, "antigen") for name in group.antigens])
        return -1 if group.full_group is None else int(group.full_group), antigens, len(group.antigens)


def _still_required(series: tb.Series, setting: Setting) -> tuple[tb.Condition, ...] | None:
    """Requirements open in the setting, None if one is false. Where sex is asked, facts stay open: whose sex is
    not known is told so before a fact is looked at."""
    return remaining(series.requires, setting._replace(assumed=None) if series.sexes else setting)
