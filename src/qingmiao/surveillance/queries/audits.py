"""Reads of the audit of missed cards: what the registers of some days say, against the cards on record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.surveillance import missed
from qingmiao.surveillance.card import age_of, faults_of
from qingmiao.surveillance.deadlines import SHANGHAI
from qingmiao.surveillance.missed import Figures
from qingmiao.surveillance.models import AuditCase, MissedAudit, QuarterSheet, Register, RegisterLine, ReportCard
from qingmiao.surveillance.registers import row_of, who
from qingmiao.surveillance.rewards import Amounts, Finding, Line, sheet_of
from qingmiao.surveillance.same_person import Who, people

REPORTED = (ReportCard.State.REPORTED, ReportCard.State.ACCEPTED)


@dataclass(frozen=True)
class Found:
    """A case of the registers with the rows and the card that belong to it."""

    case: missed.Case
    lines: tuple[RegisterLine, ...]
    card: ReportCard | None


def found_in(registers: Iterable[Register], since: date, until: date, *, sample_size: int = 0) -> list[Found]:
    """Every case of the registers' rows between the two days, matched to the cards on record.

    `sample_size` rows are drawn from each register (0: all), the same ones whenever they are asked for.
    """
    lines = [line for register in registers for line in _drawn(register, sample_size)]
    cards = _cards_on_record(since, until)
    chiefs = people([*(_who_of(line) for line in lines), *(_who_on(card) for card in cards)])
    line_of, rows = {}, []
    for line, chief in zip(lines, chiefs, strict=False):
        row = row_of(
            f"{line.register.kind}-{line.register_id}-{line.line}", str(chief), line.cells, line.register.mapping
        )
        if row is not None and since <= row.at.astimezone(SHANGHAI).date() <= until:
            rows.append(row)
            line_of[row.key] = line
    by_key = {str(card.pk): card for card in cards}
    values = [_card(card, str(chief)) for card, chief in zip(cards, chiefs[len(lines) :], strict=True)]
    return [
        Found(case, tuple(line_of[row.key] for row in case.rows), by_key[case.card.key] if case.card else None)
        for case in missed.cases(rows, values)
    ]


def key_of(found: Found) -> str:
    """The name of a case that stays when the registers are examined again: its first row and disease."""
    first = found.lines[0]
    return f"{first.register.sha256[:16]}-{first.line}-{found.case.disease}"[:120]


def _drawn(register: Register, size: int) -> list[RegisterLine]:
    lines = list(register.lines.select_related("register").order_by("line"))
    if not size or size >= len(lines):
        return lines
    drawn = sorted(lines, key=lambda line: hashlib.sha256(f"{register.sha256}|{line.line}".encode()).digest())[:size]
    return sorted(drawn, key=lambda line: line.line)


def _who_of(line: RegisterLine) -> Who:
    return who(line.cells, line.register.mapping, line.register.audit.since.year)


def _cards_on_record(since: date, until: date) -> list[ReportCard]:
    """Cards that were reported: of these days and around them, and every one of a disease with one card in a life."""
    cards = ReportCard.objects.filter(state__in=REPORTED, diagnosed_at__isnull=False).select_related("corrects")
    last = datetime.combine(until + missed.episode_after() + timedelta(days=1), datetime.min.time(), SHANGHAI)
    return list(cards.filter(diagnosed_at__lte=last).order_by("pk"))


def _who_on(card: ReportCard) -> Who:
    fields = card.fields
    born = fields.get("birth_date", "")
    age = age_of(fields)
    year = int(born[:4]) if born else (card.onset_on.year - age if card.onset_on and age is not None else None)
    return Who(fields.get("name", ""), fields.get("number", ""), born, fields.get("phone", ""), card.sex, year)


def _card(card: ReportCard, person: str) -> missed.Card:
    first, at = card, card.reported_at
    while first.corrects is not None:  # a correction does not make the first report late
        first = first.corrects
        at = first.reported_at or at
    assert card.diagnosed_at is not None
    assert at is not None
    fields = card.fields
    is_complete = not faults_of(fields, now=at + timedelta(days=1))
    name = fields.get("name", "")
    return missed.Card(
        str(card.pk), person, card.disease, card.diagnosed_at, at, is_complete, name, card.sex, age_of(fields)
    )


def figures_of(audit: MissedAudit) -> Figures:
    """The counts of an examined audit; findings that were withdrawn are no cases."""
    return figures(standing(audit))


def standing(audit: MissedAudit) -> list[AuditCase]:
    """The cases of an audit without those that were withdrawn."""
    withdrawn = AuditCase.Verdict.WITHDRAWN
    return list(audit.cases.exclude(verdict=withdrawn).select_related("card").order_by("first_at", "pk"))


def figures(cases: Sequence[AuditCase]) -> Figures:
    """The counts of some cases."""
    gone = sum(case.is_missed for case in cases)
    return Figures(
        should_report=len(cases),
        reported=len(cases) - gone,
        missed=gone,
        late=sum(case.is_late for case in cases),
        incomplete=sum(case.is_incomplete for case in cases),
        inconsistent=sum(bool(case.differs) for case in cases),
    )


def figures_by(cases: Sequence[AuditCase], name: str) -> list[tuple[str, Figures]]:
    """The counts by doctor, department, disease or quarter, most missed first."""
    groups: dict[str, list[AuditCase]] = {}
    for case in cases:
        value = _quarter(case) if name == "quarter" else str(getattr(case, name))
        groups.setdefault(value, []).append(case)
    counted = [(value, figures(members)) for value, members in groups.items()]
    return sorted(counted, key=lambda pair: (-pair[1].missed, -pair[1].should_report, pair[0]))


def _quarter(case: AuditCase) -> str:
    day = case.first_at.astimezone(SHANGHAI)
    return f"{day.year}Q{(day.month + 2) // 3}"


def findings_of(audit: MissedAudit) -> list[Finding]:
    """The cases of an audit as they count on the quarter's sheet."""
    return [
        Finding(case.doctor, case.department, case.is_missed, case.is_late, case.is_incomplete, bool(case.differs))
        for case in standing(audit)
    ]


