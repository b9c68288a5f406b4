"""Writes of the audit of missed cards: open, take registers in, examine, answer, decide, sign, object."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.privacy.sealing import Sealed
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.surveillance.actions.cards import ReasonMissing
from qingmiao.surveillance.models import (
    AuditCase,
    MissedAudit,
    Objection,
    QuarterSheet,
    Register,
    RegisterLine,
    RewardRule,
)
from qingmiao.surveillance.queries.audits import Found, found_in, key_of, sheet, simulated
from qingmiao.surveillance.registers import cell, fields, lacking, proposed, read_table
from qingmiao.surveillance.rewards import kinds

AUDIT = "surveillance.audit_cards"


class ColumnsUnknown(Exception):
    """No case can be found in a register without these columns: map them first."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        words = "、".join(fields()[name]["zh"] for name in missing)
        super().__init__(_("Say which columns these are: {words}").format(words=words))


class AlreadySigned(Exception):
    """The quarter's sheet is signed: what it rests on stands."""

    def __init__(self) -> None:
        super().__init__(
            _("The quarter's sheet is signed; what it rests on no longer changes. Object to a line instead.")
        )


@action("surveillance.open_audit")
def open_audit(
    *,
    by: Actor,
    place: Organisation,
    title: str,
    since: date,
    until: date,
    at: datetime,
    sample_size: int = 0,
    request_id: UUID | None = None,
) -> MissedAudit:
    """Begin an audit of a place over some days. `sample_size` rows are drawn from each register; 0 takes all."""
    by.must(AUDIT, place)
    return MissedAudit.objects.create(
        place=place,
        title=title[:80],
        since=since,
        until=until,
        sample_size=sample_size,
        opened_at=at,
        opened_by_id=by.user_id,
    )


