"""Who may hold a training, see its records, and take a test."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role
from qingmiao.training.models import Attempt, Certificate, Material, TrainingSession

HEADS = frozenset({Role.LEADER, Role.OFFICE, Role.SITE_HEAD, Role.DISEASE_CONTROL})
HANDS = frozenset(
    {
        Role.FRONT_DESK,
        Role.CONSENT_DESK,
        Role.SCREENER,
        Role.VACCINATOR,
        Role.OBSERVER,
        Role.CLINIC_DOCTOR,
        Role.STOCK_KEEPER,
        Role.REPORTING_DOCTOR,
        Role.VILLAGE_DOCTOR,
        Role.SCHOOL_DOCTOR,
    }
)


class TrainingSessionPolicy(Policy[TrainingSession]):
    """A training belongs to the organisation that holds it. Everybody who works there may see what was taught."""

    model = TrainingSession
    permissions = {
        "training.see": HEADS | HANDS,
        "training.hold": HEADS,
        "training.see_records": HEADS,
        "training.take_test": HEADS | HANDS,
    }

    def paths(self, record: TrainingSession) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class MaterialPolicy(Policy[Material]):
    """Material is seen with its training."""

    model = Material
    permissions = {"training.see": HEADS | HANDS}

    def paths(self, record: Material) -> Iterable[str]:
        return [record.session.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("session__organisation__path", paths)


class AttemptPolicy(Policy[Attempt]):
    """Answers are seen by those who answer for the training, and by whoever gave them (the view asks that)."""

    model = Attempt
    permissions = {"training.see_records": HEADS}

    def paths(self, record: Attempt) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class CertificatePolicy(Policy[Certificate]):
    """A certificate is seen where it was earned."""

    model = Certificate
    permissions = {"training.see_records": HEADS}

    def paths(self, record: Certificate) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)
