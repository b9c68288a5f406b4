"""Sinks of a plan: one keeps every row for review and for later questions, one writes people into the registry."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection

from qingmiao.privacy.sealing import seal
from qingmiao.registry.actions.bulk import Table
from qingmiao.registry.ledger.doses import Dose as PlannedDose
from qingmiao.registry.ledger.doses import DoseState
from qingmiao.registry.ledger.layout import Layout, SheetKind, Skipped, shown
from qingmiao.registry.ledger.people import NOBODY, People
from qingmiao.registry.ledger.planning import (
    LedgerFile,
    Outcome,
    PlannedRow,
    Totals,
    clean_values,
)
from qingmiao.registry.ledger.problems import Problem, severity_of
from qingmiao.registry.ledger.reading.refusal import FileRefused
from qingmiao.registry.ledger.vocabulary import national
from qingmiao.registry.models import (
    Dose,
    Guardian,
    Identifier,
    LedgerChange,
    LedgerImport,
    LedgerRow,
    LedgerWritten,
    Person,
    Phone,
    UnitMembership,
)
from qingmiao.registry.models import (
    LedgerFile as StoredFile,
)
from qingmiao.registry.numbers import identifier_lookup, phone_lookup
from qingmiao.registry.queries.imports import QUIET
from qingmiao.registry.spelling import spelling
from qingmiao.staff.models import Organisation

FLUSH_EVERY = 1_000
KEPT_WHOLE = 10_000  # of the rows nothing is said about, this many are kept with their content
SHANGHAI = ZoneInfo("Asia/Shanghai")

_TOLD = {LedgerRow.Group.ASK, LedgerRow.Group.PROBLEM}
_HELD = {
    "date_unreadable": Dose.Held.DATE,
    "date_in_future": Dose.Held.DATE,
    "dose_before_birth": Dose.Held.DATE,
    "dose_same_day": Dose.Held.TWICE,
    "unknown_vaccine": Dose.Held.VACCINE,
}


class RowKeeper:
    """Keeps the plan of an import: its rows under the four counts, the totals and notes of its files."""

    def __init__(self, files: dict[str, StoredFile], answered: set[tuple[int, str, int]]) -> None:
        self._files, self._answered = files, answered
        self._rows = Table(
            LedgerRow,
            ("file_id", "sheet", "row", "group", "outcome", "codes", "person_number", "person_pk", "answer", "content"),
        )
        self._waiting = self._kept = 0
        self.pk_of: Callable[[PlannedRow], int | None] = _known_pk

    def begin_file(self, file: LedgerFile) -> None:
        """Find the stored file the rows belong to."""
        self._file = self._files[file.name]
        self._file.notes, self._file.columns = [], []

    def begin_sheet(self, layout: Layout) -> None:
        """Note what each column was taken for."""
        columns = [
            {"header": c.header, "field": c.field or (c.dose.series if c.dose else None)} for c in layout.columns
        ]
        self._file.columns.append(
            {"sheet": layout.sheet, "row": layout.header_row, "kind": layout.kind, "columns": columns}
        )

    def row(self, planned: PlannedRow) -> None:
        """Keep a data row."""
        row, layout = planned.understood, planned.layout
        codes = list(dict.fromkeys([finding.code for finding in planned.findings])) if planned.findings else []
        is_answered = bool(self._answered) and (self._file.pk, layout.sheet, row.row) in self._answered
        group = group_of(planned, codes, is_answered=is_answered)
        self._rows.add(
            self._file.pk,
            layout.sheet[:120],
            row.row,
            group,
            planned.outcome,
            " ".join(codes)[:400],
            None if planned.person == NOBODY else planned.person,
            self.pk_of(planned),
            "",
            self._content(planned) if group in _TOLD or self._kept < KEPT_WHOLE else None,
        )
        self._count()

    def skipped(self, layout: Layout, skipped: Skipped) -> None:
        """Keep a row that is nobody."""
        content = seal(json.dumps({"raw": [skipped.value]}, ensure_ascii=False)) if skipped.value else None
        group, outcome = LedgerRow.Group.SKIPPED, Outcome.SKIPPED
        place = (self._file.pk, layout.sheet[:120], skipped.row)
        self._rows.add(*place, group, outcome, skipped.code, None, None, "", content)
        self._count()

    def problem(self, problem: Problem) -> None:
        """Note a problem of the file, a sheet or a column; skipped rows say their own."""
        if not problem.code.endswith("_skipped"):
            self._file.notes.append({**problem._asdict(), "severity": severity_of(problem.code)})

    def end_file(self, totals: Totals, refused: FileRefused | None) -> None:
        """Store totals and notes."""
        self._rows.flush()
        self._file.is_refused, self._file.code = refused is not None, refused.code if refused else ""
        self._file.totals = totals.as_json()
        self._file.save(update_fields=["is_refused", "code", "totals", "notes", "columns"])

    def _content(self, planned: PlannedRow) -> bytes:
        self._kept += 1
        problems = [
            {"code": finding.code, "at": planned.column_of(finding), "detail": finding.detail}
            for finding in planned.findings
        ]
        content = {
            "raw": [shown(cell) for cell in planned.understood.raw],
            "clean": clean_values(planned),
            "problems": problems,
            "question": planned.question,
            "compared": None if planned.compared == NOBODY else planned.compared,
        }
        return seal(json.dumps(content, ensure_ascii=False))

    def _count(self) -> None:
        self._waiting += 1
        if self._waiting == FLUSH_EVERY:
            self._rows.flush()
            self._waiting = 0


def group_of(planned: PlannedRow, codes: list[str], *, is_answered: bool) -> LedgerRow.Group:
    """Under which of the four counts a row is shown."""
    if planned.question is not None and not is_answered:
        return LedgerRow.Group.ASK
    if any(code not in QUIET for code in codes):
        return LedgerRow.Group.PROBLEM
    return LedgerRow.Group.NEW if planned.created else LedgerRow.Group.KNOWN


def _known_pk(planned: PlannedRow) -> int | None:
    return planned.known_id if planned.known_id != NOBODY else None


class _Places:
    """Where a sheet keeps what is written: column indexes, -1 for none, worked out once."""

    def __init__(self, layout: Layout) -> None:
        at = layout.at
        self.residence, self.grid, self.address = at("residence"), at("grid"), at("address")
        self.category, self.time = at("category"), at("time")
        self.is_event = layout.kind is SheetKind.VACCINATED
        self.is_child = layout.kind is SheetKind.CHILD
        self._layout = layout
        self._doses: dict[str, tuple[int, int, int]] = {}

    def of_dose(self, slot: str) -> tuple[int, int, int]:
        """Columns of lot, maker and site of a dose slot."""
        if slot not in self._doses:
            prefix = "" if self.is_event else f"{slot}."
            at = self._layout.at
            self._doses[slot] = (at(f"{prefix}lot"), at(f"{prefix}maker"), at(f"{prefix}site"))
        return self._doses[slot]


class RegistryWriter:
    """Writes people, numbers, phones, guardians, memberships and doses of a plan, in bulk, inside the caller's
    transaction. Known people only gain what they lack."""

    def __init__(
        self, ledger_import: LedgerImport, at: datetime, unit_of: Callable[[str], Organisation | None]
    ) -> None:
        self._import, self._place, self._unit_of = ledger_import, ledger_import.place, unit_of
        self._now = connection.ops.adapt_datetimefield_value(at)
        self._pks = array("q")
        self._joined: list[tuple[int, PlannedRow]] = []
        self._waiting = 0
        self._days: dict[int, Any] = {}
        self._homes = _homes_below(self._place)
        self._codes = national().vaccine_codes
        self._sites = dict(
            Organisation.objects.filter(kind__in=("site", "centre"), closed_on=None).values_list("name", "pk")
        )
        self.people: People | None = None
        self._changes: list[LedgerChange] = []
        self._people = Table(
            Person,
            (
                "version", "name", "name_spelled", "name_initials", "sex", "birth_date", "residence", "home_id",
                "address", "status", "brought_by_id", "recorded_at",
            ),
        )  # fmt: skip
        self._numbers = Table(Identifier, ("person_id", "kind", "number", "lookup", "is_checked"))
        self._phones = Table(Phone, ("person_id", "number", "lookup", "note"))
        self._guardians = Table(Guardian, ("child_id", "name", "relation"))
        self._members = Table(UnitMembership, ("person_id", "unit_id", "position"))
        self._doses = Table(
            Dose,
            (
                "person_id", "product_code", "vaccine", "dose_number", "given_on", "given_at", "lot_number",
                "manufacturer", "site_id", "site_name", "body_site", "source", "held", "is_void", "reason",
                "recorded_at",
            ),
        )  # fmt: skip
        self._tables = (self._people, self._numbers, self._phones, self._guardians, self._members, self._doses)

    def pk_of(self, planned: PlannedRow) -> int | None:
        """The person on record that a row belongs to."""
        return self._pks[planned.person] if planned.person != NOBODY else None

    def begin_file(self, file: LedgerFile) -> None:
        """Nothing to write for a file itself."""

    def begin_sheet(self, layout: Layout) -> None:
        """Look up where the sheet keeps what is written."""
        self._at = _Places(layout)

    def skipped(self, layout: Layout, skipped: Skipped) -> None:
        """Nobody to write."""

    def problem(self, problem: Problem) -> None:
        """Nothing to write."""

    def row(self, planned: PlannedRow) -> None:
        """Write a row's person, or what it adds to a person."""
        if planned.person == NOBODY:
            return
        if planned.created:
            pk = self._create(planned)
        else:
            pk = planned.known_id if planned.known_id != NOBODY else self._pks[planned.person]
            self._joined.append((pk, planned))
        if planned.person >= len(self._pks):
            self._pks.extend([0] * (planned.person + 1 - len(self._pks)))
        self._pks[planned.person] = pk
        self._write_doses(pk, planned)
        self._waiting += 1
        if self._waiting >= FLUSH_EVERY:
            self._flush()

    def end_file(self, totals: Totals, refused: FileRefused | None) -> None:
        """Put down what waits."""
        self._flush()

    def finish(self) -> None:
        """Note exactly which rows were written and which blanks filled."""
        self._flush()
        LedgerChange.objects.bulk_create(self._changes, batch_size=500)
        LedgerWritten.objects.bulk_create(
            LedgerWritten(ledger_import=self._import, table=table.model._meta.label, runs=table.runs)
            for table in self._tables
            if table.runs
        )

    # New people

    def _create(self, planned: PlannedRow) -> int:
        row, at, values = planned.understood, self._at, planned.understood.values
        name = (row.name or "")[:120]
        spelled = spelling(name) if name else ("", "")
        pk = self._people.add(
            1,
            name,
            spelled[0],
            spelled[1],
            row.sex or "0",
            self._day(row.birth),
            _RESIDENCES.get(values[at.residence] or "", "unknown"),
            self._home(values[at.grid]),
            (values[at.address] or "")[:200],
            "present",
            self._place.pk,
            self._now,
        )
        self._write_numbers(pk, planned)
        if row.phone:
            self._phones.add(pk, seal(row.phone), phone_lookup(row.phone), "")
        if row.guardian:
            self._guardians.add(pk, row.guardian[:120], "")
        if (unit := self._unit(planned)) is not None:
            self._members.add(pk, unit, (values[at.category] or "")[:40])
        return pk

    def _write_numbers(self, pk: int, planned: PlannedRow) -> None:
        if planned.is_withheld:
            return
        number = planned.understood.number
        if number.key and number.kind:
            self._number(pk, number.kind, number.key, is_checked=number.fault != "id_checksum")
        self._write_child_numbers(pk, planned)

    def _write_child_numbers(self, pk: int, planned: PlannedRow) -> None:
        row, people = planned.understood, self.people
        if people is None or not self._at.is_child:
            return
        if row.child_code and people.owns(planned.person, "code", row.child_code):
            self._number(pk, Identifier.Kind.CHILD_CODE, row.child_code)
        if row.birth_cert and people.owns(planned.person, "cert", row.birth_cert):
            self._number(pk, Identifier.Kind.BIRTH_CERTIFICATE, row.birth_cert)

    def _number(self, pk: int, kind: str, number: str, *, is_checked: bool = True) -> None:
        self._numbers.add(pk, str(kind), seal(number), identifier_lookup(number), is_checked)

    def _unit(self, planned: PlannedRow) -> int | None:
        """The unit a row makes its person a member of: only lists of a bureau or unit say who works there."""
        if planned.layout.kind is SheetKind.VACCINATED or self._place.kind not in {"bureau", "unit"}:
            return None
        name = planned.understood.values[planned.layout.at("unit")]  # rows are completed after the next sheet began
        unit = self._unit_of(name) if name and self._place.kind == "bureau" else self._place
        return unit.pk if unit else None

    def _home(self, grid: str | None) -> int | None:
        if self._place.kind in {"bureau", "unit"}:
            return None
        return self._homes.get(grid or "", self._place.pk)

    # Doses

    def _write_doses(self, pk: int, planned: PlannedRow) -> None:
        for dose in planned.new_days:
            self._dose(pk, planned, dose, "")
        if self._at.is_event:
            if any(finding.code == "dose_number_repeated" for finding in planned.findings):
                self._dose(pk, planned, planned.understood.doses[0], Dose.Held.TWICE)
        elif planned.created:
            for dose in planned.understood.doses:
                if dose.state is DoseState.HELD:
                    self._dose(pk, planned, dose, _HELD[dose.code])
                elif dose.state is DoseState.DONE_WITHOUT_DATE:
                    self._dose(pk, planned, dose, "")

    def _dose(self, pk: int, planned: PlannedRow, dose: PlannedDose, held: str) -> None:
        values = planned.understood.values
        lot_at, maker_at, site_at = self._at.of_dose(dose.slot)
        site = values[site_at]
        self._doses.add(
            pk,
            self._codes.get(dose.series, ""),
            dose.series[:80],
            dose.n,
            self._day(dose.day),
            self._instant(values[self._at.time]) if self._at.is_event else None,
            (values[lot_at] or "")[:40],
            (values[maker_at] or "")[:80],
            self._sites.get(site) if site else None,
            (site or "")[:120],
            "",
            "elsewhere" if dose.code == "dose_elsewhere_no_date" else "imported",
            str(held),
            False,
            "",
            self._now,
        )

    def _instant(self, moment: Any) -> Any:
        clock = getattr(moment, "clock", "")
        if not clock:
            return None
        local = datetime.combine(date.fromordinal(moment.day), time.fromisoformat(clock), SHANGHAI)
        return connection.ops.adapt_datetimefield_value(local.astimezone(UTC))

    def _day(self, ordinal: int) -> Any:
        if not ordinal:
            return None
        if ordinal not in self._days:
            self._days[ordinal] = connection.ops.adapt_datefield_value(date.fromordinal(ordinal))
        return self._days[ordinal]

    # People who are known

    def _flush(self) -> None:
        for table in self._tables:
            table.flush()
        for start in range(0, len(self._joined), 500):
            self._complete(self._joined[start : start + 500])
        self._joined.clear()
        self._waiting = 0
        for table in self._tables:
            table.flush()

    def _complete(self, joined: list[tuple[int, PlannedRow]]) -> None:
        """Add what rows say of people who are on record already: numbers, phones, guardians, units; and blanks."""
        pks = {pk for pk, _ in joined}
        held = _Holdings(pks)
        for pk, planned in joined:
            row = planned.understood
            if not planned.is_withheld and row.number.key and row.number.kind and pk not in held.cards:
                held.cards.add(pk)
                self._number(pk, row.number.kind, row.number.key, is_checked=row.number.fault != "id_checksum")
            if planned.layout.kind is SheetKind.CHILD and not planned.is_withheld:
                self._add_child_numbers(pk, planned, held)
            if row.phone and held.is_new_phone(pk, lookup := phone_lookup(row.phone)):
                self._phones.add(pk, seal(row.phone), lookup, "")
            if row.guardian and not held.guardians[pk]:
                held.guardians[pk] = True
                self._guardians.add(pk, row.guardian[:120], "")
            if (unit := self._unit(planned)) is not None and (pk, unit) not in held.units:
                held.units.add((pk, unit))
                position = row.values[planned.layout.at("category")] or ""
                self._members.add(pk, unit, position[:40])
            self._fill_blanks(held.people[pk], planned)

    def _add_child_numbers(self, pk: int, planned: PlannedRow, held: _Holdings) -> None:
        row = planned.understood
        kinds = ((Identifier.Kind.CHILD_CODE, row.child_code), (Identifier.Kind.BIRTH_CERTIFICATE, row.birth_cert))
        for kind, number in kinds:
            if number and (pk, kind) not in held.kinds and identifier_lookup(number) not in held.lookups:
                held.kinds.add((pk, kind))
                self._number(pk, kind, number)

    def _fill_blanks(self, person: Person, planned: PlannedRow) -> None:
        """A blank never overwrites, and what differs is left to a person: only what is missing is filled."""
        row, at, values = planned.understood, planned.layout.at, planned.understood.values
        offered: dict[str, Any] = {"name": row.name, "address": values[at("address")], "sex": row.sex}
        filled = {
            name: str(value)[:120]
            for name, value in offered.items()
            if value and getattr(person, name) in {"", Person.Sex.UNKNOWN}
        }
        if row.birth and person.birth_date is None:
            filled["birth_date"] = date.fromordinal(row.birth).isoformat()
        if not filled:
            return
        for name, value in filled.items():
            before = "" if name == "birth_date" else getattr(person, name)
            self._changes.append(
                LedgerChange(ledger_import=self._import, person_pk=person.pk, field=name, before=before, after=value)
            )
            setattr(person, name, date.fromisoformat(value) if name == "birth_date" else value)
        fields = [*filled]
        if "name" in filled:
            person.name_spelled, person.name_initials = spelling(person.name)
            fields += ["name_spelled", "name_initials"]
        person.save(update_fields=fields)


