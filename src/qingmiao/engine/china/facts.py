"""Facts about a person, as written down, made into the observations that rules ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.programme import Fact, FactTest

Stated = tuple[str, date | None, str]
"""An observation: code, date, and "yes", "no" or "unknown"."""

ALLERGY = "allergy_"
"""Prefix of the observation "severe reaction after a vaccine of this group"."""


def _refuse_what_cannot_be_read(book: RuleBook, record: Mapping[str, Any]) -> None:
    """Raises ValueError for a word or a yes-or-no that is none: it would be taken for "no"."""
    flags = {test.key for fact in book.facts.facts for test in fact.tests if True in test.is_in or False in test.is_in}
    for key, value in record.items():
        words = book.facts.words.get(key)
        if value is not None and (value not in words if words else key in flags and not isinstance(value, bool)):
            raise ValueError(f"{key}: {value!r}")


def _met(test: FactTest, record: Mapping[str, Any]) -> bool:
    value = record.get(test.key)
    if value is None:
        return test.absent
    if test.has is not None:
        return test.has in value
    if test.below is not None:
        return bool(value < test.below)
    return value in test.is_in


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _stated(fact: Fact, record: Mapping[str, Any]) -> Stated | None:
    first = fact.tests[0]
    if first.date_key:
        return (fact.code, _day(record[first.key]), "yes") if record.get(first.key) else None
    if any(record.get(test.key) in test.unknown for test in fact.tests):
        return (fact.code, None, "unknown")
    met = [_met(test, record) for test in fact.tests]
    if all(met) if fact.all_must_hold else any(met):
        return (fact.code, None, "yes")
    return (fact.code, None, "no") if is_assumed(fact) else None


def is_assumed(fact: Fact) -> bool:
    """Does it hold of a person of whom nothing is written down? Then that it does not must be said."""
    absent = [test.absent for test in fact.tests]
    return all(absent) if fact.all_must_hold else any(absent)


def observations_of(book: RuleBook, record: Mapping[str, Any]) -> list[Stated]:
    """What a person's record says about the facts that rules ask for.

    `record` has the keys of the cases (mother_hbsag, birth_weight_g, hiv, ppd, ig_date, province, …). Raises ValueError
    or TypeError for a value that cannot be read.
    """
    _refuse_what_cannot_be_read(book, record)
    found = [stated for fact in book.facts.facts if (stated := _stated(fact, record))]
    allergies = record.get(book.facts.allergy_key) or ()
    if isinstance(allergies, str):
        raise TypeError(f"{book.facts.allergy_key} is not a list: {allergies!r}")
    return found + [(f"{ALLERGY}{group}", None, "yes") for group in allergies]