def simulated(audit: MissedAudit, amounts: Amounts) -> list[Line]:
    """The sheet as it would be by these amounts; nothing is written."""
    return sheet_of(findings_of(audit), amounts)


def cases_to_answer(by: Actor) -> list[AuditCase]:
    """Findings that name this doctor and that he or she has not answered."""
    audits = by.visible("surveillance.answer_finding", MissedAudit)
    open_ones = AuditCase.objects.filter(audit__in=audits, doctor=by.name, answer="", verdict="")
    wrong = [case for case in open_ones.select_related("audit", "card") if needs_answer(case)]
    return sorted(wrong, key=lambda case: case.first_at)


def needs_answer(case: AuditCase) -> bool:
    """Whether something stands against a case."""
    return case.is_missed or case.is_late or case.is_incomplete or bool(case.differs)


def sheet(audit: MissedAudit) -> QuarterSheet | None:
    """The quarter's sheet, None before it was made."""
    return QuarterSheet.objects.filter(audit=audit).select_related("rule").first()


def registers_at(place: Organisation | None) -> list[Register]:
    """All registers on record, of one place or of everywhere; a file that two audits hold is read once."""
    rows = Register.objects.select_related("audit").order_by("pk")
    if place is not None:
        rows = rows.filter(audit__place__path__begins=place.path)
    first: dict[str, Register] = {}
    for register in rows:
        first.setdefault(register.sha256, register)
    return list(first.values())


def withdrawn_keys(registers: Sequence[Register]) -> set[str]:
    """Keys of cases that an auditor found to be none."""
    audits = {register.audit_id for register in registers}
    rows = AuditCase.objects.filter(audit__in=audits, verdict=AuditCase.Verdict.WITHDRAWN)
    return set(rows.values_list("key", flat=True))
