"""Reads of ledger imports: the words they are read by, their rows, what people decided about them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.ledger.people import Answer
from qingmiao.registry.ledger.planning import Decisions, RowKey
from qingmiao.registry.ledger.vocabulary import Vocabulary, national
from qingmiao.registry.models import LearnedHeader, LedgerDecision, LedgerImport, LedgerRow, LedgerWritten, Person
from qingmiao.staff.models import Organisation

# Said about a row without making it a problem: the plan already does what is right.
QUIET = frozenset(
    {"duplicate_in_file", "duplicate_across_files", "same_name_different_id", "not_on_roster", "id_15_digit"}
)


def words_known(base: Vocabulary | None = None) -> Vocabulary:
    """The national words (or `base`), the sites on record, and the headers people taught."""
    kinds = (Organisation.Kind.SITE, Organisation.Kind.CENTRE)
    sites = Organisation.objects.filter(kind__in=kinds).values_list("name", flat=True)
    learned = dict(LearnedHeader.objects.values_list("wording", "field"))
    return (base or national()).with_sites(sites).taught(learned)


def decisions_of(ledger_import: LedgerImport) -> Decisions:
    """What people decided so far about the rows of an import."""
    answers: dict[RowKey, Answer] = {}
    cells: dict[RowKey, dict[int, str]] = {}
    for decision in LedgerDecision.objects.filter(file__ledger_import=ledger_import).select_related("file"):
        key = RowKey(decision.file.name, decision.sheet, decision.row)
        if decision.column < 0:
            answers[key] = Answer(decision.answer)
        else:
            cells.setdefault(key, {})[decision.column] = decision.text.reveal()
    return Decisions(answers, cells)


def written_runs(ledger_import: LedgerImport) -> dict[str, list[list[int]]]:
    """Which rows of which tables an import wrote: first key and how many."""
    return dict(LedgerWritten.objects.filter(ledger_import=ledger_import).values_list("table", "runs"))


def rows_of(ledger_import: LedgerImport, group: str = "") -> QuerySet[LedgerRow]:
    """The rows of an import (under one of its counts), in the order of the files."""
    rows = LedgerRow.objects.filter(file__ledger_import=ledger_import).order_by("file__position", "pk")
    return rows.filter(group=group) if group else rows


def counts_of(ledger_import: LedgerImport) -> dict[str, int]:
    """How many rows stand under each count."""
    return dict(rows_of(ledger_import).order_by().values_list("group").annotate(n=Count("pk")))


def row_of(ledger_import: LedgerImport, pk: int) -> LedgerRow:
    """One row of this import, and of no other: else 404."""
    found = rows_of(ledger_import).filter(pk=pk).select_related("file__ledger_import").first()
    if found is None:
        raise Http404
    return found


def first_rows_of(ledger_import: LedgerImport, people: Iterable[int]) -> dict[int | None, LedgerRow]:
    """The first row of each of these people (numbers within the import)."""
    rows = rows_of(ledger_import).filter(person_number__in=list(people)).order_by("-file__position", "-pk")
    return {row.person_number: row for row in rows}


def kept_people(ledger_import: LedgerImport, visible: QuerySet[Person]) -> list[Person]:
    """Whom an undo kept because they changed since, among those the reader may see."""
    return list(visible.filter(pk__in=ledger_import.kept).distinct())


def content_of(row: LedgerRow) -> dict[str, Any]:
    """A kept row's raw and cleaned values and its problems; empty where none was kept."""
    content: Sealed | None = row.content
    found: dict[str, Any] = json.loads(content.reveal()) if content is not None else {}
    return found


def findings_about(person: Person) -> list[str]:
    """Codes of what standing imports found in the rows about this person, each once; quiet ones are left out."""
    standing = LedgerRow.objects.filter(person_pk=person.pk, file__ledger_import__status=LedgerImport.Status.WRITTEN)
    codes = [code for row in standing.exclude(codes="").values_list("codes", flat=True) for code in row.split()]
    return [code for code in dict.fromkeys(codes) if code not in QUIET]
