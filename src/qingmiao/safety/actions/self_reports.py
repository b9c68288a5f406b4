"""Writes about what residents report through the code on their slip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action
from qingmiao.audit.models import change
from qingmiao.law.dated import threshold
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose
from qingmiao.safety.actions.cases import Seen, open_case
from qingmiao.safety.models import SelfReport
from qingmiao.safety.rules import Refused
from qingmiao.staff.access import Actor

State = SelfReport.State


@action("safety.report_by_oneself")
def report_by_oneself(
    *,
    by: Actor,
    dose: Dose,
    signs: Sequence[str],
    text: str,
    phone: str,
    at: datetime,
    since: datetime | None = None,
    request_id: UUID | None = None,
) -> SelfReport:
    """A resident says what is felt after a dose. `by` is the installation: whoever holds the slip has no account."""
    digits = "".join(character for character in phone if character.isdigit())
    if not 7 <= len(digits) <= 15:
        raise Refused(_("Please enter a phone number at which we can call you back."))
    if not signs and not text.strip():
        raise Refused(_("Please tick or write what is felt."))
    if dose.self_reports.count() >= threshold("safety", "self_reports", "most_per_dose").value:
        raise Refused(_("We have your reports. If it gets worse, ring 120 or go to a hospital."))
    if dose.site is None:
        raise Refused(_("This dose was given elsewhere. Please ring the place that gave it."))
    return SelfReport.objects.create(
        dose=dose,
        person_id=dose.person_id,
        site=dose.site,
        signs=sorted(set(signs)),
        text=Sealed.of(text.strip()[:500]),
        phone=Sealed.of(digits),
        since=since,
        at=at,
    )


@action("safety.answer_self_report")
def answer_self_report(
    *,
    by: Actor,
    report: SelfReport,
    state: SelfReport.State,
    answer: str,
    at: datetime,
    seen: Seen | None = None,
    request_id: UUID | None = None,
) -> SelfReport:
    """Somebody has called: still open, harmless, or (with `seen`) a case that is opened with it."""
    by.must("safety.answer_self_report", report)
    held = SelfReport.objects.select_for_update(of=("self",)).select_related("dose", "site").get(pk=report.pk)
    if held.state in (State.CASE, State.HARMLESS):
        raise Refused(_("This report has been finished with already."))
    if not answer.strip():
        raise Refused(_("Write what was said on the phone."))
    case = open_case(by=by, dose=held.dose, seen=seen, at=at) if state is State.CASE and seen is not None else None
    if state is State.CASE and case is None:
        raise Refused(_("Choose the reaction first."))
    change(
        held,
        state=state,
        answer=answer.strip()[:200],
        answered_by_id=by.user_id,
        answered_at=at,
        case=case,
    )
    return held
