"""A number of the law: its unit, the days from which it held, and where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .errors import NoRuleInForce
from .node import Node

UNITS = ("hour", "day", "week", "month", "year")
CONFIDENCES = ("V", "X", "S", "P", "C", "Mh", "Mm", "Ml")
CARRIED = "carried"
"""Restated by an edition whose body was not read: assumed carried over."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is written, how sure we are, and which later texts say it again."""

    reference: str
    confidence: str
    section: str = ""
    restated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from a day on; `value` None withdraws the rule."""

    from_day: date
    value: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Quantity:
    """A length of time by date, in the unit of its source.

    `bound` says whether the day on which it is reached belongs to it. `only_if` names the readings
    (open questions) under which it holds.
    """

    rule_id: str
    unit: str
    bound: str
    values: tuple[Dated, ...]
    only_if: tuple[tuple[str, str], ...] = ()

    def written_on(self, day: date) -> Dated | None:
        """The entry in force on a day, withdrawn or not; None before the first."""
        found = None
        for entry in self.values:
            if entry.from_day <= day:
                found = entry
        return found

    def on(self, day: date) -> Dated:
        """The entry in force on a day. Raises NoRuleInForce before the first and after a withdrawal."""
        found = self.written_on(day)
        if found is None or found.value is None:
            raise NoRuleInForce(self.rule_id, day, self.values[0].from_day if self.values else None)
        return found


def source(node: Node) -> Source:
    """The reference, confidence and restatements written in `node` (which the caller finishes)."""
    section = node.maybe("section")
    restated = node.maybe("restated")
    pairs = restated.items() if restated else ()
    return Source(
        reference=node.take("reference").text(),
        confidence=node.take("confidence").one_of(*CONFIDENCES),
        section=section.text() if section else "",
        restated=tuple((str(key), found.one_of(*CONFIDENCES, CARRIED)) for key, found in pairs),
    )


def _dated(from_day: object, node: Node) -> Dated:
    day = Node(from_day, f"{node.where} (its date)").day()
    value = node.take("value")
    number = None if value.value is None else value.integer()
    entry = Dated(day, number, source(node))
    node.finish()
    if number is not None and number < 0:
        raise value.refuse("A length of time below zero.", "write zero or more.")
    return entry


def dated_values(node: Node) -> tuple[Dated, ...]:
    """Values by the day from which they held, oldest first."""
    return tuple(sorted((_dated(day, entry) for day, entry in node.items()), key=lambda entry: entry.from_day))


def only_if(node: Node) -> tuple[tuple[str, str], ...]:
    """The readings under which what is written in `node` holds."""
    found = node.maybe("only_if")
    return tuple((key, choice.text()) for key, choice in found.items()) if found else ()


def quantity(node: Node, *, bound: str) -> Quantity:
    """A dated length of time, and the end of its node: take what else stands there before."""
    written_bound = node.take("bound").one_of("inclusive", "exclusive")
    if written_bound != bound:
        raise node.refuse(f"This bound is {bound} by nature.", f"write bound: {bound}.")
    found = Quantity(
        rule_id=node.where,
        unit=node.take("unit").one_of(*UNITS),
        bound=written_bound,
        values=dated_values(node.take("values")),
        only_if=only_if(node),
    )
    node.finish()
    return found


@dataclass(frozen=True, slots=True)
class Age:
    """An age inside a condition: undated, sourced by the condition it stands in."""

    unit: str
    value: int


def age(node: Node) -> Age:
    """An age written as {unit: month, value: 3}."""
    found = Age(node.take("unit").one_of(*UNITS), node.take("value").integer())
    node.finish()
    return found
