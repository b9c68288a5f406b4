"""Writes of training: sessions, who came, tests, certificates."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.law.months import months_later
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation, User
from qingmiao.training.models import Attempt, Attendance, Certificate, Material, TrainingSession
from qingmiao.training.norms import norm
from qingmiao.training.questions import questions


class AlreadyHandedIn(Exception):
    """The test was handed in before; its answers stand."""

    def __init__(self) -> None:
        super().__init__(_("This test was handed in already. Start a new one to try again."))


@dataclass(frozen=True)
class Plan:
    """What is written down about a training."""

    topic: str
    held_on: date
    hours: Decimal
    place: str = ""
    teacher: str = ""
    content: str = ""


@action("training.hold")
def record_training(
    *, by: Actor, organisation: Organisation, plan: Plan, at: datetime, request_id: UUID | None = None
) -> TrainingSession:
    """Write down a training that was held or is planned."""
    session = TrainingSession(organisation=organisation, recorded_at=at, recorded_by_id=by.user_id, **asdict(plan))
    by.must("training.hold", session)
    session.save()
    return session


@action("training.add_material")
def add_material(
    *, by: Actor, session: TrainingSession, name: str, file: File[bytes], at: datetime, request_id: UUID | None = None
) -> Material:
    """Keep a file with a training; the same file twice is kept once."""
    by.must("training.hold", session)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    if found := session.materials.filter(sha256=digest).first():
        return found
    material = Material(session=session, name=name, sha256=digest, added_at=at, added_by_id=by.user_id)
    material.content.save(name, file, save=False)
    material.save()
    return material


@dataclass(frozen=True)
class Came:
    """Whether one person came, and if not, why."""

    user: User
    came: bool
    reason: str = ""


@action("training.record_attendance")
def record_attendance(
    *, by: Actor, session: TrainingSession, people: Sequence[Came], at: datetime, request_id: UUID | None = None
) -> TrainingSession:
    """Write down who came; asked again for the same person, the later word stands."""
    by.must("training.hold", session)
    for one in people:
        Attendance.objects.update_or_create(
            session=session,
            user=one.user,
            defaults={
                "came": one.came,
                "reason": "" if one.came else one.reason,
                "recorded_at": at,
                "recorded_by_id": by.user_id,
            },
        )
    note(came=sum(one.came for one in people), absent=sum(not one.came for one in people))
    return session


@action("training.start_test")
def start_test(
    *, by: Actor, user: User, organisation: Organisation, at: datetime, request_id: UUID | None = None
) -> Attempt:
    """Put a test together for oneself from the rules in force today. An unfinished one of today is gone on with."""
    if by.user_id != user.pk:
        raise NotAllowed("training.take_test")
    on = timezone.localdate(at)
    attempt = Attempt(user=user, organisation=organisation, rules_on=on, started_at=at)
    by.must("training.take_test", TrainingSession(organisation=organisation))
    if found := Attempt.objects.filter(user=user, finished_at=None, rules_on=on).first():
        return found
    asked = questions(
        secrets.randbits(32), on=on, count=norm("questions_of_a_test", on), choices=norm("choices_of_a_question", on)
    )
    attempt.questions = [asdict(question) for question in asked]
    attempt.pass_percent = norm("pass_percent", on)
    attempt.save()
    return attempt


def _certificate(attempt: Attempt, on: date, by: Actor) -> Certificate:
    return Certificate.objects.create(
        number=f"QM{on:%Y%m%d}-{attempt.pk:06d}",
        user=attempt.user,
        attempt=attempt,
        organisation=attempt.organisation,
        issued_on=on,
        valid_until=months_later(on, norm("certificate_months", on)),
        issued_by_id=by.user_id,
    )


@action("training.hand_in_test")
def hand_in_test(
    *, by: Actor, attempt: Attempt, answers: Sequence[int | None], at: datetime, request_id: UUID | None = None
) -> Attempt:
    """Mark a test; whoever passes has a certificate at once. Raises AlreadyHandedIn the second time."""
    if by.user_id != attempt.user_id:
        raise NotAllowed("training.take_test")
    with transaction.atomic():
        held = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if held.finished_at:
            raise AlreadyHandedIn
        held.answers, held.finished_at = list(answers), at
        held.right = sum(
            given == question["right"] for given, question in zip(held.answers, held.questions, strict=True)
        )
        held.save(update_fields=["answers", "finished_at", "right"])
        if held.is_passed:
            _certificate(held, timezone.localdate(at), by)
    note(percent=held.percent, passed=held.is_passed)
    return held
