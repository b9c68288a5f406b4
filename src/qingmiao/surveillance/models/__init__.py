"""Tables of disease surveillance."""

from qingmiao.surveillance.models.cards import CardEvent, CardExport, OutbreakSign, ReportCard, ZeroReport

__all__ = ["CardEvent", "CardExport", "OutbreakSign", "ReportCard", "ZeroReport"]
