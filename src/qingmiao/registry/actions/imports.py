"""Taking ledgers in: upload, review, decide, write, undo."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import ChangedMeanwhile, change
from qingmiao.privacy.sealing import Sealed
from qingmiao.privacy.storage import plain_copies
from qingmiao.registry.actions.bulk import room_for_much
from qingmiao.registry.actions.ledger_writing import RegistryWriter, RowKeeper
from qingmiao.registry.ledger import planning
from qingmiao.registry.ledger.people import Answer, People
from qingmiao.registry.ledger.planning import Decisions, LateRefusal, Planner, Sink, Totals
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.registry.ledger.reading.source import sha256_of
from qingmiao.registry.ledger.sinks import Both
from qingmiao.registry.ledger.vocabulary import Vocabulary, national, normal
from qingmiao.registry.models import (
    LearnedHeader,
    LedgerDecision,
    LedgerFile,
    LedgerImport,
    LedgerRow,
)
from qingmiao.registry.queries.imports import decisions_of, words_known
from qingmiao.registry.queries.known_people import Registry
from qingmiao.staff.access import Actor
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation

PERMISSION = "registry.import_ledger"
Kind = Organisation.Kind


class QuestionsOpen(Exception):
    """Some rows still wait for a person's answer; nothing was written."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            _(
                "{count} rows still wait for your answer under “Ask me”. Answer them, or accept what is proposed."
            ).format(count=count)
        )


class NotInThisState(Exception):
    """The import is no longer (or not yet) in the state that this needs."""

    def __init__(self, ledger_import: LedgerImport) -> None:
        self.ledger_import = ledger_import
        super().__init__(
            _("This import is “{state}”; that cannot be done with it now.").format(
                state=ledger_import.get_status_display()
            )
        )


class SheetUnknown(Exception):
    """No field of that name can be taught."""


@action("registry.upload_ledger")
def upload_ledger(
    *,
    by: Actor,
    place: Organisation,
    files: Sequence[File],  # type: ignore[type-arg]
    as_of: date,
    at: datetime,
    request_id: UUID | None = None,
) -> LedgerImport:
    """Keep the files and show what they say; nothing reaches the registry before `approve_import`."""
    by.must(PERMISSION, place)
    ledger_import = LedgerImport.objects.create(place=place, as_of=as_of, uploaded_at=at, uploaded_by_id=by.user_id)
    for position, (name, file) in enumerate(_named(files)):
        stored = LedgerFile(ledger_import=ledger_import, position=position, name=name)
        stored.content.save(Path(name).name, file, save=False)
        stored.sha256 = _sha256(file)
        stored.save()
    _plan_for_review(ledger_import)
    note(files=len(files), rows=ledger_import.totals["rows_read"])
    return ledger_import


@action("registry.import_ledger")
def import_ledger(
    *,
    by: Actor,
    place: Organisation,
    files: Sequence[planning.LedgerFile],
    at: datetime,
    words: Vocabulary | None = None,
    also: Callable[[People], Sink] | None = None,
    request_id: UUID | None = None,
) -> LedgerImport:
    """Import files that lie on this machine in one go, every question settled as the rules propose.

    The files are not copied: what is kept are their names, hashes and rows. `also` makes one more sink for the plan.
    """
    by.must(PERMISSION, place)
    as_of = max((file.as_of for file in files), default=at.date())
    ledger_import = LedgerImport.objects.create(place=place, as_of=as_of, uploaded_at=at, uploaded_by_id=by.user_id)
    stored = [
        LedgerFile(ledger_import=ledger_import, position=i, name=file.name[:200], sha256=sha256_of(file.path))
        for i, file in enumerate(files)
    ]
    LedgerFile.objects.bulk_create(stored)
    by_name = {file.name: kept for file, kept in zip(files, stored, strict=True)}
    _write(by, ledger_import, files, by_name, at, words or words_known(), {}, Decisions(), also)
    return ledger_import


@action("registry.answer_question")
def answer_questions(
    *, by: Actor, ledger_import: LedgerImport, answers: Mapping[int, str], request_id: UUID | None = None
) -> LedgerImport:
    """Settle questions: for each row (by id) whether it is `one` person with its match, or `two`."""
    _must_review(by, ledger_import)
    rows = LedgerRow.objects.filter(file__ledger_import=ledger_import, pk__in=answers).select_related("file")
    for row in rows:
        LedgerDecision.objects.update_or_create(
            file=row.file, sheet=row.sheet, row=row.row, column=-1, defaults={"answer": Answer(answers[row.pk])}
        )
    note(answers=len(answers))
    _plan_for_review(ledger_import)
    return ledger_import