class _Holdings:
    """What people on record already have, for one batch."""

    def __init__(self, pks: set[int]) -> None:
        self.people = Person.objects.in_bulk(pks)
        if len(self.people) != len(pks):
            raise ObjectDoesNotExist
        self.cards: set[int] = set()
        self.kinds: set[tuple[int, str]] = set()
        self.lookups: set[bytes] = set()
        for pk, kind, lookup in Identifier.objects.filter(person__in=pks).values_list("person_id", "kind", "lookup"):
            if kind not in {Identifier.Kind.CHILD_CODE, Identifier.Kind.BIRTH_CERTIFICATE}:
                self.cards.add(pk)
            self.kinds.add((pk, kind))
            self.lookups.add(bytes(lookup))
        phones = Phone.objects.filter(person__in=pks).values_list("person_id", "lookup")
        self._phones = {(pk, bytes(lookup)) for pk, lookup in phones}
        self.guardians: defaultdict[int, bool] = defaultdict(bool)
        self.guardians.update(
            dict.fromkeys(Guardian.objects.filter(child__in=pks).values_list("child", flat=True), True)
        )
        members = UnitMembership.objects.filter(person__in=pks, until=None)
        self.units = set(members.values_list("person_id", "unit_id"))

    def is_new_phone(self, pk: int, lookup: bytes) -> bool:
        """Whether a person does not have this phone; from now on they do."""
        if (pk, lookup) in self._phones:
            return False
        self._phones.add((pk, lookup))
        return True


_RESIDENCES = {"常住": "local", "户籍": "local", "流动": "floating", "暂住": "temporary", "临时": "temporary"}


def _homes_below(place: Organisation) -> dict[str, int]:
    """Communities and grids below a place, by name."""
    below = Organisation.objects.filter(path__begins=place.path, kind__in=("community", "grid"), closed_on=None)
    return dict(below.values_list("name", "pk"))
