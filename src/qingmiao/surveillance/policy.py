"""Who writes, reviews and sees the papers of disease surveillance, and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role
from qingmiao.surveillance.models import CardExport, MissedAudit, OutbreakSign, ReportCard, RewardRule, ZeroReport

WRITERS = frozenset({Role.REPORTING_DOCTOR, Role.VILLAGE_DOCTOR, Role.CLINIC_DOCTOR, Role.DISEASE_CONTROL})
CONTROL = frozenset({Role.DISEASE_CONTROL})
READERS = CONTROL | {Role.LEADER}


class OfPlace:
    """A paper is reached with the place that wrote it."""

    def paths(
        self, record: ReportCard | ZeroReport | CardExport | OutbreakSign | MissedAudit | RewardRule
    ) -> Iterable[str]:
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
