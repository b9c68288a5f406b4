"""What a nurse is told: what may be given, what not, and what must be asked first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qingmiao.engine.rules.messages import Said
from qingmiao.engine.verdicts import Line


@dataclass(frozen=True, slots=True)
class Site:
    """Where to give a product: a key of the rule book's sites, the side, and the name by language."""

    key: str
    side: str | None
    name: dict[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that may be given today, and what it would count as: (group, series, dose number)."""

    product: str
    codes: tuple[str, ...]
    name: dict[str, str]
    counts_as: tuple[tuple[str, str, int], ...]
    is_overdue: bool
    programme: str
    amount: str
    site: Site | None
    replaces: tuple[str, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A product that may not be given today; `until` is the first day on which it may, None if never or not known."""

    product: str
    name: dict[str, str]
    group: str
    until: date | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The answer for one person and day. `may` is ordered as a nurse would give; all of it may be given together,
    at the sites named, never in one syringe. `asks`: groups that cannot be judged before a fact is known.
    `notes`: facts that change nothing."""

    on: date
    ruleset: str
    may: tuple[Offer, ...]
    may_not: tuple[Refusal, ...]
    asks: tuple[Said, ...]
    notes: tuple[Said, ...]
    verdict: Line