@action("surveillance.take_register_in")
def take_register_in(
    *,
    by: Actor,
    audit: MissedAudit,
    kind: str,
    file: File,  # type: ignore[type-arg]
    name: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Register:
    """Keep the rows of a register, sealed, with the columns as far as their words are known.

    The same file twice is one register. Raises FileRefused for a file that is none.
    """
    by.must(AUDIT, audit)
    _must_be_unsigned(audit)
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    if (known := Register.objects.filter(audit=audit, sha256=digest).first()) is not None:
        return known
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(content)
        kept.flush()
        table = read_table(Path(kept.name), Path(name).stem)
    register = Register.objects.create(
        audit=audit,
        kind=kind,
        name=Path(name).name[:200],
        sha256=digest,
        header=list(table.header),
        mapping=proposed(table.header),
        rows=len(table.rows),
        read_at=at,
        read_by_id=by.user_id,
    )
    RegisterLine.objects.bulk_create(
        [
            RegisterLine(register=register, line=number, content=Sealed.of(json.dumps(cells, ensure_ascii=False)))
            for number, cells in table.rows
        ],
        batch_size=500,
    )
    note(rows=len(table.rows))
    return register


@action("surveillance.map_columns")
def map_columns(*, by: Actor, register: Register, mapping: Mapping[str, int], at: datetime) -> Register:
    """Say which column is which. Columns that the register does not have are left out."""
    by.must(AUDIT, register.audit)
    _must_be_unsigned(register.audit)
    register.mapping = {
        name: column for name, column in mapping.items() if name in fields() and 0 <= column < len(register.header)
    }
    register.save(update_fields=["mapping"])
    return register


@action("surveillance.examine_registers")
def examine_registers(*, by: Actor, audit: MissedAudit, at: datetime, request_id: UUID | None = None) -> MissedAudit:
    """Find the cases of all registers and match them to the cards. Answers and verdicts of earlier runs are kept.

    Raises ColumnsUnknown while a register lacks what cases are found by.
    """
    by.must(AUDIT, audit)
    _must_be_unsigned(audit)
    registers = list(audit.registers.select_related("audit").order_by("pk"))
    for register in registers:
        if missing := lacking(register.mapping):
            raise ColumnsUnknown(missing)
    found = found_in(registers, audit.since, audit.until, sample_size=audit.sample_size)
    keys = [_write_case(audit, one).key for one in found]
    audit.cases.exclude(key__in=keys).delete()
    change(audit, examined_at=at)
    note(cases=len(found), missed=sum(one.card is None for one in found))
    return audit


def _write_case(audit: MissedAudit, found: Found) -> AuditCase:
    case, first = found.case, found.lines[0]
    mapping = first.register.mapping
    row, _is_new = AuditCase.objects.update_or_create(
        audit=audit,
        key=key_of(found),
        defaults={
            "disease": case.disease,
            "first_at": case.first.at,
            "doctor": cell(first.cells, mapping, "doctor")[:60],
            "department": cell(first.cells, mapping, "department")[:60],
            "words": "、".join(dict.fromkeys(hint.words for hint in case.hints))[:200],
            "is_suspected": all(hint.is_suspected for hint in case.hints),
            "card": found.card,
            "is_late": bool(case.is_late),
            "is_incomplete": case.card is not None and not case.card.is_complete,
            "differs": list(case.differs),
        },
    )
    row.lines.set(found.lines)
    return row


@action("surveillance.answer_finding")
def answer_finding(
    *, by: Actor, case: AuditCase, version: int, answer: str, text: str, at: datetime, request_id: UUID | None = None
) -> AuditCase:
    """The doctor whom a finding names says what happened."""
    by.must("surveillance.answer_finding", case.audit)
    if case.doctor != by.name and not by.may(AUDIT, case.audit):
        raise NotAllowed("surveillance.answer_finding")
    _must_be_unsigned(case.audit)
    if answer not in AuditCase.Answer.values or not answer:
        raise ReasonMissing(_("Choose what it was."))
    case.version = version
    change(case, answer=answer, answer_text=text.strip()[:300], answered_at=at, answered_by_id=by.user_id)
    return case


@action("surveillance.decide_finding")
def decide_finding(
    *,
    by: Actor,
    case: AuditCase,
    version: int,
    is_upheld: bool,
    reason: str,
    at: datetime,
    request_id: UUID | None = None,
) -> AuditCase:
    """The auditor upholds a finding or withdraws it, and says why. A withdrawn one is counted nowhere."""
    by.must(AUDIT, case.audit)
    _must_be_unsigned(case.audit)
    if not reason.strip():
        raise ReasonMissing(_("Say why: the doctor and the head read it."))
    case.version = version
    verdict = AuditCase.Verdict.UPHELD if is_upheld else AuditCase.Verdict.WITHDRAWN
    change(case, verdict=verdict, verdict_reason=reason.strip()[:300], decided_at=at, decided_by_id=by.user_id)
    return case


@action("surveillance.propose_rewards")
def propose_rewards(
    *,
    by: Actor,
    place: Organisation,
    effective_from: date,
    amounts: Mapping[str, int],
    reason: str,
    at: datetime,
    request_id: UUID | None = None,
) -> RewardRule:
    """Propose what a place pays and deducts from a day on; it counts once the head puts it in force."""
    by.must("surveillance.propose_rewards", place)
    if not reason.strip():
        raise ReasonMissing(_("Say which decision the amounts rest on."))
    known = {kind: int(amounts.get(kind, 0)) for kind in kinds()}
    return RewardRule.objects.create(
        place=place,
        effective_from=effective_from,
        amounts=known,
        reason=reason.strip()[:200],
        proposed_at=at,
        proposed_by_id=by.user_id,
    )


@action("surveillance.decide_rewards")
def put_rewards_in_force(
    *, by: Actor, rule: RewardRule, version: int, at: datetime, request_id: UUID | None = None
) -> RewardRule:
    """The head puts a proposed rule in force from its day on."""
    by.must("surveillance.decide_rewards", rule)
    rule.version = version
    change(rule, decided_at=at, decided_by_id=by.user_id)
    return rule


@action("surveillance.make_sheet")
def make_sheet(
    *, by: Actor, audit: MissedAudit, rule: RewardRule, at: datetime, request_id: UUID | None = None
) -> QuarterSheet:
    """Make the quarter's sheet by a rule that is in force, or make it anew while it is unsigned."""
    by.must(AUDIT, audit)
    _must_be_unsigned(audit)
    if rule.decided_at is None or rule.effective_from > audit.until:
        raise ReasonMissing(_("This rule is not in force for these days: it can only be tried out."))
    lines = [asdict(line) for line in simulated(audit, rule.amounts)]
    made, _is_new = QuarterSheet.objects.update_or_create(
        audit=audit, defaults={"rule": rule, "lines": lines, "made_at": at, "made_by_id": by.user_id}
    )
    return made


@action("surveillance.sign_sheet")
def sign_sheet(
    *,
    by: Actor,
    quarter_sheet: QuarterSheet,
    version: int,
    signature: str,
    at: datetime,
    request_id: UUID | None = None,
) -> QuarterSheet:
    """The head signs the sheet as it stands. `signature` is the drawn path or the typed name."""
    by.must("surveillance.sign_sheet", quarter_sheet.audit)
    if quarter_sheet.signed_at is not None:
        raise AlreadySigned
    if quarter_sheet.objections.filter(is_granted=None).exists():
        raise ReasonMissing(_("An objection is still undecided: decide it first."))
    quarter_sheet.version = version
    change(quarter_sheet, signed_at=at, signed_by_id=by.user_id, signature=Sealed.of(signature))
    return quarter_sheet


@action("surveillance.object_to_sheet")
def object_to_sheet(
    *, by: Actor, quarter_sheet: QuarterSheet, text: str, at: datetime, request_id: UUID | None = None
) -> Objection:
    """A doctor objects to the own line, before or after the signature."""
    by.must("surveillance.answer_finding", quarter_sheet.audit)
    if by.name not in {line["doctor"] for line in quarter_sheet.lines}:
        raise NotAllowed("surveillance.answer_finding")
    if not text.strip():
        raise ReasonMissing(_("Say what is wrong with the line."))
    return Objection.objects.create(
        sheet=quarter_sheet, doctor=by.name[:60], text=text.strip()[:400], at=at, by_id=by.user_id
    )


@action("surveillance.decide_objection")
def decide_objection(
    *,
    by: Actor,
    objection: Objection,
    version: int,
    is_granted: bool,
    decision: str,
    at: datetime,
    request_id: UUID | None = None,
) -> Objection:
    """The head decides an objection; objection and decision are kept."""
    by.must("surveillance.sign_sheet", objection.sheet.audit)
    if not decision.strip():
        raise ReasonMissing(_("Say why: the doctor reads it."))
    objection.version = version
    change(objection, is_granted=is_granted, decision=decision.strip()[:400], decided_at=at, decided_by_id=by.user_id)
    return objection


def _must_be_unsigned(audit: MissedAudit) -> None:
    made = sheet(audit)
    if made is not None and made.signed_at is not None:
        raise AlreadySigned
