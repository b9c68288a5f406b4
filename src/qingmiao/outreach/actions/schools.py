"""Writes of entry checks: a class comes in as a list, every child is judged, and judged again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from qingmiao.audit.door import action, note
from qingmiao.outreach.models import EntryCheck, EntryChild, EntryVerdict
from qingmiao.outreach.queries.schools import by_name_and_birth
from qingmiao.outreach.schools import Standing, check_by, recheck_by, standing
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Person
from qingmiao.registry.queries.rosters import CheckedRow
from qingmiao.schedule.queries import judgements
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

OPEN, JUDGE = "outreach.open_entry_check", "outreach.judge_entry"


@dataclass(frozen=True)
class Class:
    """Which class: of which school, from which term."""

    school: Organisation
    clinic: Organisation
    title: str
    term_from: date
    kind: str = EntryCheck.Kind.ENTRY


@action("outreach.open_entry_check")
def open_entry_check(
    *, by: Actor, of: Class, rows: Sequence[CheckedRow], at: datetime, request_id: UUID | None = None
) -> EntryCheck:
    """Take a class list in, with whom the registry knows under each line; a line of name and birth day alone is looked
    for among the children of the clinic. Nobody is judged yet."""
    check = EntryCheck(
        school=of.school,
        clinic=of.clinic,
        title=of.title,
        kind=of.kind,
        term_from=of.term_from,
        check_by=check_by(of.term_from),
        recheck_by=recheck_by(of.term_from),
        opened_at=at,
        opened_by_id=by.user_id,
    )
    by.must(OPEN, check)
    check.save(force_insert=True)
    rows = by_name_and_birth(rows, Person.objects.filter(managements__unit__path__begins=of.clinic.path).distinct())
    EntryChild.objects.bulk_create(
        EntryChild(
            check_of=check,
            row=row.row,
            name=row.name,
            number=Sealed.of(row.number) if row.number else None,
            found=row.found.value,
            person_id=row.person,
            code=secrets.token_urlsafe(12),
        )
        for row in rows
    )
    note(rows=len(rows), known=sum(row.person is not None for row in rows))
    return check


@action("outreach.judge_entry")
def judge_entry(*, by: Actor, check: EntryCheck, on: date, at: datetime, request_id: UUID | None = None) -> EntryCheck:
    """Judge every child of the class on a day; earlier verdicts stay. A child whose record the judge may not see, or
    whom the registry does not know, is unknown: never complete."""
    by.must(JUDGE, check)
    children = list(EntryChild.objects.filter(check_of=check))
    people = {person.pk: person for person in by.visible("registry.see_record", Person).filter(
        pk__in=[child.person_id for child in children if child.person_id])}  # fmt: skip
    judged = {one.person.pk: one for one in judgements(list(people.values()), on=on)}
    rows = []
    for child in children:
        found = judged.get(child.person_id or 0)
        how, missing = standing(found.series, on) if found else (Standing.UNKNOWN, [])
        rows.append(
            EntryVerdict(
                child=child,
                on=on,
                standing=how,
                missing=[list(dose) for dose in missing],
                ruleset=found.ruleset if found else "",
                at=at,
                by_id=by.user_id,
            )
        )
    EntryVerdict.objects.bulk_create(rows)
    note(children=len(rows), complete=sum(row.standing == Standing.COMPLETE for row in rows))
    return check
