"""Which doses count for a vaccine, and as which dose: by date, with the exceptions of the national rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qingmiao.engine.coverage.days import Days, Index, Mask, add_months, all_of, any_of
from qingmiao.engine.coverage.population import Children, Doses, Population
from qingmiao.engine.coverage.rules import SUBSTITUTE, Counts, Products, Reach, Rules, Series, Span

HPV_GAP_MONTHS = 5
CONJUGATE_BY_ORDER_FROM = Span(months=6)
MENAC_2_FROM = Span(months=60)


@dataclass(frozen=True)
class Numbered:
    """The doses of one series, in order of child and date."""

    doses: Doses
    rows: Index  # positions in `doses`
    substitute: Mask  # of each row: 替代
    first: Index  # per child: where its rows begin
    count: Index  # per child

    def nth(self, n: int) -> Index:
        """Per child the position in `doses` of its dose `n`, -1 for none."""
        if n not in self._nth:
            self._nth[n] = self._rows_and_none[np.where(self.count >= n, self.first + (n - 1), -1)]
        return self._nth[n]

    def on(self, n: int) -> Days:
        """Per child the day of dose `n`, `NEVER` for none."""
        if n not in self._on:
            self._on[n] = self.doses.day[self.nth(n)]
        return self._on[n]

    def is_substitute(self, n: int) -> Mask:
        """Per child whether dose `n` was a substitute."""
        return np.append(self.substitute, False)[np.where(self.count >= n, self.first + (n - 1), -1)]

    @cached_property
    def _rows_and_none(self) -> Index:
        return np.append(self.rows, -1)

    @cached_property
    def _nth(self) -> dict[int, Index]:
        return {}

    @cached_property
    def _on(self) -> dict[int, Days]:
        return {}


@dataclass(frozen=True)
class _Given:
    """Candidates for one series: positions in `doses`, with what the rules ask of them."""

    population: Population
    rules: Rules
    series: Series
    rows: Index
    substitute: Mask

    @cached_property
    def child(self) -> Index:
        return self.population.doses.child[self.rows].astype(np.int64)

    @cached_property
    def day(self) -> Days:
        return self.population.doses.day[self.rows]

    def at_least(self, age: Span) -> Mask:
        """Given at `age` or later."""
        return self.day >= self.population.children.at_age(age)[self.child]

    def has_code(self, codes: tuple[str, ...]) -> Mask:
        return _code_mask(codes, self.rules)[self.population.doses.code[self.rows]]

    def order(self, mask: Mask | None = None) -> Index:
        """0, 1, 2 … within each child; with `mask`, how many of the child's earlier candidates it holds for."""
        ones = np.ones(len(self.rows), np.int64) if mask is None else mask.astype(np.int64)
        before = np.cumsum(ones) - ones
        begins = np.ones(len(self.rows), np.bool_)
        begins[1:] = self.child[1:] != self.child[:-1]
        return before - np.maximum.accumulate(np.where(begins, before, 0))

    def first_day(self) -> Days:
        """Of each candidate the day of its child's first one."""
        firsts: Index = np.arange(len(self.rows)) - self.order()
        return self.day[firsts]

    def keep(self, mask: Mask) -> _Given:
        if mask.all():
            return self
        return _Given(self.population, self.rules, self.series, self.rows[mask], self.substitute[mask])


def number(population: Population, rules: Rules, key: str) -> Numbered:
    """按疫苗大类和接种日期重新排序: the doses of series `key`, whatever dose number was recorded."""
    given = NUMBERINGS[rules.series[key].numbering](_candidates(population, rules, rules.series[key]))
    children = len(population.children)
    count = np.bincount(given.child, minlength=children)
    return Numbered(population.doses, given.rows, given.substitute, np.cumsum(count) - count, count)


def _candidates(population: Population, rules: Rules, series: Series) -> _Given:
    """Doses of the series' products, for whom and at the ages they count."""
    codes = tuple(code for group in series.products for code in group.codes)
    rows = _code_mask(codes, rules)[population.doses.code[:-1]].nonzero()[0]
    kinds = _code_mask(tuple(c for g in series.products if g.kind == SUBSTITUTE for c in g.codes), rules)
    given = _Given(population, rules, series, rows, kinds[population.doses.code[rows]])
    given = given.keep(eligible(population.children, series)[given.child])
    for group in series.products:
        if (fits := _product_fits(given, group)) is not None:
            given = given.keep(fits | ~given.has_code(group.codes))
    return given.keep(_counts(given))


