"""The vaccination site: its days and desks, the lists that units name, and each person's way through it."""

from qingmiao.clinic.models.records import (
    Consent,
    DoseFinding,
    Injection,
    LotCheck,
    Observation,
    Reaction,
    Screening,
)
from qingmiao.clinic.models.sessions import Batch, Counter, Desk, Session, SessionPlaces
from qingmiao.clinic.models.visits import Visit, VisitEvent

__all__ = [
    "Batch",
    "Consent",
    "Counter",
    "Desk",
    "DoseFinding",
    "Injection",
    "LotCheck",
    "Observation",
    "Reaction",
    "Screening",
    "Session",
    "SessionPlaces",
    "Visit",
    "VisitEvent",
]
