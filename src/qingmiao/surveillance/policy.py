"""Who writes, reviews and sees the papers of disease surveillance, and where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role
from qingmiao.surveillance.models import (
    CardExport,
    DeathCertificate,
    DeathList,
    MissedAudit,
    OutbreakSign,
    ReportCard,
    RewardRule,
    VillagePaper,
    ZeroReport,
)

WRITERS = frozenset({Role.REPORTING_DOCTOR, Role.VILLAGE_DOCTOR, Role.CLINIC_DOCTOR, Role.DISEASE_CONTROL})
CONTROL = frozenset({Role.DISEASE_CONTROL})
READERS = CONTROL | {Role.LEADER}


class OfPlace:
    """A paper is reached with the place that wrote it."""

    def paths(self, record: Any) -> Iterable[str]:
        return [record.place.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("place__path", paths)


class ReportCardPolicy(OfPlace, Policy[ReportCard]):
    """Whoever fills in cards reaches their own (see web/surveillance/reach.py); disease control reaches all below."""

    model = ReportCard
    permissions = {
        "surveillance.fill_card": WRITERS,
        "surveillance.review_card": CONTROL,
        "surveillance.see_cards": READERS,
    }


class ZeroReportPolicy(OfPlace, Policy[ZeroReport]):
    model = ZeroReport
    permissions = {"surveillance.report_zero": CONTROL}


class CardExportPolicy(OfPlace, Policy[CardExport]):
    model = CardExport
    permissions = {"surveillance.export_cards": CONTROL}


class OutbreakSignPolicy(OfPlace, Policy[OutbreakSign]):
    model = OutbreakSign
    permissions = {"surveillance.decide_sign": CONTROL}


class MissedAuditPolicy(OfPlace, Policy[MissedAudit]):
    """Disease control audits; the head reads and signs; a doctor answers for what names them."""

    model = MissedAudit
    permissions = {
        "surveillance.audit_cards": CONTROL,
        "surveillance.see_audit": READERS,
        "surveillance.answer_finding": WRITERS,
        "surveillance.sign_sheet": frozenset({Role.LEADER}),
    }


class RewardRulePolicy(OfPlace, Policy[RewardRule]):
    model = RewardRule
    permissions = {"surveillance.propose_rewards": CONTROL, "surveillance.decide_rewards": frozenset({Role.LEADER})}


class DeathCertificatePolicy(OfPlace, Policy[DeathCertificate]):
    """Doctors certify, disease control uploads, reviews and codes."""

    model = DeathCertificate
    permissions = {
        "surveillance.certify_death": WRITERS,
        "surveillance.review_death": CONTROL,
        "surveillance.see_deaths": READERS,
    }


class DeathListPolicy(OfPlace, Policy[DeathList]):
    model = DeathList
    permissions = {"surveillance.review_death": CONTROL}


class VillagePaperPolicy(Policy[VillagePaper]):
    """A paper is reached with its village."""

    model = VillagePaper
    permissions = {
        "surveillance.hand_paper_in": frozenset({Role.VILLAGE_DOCTOR, Role.DISEASE_CONTROL}),
        "surveillance.see_papers": READERS | {Role.VILLAGE_DOCTOR},
        "surveillance.remind_village": CONTROL,
    }

    def paths(self, record: VillagePaper) -> Iterable[str]:
        return [record.village.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("village__path", paths)
