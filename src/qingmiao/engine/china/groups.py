"""Vaccine groups as antigens with series, and everything around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qingmiao.engine.rules.series import GroupRule, PathRule, Stop
from qingmiao.engine.tables import (
    Antigen,
    Association,
    Condition,
    Conflict,
    Contraindication,
    Kind,
    Observation,
    Series,
    Span,
    Vaccine,
    VaccineGroup,
    VaccineRow,
)  # fmt: skip

from .doses import in_season, target
from .facts import ALLERGY, is_assumed
from .words import DAY, Setting, age_span, conditions, rule


def _age_limits(at: Setting) -> Iterator[tuple[Condition, ...]]:
    """The ages at which the group is offered, one alternative for each period; none asked: one alternative."""
    offered = at.group.offered
    if offered.from_age is None:
        yield ()
        return
    for period in at.periods(offered.from_age, offered.below_age):
        on = Condition(Kind.ON, start=period.first, end=period.last + DAY if period.last else None)
        yield (
            on,
            Condition(
                Kind.AGE, begin_age=at.span(offered.from_age, period), end_age=at.span(offered.below_age, period)
            ),
        )


def _offered(at: Setting) -> tuple[Condition, ...]:
    offered = at.group.offered
    until = offered.until.from_day + DAY if offered.until and at.known(offered.until.from_day) else None
    on = Condition(Kind.ON, start=offered.from_day.from_day, end=until)
    unless = (replace(one, negated=not one.negated) for one in conditions(at, offered.unless))
    return (on, *unless, *conditions(at, offered.if_facts))


def _series(at: Setting, path: PathRule) -> Iterator[Series]:
    doses = [dose for dose in path.doses if at.book.holds(at.group, dose.only_if)]
    targets = tuple(target(at, path, dose, position) for position, dose in enumerate(doses, 1))
    if path.seasons:
        targets = tuple(in_season(dose, *season) for season in path.seasons.dated() for dose in targets)
    for index, limits in enumerate(_age_limits(at)):
        yield Series(
            name=f"{at.group.rule_id}.{path.name}" + (f".{index + 1}" if limits else ""),
            vaccine_group=at.group.group,
            targets=targets,
            series_group_name=path.verdict_series or at.group.group,
            is_default=path.is_default,
            sexes=path.sexes,
            requires=(*_offered(at), *limits, *conditions(at, path.when)),
            vaccines=at.codes(path.products),
            ledger=at.group.group,
            rule=rule(f"{at.group.rule_id}.{path.name}", path.title, at.group.offered.from_day.source),
        )


def _stop(at: Setting, stop: Stop) -> Contraindication:
    return Contraindication(
        stop.fact,
        begin_age=age_span(stop.from_age),
        vaccines=tuple(VaccineRow(code) for code in at.codes(stop.products)),
        text=stop.title["zh"],
        guidance=stop.title["en"],
        rule=rule(f"{at.group.rule_id}.{stop.fact}", stop.title, stop.source),
    )


def _allergy(at: Setting) -> Contraindication:
    facts = at.book.facts
    return Contraindication(
        f"{ALLERGY}{at.group.group}",
        text=facts.allergy_title["zh"],
        guidance=facts.allergy_title["en"],
        rule=rule("cn.facts.allergy", facts.allergy_title, facts.allergy_source),
    )


def antigen(at: Setting) -> Antigen:
    """A group with its paths; in China each group is forecast by itself, so group and antigen are one."""
    begun = at.group.paths if at.known(at.group.offered.from_day.from_day) else ()
    known = (path for path in begun if all(at.known(one.on_from) for one in path.when if one.on_from))
    paths = [path for path in known if at.book.holds(at.group, path.only_if)]
    return Antigen(
        name=at.group.group,
        series=tuple(series for path in paths for series in _series(at, path)),
        contraindications=(*(_stop(at, stop) for stop in at.group.contraindicated), _allergy(at)),
    )


def vaccines(settings: list[Setting]) -> tuple[Vaccine, ...]:
    """All products with the groups for which they count. `name` is the family, which verdicts print."""
    counted: dict[str, list[Association]] = {}
    for at in settings:
        for counts in at.group.counts:
            for code in at.codes(counts.products):
                association = Association(at.group.group, age_span(counts.from_age), age_span(counts.before_age))
                counted.setdefault(code, []).append(association)
    products = settings[0].book.products.by_code.values()
    return tuple(Vaccine(one.code, one.family, tuple(counted.get(one.code, ()))) for one in products)


def conflicts(at: Setting) -> tuple[Conflict, ...]:
    """Any two injected live vaccines on different days."""
    interactions = at.book.interactions
    codes = [
        product.code
        for product in at.book.products.by_code.values()
        if product.live == "live" and product.route in interactions.live_routes
    ]
    end = at.span(interactions.live_gap, at.periods(interactions.live_gap)[-1])
    assert end is not None
    return tuple(Conflict(a, b, Span(days=1), end, end) for a in codes for b in codes)


def observations(groups: tuple[GroupRule, ...], at: Setting) -> tuple[Observation, ...]:
    """Every fact that a rule may ask for."""
    facts = at.book.facts
    known = [
        Observation(fact.code, fact.title["en"], fact.title["zh"], is_assumed=is_assumed(fact)) for fact in facts.facts
    ]
    title = facts.allergy_title
    return (*known, *(Observation(f"{ALLERGY}{group.group}", title["en"], title["zh"]) for group in groups))


def groups(settings: list[Setting]) -> tuple[VaccineGroup, ...]:
    """The groups in the order in which they are printed."""
    return tuple(VaccineGroup(at.group.group, (at.group.group,)) for at in settings)
