"""The stored due state of single people: derived rows, kept in step by whoever writes a dose, a fact or a move.

They are no facts of their own, so they have no line in the trail; the dose or move that caused them has.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from qingmiao.engine.china import china_book
from qingmiao.law.months import months_later
from qingmiao.registry.models import Person
from qingmiao.schedule.models import DueDose
from qingmiao.schedule.queries import Judgement, SeriesVerdict, judgements
from qingmiao.schedule.rules import threshold


def refresh_due(*people: Person, on: date) -> None:
    """Write anew what is owed to people after a dose, a fact or a move, all at once; grown-ups cost no query."""
    closed = born_after(on)
    children = [person.pk for person in people if person.birth_date is not None and closed < person.birth_date]
    if children:
        judge_again(children, on)


def judge_again(people: Iterable[int], on: date) -> None:
    """Write anew what is owed to some people, judged one by one as a page does."""
    found = list(Person.objects.filter(pk__in=set(people)))
    DueDose.objects.filter(person__in=found).delete()
    here = [person for person in found if _is_here(person, on)]
    until = on + timedelta(days=threshold("horizon_days").value)
    DueDose.objects.bulk_create(row for judged in judgements(here, on=on) for row in _owed(judged, until))


def _is_here(person: Person, on: date) -> bool:
    born = person.birth_date
    is_child = born is not None and born_after(on) < born <= on
    return is_child and person.status == Person.Status.PRESENT and person.merged_into_id is None


def _owed(judged: Judgement, until: date) -> Iterable[DueDose]:
    for verdict in judged.series:
        earliest = verdict.earliest
        if verdict.series in listed_series() and earliest is not None and _is_open(verdict) and earliest <= until:
            yield DueDose(
                person=judged.person,
                series=verdict.series,
                dose_number=verdict.next_dose or 0,
                product=verdict.product or "",
                earliest=earliest,
                recommended=verdict.recommended or earliest,
                overdue_from=verdict.overdue_from,
                rule=verdict.rule or "",
                ruleset=judged.ruleset,
                judged_on=judged.on,
            )


def _is_open(verdict: SeriesVerdict) -> bool:
    return verdict.status in ("due", "overdue", "due_later")


@cache
def listed_series() -> frozenset[str]:
    """Series of the national programme: the ones that lists are about."""
    return frozenset(rule.group for rule in china_book().groups if rule.programme == "national")


def born_after(on: date) -> date:
    """Whoever was born on this day or before is past the age of catching up. Raises NoRuleInForce before the first."""
    years = china_book().programme.catch_up_closes_at_age.on(on).value
    assert years is not None  # `on` refuses a withdrawn rule
    return months_later(on, -12 * years)