@action("registry.accept_proposals")
def accept_proposals(*, by: Actor, ledger_import: LedgerImport, request_id: UUID | None = None) -> LedgerImport:
    """Settle every open question as the rules propose."""
    _must_review(by, ledger_import)
    open_rows = LedgerRow.objects.filter(file__ledger_import=ledger_import, group=LedgerRow.Group.ASK)
    numbers = open_rows.values_list("file_id", "sheet", "row", "person_number", "codes")
    seen = _first_rows(ledger_import)
    decided = [
        LedgerDecision(file_id=file, sheet=sheet, row=row, answer=_proposal(seen, file, sheet, row, person))
        for file, sheet, row, person, _codes in numbers
    ]
    LedgerDecision.objects.bulk_create(decided, batch_size=500)
    note(answers=len(decided))
    _plan_for_review(ledger_import)
    return ledger_import


@action("registry.retype_cell")
def retype_cell(*, by: Actor, row: LedgerRow, column: int, text: str, request_id: UUID | None = None) -> LedgerImport:
    """Put another text into one cell of the plan; the file stays as it came."""
    ledger_import = row.file.ledger_import
    _must_review(by, ledger_import)
    LedgerDecision.objects.update_or_create(
        file=row.file, sheet=row.sheet, row=row.row, column=column, defaults={"text": Sealed.of(text)}
    )
    note(row=row.pk, column=column)
    _plan_for_review(ledger_import)
    return ledger_import


@action("registry.teach_header")
def teach_header(
    *, by: Actor, ledger_import: LedgerImport, header: str, field: str, at: datetime, request_id: UUID | None = None
) -> LedgerImport:
    """Say what a column means; from now on its wording is known everywhere. An empty field forgets it."""
    _must_review(by, ledger_import)
    if field and field not in set(national().fields.values()):
        raise SheetUnknown(field)
    if field:
        LearnedHeader.objects.update_or_create(
            wording=normal(header), defaults={"field": field, "taught_by_id": by.user_id, "taught_at": at}
        )
    else:
        LearnedHeader.objects.filter(wording=normal(header)).delete()
    _plan_for_review(ledger_import)
    return ledger_import


@action("registry.approve_import")
def approve_import(
    *, by: Actor, ledger_import: LedgerImport, version: int, at: datetime, request_id: UUID | None = None
) -> LedgerImport:
    """Write everything at once, exactly as it was shown.

    Raises QuestionsOpen while rows wait for an answer, and ChangedMeanwhile when the registry changed so that
    the plan is no longer the one that was shown: then nothing is written, and the plan is to be made again.
    """
    _must_review(by, ledger_import)
    ledger_import.version = version
    if waiting := LedgerRow.objects.filter(file__ledger_import=ledger_import, group=LedgerRow.Group.ASK).count():
        raise QuestionsOpen(waiting)
    stored = list(ledger_import.files.order_by("position"))
    refused = {file.name: FileRefused(file.code) for file in stored if file.is_refused}
    shown = {file.name: file.totals for file in stored}
    LedgerRow.objects.filter(file__ledger_import=ledger_import).delete()
    with _plannable(ledger_import, stored) as files:
        totals = _write(
            by, ledger_import, files, {file.name: file for file in stored}, at, words_known(),
            refused, decisions_of(ledger_import), None,
        )  # fmt: skip
    if {name: total.as_json() for name, total in totals.items()} != shown:
        raise ChangedMeanwhile(ledger_import)
    return ledger_import


@action("registry.drop_import")
def drop_import(*, by: Actor, ledger_import: LedgerImport, request_id: UUID | None = None) -> LedgerImport:
    """Put an upload aside without writing anything."""
    _must_review(by, ledger_import)
    change(ledger_import, status=LedgerImport.Status.DROPPED)
    return ledger_import


@action("registry.plan_again")
def plan_again(*, by: Actor, ledger_import: LedgerImport, request_id: UUID | None = None) -> LedgerImport:
    """Make the plan of an upload again, because the registry or the words changed."""
    _must_review(by, ledger_import)
    _plan_for_review(ledger_import)
    return ledger_import


def _must_review(by: Actor, ledger_import: LedgerImport) -> None:
    by.must(PERMISSION, ledger_import)
    if ledger_import.status != LedgerImport.Status.REVIEW:
        raise NotInThisState(ledger_import)


def _named(files: Sequence[File]) -> list[tuple[str, File]]:  # type: ignore[type-arg]
    """Files with names that differ: the second `a.csv` of one upload becomes `a (2).csv`."""
    named: dict[str, File] = {}  # type: ignore[type-arg]
    for file in files:
        path = Path(file.name or "ledger")
        name, n = path.name[-200:], 1
        while name in named:
            n += 1
            name = f"{path.stem} ({n}){path.suffix}"
        named[name] = file
    return list(named.items())


