"""The vaccination site: its days and desks, the lists that units name, and each person's way through it."""

from qingmiao.clinic.models.booking import BookedBy, BookingTry, Period
from qingmiao.clinic.models.corrections import Correction, DoseJudgement, FindingDecision
from qingmiao.clinic.models.records import (
    CallBack,
    Consent,
    DoseFinding,
    Injection,
    LotCheck,
    Observation,
    Reaction,
    Screening,
    SeatPlan,
)
from qingmiao.clinic.models.sessions import Batch, Counter, Desk, Session, SessionPlaces
from qingmiao.clinic.models.sync import SyncBatch, SyncEvent, Tablet
from qingmiao.clinic.models.visits import Visit, VisitEvent

__all__ = [
    "Batch",
    "BookedBy",
    "BookingTry",
    "CallBack",
    "Consent",
    "Correction",
    "Counter",
    "Desk",
    "DoseFinding",
    "DoseJudgement",
    "FindingDecision",
    "Injection",
    "LotCheck",
    "Observation",
    "Period",
    "Reaction",
    "Screening",
    "SeatPlan",
    "Session",
    "SessionPlaces",
    "SyncBatch",
    "SyncEvent",
    "Tablet",
    "Visit",
    "VisitEvent",
]
