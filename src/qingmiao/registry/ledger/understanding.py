"""What a row says about a person: values, doses, and findings. Who the person is comes after (`people`)."""

from __future__ import annotations

from datetime import date
from typing import Any

from qingmiao.law.ages import adult_if_born_by

from ..identity import NO_NUMBER, DocumentNumber, NumberKind, Sex
from .cleaning import Cleaner, Flawed
from .doses import (
    CONDITIONAL,
    Dose,
    DoseState,
    Finding,
    event_columns,
    judge_attributes,
    judge_event,
    judge_series,
    series_of,
)
from .layout import Column, Layout, SheetKind
from .reading.values import Cell
from .vocabulary import Vocabulary

BIRTH_DAY_SURVIVES = 14  # leading digits of a number that still hold the whole birth day

_KINDS = {
    "name": "name",
    "doc_no": "number",
    "phone": "phone",
    "keeper_phone": "phone",
    "sex": "sex",
    "doc_type": "document_kind",
    "birth": "past_date",
    "survey_date": "past_date",
    "review_date": "past_date",
    "deferred_until": "any_date",
    "appointment": "any_date",
    "guardian": "name",
    "keeper": "name",
    "category": "group",
    "remark": "free",
    "time": "event",
    "dose_no": "dose_number",
    "vaccine": "vaccine",
    "maker": "maker",
    "site": "site",
}


class Understood:
    """One data row as understood: raw cells, cleaned values by column, and the person it speaks of.

    `birth` and `stated_birth` are proleptic ordinals, 0 when unknown; `birth` follows the number where one is
    valid. `flaws` are the codes found in single cells, by column.
    """

    __slots__ = (
        "birth", "birth_cert", "child_code", "doses", "findings", "guardian", "identifiable", "name", "number",
        "phone", "raw", "row", "sex", "stated_birth", "stated_sex", "values",
    )  # fmt: skip

    row: int
    raw: list[Cell]
    values: list[Any]
    number: DocumentNumber
    name: str | None
    phone: str | None
    birth: int
    sex: Sex | None
    stated_birth: int
    stated_sex: Sex | None
    guardian: str | None
    child_code: str | None
    birth_cert: str | None
    doses: list[Dose]
    findings: list[Finding]
    identifiable: bool