def _sha256(file: File) -> str:  # type: ignore[type-arg]
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


@contextmanager
def _plannable(ledger_import: LedgerImport, stored: Sequence[LedgerFile]) -> Iterator[list[planning.LedgerFile]]:
    """The kept files as the reader wants them: unsealed for as long as they are read."""
    with plain_copies([file.content for file in stored]) as paths:
        named = zip(paths, stored, strict=True)
        yield [planning.LedgerFile(path, file.name, ledger_import.as_of) for path, file in named]


def _plan_for_review(ledger_import: LedgerImport) -> None:
    stored = list(ledger_import.files.order_by("position"))
    by_name = {file.name: file for file in stored}
    decided = LedgerDecision.objects.filter(file__ledger_import=ledger_import, column=-1)
    answered = set(decided.values_list("file_id", "sheet", "row"))

    def new_sink(_people: People) -> Sink:
        LedgerRow.objects.filter(file__ledger_import=ledger_import).delete()
        return RowKeeper(by_name, answered)

    with _plannable(ledger_import, stored) as files:
        totals = planning.plan_group(files, words_known(), new_sink, Registry, decisions_of(ledger_import))
    change(ledger_import, totals=_summed(totals))


def _write(
    by: Actor,
    ledger_import: LedgerImport,
    files: Sequence[planning.LedgerFile],
    stored: dict[str, LedgerFile],
    at: datetime,
    words: Vocabulary,
    refused: dict[str, FileRefused],
    decisions: Decisions,
    also: Callable[[People], Sink] | None,
) -> dict[str, Totals]:
    """Plan and write in one pass; a file that breaks late is left out and everything is done again."""
    units = _Units(by, ledger_import.place)
    while True:
        try:
            with transaction.atomic(), room_for_much():
                people, registry = People(), Registry()
                writer = RegistryWriter(ledger_import, at, units.named)
                writer.people = people
                keeper = RowKeeper(stored, {(stored[key.file].pk, key.sheet, key.row) for key in decisions.answers})
                keeper.pk_of = writer.pk_of
                sinks: list[Sink] = [writer, keeper, *([also(people)] if also else [])]
                planner = Planner(words, Both(*sinks), people, registry, refused, decisions)
                totals = {file.name: planner.plan(file) for file in files}
                writer.finish()
        except LateRefusal as late:
            refused[late.file.name] = late.refused
            continue
        summed = _summed(totals)
        change(
            ledger_import,
            status=LedgerImport.Status.WRITTEN,
            written_at=at,
            written_by_id=by.user_id,
            totals=summed,
        )
        note(rows=summed["rows_read"], created=summed["people_created"], merged=summed["people_merged"])
        return totals


class _Units:
    """Units of a bureau by name; one that a list names and nobody founded is founded."""

    def __init__(self, by: Actor, place: Organisation) -> None:
        self._by, self._place = by, place
        below = Organisation.objects.filter(path__begins=place.path, kind=Kind.UNIT, closed_on=None)
        self._units = {normal(unit.name): unit for unit in below}

    def named(self, name: str) -> Organisation | None:
        """The unit of that name."""
        key = normal(name)
        if key not in self._units:
            self._units[key] = found_organisation(by=self._by, kind=Kind.UNIT, name=name[:120], parent=self._place)
        return self._units[key]


def _summed(totals: Mapping[str, Totals]) -> dict[str, int]:
    names = ("rows_read", "rows_accepted", "rows_accepted_with_warning", "rows_rejected", "rows_skipped",
             "people_created", "people_merged", "doses_counted")  # fmt: skip
    return {name: sum(getattr(total, name) for total in totals.values()) for name in names}


def _first_rows(ledger_import: LedgerImport) -> dict[int | None, tuple[int, str, int]]:
    """The row that created each person of an import."""
    rows = LedgerRow.objects.filter(file__ledger_import=ledger_import, person_number__isnull=False)
    first: dict[int | None, tuple[int, str, int]] = {}
    for file, sheet, row, person in rows.order_by("pk").values_list("file_id", "sheet", "row", "person_number"):
        first.setdefault(person, (file, sheet, row))
    return first


def _proposal(
    first: dict[int | None, tuple[int, str, int]], file: int, sheet: str, row: int, person: int | None
) -> Answer:
    """What the plan did with a row: one if it joined somebody, two if it stands for a person of its own."""
    return Answer.TWO if first.get(person) == (file, sheet, row) else Answer.ONE
