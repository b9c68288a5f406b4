"""Pure decisions about figures: shares, rounding, and places that are fair to small units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol, TypeVar


class Counted(Protocol):
    """Anything with people above and below the line."""

    @property
    def done(self) -> int: ...
    @property
    def of(self) -> int: ...


C = TypeVar("C", bound=Counted)


@dataclass(frozen=True)
class Share:
    """`done` of `of` people. A share of nobody is unknown, not zero."""

    done: int
    of: int

    @property
    def open(self) -> int:
        """How many are not vaccinated yet."""
        return self.of - self.done

    @property
    def percent(self) -> Decimal | None:
        """Exact per cent; None for nobody."""
        return Decimal(self.done) * 100 / self.of if self.of else None

    def text(self, places: int = 1) -> str:
        """38.3%: half a last place goes up; a dash when there is nobody."""
        return percent_text(self.percent, places)


def percent_text(percent: Decimal | None, places: int = 1) -> str:
    """A per cent value as printed; a dash when it is unknown."""
    return "—" if percent is None else f"{rounded(percent, places)}%"


def rounded(value: Decimal, places: int) -> Decimal:
    """Half a last place goes away from zero, as people here round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def points_text(now: Share, before: Share, places: int = 1) -> str:
    """The change between two shares in percentage points, signed: +18.3; a dash when one of them is unknown."""
    if now.percent is None or before.percent is None:
        return "—"
    return f"{rounded(now.percent - before.percent, places):+}"


@dataclass(frozen=True)
class Placed:
    """A unit and its place; `place` is None for a unit too small to be ranked, or without people."""

    place: int | None
    is_shared: bool


def places(units: Sequence[Counted], ranked_from: int) -> list[Placed]:
    """The place of each unit, in the order given: by exact share, equal shares on one place, small units without one.

    Two units on place 1 are followed by place 3.
    """
    ranked = [Share(unit.done, unit.of).percent for unit in units if unit.of >= max(ranked_from, 1)]

    def placed(unit: Counted) -> Placed:
        percent = Share(unit.done, unit.of).percent
        if percent is None or unit.of < ranked_from:
            return Placed(None, False)
        better = sum(1 for other in ranked if other is not None and other > percent)
        return Placed(better + 1, ranked.count(percent) > 1)

    return [placed(unit) for unit in units]


def in_order(units: Sequence[C], ranked_from: int) -> list[tuple[C, Placed]]:
    """Units with their places, first place first; then those not ranked, the larger first."""
    placed = list(zip(units, places(units, ranked_from), strict=True))
    return sorted(placed, key=lambda pair: (pair[1].place is None, pair[1].place or 0, -pair[0].of))
