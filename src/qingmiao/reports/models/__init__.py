"""Figures: frozen with the names behind them, and kept counted; and the texts that offices write into summaries."""

from qingmiao.reports.models.forms import Form, FormIssue
from qingmiao.reports.models.frozen import Snapshot, SnapshotMember, SnapshotPart, SummaryText
from qingmiao.reports.models.tallies import (
    ChangedPerson,
    DoseLog,
    FigureCheck,
    HomeDoses,
    PeopleTally,
    PersonTally,
    SiteDoses,
    TallyLock,
)

__all__ = [
    "ChangedPerson",
    "DoseLog",
    "FigureCheck",
    "Form",
    "FormIssue",
    "HomeDoses",
    "PeopleTally",
    "PersonTally",
    "SiteDoses",
    "Snapshot",
    "SnapshotMember",
    "SnapshotPart",
    "SummaryText",
    "TallyLock",
]
