"""Whether cases of one place in a few days look like an outbreak. Pure; source: rules/surveillance/outbreak.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qingmiao.surveillance.dated import NoRuleInForce, in_force, rule_file
from qingmiao.surveillance.diseases import diseases


class Level(StrEnum):
    """`watch`: telephone the school. `relevant`: the number that a norm names; if confirmed, two hours."""

    WATCH = "watch"
    RELEVANT = "relevant"


@dataclass(frozen=True)
class Sign:
    """`cases` of one disease in one place within `days`; `limit` is the number that was reached."""

    level: Level
    cases: int
    days: int
    limit: int


def sign_of(disease: str, onsets: Sequence[date], on: date) -> Sign | None:
    """What the onsets in one place say on that day; the graver level wins, None when neither is reached."""
    for level, rule in ((Level.RELEVANT, _relevant(disease, on)), (Level.WATCH, rule_file("outbreak")["watch"])):
        if rule is None:
            continue
        cases = _most_within(onsets, rule["days"], on)
        if cases >= rule["cases"]:
            return Sign(level, cases, rule["days"], rule["cases"])
    return None


def looked_back() -> timedelta:
    """How far back cases can belong to a sign: the longest stretch of days that any limit is about."""
    relevant = rule_file("outbreak")["relevant"].values()
    limits = [rule_file("outbreak")["watch"], *(limit for by_disease in relevant for limit in by_disease.values())]
    return timedelta(days=max(limit["days"] for limit in limits))


def _relevant(disease: str, on: date) -> dict[str, int] | None:
    try:
        by_disease = in_force(rule_file("outbreak")["relevant"], on, "outbreak.relevant")
    except NoRuleInForce:
        return None
    found: dict[str, int] | None = by_disease.get(disease) or by_disease.get(diseases()[disease].parent)
    return found


def _most_within(onsets: Sequence[date], days: int, on: date) -> int:
    """How many of the onsets lie in the `days` days that end on `on`."""
    first = on - timedelta(days=days - 1)
    return sum(first <= onset <= on for onset in onsets)
