"""Who may do what at the vaccination site, and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.clinic.models import (
    Batch,
    Correction,
    Desk,
    DoseFinding,
    Observation,
    Reaction,
    Screening,
    Session,
    SyncEvent,
    Tablet,
    Visit,
)
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

LIAISONS = frozenset({Role.BUREAU_LIAISON, Role.UNIT_LIAISON})
LEADERS = frozenset({Role.LEADER, Role.OFFICE})
DOCTORS = frozenset({Role.SCREENER, Role.CLINIC_DOCTOR})
RECEPTION = frozenset({Role.FRONT_DESK, Role.SITE_HEAD})
CONSENT = frozenset({Role.CONSENT_DESK, Role.SITE_HEAD})
NEEDLE = frozenset({Role.VACCINATOR, Role.CLINIC_DOCTOR})
OBSERVERS = frozenset({Role.OBSERVER, Role.CLINIC_DOCTOR, Role.SITE_HEAD})
PROPOSERS = NEEDLE | OBSERVERS | DOCTORS | {Role.FRONT_DESK}
CONFIRMERS = NEEDLE | {Role.SITE_HEAD}
SITE = RECEPTION | CONSENT | DOCTORS | NEEDLE | OBSERVERS


class SessionPolicy(Policy[Session]):
    """A session belongs to its site. These permissions are also asked of the site itself."""

    model = Session
    permissions = {
        "clinic.see_session": SITE | LEADERS,
        "clinic.plan_session": frozenset({Role.SITE_HEAD, Role.CLINIC_DOCTOR}),
        "clinic.see_flow": frozenset({Role.SITE_HEAD, Role.CLINIC_DOCTOR}) | LEADERS,
        "clinic.call_batch": RECEPTION,
        "clinic.find_walk_in": RECEPTION,
        "clinic.book": RECEPTION | {Role.CLINIC_DOCTOR},
    }

    def paths(self, record: Session) -> Iterable[str]:
        return [record.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("site__path", paths)


class BatchPolicy(Policy[Batch]):
    """A batch belongs to the unit that names it and to the site that receives it; each side has its own permissions."""

    model = Batch
    permissions = {
        "clinic.name_batch": LIAISONS,
        "clinic.accept_batch": RECEPTION,
        "clinic.see_batch": LIAISONS | SITE | LEADERS,
    }

    def paths(self, record: Batch) -> Iterable[str]:
        return [record.unit.path, record.session.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        paths = list(paths)
        return below("unit__path", paths) | below("session__site__path", paths)


class DeskPolicy(Policy[Desk]):
    """A desk belongs to the site where it stands."""

    model = Desk
    permissions = {
        "clinic.call_next": CONSENT | DOCTORS | NEEDLE,
        "clinic.arrange_desk": frozenset({Role.SITE_HEAD, Role.CLINIC_DOCTOR}),
    }

    def paths(self, record: Desk) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class VisitPolicy(Policy[Visit]):
    """A visit belongs to the site. Liaisons see, through the batch, who has come; what was asked stays at the site."""

    model = Visit
    permissions = {
        "clinic.see_visit": SITE | LEADERS,
        "clinic.record_arrival": RECEPTION,
        "clinic.take_consent": CONSENT,
        "clinic.screen": DOCTORS,
        "clinic.override_screening": DOCTORS,
        "clinic.record_dose": NEEDLE,
        "clinic.withdraw_dose": NEEDLE,
        "clinic.propose_correction": PROPOSERS,
        "clinic.confirm_correction": CONFIRMERS,
        "clinic.judge_dose": NEEDLE | DOCTORS | {Role.SITE_HEAD},
        "clinic.turn_away": RECEPTION | CONSENT | DOCTORS | NEEDLE,
    }

    def paths(self, record: Visit) -> Iterable[str]:
        return [record.session.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("session__site__path", paths)


class ScreeningPolicy(Policy[Screening]):
    """A screening belongs to the site; whoever answers for it reads the register of overrides."""

    model = Screening
    permissions = {"clinic.read_overrides": DOCTORS | {Role.SITE_HEAD} | LEADERS}

    def paths(self, record: Screening) -> Iterable[str]:
        return [record.visit.session.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("visit__session__site__path", paths)


class ObservationPolicy(Policy[Observation]):
    """An observation belongs to the site."""

    model = Observation
    permissions = {"clinic.observe": OBSERVERS}

    def paths(self, record: Observation) -> Iterable[str]:
        return [record.visit.session.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("visit__session__site__path", paths)


class ReactionPolicy(Policy[Reaction]):
    """A reaction is reached by whoever observes at the site where the dose was given."""

    model = Reaction
    permissions = {"clinic.observe": OBSERVERS}

    def paths(self, record: Reaction) -> Iterable[str]:
        return [record.visit.session.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("visit__session__site__path", paths)


class CorrectionPolicy(Policy[Correction]):
    """A correction belongs to the site where the dose was given."""

    model = Correction
    permissions = {"clinic.propose_correction": PROPOSERS, "clinic.confirm_correction": CONFIRMERS}

    def paths(self, record: Correction) -> Iterable[str]:
        return [record.dose.site.path] if record.dose.site else []

    def within(self, paths: Iterable[str]) -> Q:
        return below("dose__site__path", paths)


class DoseFindingPolicy(Policy[DoseFinding]):
    """A finding belongs to the site where the dose was given: the doctors and the head decide on it."""

    model = DoseFinding
    permissions = {"clinic.decide_finding": DOCTORS | {Role.SITE_HEAD}}

    def paths(self, record: DoseFinding) -> Iterable[str]:
        return [record.dose.site.path] if record.dose.site else []

    def within(self, paths: Iterable[str]) -> Q:
        return below("dose__site__path", paths)


class TabletPolicy(Policy[Tablet]):
    """A tablet belongs to its site. `use_tablet` is also asked of the site itself."""

    model = Tablet
    permissions = {"clinic.use_tablet": SITE}

    def paths(self, record: Tablet) -> Iterable[str]:
        return [record.site.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("site__path", paths)


class SyncEventPolicy(Policy[SyncEvent]):
    """What a tablet sent belongs to the site of the session, or of the tablet when nobody can tell which session."""

    model = SyncEvent
    permissions = {"clinic.answer_sync": NEEDLE | DOCTORS | RECEPTION}

    def paths(self, record: SyncEvent) -> Iterable[str]:
        if record.session is not None:
            return [record.session.site.path]
        return [record.tablet.site.path] if record.tablet is not None else []

    def within(self, paths: Iterable[str]) -> Q:
        paths = list(paths)
        return below("session__site__path", paths) | Q(session=None) & below("tablet__site__path", paths)
