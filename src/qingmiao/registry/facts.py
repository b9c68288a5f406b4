"""What is written down about a person because vaccines hang on it: which facts there are, and what each may say.

Pure. The names are those that the rule files ask for (`rules/cn/facts.yaml`); a fact that nobody wrote down is unknown,
never no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class BadFact(ValueError):
    """A value that this fact cannot have; the message says which it can."""


@dataclass(frozen=True)
class Kind:
    """`read` turns what was given into the value that is kept, or raises BadFact; `may_be` says what it can be."""

    read: Callable[[Any], Any]
    may_be: str


def _one_of(*words: str) -> Kind:
    def read(value: Any) -> str:
        if value not in words:
            raise BadFact(value)
        return str(value)

    return Kind(read, " / ".join(words))


def _number(lowest: int, highest: int) -> Kind:
    def read(value: Any) -> int:
        number = int(value)
        if not lowest <= number <= highest:
            raise BadFact(value)
        return number

    return Kind(read, f"{lowest}–{highest}")


def _flag() -> Kind:
    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise BadFact(value)
        return value

    return Kind(read, "true / false")


def _day() -> Kind:
    return Kind(lambda value: date.fromisoformat(str(value)).isoformat(), "YYYY-MM-DD")


def _words() -> Kind:
    def read(value: Any) -> list[str]:
        if isinstance(value, str) or not all(isinstance(word, str) and word for word in value):
            raise BadFact(value)
        return sorted(set(value))

    return Kind(read, "a list of words")


KINDS: Mapping[str, Kind] = {
    "mother_hbsag": _one_of("pos", "neg", "unknown"),
    "birth_weight_g": _number(200, 9000),
    "gestation_weeks": _number(20, 45),
    "hiv": _one_of("infected_symptomatic", "infected_asymptomatic", "unknown", "uninfected"),
    "hiv_evaluated": _flag(),
    "ppd": _one_of("pos", "neg", "none"),
    "bcg_scar": _flag(),
    "hepb_response": _one_of("responder", "non_responder"),
    "je_travel": _flag(),
    "immunodeficient": _flag(),
    "pregnant": _flag(),
    "ig_date": _day(),
    "covid_infection_date": _day(),
    "covid_high_risk": _flag(),
    "rabies_exposure_date": _day(),
    "rabies_regimen": _one_of("5-dose", "2-1-1"),
    "rabies_earlier_course": _one_of("none", "within_3_months", "longer_ago"),
    "wound_date": _day(),
    "wound_class": _one_of("clean", "unclean", "contaminated"),
    "key_groups": _words(),
    "anaphylaxis_after": _words(),
    "allergies": _words(),
    "conditions": _words(),
    "province": Kind(str, "a province"),
}


def checked(code: str, value: Any) -> Any:
    """`value` as it is kept. Raises BadFact, naming what the fact can be."""
    if code not in KINDS:
        raise BadFact(f"{code}: no such fact; there are {', '.join(KINDS)}")
    try:
        return KINDS[code].read(value)
    except (TypeError, ValueError):
        raise BadFact(f"{code}: {value!r}; it can be {KINDS[code].may_be}") from None
