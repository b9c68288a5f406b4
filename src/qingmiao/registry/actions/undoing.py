"""Taking a whole import back: exactly what it wrote, and nothing that happened to it since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.registry.actions.imports import PERMISSION, NotInThisState
from qingmiao.registry.models import (
    Dose,
    Guardian,
    Identifier,
    LedgerChange,
    LedgerImport,
    Person,
    Phone,
    UnitMembership,
)
from qingmiao.registry.queries.imports import written_runs
from qingmiao.staff.access import Actor

Runs = Sequence[Sequence[int]]
# The tables an import writes besides people, with the column that names the person.
_OF_PEOPLE: tuple[tuple[type[models.Model], str], ...] = (
    (Dose, "person_id"),
    (UnitMembership, "person_id"),
    (Guardian, "child_id"),
    (Phone, "person_id"),
    (Identifier, "person_id"),
)


@action("registry.undo_import")
def undo_import(
    *, by: Actor, ledger_import: LedgerImport, version: int, at: datetime, request_id: UUID | None = None
) -> LedgerImport:
    """Take back everything an import wrote. People who changed since, or to whom something happened, are kept whole
    and named in `kept`; blanks it filled become blank again unless somebody wrote there since."""
    by.must(PERMISSION, ledger_import)
    if ledger_import.status != LedgerImport.Status.WRITTEN:
        raise NotInThisState(ledger_import)
    ledger_import.version = version
    written = written_runs(ledger_import)
    kept = _changed_since(written)
    kept |= _empty_again(ledger_import)
    for model, column in _OF_PEOPLE:
        _delete(model, written.get(model._meta.label, []), column, kept)
    _delete(Person, written.get(Person._meta.label, []), "id", kept)
    change(
        ledger_import,
        status=LedgerImport.Status.UNDONE,
        undone_at=at,
        undone_by_id=by.user_id,
        kept=sorted(kept),
    )
    note(kept=len(kept))
    return ledger_import


def _changed_since(written: dict[str, list[list[int]]]) -> set[int]:
    """People an import created or added to, to whom something else has happened since."""
    created = written.get(Person._meta.label, [])
    kept: set[int] = set()
    for first, count in created:
        mine = Person.objects.filter(pk__gte=first, pk__lt=first + count)
        kept |= set(mine.filter(~Q(version=1) | Q(merged_into__isnull=False)).values_list("pk", flat=True))
    for relation in Person._meta.related_objects:
        model, column = relation.related_model, relation.field.attname
        own = written.get(model._meta.label, [])
        for first, count in created:
            rows = model._base_manager.filter(**{f"{column}__gte": first, f"{column}__lt": first + count})
            others = rows.exclude(_within(own)) if own else rows
            kept |= set(others.values_list(column, flat=True))
    corrected = Dose.objects.filter(_within(written.get(Dose._meta.label, [])), superseded_by__isnull=False)
    return kept | set(corrected.values_list("person_id", flat=True))


def _within(runs: Runs) -> Q:
    condition = Q(pk__in=[])
    for first, count in runs:
        condition |= Q(pk__gte=first, pk__lt=first + count)
    return condition


def _empty_again(ledger_import: LedgerImport) -> set[int]:
    """Make blank what the import filled; returns people whose value was written over since."""
    kept: set[int] = set()
    for filled in LedgerChange.objects.filter(ledger_import=ledger_import):
        before = None if filled.field == "birth_date" else filled.before
        cleared: dict[str, object] = {filled.field: before}
        if filled.field == "name":
            cleared |= {"name_spelled": "", "name_initials": ""}
        same = Person.objects.filter(pk=filled.person_pk, **{filled.field: filled.after})
        if not same.update(**cleared) and Person.objects.filter(pk=filled.person_pk).exists():
            kept.add(filled.person_pk)
    return kept


def _delete(model: type[models.Model], runs: Runs, column: str, kept: Iterable[int]) -> None:
    """Delete the rows of `runs`, except those of people who are kept."""
    table = connection.ops.quote_name(model._meta.db_table)
    spared = sorted(kept)
    marks = f" AND {column} NOT IN ({', '.join(['%s'] * len(spared))})" if spared else ""
    with connection.cursor() as cursor:
        for first, count in runs:
            statement = f"DELETE FROM {table} WHERE id >= %s AND id < %s{marks}"  # noqa: S608 names from our models
            cursor.execute(statement, [first, first + count, *spared])
