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

__all__ = [
    "AuditCase",
    "CardEvent",
    "CardExport",
    "MissedAudit",
    "Objection",
    "OutbreakSign",
    "QuarterSheet",
    "Register",
    "RegisterLine",
    "ReportCard",
    "RewardRule",
    "ZeroReport",
]
