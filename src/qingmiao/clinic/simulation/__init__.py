"""A day at the site played with invented people: how many desks are needed, and who would wait how long."""

from qingmiao.clinic.simulation.day import DayPlan, DayResult, StagePlan, StageResult, play
from qingmiao.clinic.simulation.planning import arrivals_in_batches, arrivals_spread, enough_desks

__all__ = [
    "DayPlan",
    "DayResult",
    "StagePlan",
    "StageResult",
    "arrivals_in_batches",
    "arrivals_spread",
    "enough_desks",
    "play",
]
