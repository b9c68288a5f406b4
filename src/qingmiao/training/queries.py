"""Reads of training: who is out of date, what was taught, who passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from qingmiao.staff.access import Actor, below
from qingmiao.staff.models import Assignment, Organisation, Role, User
from qingmiao.training.models import Attempt, Attendance, Certificate, TrainingSession
from qingmiao.training.norms import needs_certificate, norm


@dataclass(frozen=True)
class Standing:
    """Somebody who must have a certificate: the one that ends last, and when somebody was last trained.

    `state`: "missing", "ended", "ending" (within the days of the norm) or "valid".
    """

    user: User
    roles: tuple[str, ...]
    place: Organisation
    certificate: Certificate | None
    trained_on: date | None
    state: str


ORDER = ("missing", "ended", "ending", "valid")


def _state(certificate: Certificate | None, on: date) -> str:
    if certificate is None:
        return "missing"
    if certificate.valid_until < on:
        return "ended"
    soon = on + timedelta(days=norm("warn_days_before_end", on))
    return "ending" if certificate.valid_until <= soon else "valid"


def _holders(paths: list[str], on: date) -> dict[int, list[Assignment]]:
    held = Assignment.objects.filter(below("organisation__path", paths), role__in=needs_certificate())
    held = held.filter(valid_from__lte=on, user__is_active=True).exclude(valid_until__lt=on)
    found: dict[int, list[Assignment]] = {}
    for assignment in held.select_related("user", "organisation").order_by("organisation__path", "role"):
        found.setdefault(assignment.user_id, []).append(assignment)
    return found


def standings(actor: Actor, *, on: date) -> list[Standing]:
    """Everybody below the actor who needs a certificate, those without one first, then by place and name."""
    holders = _holders(actor.paths_for("training.see_records"), on)
    certificates = {one.user_id: one for one in Certificate.objects.filter(user__in=holders).order_by("valid_until")}
    came = Attendance.objects.filter(user__in=holders, came=True, session__held_on__lte=on)
    trained = dict(came.order_by("session__held_on").values_list("user_id", "session__held_on"))
    found = [
        Standing(
            user=held[0].user,
            roles=tuple(dict.fromkeys(str(Role(one.role).label) for one in held)),
            place=held[0].organisation,
            certificate=certificates.get(pk),
            trained_on=trained.get(pk),
            state=_state(certificates.get(pk), on),
        )
        for pk, held in holders.items()
    ]
    return sorted(found, key=lambda one: (ORDER.index(one.state), one.place.path, one.user.display_name))


def sessions_seen(actor: Actor) -> QuerySet[TrainingSession]:
    """The trainings that the actor may see, the latest first, each with `came` and `asked`."""
    seen = actor.visible("training.see", TrainingSession).select_related("organisation")
    return seen.annotate(came=Count("attendances", filter=Q(attendances__came=True)), asked=Count("attendances"))


def staff_of(session: TrainingSession, *, on: date) -> list[tuple[User, Attendance | None]]:
    """Everybody with a role at or below the place that held a training, with what was written of him."""
    roles = Assignment.objects.filter(organisation__path__begins=session.organisation.path, valid_from__lte=on)
    users = User.objects.filter(assignments__in=roles.exclude(valid_until__lt=on), is_active=True).distinct()
    written = {one.user_id: one for one in session.attendances.all()}
    return [(user, written.get(user.pk)) for user in users.order_by("display_name")]


def attempts_of(user: User) -> QuerySet[Attempt]:
    """The tests of one person, the latest first, with their certificates."""
    return Attempt.objects.filter(user=user).select_related("organisation", "certificate")


def own_place(actor: Actor) -> Organisation | None:
    """Where the actor works and may take a test: the first such place."""
    paths = sorted(actor.paths_for("training.take_test"))
    return Organisation.objects.filter(path=paths[0]).first() if paths else None
