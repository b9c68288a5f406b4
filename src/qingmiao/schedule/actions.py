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
from qingmiao.schedule.columns import shares
from qingmiao.schedule.keeping import born_after, judge_again, listed_series
from qingmiao.schedule.models import DueDose, DueRun
from qingmiao.schedule.queries import CHINA
from qingmiao.schedule.rules import threshold
from qingmiao.staff.access import Actor, NotAllowed

compute: Any = pyarrow.compute
PERMISSION = "schedule.recompute_due"
COLUMNS = (
    "person_id", "series", "dose_number", "product", "earliest", "recommended", "overdue_from", "rule", "ruleset",
    "judged_on",
)  # fmt: skip
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
    DueDose.objects.all().delete()
    people = 0
    for share in shares(born_after(on), on):
        if share.people.num_rows < PLAIN_BELOW:
            judge_again((pk for pk in share.people["person_id"].to_pylist() if pk), on)
        else:
            _write(_rows(due_table(job, share.people, share.doses, share.observations), ruleset, on))
        people += share.people.num_rows
        progress(share.people.num_rows)
    judge_again(Dose.objects.filter(recorded_at__gte=at).values_list("person_id", flat=True), on)
    owed = DueDose.objects.count()
    note(people=people, owed=owed)
    return DueRun.objects.create(on=on, until=until, ruleset=ruleset.version, people=people, owed=owed, finished_at=at)


def _rows(found: pa.Table, ruleset: Ruleset, on: date) -> list[tuple[Any, ...]]:
    """Rows for the table, in the order of COLUMNS; series outside the national programme are left out."""
    words = ("vaccine_group", "product", "rule_id", "earliest", "recommended", "past_due")
    text = {name: compute.cast(found[name], pa.string()).to_pylist() for name in words}
    numbers = found["dose_number"].to_pylist()
    day, listed, version = on.isoformat(), listed_series(), ruleset.version
    families = {vaccine.code: vaccine.name for vaccine in ruleset.tables.vaccines}
    columns = (found["person_id"].to_pylist(), numbers, *(text[name] for name in words))
    return [
        (
            person, series, number or 0, families.get(product or "", ""), earliest, due or earliest, late, rule or "",
            version, day,
        )
        for person, number, series, product, rule, earliest, due, late in zip(*columns, strict=True)
        if series in listed and earliest is not None
    ]  # fmt: skip


def _write(rows: list[tuple[Any, ...]]) -> None:
    """Insert without model objects: a quarter of a million rows are written in a second or two."""
    marks = ", ".join(["%s"] * len(COLUMNS))
    statement = f"INSERT INTO {DueDose._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
