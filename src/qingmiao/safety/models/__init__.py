"""Adverse reactions after a dose, what residents report by themselves, and the way to the paired hospital."""

from qingmiao.safety.models.cases import Case, Report, SelfReport
from qingmiao.safety.models.green import Drill, DutyPhone, KitCheck, Pairing, Rescue, RescueStep, Treatment

__all__ = [
    "Case",
    "Drill",
    "DutyPhone",
    "KitCheck",
    "Pairing",
    "Report",
    "Rescue",
    "RescueStep",
    "SelfReport",
    "Treatment",
]
