"""Writes about doses that have been given: the schedule judges them, a doctor decides what follows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.clinic.models import DoseFinding, DoseJudgement, FindingDecision
from qingmiao.clinic.rules import Found, Refused
from qingmiao.registry.models import Dose
from qingmiao.schedule.queries import JudgedDose, judgements
from qingmiao.staff.access import Actor

INVALID, EXTRA = "invalid", "extra"


@action("clinic.judge_dose")
def judge_dose(*, by: Actor, dose: Dose, at: datetime, request_id: UUID | None = None) -> DoseJudgement:
    """Ask the schedule whether a dose counts, and open a finding for each reason why not. Once per dose.

    The rules in force on the day of the dose judge it, with what is on record now.
    """
    by.must("clinic.judge_dose", dose.injection.visit)
    if (judged := DoseJudgement.objects.filter(dose=dose).first()) is not None:
        return judged
    [judgement] = judgements([dose.person], on=dose.given_on)  # type: ignore[arg-type]  # a dose given here has a day
    lines = [line for line in judgement.doses if line.dose.pk == dose.pk]
    is_valid = None if not lines else any(line.status not in (INVALID, EXTRA) for line in lines)
    known = set(DoseFinding.objects.filter(dose=dose).values_list("code", flat=True))
    codes = [] if is_valid is not False else sorted({_code(line) for line in lines} - known)
    DoseFinding.objects.bulk_create(DoseFinding(dose=dose, code=code, at=at) for code in codes)
    note(dose=dose.pk, findings=codes)
    return DoseJudgement.objects.create(dose=dose, ruleset=judgement.ruleset[:80], is_valid=is_valid, at=at)


def _code(line: JudgedDose) -> str:
    if line.status == EXTRA:
        return Found.COURSE_COMPLETE.value
    return (line.reason or INVALID)[:24]


@action("clinic.decide_finding")
def decide_finding(
    *,
    by: Actor,
    finding: DoseFinding,
    decision: FindingDecision.Decision,
    said: str,
    at: datetime,
    due_on: date | None = None,
    request_id: UUID | None = None,
) -> FindingDecision:
    """A doctor decides what follows from a finding, and writes what the person was told."""
    by.must("clinic.decide_finding", finding)
    if not said.strip():
        raise Refused(_("Write what the person was told, and by whom: the decision is read later."))
    needs_day = decision in (FindingDecision.Decision.REPEAT, FindingDecision.Decision.WATCH)
    if needs_day and due_on is None:
        raise Refused(_("Enter the day on which the dose is repeated, or the person is asked again."))
    if FindingDecision.objects.filter(finding=finding).exists():
        raise Refused(_("Somebody has decided on this already."))
    return FindingDecision.objects.create(
        finding=finding,
        decision=decision,
        due_on=due_on if needs_day else None,
        note=said.strip()[:200],
        by_id=by.user_id or 0,
        at=at,
    )
