"""How one person is counted: pure decisions on plain values. The same words count one change and a whole county."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

ALWAYS, NEVER = date.min, date.max  # since ever; and the day of a dose that was never given
EVERYBODY = 0  # the group of all
PEOPLE = ""  # in the place of an indicator: everybody there, whatever their doses


class Key(NamedTuple):
    """One row of the people's tally; see `reports.models.PeopleTally`."""

    place: int
    group: int
    is_direct: bool
    indicator: str
    day: date
    dose_on: date


@dataclass(frozen=True)
class Belonging:
    """A person belongs at `path` from `since` to `until`, both included; None is open."""

    path: str
    is_home: bool = False
    since: date | None = None
    until: date | None = None

    @property
    def span(self) -> tuple[date, date]:
        """First day, and the day after the last."""
        return self.since or ALWAYS, NEVER if self.until is None else self.until + timedelta(days=1)


@dataclass(frozen=True)
class Stand:
    """Everything by which a person is counted. `gone_on` is the first day they no longer are; None: still here."""

    belongings: tuple[Belonging, ...] = ()
    gone_on: date | None = None
    groups: tuple[tuple[int, date | None], ...] = ()
    first_doses: tuple[tuple[str, date], ...] = ()

    def as_text(self) -> str:
        """To be kept; `stand_of_text` reads it."""
        belongings = [[b.path, b.is_home, _iso(b.since), _iso(b.until)] for b in self.belongings]
        groups = [[group, _iso(since)] for group, since in self.groups]
        doses = [[indicator, _iso(day)] for indicator, day in self.first_doses]
        return json.dumps([belongings, _iso(self.gone_on), groups, doses], separators=(",", ":"))

    @property
    def done(self) -> str:
        """Names of the indicators with a dose, in order: by it the few who are still open are found at once."""
        return ",".join(sorted(indicator for indicator, _day in self.first_doses))


def stand_of_text(text: str) -> Stand:
    """The stand that `as_text` wrote."""
    belongings, gone_on, groups, doses = json.loads(text)
    return Stand(
        tuple(Belonging(path, is_home, _day(since), _day(until)) for path, is_home, since, until in belongings),
        _day(gone_on),
        tuple((group, _day(since)) for group, since in groups),
        tuple((indicator, date.fromisoformat(day)) for indicator, day in doses),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def rows_of(stand: Stand, leaves: frozenset[int]) -> Counter[Key]:
    """The rows of the tally that a person stands for: one as one of the people, one for each indicator they are above
    the line of. `leaves` are the places where nobody lives (bureaus, units)."""
    counted = ((PEOPLE, NEVER), *stand.first_doses)
    rows: Counter[Key] = Counter()
    groups = ((EVERYBODY, None), *stand.groups)
    for (place, is_direct), spans in _spans(stand, leaves).items():
        for group, since in groups:
            for begin, end in _joined(spans, since or ALWAYS, stand.gone_on or NEVER):
                for indicator, dose_on in counted:
                    rows[Key(place, group, is_direct, indicator, begin, dose_on)] += 1
                    if end != NEVER:
                        rows[Key(place, group, is_direct, indicator, end, dose_on)] -= 1
    return rows


def _spans(stand: Stand, leaves: frozenset[int]) -> dict[tuple[int, bool], list[tuple[date, date]]]:
    """When the person belonged to each place: to it and what lies below, and to it directly."""
    spans: dict[tuple[int, bool], list[tuple[date, date]]] = {}
    for belonging in stand.belongings:
        above = [int(step) for step in belonging.path.strip("/").split("/")]
        for place in above:
            if not (belonging.is_home and place in leaves):
                spans.setdefault((place, False), []).append(belonging.span)
        spans.setdefault((above[-1], True), []).append(belonging.span)
    return spans


def _joined(spans: list[tuple[date, date]], since: date, until: date) -> Iterable[tuple[date, date]]:
    """`spans` cut to [since, until) and joined where they touch, so that nobody is counted twice on a day."""
    begin: date | None = None
    end = ALWAYS
    for first, last in sorted((max(first, since), min(last, until)) for first, last in spans):
        if first >= last:
            continue
        if begin is not None and first <= end:
            end = max(end, last)
            continue
        if begin is not None:
            yield begin, end
        begin, end = first, last
    if begin is not None:
        yield begin, end


def difference(before: Counter[Key], after: Counter[Key]) -> dict[Key, int]:
    """What has to be added to the tally; rows that stay as they are left out."""
    return {key: change for key in before.keys() | after.keys() if (change := after[key] - before[key])}


def known(row: Mapping[str, Any]) -> tuple[str | None, date | None, bool]:
    """(home path, gone on, counts at all) of a person's row: merged people and those gone on an unknown day do not."""
    is_gone = row["status"] in ("dead", "moved")
    counts = row["merged_into"] is None and not (is_gone and row["status_on"] is None)
    return row["home__path"], row["status_on"] if is_gone else None, counts
