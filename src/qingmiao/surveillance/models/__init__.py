"""Tables of disease surveillance."""

from qingmiao.surveillance.models.audits import (
    AuditCase,
    MissedAudit,
    Objection,
    QuarterSheet,
    Register,
    RegisterLine,
    RewardRule,
)
from qingmiao.surveillance.models.cards import CardEvent, CardExport, OutbreakSign, ReportCard, ZeroReport
from qingmiao.surveillance.models.deaths import DeathCertificate, DeathEvent, DeathList, PlaceDeadline
from qingmiao.surveillance.models.papers import PaperReminder, VillagePaper

__all__ = [
    "AuditCase",
    "CardEvent",
    "CardExport",
    "DeathCertificate",
    "DeathEvent",
    "DeathList",
    "MissedAudit",
    "Objection",
    "OutbreakSign",
    "PaperReminder",
    "PlaceDeadline",
    "QuarterSheet",
    "Register",
    "RegisterLine",
    "ReportCard",
    "RewardRule",
    "VillagePaper",
    "ZeroReport",
]
