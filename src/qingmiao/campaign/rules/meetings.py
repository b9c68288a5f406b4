"""The figures a meeting looks at, as plain values that can be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One key group or place: people done of people there, how many of them on the day itself, and its place.

    `place` is None where a place is too small to be ranked; `key` is the id of the group or organisation.
    """

    key: int
    name: str
    done: int
    of: int
    new: int | None = None
    place: int | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class Shown:
    """What a meeting was shown: everybody, the key groups, and the places in their order."""

    rule: str
    done: int
    of: int
    new: int
    planned: int
    target: int
    groups: Sequence[Line] = field(default=())
    places: Sequence[Line] = field(default=())

    def as_kept(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def shown_from(kept: Mapping[str, Any]) -> Shown | None:
    """The figures of a meeting as they were kept; None when it was shown none."""
    if not kept:
        return None
    lines = {name: [Line(**line) for line in kept[name]] for name in ("groups", "places")}
    return Shown(**{**kept, **lines})
