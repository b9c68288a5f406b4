"""China's rule files compiled to the engine's tables: the same kernel judges them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from qingmiao.engine.kept import kept
from qingmiao.engine.rules.book import RuleBook, load
from qingmiao.engine.rules.errors import NoRuleInForce
from qingmiao.engine.tables import Calendar, Policy, Ruleset

from . import groups as table
from .facts import Stated, observations_of
from .words import Setting

_MISSING_DAY = {"last_day_of_month": Calendar.CLAMP, "first_of_next_month": Calendar.ROLL_FORWARD}
_POLICY = Policy(
    repeat_after_days=1,
    past_due_offset_days=0,
    past_due_from_earliest=False,
    same_visit_is_free=True,
    number_by_count=True,
    extra_keeps_target=True,
    contraindicated_default_yields=True,
    begun_default_yields=True,
)


@cache
def china_book(overlay: str | None = None, also: tuple[str, ...] = ()) -> RuleBook:
    """China's rule book as read from the package, once."""
    parts = ("book-cn", *also, *([overlay] if overlay else ()))
    return kept("+".join(parts), lambda: load("cn", overlay=overlay, also=also))


def compiled(book: RuleBook, known_on: date | None = None) -> Ruleset:
    """A rule book as tables. `known_on`: only texts in force by that day are known."""
    settings = [Setting(book, group, known_on) for group in book.groups]
    editions = [edition.from_day for edition in book.programme.editions]
    newest = max((day for day in editions if settings[0].known(day)), default=None)
    if newest is None:
        raise NoRuleInForce("cn.programme", known_on or min(editions), min(editions))
    return Ruleset(
        name=book.country,
        version=f"{newest:%Y-%m-%d}" + (f"+{book.overlay.rule_id}" if book.overlay else ""),
        calendar=_MISSING_DAY[book.programme.missing_day],
        policy=_POLICY,
        antigens=tuple(map(table.antigen, settings)),
        vaccines=table.vaccines(settings),
        groups=table.groups(settings),
        conflicts=table.conflicts(settings[0]),
        observations=table.observations(book.groups, settings[0]),
    )


def china(on_edition: date | None = None, *, overlay: str | None = None, also: tuple[str, ...] = ()) -> Ruleset:
    """China's schedule, every edition; `on_edition` leaves out what came into force after that day.

    `overlay` is a province's file under rules/cn/overlays; `also` names folders of further series ("label").
    Raises RuleFileError when a file says what the loader does not know.
    """
    return compiled(china_book(overlay, also), on_edition)


def observations(facts: Mapping[str, Any], book: RuleBook | None = None) -> list[Stated]:
    """Observations of a person from a record with the keys of the cases."""
    return observations_of(book or china_book(), facts)


def digest(book: RuleBook) -> str:
    """Twelve letters that change with any word of the rule book."""
    return hashlib.sha256(repr(book).encode()).hexdigest()[:12]