def _code_mask(codes: tuple[str, ...], rules: Rules) -> Mask:
    mask = np.zeros(256, np.bool_)
    mask[[rules.codes.index(code) for code in codes]] = True
    return mask


def eligible(children: Children, series: Series) -> Mask:
    """Children whom the statistics of a series are about: with a file of the programme; for HPV girls of its years."""
    fits = children.in_programme.copy()
    if series.sex is not None:
        fits &= children.sex == series.sex
    if series.born_from is not None:
        fits &= children.born >= series.born_from
    return fits


def _product_fits(given: _Given, group: Products) -> Mask | None:
    """Whether a dose of these products would count for its child at its age; None for no condition."""
    born = given.population.children.born
    fits = [given.at_least(group.from_age)] if group.from_age else []
    fits += [~given.at_least(group.before_age)] if group.before_age else []
    fits += [(born >= group.born_from)[given.child]] if group.born_from is not None else []
    fits += [(born < group.born_before)[given.child]] if group.born_before is not None else []
    return all_of(fits) if fits else None


def _counts(given: _Given) -> Mask:
    """Ages at which the series counts: under 18, or what the series says."""
    children = given.population.children
    return any_of([_age_counts(given, children, one) for one in given.series.counts])


def _age_counts(given: _Given, children: Children, counts: Counts) -> Mask:
    fits = reaches(children, counts.reach)[given.child]
    if counts.from_age:
        fits &= given.at_least(counts.from_age)
    if counts.before_age:
        fits &= ~given.at_least(counts.before_age)
    return fits


def reaches(children: Children, reach: Reach | None) -> Mask:
    """Children who reach an age in a span of days; all of them for None."""
    if reach is None:
        return np.ones(len(children), np.bool_)
    on = children.at_age(reach.age)
    return (on >= reach.start) & (on < reach.end)


def by_date(given: _Given) -> _Given:
    """按接种日期排序: every dose counts, early ones too."""
    return given


def mena(given: _Given) -> _Given:
    """A群流脑: of conjugates whose first dose came under 6 months, doses 1 and 3 count as MenA 1 and 2.

    With the first at 6 months or later they count by their order.
    """
    conjugate = given.substitute
    among = given.keep(conjugate)
    young = among.first_day() < given.population.children.at_age(CONJUGATE_BY_ORDER_FROM)[among.child]
    counts = np.ones(len(given.rows), np.bool_)
    counts[conjugate] = ~young | np.isin(among.order(), (0, 2))
    return given.keep(counts)


def menac(given: _Given) -> _Given:
    """A群C群流脑: a dose under 24 months is no dose 1 (left out before), one under 5 years no dose 2: in no row."""
    return given.keep((given.order() == 0) | given.at_least(MENAC_2_FROM))


def hepa_live(given: _Given) -> _Given:
    """甲肝减毒: live doses of children without an inactivated one before."""
    inactivated = given.has_code(given.series.inactivated)
    return given.keep(~inactivated & (given.order(inactivated) == 0))


def hepa_inactivated(given: _Given) -> _Given:
    """甲肝灭活: inactivated doses, and a live one after them (灭活第1剂后接种减毒, counted as inactivated 2)."""
    inactivated = given.has_code(given.series.inactivated)
    return given.keep(inactivated | (given.order(inactivated) > 0))


def hpv(given: _Given) -> _Given:
    """HPV: a second dose within 5 months of the first does not count; the third is then dose 2."""
    too_soon = given.day < add_months(given.first_day(), HPV_GAP_MONTHS)
    return given.keep(~((given.order() == 1) & too_soon))


NUMBERINGS: dict[str, Callable[[_Given], _Given]] = {
    rule.__name__: rule for rule in (by_date, mena, menac, hepa_live, hepa_inactivated, hpv)
}
