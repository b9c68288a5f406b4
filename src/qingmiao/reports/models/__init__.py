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
from qingmiao.reports.models.written import Compilation

__all__ = [
    "ChangedPerson",
    "Compilation",
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
