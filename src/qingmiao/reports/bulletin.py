"""The day's bulletin of a bureau: made from one frozen figure, so that it can be printed again as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from qingmiao.reports.indicators import indicator
from qingmiao.reports.models import Snapshot, SnapshotMember, SnapshotPart
from qingmiao.reports.queries.differences import TITLES
from qingmiao.reports.queries.frozen import (
    FrozenUnit,
    days_frozen,
    people_in_several_units,
    share_of,
    snapshot_before,
    units_of,
)
from qingmiao.reports.rules import Placed, Share, in_order, points_text

State = SnapshotMember.State
OBSTACLES = (State.DEFERRED, State.CONTRAINDICATED, State.REFUSED)


@dataclass(frozen=True)
class Line:
    """One unit, or all of them together, on the bulletin."""

    name: str
    part: SnapshotPart | None
    placed: Placed
    declared: int | None
    is_late: bool
    now: Share
    before: Share | None

    @property
    def rate(self) -> str:
        return self.now.text()

    @property
    def added(self) -> str:
        """More people vaccinated than the day before, signed; a dash when that is not known."""
        return "—" if self.before is None else f"{self.now.done - self.before.done:+}"

    @property
    def points(self) -> str:
        """Change of the rate in percentage points, signed."""
        return "—" if self.before is None else points_text(self.now, self.before)

    @property
    def difference(self) -> int | None:
        """Found on the ledger, less what was declared; None without a declaration."""
        return None if self.declared is None else self.now.of - self.declared


@dataclass(frozen=True)
class ObstacleCount:
    """How many people are held up for one reason."""

    state: State
    reason: str
    people: int

    @property
    def title(self) -> str:
        return str(self.state.label)


@dataclass(frozen=True)
class ListedRow:
    """A row of a list of vaccinated people that did not simply agree with the ledger."""

    file: str
    row: int
    name: str
    what: str

    @property
    def title(self) -> str:
        return str(TITLES[self.what])


@dataclass(frozen=True)
class Check:
    """Lists of vaccinated people held against the ledger, as they stood when the figure was frozen."""

    listed: int
    matched: int
    counts: Mapping[str, int]
    rows: list[ListedRow]

    @property
    def counted(self) -> list[tuple[str, int]]:
        """Each kind of difference that occurred, with how many rows."""
        return [(str(title), self.counts[what]) for what, title in TITLES.items() if what in self.counts]


@dataclass(frozen=True)
class Bulletin:
    """Everything the bulletin of one day says."""

    snapshot: Snapshot
    subject: str  # which vaccination it is about
    compared_with: Snapshot | None  # None: compared by the days of the doses themselves
    number: int  # which bulletin of this organisation it is, one a day
    total: Line
    lines: list[Line]
    in_several_units: int
    obstacles: list[ObstacleCount]
    check: Check
    ranked_from: int
    ranking_reason: str

    @property
    def silent(self) -> list[Line]:
        """Units that missed the deadline of the head-count without a word."""
        return [line for line in self.lines if line.is_late and line.declared is None]

    @property
    def small(self) -> list[Line]:
        """Units with people that are too small to be ranked."""
        return [line for line in self.lines if line.placed.place is None and line.now.of]

    def obstacles_in(self, state: str) -> int:
        return sum(row.people for row in self.obstacles if row.state == state)


def bulletin_of(snapshot: Snapshot) -> Bulletin:
    """The bulletin that `snapshot` makes."""
    rule = indicator(snapshot.indicator)
    yesterday = snapshot_before(snapshot)
    if yesterday is not None and yesterday.on != snapshot.on - timedelta(days=1):
        yesterday = None  # an older bulletin is not "yesterday": the days of the doses tell
    before = _shares_of(yesterday) if yesterday else _shares_the_day_before(snapshot)
    units = [unit for unit in units_of(snapshot) if unit.of or unit.part.declared is not None or unit.part.is_late]
    return Bulletin(
        snapshot=snapshot,
        subject=str(rule.subject),
        compared_with=yesterday,
        number=days_frozen(snapshot),
        total=_total(snapshot, units, before.get(None)),
        lines=[_line(unit, placed, before) for unit, placed in in_order(units, rule.ranked_from)],
        in_several_units=people_in_several_units(snapshot),
        obstacles=_obstacles(snapshot),
        check=check_of(snapshot),
        ranked_from=rule.ranked_from,
        ranking_reason=str(rule.ranking_reason),
    )


def _line(unit: FrozenUnit, placed: Placed, before: Mapping[int | None, Share]) -> Line:
    part = unit.part
    return Line(part.name, part, placed, part.declared, part.is_late, unit.share, before.get(part.organisation_id))


def _total(snapshot: Snapshot, units: list[FrozenUnit], before: Share | None) -> Line:
    declared = [unit.part.declared for unit in units if unit.part.declared is not None]
    return Line(
        snapshot.organisation_name,
        None,
        Placed(None, False),
        sum(declared) if declared else None,
        False,
        share_of(snapshot),
        before,
    )


def _shares_of(snapshot: Snapshot) -> Mapping[int | None, Share]:
    shares: dict[int | None, Share] = {unit.part.organisation_id: unit.share for unit in units_of(snapshot)}
    return shares | {None: share_of(snapshot)}


def _shares_the_day_before(snapshot: Snapshot) -> Mapping[int | None, Share]:
    """The same people, without those whose first dose was on the day itself."""
    today = snapshot.members.filter(first_dose_on=snapshot.on)
    new = Counter(dict(today.order_by().values_list("part__organisation").annotate(n=Count("pk"))))
    shares: dict[int | None, Share] = {
        unit.part.organisation_id: Share(unit.done - new[unit.part.organisation_id], unit.of)
        for unit in units_of(snapshot)
    }
    everybody = today.values("person").distinct().count()
    return shares | {None: Share(snapshot.numerator - everybody, snapshot.denominator)}


def check_of(snapshot: Snapshot) -> Check:
    """The lists as they were held against the ledger when `snapshot` was taken."""
    kept = snapshot.also.get("check") or {"listed": 0, "matched": 0, "counts": {}, "rows": []}
    return Check(kept["listed"], kept["matched"], kept["counts"], [ListedRow(**row) for row in kept["rows"]])


def _obstacles(snapshot: Snapshot) -> list[ObstacleCount]:
    rows = (
        snapshot.members.filter(state__in=OBSTACLES)
        .order_by()
        .values_list("state", "reason")
        .annotate(people=Count("person", distinct=True))
    )
    counts = [ObstacleCount(State(state), reason, people) for state, reason, people in rows]
    return sorted(counts, key=lambda row: (OBSTACLES.index(row.state), -row.people, row.reason))
