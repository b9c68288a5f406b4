"""Decisions about adverse reactions on plain values: windows, doses of adrenaline, missing items, signals.

Pure. Sources: rules/safety/*.yaml; what is there from memory is marked on every screen that shows it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from qingmiao.law.dated import in_force, rule_file
from qingmiao.law.deadlines import SHANGHAI
from qingmiao.law.months import months_later


class Refused(Exception):
    """Something cannot be done now; the message says why and what to do instead. Nothing was written."""


def in_language(words: Mapping[str, Any], language: str) -> str:
    """The text of an entry with `zh` and `en`."""
    return str(words["zh"] if language.startswith("zh") else words["en"])


# --- reactions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reaction:
    """One reaction as the desk names it."""

    code: str
    zh: str
    en: str
    is_acute: bool = False
    is_serious: bool = False
    begins: Mapping[str, int] | None = None
    ends: Mapping[str, int] | None = None
    confidence: str = "P"

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


def reactions() -> dict[str, Reaction]:
    """Every reaction by its code, acute ones first as the file has them."""
    file = rule_file("safety", "reactions")
    return {code: _reaction(code, entry, file["reference"]["confidence"]) for code, entry in file["reactions"].items()}


def _reaction(code: str, entry: Mapping[str, Any], confidence: str) -> Reaction:
    return Reaction(
        code=code,
        zh=entry["zh"],
        en=entry["en"],
        is_acute=entry.get("acute", False),
        is_serious=entry.get("serious", False),
        begins=entry.get("from"),
        ends=entry.get("until"),
        confidence=entry.get("confidence", confidence),
    )


def classes() -> dict[str, dict[str, Any]]:
    """What a conclusion may say, by code."""
    found: dict[str, dict[str, Any]] = rule_file("safety", "reactions")["classes"]
    return found


def is_in_window(reaction: Reaction, given_at: datetime, onset_at: datetime) -> bool | None:
    """Whether an onset lies in the reaction's usual window; None when the reaction has none.

    Hours count elapsed time; days and months count local days from the day of the dose.
    """
    if onset_at < given_at:
        return False
    if reaction.ends is None:
        return None
    starts = _reached(reaction.begins, given_at, onset_at) if reaction.begins else True
    return starts and not _passed(reaction.ends, given_at, onset_at)


def _reached(span: Mapping[str, int], given_at: datetime, onset_at: datetime) -> bool:
    return _local(onset_at) >= months_later(_local(given_at), span["months"])


def _passed(span: Mapping[str, int], given_at: datetime, onset_at: datetime) -> bool:
    if "hours" in span:
        return onset_at - given_at > timedelta(hours=span["hours"])
    given_on, onset_on = _local(given_at), _local(onset_at)
    if "days" in span:
        return (onset_on - given_on).days > span["days"]
    return onset_on > months_later(given_on, span["months"])


def _local(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


# --- who must be told by when -----------------------------------------------------------------------------------------


class Grave(StrEnum):
    """Why a case is to be reported within two hours."""

    DEATH = "death"
    DISABILITY = "disability"
    CLUSTER = "cluster"
    CONCERN = "concern"


def report_clock(is_grave: bool) -> str:
    """The clock of the first report."""
    return "aefi.grave" if is_grave else "aefi.ordinary"


def needs_investigation(first_class: str, is_grave: bool, is_serious: bool) -> bool:
    """Whether the case is investigated: everything but a plain common reaction is."""
    return is_grave or is_serious or first_class != "1"


# --- the card ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One of the 22 items of the case card."""

    number: int
    key: str
    zh: str
    en: str
    is_mandatory: bool

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


def items() -> list[Item]:
    """The card's items in their order."""
    file = rule_file("safety", "card")
    return [
        Item(number, entry["key"], entry["zh"], entry["en"], entry.get("must", False))
        for number, entry in file["items"].items()
    ]


def choices(key: str) -> dict[str, dict[str, str]]:
    """What an item may say, by code; empty for free text."""
    found: dict[str, dict[str, str]] = rule_file("safety", "card")["choices"].get(key, {})
    return found


def missing(card: Mapping[str, Any]) -> list[Item]:
    """The mandatory items that a card leaves empty."""
    return [item for item in items() if item.is_mandatory and not card.get(item.key)]


# --- the emergency sheet ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Adrenaline:
    """One dose of adrenaline. `by_weight`: reckoned from a weight; else from the age, or (None) for an adult."""

    mg: float
    ml: float
    by_weight: bool
    again_from_minutes: int
    again_until_minutes: int


def adrenaline(age_months: int | None, weight_kg: float | None = None) -> Adrenaline:
    """The dose for somebody of that age and weight. Age unknown: as an adult. From memory; see the rule file."""
    rule = rule_file("safety", "emergency")["adrenaline"]
    is_adult = age_months is None or age_months >= rule["adult_from_years"] * 12
    if weight_kg:
        most = rule["most_mg"]["adult" if is_adult else "child"]
        mg = min(most, round(rule["mg_per_kg"] * weight_kg, 2))
    else:
        mg = _mg_by_age(rule["by_age"], age_months)
    again = rule["again_after_minutes"]
    return Adrenaline(mg, round(mg / rule["strength_mg_per_ml"], 2), bool(weight_kg), again["from"], again["until"])


def _mg_by_age(table: list[dict[str, Any]], age_months: int | None) -> float:
    for row in table:
        below = row["below_months"]
        if below is None or (age_months is not None and age_months < below):
            return float(row["mg"])
    raise ValueError("the table of ages has no last row")


# --- signals ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thresholds:
    """When a number of cases is a signal."""

    days: int
    rate_any: float
    rate_serious: float
    at_least: int
    p_below: float
    cluster_days: int
    cluster_serious: int


def thresholds(day: date) -> Thresholds:
    """The thresholds in force on a day."""
    value = in_force(rule_file("safety", "signals")["values"], day, "signals")
    rates, cluster = value["rates_per_100000"], value["cluster"]
    return Thresholds(
        value["days"],
        rates["any"],
        rates["serious"],
        value["at_least_cases"],
        value["p_below"],
        cluster["days"],
        cluster["serious_cases"],
    )


def at_least(observed: int, expected: float) -> float:
    """The chance of `observed` or more events where `expected` are to be expected: the exact upper Poisson tail.

    Summed from the far end, so that a tiny chance keeps its digits. expected 0: 1.0 for none observed, else 0.0.
    """
    if observed <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    if observed <= expected:  # the lower tail is the smaller one
        return 1.0 - math.fsum(_poisson(k, expected) for k in range(observed))
    total, k = 0.0, observed
    terms = []
    while (term := _poisson(k, expected)) > total * 1e-17:
        terms.append(term)
        total += term
        k += 1
    return min(1.0, math.fsum(terms))


def _poisson(k: int, expected: float) -> float:
    return math.exp(k * math.log(expected) - expected - math.lgamma(k + 1))


def is_signal(observed: int, expected: float, rule: Thresholds) -> bool:
    """Whether so many cases are more than chance explains."""
    return observed >= rule.at_least and at_least(observed, expected) < rule.p_below
