"""Writes of frozen figures and of summary texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.queries import declarations_at, head_count_at, is_late
from qingmiao.reports.indicators import as_kept, indicator
from qingmiao.reports.models import Snapshot, SnapshotMember, SnapshotPart, SummaryText
from qingmiao.reports.queries.beside import counted_beside
from qingmiao.reports.queries.live import Standing, standings, units_below
from qingmiao.reports.queries.obstacles import Obstacle, obstacles_of
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

BATCH = 2000  # rows in one insert


class DayNotOver(Exception):
    """A figure was to be frozen for a day that has not come."""

    def __init__(self, on: date) -> None:
        super().__init__(_("{day} has not come yet. Freeze the figure of today or of an earlier day.").format(day=on))


@action("reports.freeze_figure")
def freeze_figure(
    *,
    by: Actor,
    indicator_id: str,
    organisation: Organisation,
    on: date,
    today: date,
    at: datetime,
    request_id: UUID | None = None,
) -> Snapshot:
    """Keep the figure of `organisation` for the end of the day `on`, with everybody behind both numbers.

    Counted and kept in one transaction; nothing that is recorded later moves it. Raises DayNotOver for a day after
    `today`, UnknownIndicator.
    """
    by.must("reports.freeze_figure", organisation)
    if on > today:
        raise DayNotOver(on)
    rule = indicator(indicator_id)
    people = list(standings(rule, organisation, on))
    everybody = {person.person_id: person.first_dose_on is not None for person in people}
    snapshot = Snapshot.objects.create(
        organisation=organisation,
        organisation_name=organisation.name,
        indicator=rule.id,
        rule_version=rule.version,
        definition=as_kept(rule),
        on=on,
        numerator=sum(everybody.values()),
        denominator=len(everybody),
        also=counted_beside(organisation, on, at),
        taken_at=at,
        taken_by_id=by.user_id,
        taken_by_name=by.name,
    )
    parts = _keep_parts(snapshot, people, at)
    obstacles = obstacles_of(organisation, on)
    SnapshotMember.objects.bulk_create(
        (_member(snapshot, parts[person.part_id], person, obstacles.get(person.person_id)) for person in people),
        batch_size=BATCH,
    )
    note(rule=rule.rule, done=snapshot.numerator, of=snapshot.denominator)
    return snapshot


def _keep_parts(snapshot: Snapshot, people: Sequence[Standing], at: datetime) -> Mapping[int, SnapshotPart]:
    """The units of a snapshot by id: those with people, and those that have none yet, beside what they declared."""
    of = Counter(person.part_id for person in people)
    done = Counter(person.part_id for person in people if person.first_dose_on)
    units = {unit.pk: unit for unit in units_below(snapshot.organisation, snapshot.on)}
    units |= Organisation.objects.in_bulk(of.keys() - units.keys())
    head_count = head_count_at(snapshot.organisation, at)
    declared = declarations_at(head_count, at)

    def part(unit: Organisation) -> SnapshotPart:
        said = declared.get(unit.pk)
        return SnapshotPart(
            snapshot=snapshot,
            organisation=unit,
            name=unit.name,
            numerator=done[unit.pk],
            denominator=of[unit.pk],
            declared=said.people if said else None,
            declared_on=said.declared_on if said else None,
            declared_by=said.said_by if said else "",
            is_late=head_count is not None and is_late(head_count, said, at),
        )

    parts = [part(units[pk]) for pk in sorted(units)]
    return {kept.organisation_id: kept for kept in SnapshotPart.objects.bulk_create(parts, batch_size=BATCH)}


def _member(snapshot: Snapshot, part: SnapshotPart, person: Standing, obstacle: Obstacle | None) -> SnapshotMember:
    member = SnapshotMember(
        snapshot=snapshot,
        part=part,
        person_id=person.person_id,
        name=person.name,
        name_spelled=person.name_spelled,
        position=person.position,
        state=SnapshotMember.State.OPEN,
        first_dose_on=person.first_dose_on,
    )
    if person.first_dose_on is not None:
        member.state = SnapshotMember.State.VACCINATED
    elif obstacle is not None:
        member.state, member.until, member.reason = obstacle.state, obstacle.until, obstacle.reason
    return member


@action("reports.write_summary_text")
def write_summary_text(
    *,
    by: Actor,
    organisation: Organisation,
    kind: str,
    texts: Mapping[str, str],
    version: int,
    at: datetime,
    request_id: UUID | None = None,
) -> SummaryText:
    """Keep what an office writes into its summary. `version` is the one that was shown, 0 for none yet.

    Raises ChangedMeanwhile when a colleague saved in between, so that no text is lost.
    """
    by.must("reports.write_summary", organisation)
    written, created = SummaryText.objects.get_or_create(
        organisation=organisation,
        kind=kind,
        defaults={"texts": dict(texts), "written_at": at, "written_by_id": by.user_id},
    )
    if not created:
        written.version = version
        change(written, texts=dict(texts), written_at=at, written_by_id=by.user_id)
    note(fields=sorted(name for name, text in texts.items() if text))
    return written
