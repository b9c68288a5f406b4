"""Writes of the screening desk: the answers are judged by rule, and a doctor may decide otherwise with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.statements import insert
from qingmiao.clinic.actions.steps import locked, step
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Desk, Screening, Visit
from qingmiao.clinic.queries.advice import advice_of
from qingmiao.clinic.rules import Event, Refused, State
from qingmiao.clinic.screening import Form, Judgement, Outcome, Spoken, form_for, judge
from qingmiao.staff.access import Actor


class QuestionsOpen(Refused):
    """Not every question has an answer; `missing` are their ids."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(_("{count} questions have no answer yet.").format(count=len(missing)))


class ReasonNeeded(Refused):
    """The decision differs from what the rules say, and no reason was written."""

    def __init__(self) -> None:
        super().__init__(_("This decides otherwise than the rule: write the reason. It stands in the register."))


class DayNeeded(Refused):
    """A deferral without a day after today."""

    def __init__(self) -> None:
        super().__init__(_("A deferral needs the day from which the person may come, after today."))


@dataclass(frozen=True)
class Answers:
    """What was answered: question id -> no, yes or unsure; the days some questions ask for; the temperature."""

    answers: Mapping[str, str]
    days: Mapping[str, date | None] = field(default_factory=dict)
    celsius: Decimal | None = None


@dataclass(frozen=True)
class Decision:
    """What the doctor decided; `outcome` None: as the rules say."""

    outcome: Outcome | None = None
    until: date | None = None
    reason: str = ""


EVENTS = {
    Outcome.GO: Event.CLEAR,
    Outcome.DEFER: Event.DEFER,
    Outcome.CONTRAINDICATED: Event.CONTRAINDICATE,
    Outcome.DOCTOR: Event.ASK_DOCTOR,
}


@action("clinic.screen")
def screen(
    *,
    by: Actor,
    desk: Desk,
    visit: Visit,
    answered: Answers,
    at: datetime,
    decision: Decision | None = None,
    request_id: UUID | None = None,
) -> Screening:
    """Judge the answers by the product's form and send the person on: to the needle, home until a day, to the doctor.

    A decision that differs from the rules needs the right `clinic.override_screening` and a written reason.
    """
    by.must("clinic.screen", visit)
    visit = locked(visit)
    decision = decision or Decision()
    today = timezone.localdate(at)
    form = form_for(visit.product.code, today)
    judged = _judged(form, visit, answered, today)
    decided = decision.outcome or judged.outcome
    if decided is not judged.outcome or (decided is Outcome.DEFER and decision.until not in (None, judged.until)):
        by.must("clinic.override_screening", visit)
        if not decision.reason.strip():
            raise ReasonNeeded
    until = _until(decided, decision, judged, today)
    screening = Screening(
        visit=visit,
        form=form.id,
        form_version=form.version,
        form_digest=form.digest,
        answers=dict(answered.answers),
        celsius=answered.celsius,
        judged=judged.outcome.value,
        decided=decided.value,
        rules=[_kept(one) for one in judged.spoken],
        deferred_until=until,
        override_reason=decision.reason.strip()[:200],
        by_id=by.user_id or 0,
        at=at,
    )
    insert([screening])
    if not (decided is Outcome.DOCTOR and visit.where is State.WITH_DOCTOR):
        step(visit, EVENTS[decided], by=by, at=at, desk=desk, **_changes(decided, judged, decision, until, at))
    note(judged=judged.outcome.value, decided=decided.value)
    return screening


def _judged(form: Form, visit: Visit, answered: Answers, today: date) -> Judgement:
    celsius = float(answered.celsius) if answered.celsius is not None else None
    also = advice_of(visit.person, visit.product.code, today).spoken
    judged = judge(form, answered.answers, answered.days, today=today, sex=visit.person.sex, celsius=celsius, also=also)
    if judged.missing:
        raise QuestionsOpen(judged.missing)
    return judged


def _until(decided: Outcome, decision: Decision, judged: Judgement, today: date) -> date | None:
    if decided is not Outcome.DEFER:
        return None
    until = decision.until or judged.until
    latest = today + figure("latest_deferral", today).span  # further away is a slip of the finger
    if until is None or not today < until <= latest:
        raise DayNeeded
    return until


def _changes(
    decided: Outcome, judged: Judgement, decision: Decision, until: date | None, at: datetime
) -> dict[str, Any]:
    if decided is Outcome.GO:
        return {"screened_at": at}
    if decided is Outcome.DOCTOR:
        return {}
    return {
        "exit_reason": _because(decided, judged, decision),
        "exit_code": _counted_as(decided, judged, decision),
        "deferred_until": until,
    }


def _because(decided: Outcome, judged: Judgement, decision: Decision) -> str:
    """The doctor's words, or those of the rules that led to the outcome, in the language of the record."""
    if decision.reason.strip():
        return decision.reason.strip()[:200]
    return "；".join(one.consequence.because.zh for one in judged.spoken if one.consequence.outcome is decided)[:200]


def _counted_as(decided: Outcome, judged: Judgement, decision: Decision) -> str:
    """The id of the rule that led to the outcome, or that a doctor decided otherwise."""
    if decision.reason.strip():
        return "doctor"
    return next((one.consequence.rule for one in judged.spoken if one.consequence.outcome is decided), "")[:80]


def _kept(spoken: Spoken) -> dict[str, Any]:
    """One rule that spoke, as it is kept: which, what it meant, until when."""
    return {
        "question": spoken.question,
        "rule": spoken.consequence.rule,
        "outcome": spoken.consequence.outcome.value,
        "until": spoken.until.isoformat() if spoken.until else None,
        "because": {"zh": spoken.consequence.because.zh, "en": spoken.consequence.because.en},
    }
