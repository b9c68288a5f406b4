"""Reading frozen figures: their units, the people behind them, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from qingmiao.reports.models import Snapshot, SnapshotMember, SnapshotPart
from qingmiao.reports.queries.live import DayFigure
from qingmiao.reports.rules import Share
from qingmiao.staff.models import Organisation

WHICH = ("all", "done", "open")  # whom a door opens to: everybody below the line, above it, or still open


@dataclass(frozen=True)
class FrozenUnit:
    """One unit of a snapshot, countable by the rules of places."""

    part: SnapshotPart

    @property
    def done(self) -> int:
        return self.part.numerator

    @property
    def of(self) -> int:
        return self.part.denominator

    @property
    def share(self) -> Share:
        return Share(self.done, self.of)


def share_of(snapshot: Snapshot) -> Share:
    """The figure itself."""
    return Share(snapshot.numerator, snapshot.denominator)


def units_of(snapshot: Snapshot) -> list[FrozenUnit]:
    """The units of a snapshot in the order of the organisation tree."""
    return [FrozenUnit(part) for part in snapshot.parts.order_by("organisation__path")]


def snapshots_of(organisation: Organisation, indicator_id: str) -> QuerySet[Snapshot]:
    """Frozen figures of an organisation, the latest day and moment first."""
    return Snapshot.objects.filter(organisation=organisation, indicator=indicator_id)


def latest_snapshot(organisation: Organisation, indicator_id: str, on: date) -> Snapshot | None:
    """The last figure that was frozen for that very day."""
    return snapshots_of(organisation, indicator_id).filter(on=on).first()


def snapshot_before(snapshot: Snapshot) -> Snapshot | None:
    """The last figure of an earlier day: what a bulletin compares with."""
    return snapshots_of(snapshot.organisation, snapshot.indicator).filter(on__lt=snapshot.on).first()


def days_frozen(snapshot: Snapshot) -> int:
    """For how many days, up to its own, figures had been frozen when `snapshot` was: the number of its bulletin."""
    known = snapshots_of(snapshot.organisation, snapshot.indicator).filter(
        on__lte=snapshot.on, taken_at__lte=snapshot.taken_at
    )
    return known.order_by().values("on").distinct().count()


def members_of(snapshot: Snapshot, which: str = "all", part: SnapshotPart | None = None) -> QuerySet[SnapshotMember]:
    """The rows behind a number, by name. Somebody of two units has a row for each, unless `part` names one."""
    members = snapshot.members.select_related("part").order_by("name_spelled", "name", "person_id", "part_id")
    if part is not None:
        members = members.filter(part=part)
    if which == "done":
        return members.filter(state=SnapshotMember.State.VACCINATED)
    return members.exclude(state=SnapshotMember.State.VACCINATED) if which == "open" else members


def people_in_several_units(snapshot: Snapshot) -> int:
    """How many people stand in more than one unit, and so are in several rows but once in the total."""
    return snapshot.members.values("person").annotate(units=Count("part")).filter(units__gt=1).count()


def first_doses_by_day(snapshot: Snapshot) -> list[DayFigure]:
    """How many of those above the line came on each day."""
    rows = (
        snapshot.members.filter(first_dose_on__isnull=False)
        .values_list("first_dose_on")
        .annotate(people=Count("person", distinct=True))
        .order_by("first_dose_on")
    )
    return [DayFigure(day, people) for day, people in rows if day is not None]


def share_of_position(snapshot: Snapshot, words: Iterable[str]) -> Share:
    """The figure of those whose position is one of `words` (owners, officials), each person once."""
    rows = snapshot.members.filter(position__in=list(words))
    done = rows.filter(state=SnapshotMember.State.VACCINATED)
    return Share(done.values("person").distinct().count(), rows.values("person").distinct().count())


@dataclass(frozen=True)
class Difference:
    """Who makes the difference between two snapshots of one organisation; rows of the snapshot that has the person."""

    came: list[SnapshotMember]
    went: list[SnapshotMember]
    newly_done: list[SnapshotMember]
    no_longer_done: list[SnapshotMember]


def difference(earlier: Snapshot, later: Snapshot) -> Difference:
    """What changed from `earlier` to `later`, each person once: joined, left, newly vaccinated, no longer so."""
    before, after = _once_each(earlier), _once_each(later)
    stayed = [after[pk] for pk in after if pk in before]

    def done(member: SnapshotMember) -> bool:
        return member.state == SnapshotMember.State.VACCINATED

    return Difference(
        came=[after[pk] for pk in after if pk not in before],
        went=[before[pk] for pk in before if pk not in after],
        newly_done=[row for row in stayed if done(row) and not done(before[row.person_id])],
        no_longer_done=[row for row in stayed if not done(row) and done(before[row.person_id])],
    )


def _once_each(snapshot: Snapshot) -> dict[int, SnapshotMember]:
    return {row.person_id: row for row in reversed(list(members_of(snapshot)))}
