"""Writes of the stored due state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute
from django.db import connection

from qingmiao.audit.door import action, note
from qingmiao.engine import Ruleset
from qingmiao.engine.assess import PLAIN_BELOW
from qingmiao.engine.population import Job, due_table
from qingmiao.registry.models import Dose
from qingmiao.schedule.arrow import read_table, write_table
from qingmiao.schedule.columns import shares
from qingmiao.schedule.keeping import born_after, judge_again, listed_series
from qingmiao.schedule.models import DueDose, DueRun
from qingmiao.schedule.queries import CHINA
from qingmiao.schedule.rules import threshold
from qingmiao.staff.access import Actor, NotAllowed

compute: Any = pyarrow.compute
PERMISSION = "schedule.recompute_due"
STORED: dict[str, Any] = {
    "person_id": pa.int64(), "series": pa.string(), "dose_number": pa.int64(), "product": pa.string(),
    "earliest": pa.string(), "recommended": pa.string(), "overdue_from": pa.string(), "rule": pa.string(),
    "ruleset": pa.string(),
}  # fmt: skip
"""What of a due dose is compared from night to night: all but the day since when it says so."""
Progress = Callable[[int], None]


def _nobody_listens(people: int) -> None:
    return None


@action("schedule.recompute_due")
def recompute_due(
    *, by: Actor, on: date, at: datetime, progress: Progress = _nobody_listens, request_id: UUID | None = None
) -> DueRun:
    """Write anew what is owed to every child on record, as of a day. `progress` is told how many people are done.

    Whoever had a dose written while this ran is judged once more at the end. Source: rules/cn, rules/schedule.
    """
    if not by.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    ruleset, until = Ruleset.named(CHINA), on + timedelta(days=threshold("horizon_days").value)
    job = Job(ruleset, Path(), Path(), on, until)
    people = done_up_to = 0
    for share in shares(born_after(on), on):
        last: int = share.people["person_id"][-1].as_py()
        stored = DueDose.objects.filter(person_id__gt=done_up_to, person_id__lte=last)
        if share.people.num_rows < PLAIN_BELOW:
            stored.delete()
            judge_again((pk for pk in share.people["person_id"].to_pylist() if pk), on)
        else:
            owed_now = _owed(due_table(job, share.people, share.doses, share.observations), ruleset)
            _keep_in_step(owed_now, (done_up_to, last), on)
        done_up_to, people = last, people + share.people.num_rows
        progress(share.people.num_rows)
    DueDose.objects.filter(person_id__gt=done_up_to).delete()
    judge_again(Dose.objects.filter(recorded_at__gte=at).values_list("person_id", flat=True), on)
    owed = DueDose.objects.count()
    note(people=people, owed=owed)
    return DueRun.objects.create(on=on, until=until, ruleset=ruleset.version, people=people, owed=owed, finished_at=at)


def _owed(found: pa.Table, ruleset: Ruleset) -> pa.Table:
    """What the engine found, as STORED; series outside the national programme are left out."""
    listed = pa.array(sorted(listed_series()))
    is_listed = compute.is_in(compute.cast(found["vaccine_group"], pa.string()), value_set=listed)
    found = found.filter(compute.and_(is_listed, compute.is_valid(found["earliest"])))
    day = {name: compute.cast(found[name], pa.string()) for name in ("earliest", "recommended", "past_due")}
    codes = pa.array([vaccine.code for vaccine in ruleset.tables.vaccines])
    families = pa.array([vaccine.name for vaccine in ruleset.tables.vaccines])
    columns = {
        "person_id": found["person_id"],
        "series": found["vaccine_group"],
        "dose_number": compute.fill_null(found["dose_number"], 0),
        "product": families.take(compute.index_in(compute.cast(found["product"], pa.string()), codes)),
        "earliest": day["earliest"],
        "recommended": compute.coalesce(day["recommended"], day["earliest"]),
        "overdue_from": day["past_due"],
        "rule": found["rule_id"],
        "ruleset": pa.repeat(ruleset.version, found.num_rows),
    }
    return pa.table({name: _said(columns[name], kind) for name, kind in STORED.items()})


def _said(column: Any, kind: pa.DataType) -> Any:
    column = compute.cast(column, kind)
    return compute.fill_null(column, "") if pa.types.is_string(kind) else column


def _keep_in_step(owed: pa.Table, people: tuple[int, int], on: date) -> None:
    """Make the stored doses of the people after the first id, up to the last, what is owed to them: only rows that
    say something new are written, so that most nights write little."""
    line = " || '|' || ".join(f"COALESCE(CAST({name} AS text), '')" for name in STORED)
    stored = read_table(
        {"id": pa.int64(), "line": pa.string()},
        ("id", line),
        f"FROM {DueDose._meta.db_table} WHERE person_id > %s AND person_id <= %s",
        people,
    )
    lines = compute.binary_join_element_wise(*(compute.cast(column, pa.string()) for column in owed.columns), "|")
    gone = stored.filter(compute.invert(compute.is_in(stored["line"], value_set=lines)))
    new = owed.filter(compute.invert(compute.is_in(lines, value_set=stored["line"])))
    with connection.cursor() as cursor:
        statement = f"DELETE FROM {DueDose._meta.db_table} WHERE id = %s"  # noqa: S608
        cursor.executemany(statement, [(pk,) for pk in gone["id"].to_pylist()])
    late = new["overdue_from"]
    new = new.set_column(6, "overdue_from", compute.if_else(compute.equal(late, ""), None, late))
    write_table(DueDose._meta.db_table, new.append_column("judged_on", pa.repeat(on.isoformat(), new.num_rows)))
