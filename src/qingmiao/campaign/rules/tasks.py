"""Who hears of a task that is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Level(StrEnum):
    """How far up a late task has gone."""

    OWNER = "owner"
    DEPUTY = "deputy"
    LEADER = "leader"
    HEAD = "head"


@dataclass(frozen=True)
class Rung:
    """From `after_hours` after the task was due, `to` hears of it too."""

    after_hours: float
    to: Level


def reached(due_at: datetime, at: datetime, ladder: Sequence[Rung]) -> Level:
    """The highest rung that an open task due at `due_at` has reached at `at`; its owner while it is in time."""
    passed = [rung for rung in ladder if at > due_at + timedelta(hours=rung.after_hours)]
    return max(passed, key=lambda rung: rung.after_hours).to if passed else Level.OWNER
