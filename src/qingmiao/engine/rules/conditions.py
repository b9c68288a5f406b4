"""Conditions of rule files: the small vocabulary of `when`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .node import Node
from .values import Age, Source, age, only_if, source

Reading = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DoseCount:
    """How many doses: of product families (`of`), given or `valid` in this path, or valid in another group."""

    of: tuple[str, ...] = ()
    valid: bool = False
    valid_in: str | None = None
    from_age: Age | None = None
    before_age: Age | None = None
    given_before: date | None = None
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class When:
    """One condition; exactly one of its kinds is set. `negated` turns it round."""

    fact: str | None = None
    negated: bool = False
    born_from: date | None = None
    born_before: date | None = None
    on_from: date | None = None
    on_before: date | None = None
    aged_from: Age | None = None
    aged_below: Age | None = None
    doses: DoseCount | None = None
    source: Source | None = None
    only_if: Reading = ()

    def is_of(self, day: date) -> bool:
        """False where it asks for a day before or after."""
        return not (self.on_from and day < self.on_from) and not (self.on_before and day >= self.on_before)


def _dose_count(node: Node) -> DoseCount:
    counted = node.take("doses")
    of, valid, valid_in = counted.maybe("of"), counted.maybe("valid"), counted.maybe("valid_in")
    from_age, before_age, before = counted.maybe("from_age"), counted.maybe("before_age"), counted.maybe("given_before")
    counted.finish()
    least, most = node.maybe("at_least"), node.maybe("at_most")
    if (least is None) == (most is None):
        raise node.refuse("A count needs one bound.", "write at_least or at_most.")
    if (of is None) == (valid_in is None):
        raise counted.refuse("A count is of products or of another group.", "write `of` or `valid_in`.")
    return DoseCount(
        of=of.texts() if of else (),
        valid=bool(valid and valid.value),
        valid_in=valid_in.text() if valid_in else None,
        from_age=age(from_age) if from_age else None,
        before_age=age(before_age) if before_age else None,
        given_before=before.day() if before else None,
        at_least=least.integer() if least else None,
        at_most=most.integer() if most else None,
    )


_DAYS = ("born_from", "born_before", "on_from", "on_before")
_AGES = ("aged_from", "aged_below")
_KINDS = ("fact", "not", "doses", *_DAYS, *_AGES)


def _kind(node: Node, **common: object) -> When:
    kinds = [kind for kind in _KINDS if node.has(kind)]
    if len(kinds) != 1:
        raise node.refuse("A condition asks one thing.", f"write one of: {', '.join(_KINDS)}.")
    kind = kinds[0]
    if kind == "not":
        inner = node.take("not")
        fact = inner.take("fact").text()
        inner.finish()
        return When(fact=fact, negated=True, **common)  # type: ignore[arg-type]
    if kind == "doses":
        return When(doses=_dose_count(node), **common)  # type: ignore[arg-type]
    found = node.take(kind)
    value = found.text() if kind == "fact" else found.day() if kind in _DAYS else age(found)
    return When(**{kind: value}, **common)  # type: ignore[arg-type]


def condition(node: Node) -> When:
    """One condition; its source is optional because the row it stands in has one."""
    written = source(node) if node.has("reference") else None
    found = _kind(node, source=written, only_if=only_if(node))
    node.finish()
    return found


def conditions(node: Node, key: str = "when") -> tuple[When, ...]:
    """Conditions that must all hold."""
    return tuple(condition(entry) for entry in node.several(key))
