"""Writes of the facts of reports."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.reports.models import Compilation
from qingmiao.reports.summary.kinds import kind_of
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


class DaysWrong(Exception):
    """A stretch of days that ends before it begins, or has not come."""

    def __init__(self, since: date, until: date) -> None:
        text = _("From {since} to {until} cannot be told: give a first day and a later last day, at most today.")
        super().__init__(text.format(since=since, until=until))


@action("reports.compile_facts")
def compile_facts(
    *,
    by: Actor,
    organisation: Organisation,
    kind: str,
    since: date,
    until: date,
    today: date,
    at: datetime,
    request_id: UUID | None = None,
) -> Compilation:
    """Count and keep everything a report of `kind` says about `organisation` from `since` to `until`.

    Raises DaysWrong, UnknownKind.
    """
    by.must("reports.write_summary", organisation)
    if until < since or until > today:
        raise DaysWrong(since, until)
    kept = Compilation.objects.create(
        organisation=organisation,
        organisation_name=organisation.name,
        kind=kind,
        since=since,
        until=until,
        facts=kind_of(kind).count(organisation, since, until, at),
        taken_at=at,
        taken_by_id=by.user_id,
        taken_by_name=by.name,
    )
    note(kind=kind, since=since.isoformat(), until=until.isoformat())
    return kept