class RowReader:
    """Understands the rows of one sheet."""

    def __init__(self, layout: Layout, words: Vocabulary, cleaner: Cleaner, as_of: date) -> None:
        self.layout = layout
        self._cleaner = cleaner
        self._memos = [cleaner.memo(self._kind_of(column)) for column in layout.columns]
        self._series = series_of(layout, words) if layout.kind in {SheetKind.STREET, SheetKind.CHILD} else ()
        self._event = event_columns(layout)
        self._is_child = layout.kind is SheetKind.CHILD
        self._minor_after = adult_if_born_by(as_of).toordinal()
        self._unknown = [column.index for column in layout.columns if not column.is_known]
        at = layout.at
        self._name, self._number, self._phone, self._sex = at("name"), at("doc_no"), at("phone"), at("sex")
        self._birth, self._guardian, self._reason = at("birth"), at("guardian"), at("reason")
        self._code, self._cert, self._document = at("child_code"), at("birth_cert"), at("doc_type")

    def read(self, row: int, cells: list[Cell]) -> Understood:
        """What one row says."""
        cells, widened = self._fitted(cells)
        values = [memo[cell] for memo, cell in zip(self._memos, cells, strict=True)]
        flaws: dict[int, tuple[str, ...]] = {}
        findings: list[Finding] = []
        if Flawed in map(type, values):
            _unpack(values, flaws, findings)
        values.append(None)  # where index -1 looks: a column the sheet does not have
        found = Understood()
        found.row, found.raw, found.values, found.findings = row, cells, values, findings
        self._read_person(found, flaws)
        self._read_doses(found, flaws)
        if widened:
            findings.extend(widened)
        return found

    def _kind_of(self, column: Column) -> str:
        if column.dose or (column.field and column.field.endswith(".date")):
            return "dose_date"
        if column.field == "category" and self.layout.kind is SheetKind.ROSTER:
            return "category"
        if column.field and "." in column.field:
            return {"maker": "maker", "site": "site"}.get(column.field.split(".")[1], "text")
        if column.field is None:
            return "text" if self.layout.kind is SheetKind.CHILD else "free"
        return _KINDS.get(column.field, "text")

    def _fitted(self, cells: list[Cell]) -> tuple[list[Cell], list[Finding]]:
        """Cells as wide as the header; a value beyond it widens the sheet by a column without a name."""
        width = len(self.layout.columns)
        if len(cells) == width:
            return cells, []
        if len(cells) < width:
            return cells + [""] * (width - len(cells)), []
        while len(cells) > width and cells[-1] == "":
            cells.pop()
        new = [self._widen(index) for index in range(width, len(cells))]
        return cells, new

    def _widen(self, index: int) -> Finding:
        column = Column(index, "")
        self.layout.columns.append(column)
        self._memos.append(self._cleaner.memo(self._kind_of(column)))
        self._unknown.append(index)
        return Finding(index, "unknown_column")

    def _read_person(self, found: Understood, flaws: dict[int, tuple[str, ...]]) -> None:
        values, findings = found.values, found.findings
        number = self._read_number(found)
        found.name, found.phone = values[self._name], values[self._phone]
        found.guardian = values[self._guardian]
        found.child_code, found.birth_cert = values[self._code], values[self._cert]
        if number is NO_NUMBER and not (self._is_child and found.birth_cert):
            findings.append(Finding(self._column(self._number), "missing_id"))
        if found.name is None:
            findings.append(Finding(self._column(self._name), "missing_name"))
        self._read_birth(found, flaws)
        found.stated_sex = values[self._sex]
        found.sex = number.sex or found.stated_sex
        if found.stated_sex and number.sex and found.stated_sex != number.sex:
            findings.append(Finding(self._sex, "id_sex_mismatch"))
        if found.guardian is None and (self._is_child or found.birth > self._minor_after):
            findings.append(Finding(self._column(self._guardian), "minor_without_guardian"))
        found.identifiable = self._is_identifiable(found)
        if not found.identifiable:
            findings.append(Finding(None, "unidentifiable"))

    def _read_number(self, found: Understood) -> DocumentNumber:
        number: DocumentNumber = found.values[self._number] or NO_NUMBER
        if number.fault == "id_format" and found.values[self._document] is NumberKind.TAIWAN_PERMIT:
            number = self._cleaner.stated_number(found.raw[self._number], NumberKind.TAIWAN_PERMIT)
        if number.fault:
            found.findings.append(Finding(self._number, number.fault))
        found.number = number
        return number

    def _read_birth(self, found: Understood, flaws: dict[int, tuple[str, ...]]) -> None:
        stated = found.values[self._birth] or 0
        inside = found.number.birth
        if stated and inside and stated != inside:
            found.findings.append(Finding(self._birth, "id_birth_mismatch", date.fromordinal(inside).isoformat()))
        found.stated_birth, found.birth = stated, inside or stated
        if self._is_child and not found.birth and not flaws.get(self._birth):
            found.findings.append(Finding(self._column(self._birth), "missing_birth_date"))

    def _is_identifiable(self, found: Understood) -> bool:
        if found.number.key or found.child_code or found.birth_cert:
            return True
        if found.name is None:
            return False
        if self._is_child:
            return bool(found.birth and found.guardian)
        return bool(found.phone or found.birth or len(found.number.surviving) >= BIRTH_DAY_SURVIVES)

    def _read_doses(self, found: Understood, flaws: dict[int, tuple[str, ...]]) -> None:
        values, findings = found.values, found.findings
        doses: list[Dose] = []
        found.doses = doses
        if self.layout.kind is SheetKind.VACCINATED:
            found.doses = judge_event(self._event, values, flaws, found.birth, findings)
            return
        for series in self._series:
            judge_series(series, values, found.birth, doses, findings)
            if series.slots[0].lot >= 0 or series.slots[0].site >= 0:
                judge_attributes(series, values, flaws, findings)
        if self._is_child:
            self._read_unknown_doses(found)
        if doses and values[self._reason] is not None and any(d.state is DoseState.COUNTED for d in doses):
            findings.append(Finding(self._reason, "reason_conflict"))

    def _read_unknown_doses(self, found: Understood) -> None:
        """In a ledger of children a value under an unknown header is a dose of a vaccine we do not know."""
        for index in self._unknown:
            if found.values[index] is not None:
                found.findings.append(Finding(index, "unknown_vaccine"))
                header = self.layout.columns[index].header
                found.doses.append(Dose(header, header, None, 0, DoseState.HELD, "unknown_vaccine", index))

    @staticmethod
    def _column(index: int) -> int | None:
        return index if index >= 0 else None


def _unpack(values: list[Any], flaws: dict[int, tuple[str, ...]], findings: list[Finding]) -> None:
    """Take flawed values apart; what depends on the rest of the row is not yet a finding."""
    for index, value in enumerate(values):
        if value.__class__ is Flawed:
            values[index] = value.value
            flaws[index] = value.codes
            findings.extend(Finding(index, code) for code in value.codes if code not in CONDITIONAL)
