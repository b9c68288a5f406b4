"""Whether a lot, a vaccine or a site has more reactions than is to be expected."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from qingmiao.registry.models import Dose
from qingmiao.safety.models import Case
from qingmiao.safety.rules import Thresholds, at_least, is_signal, thresholds
from qingmiao.staff.access import Actor

SEE = "safety.see_case"
BY = {"lot": "lot_number", "vaccine": "product_code", "site": "site__name"}


@dataclass(frozen=True)
class Line:
    """One lot, vaccine or site: how many cases in how many doses, how many were to be expected, how likely that is."""

    by: str
    name: str
    kind: str  # any, serious
    doses: int
    observed: int
    expected: float
    chance: float
    is_signal: bool

    @property
    def rate(self) -> float | None:
        """Cases in 100,000 doses."""
        return 100_000 * self.observed / self.doses if self.doses else None


@dataclass(frozen=True)
class Cluster:
    """Several serious cases of one kind at one site within a few days."""

    site: str
    reaction: str
    first: date
    last: date
    cases: tuple[Case, ...]


def signals(actor: Actor, on: date) -> list[Line]:
    """Every lot, vaccine and site with a case, signals first, then by chance."""
    rule = thresholds(on)
    since = on - timedelta(days=rule.days)
    cases = list(_cases(actor, since, on))
    lines = [line for by in BY for line in _lines(actor, cases, by, since, on, rule)]
    return sorted(lines, key=lambda line: (not line.is_signal, line.chance, line.by, line.name, line.kind))


def _cases(actor: Actor, since: date, on: date) -> list[Case]:
    cases = actor.visible(SEE, Case).exclude(state=Case.State.DROPPED)
    cases = cases.filter(dose__given_on__range=(since, on), dose__is_void=False)
    return list(cases.select_related("dose__site", "site"))


def _lines(actor: Actor, cases: list[Case], by: str, since: date, on: date, rule: Thresholds) -> list[Line]:
    names = {case.pk: _name(case, by) for case in cases}
    given = doses_by(actor, by, since, on, sorted(set(names.values())))
    shown = {case.dose.product_code: case.dose.vaccine for case in cases} if by == "vaccine" else {}
    any_, serious = Counter(names.values()), Counter(names[case.pk] for case in cases if case.is_serious)
    return [
        _line(by, shown.get(name) or name, kind, given.get(name, 0), counts[name], rate, rule)
        for kind, counts, rate in (("any", any_, rule.rate_any), ("serious", serious, rule.rate_serious))
        for name in sorted(counts)
    ]


def _name(case: Case, by: str) -> str:
    if by == "lot":
        return case.dose.lot_number
    return case.dose.product_code if by == "vaccine" else case.dose.site.name if case.dose.site else ""


def _line(by: str, name: str, kind: str, doses: int, observed: int, rate: float, rule: Thresholds) -> Line:
    expected = doses * rate / 100_000
    chance = at_least(observed, expected)
    return Line(by, name, kind, doses, observed, expected, chance, is_signal(observed, expected, rule))


def doses_by(actor: Actor, by: str, since: date, on: date, names: list[str]) -> dict[str, int]:
    """Standing doses per lot, vaccine or site (`names` of them) given at the actor's places in a span of days."""
    doses = actor.visible("safety.see_case", Dose).filter(
        given_on__range=(since, on), is_void=False, superseded_by=None, **{f"{BY[by]}__in": names}
    )
    return dict(doses.order_by().values_list(BY[by]).annotate(n=Count("pk")))


def clusters(actor: Actor, on: date) -> list[Cluster]:
    """Groups of serious cases of one kind at one site within the days that the rule names, the newest first."""
    rule = thresholds(on)
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in _cases(actor, on - timedelta(days=rule.days), on):
        if case.is_serious:
            groups[case.site.name, case.reaction].append(case)
    found = [
        _cluster(site, reaction, cases)
        for (site, reaction), members in groups.items()
        for cases in _close(sorted(members, key=lambda case: case.onset_at), rule)
    ]
    return sorted(found, key=lambda cluster: cluster.last, reverse=True)


def _close(cases: list[Case], rule: Thresholds) -> list[list[Case]]:
    """Runs of cases in which each begins within the days after the one before; only those large enough."""
    runs: list[list[Case]] = []
    for case in cases:
        if runs and case.onset_at - runs[-1][-1].onset_at <= timedelta(days=rule.cluster_days):
            runs[-1].append(case)
        else:
            runs.append([case])
    return [run for run in runs if len(run) >= rule.cluster_serious]


def _cluster(site: str, reaction: str, cases: list[Case]) -> Cluster:
    return Cluster(site, reaction, cases[0].onset_at.date(), cases[-1].onset_at.date(), tuple(cases))
