"""A measured figure of the clinic, and the clock that takes it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One figure: what, of how many, seconds by the clock and of processor, its goal, and what else the machine did."""

    name: str
    count: int
    seconds: float
    worked_seconds: float
    goal_seconds: float | None = None
    load: float = 0.0

    @property
    def is_met(self) -> bool:
        """Whether it took no longer than its goal."""
        return self.goal_seconds is None or self.seconds <= self.goal_seconds

    def __str__(self) -> str:
        goal = f"  goal {self.goal_seconds:g} s" + ("" if self.is_met else ", MISSED") if self.goal_seconds else ""
        return (
            f"{self.name:46} {self.count:>10,} {self.seconds:9.3f} s"
            f"  (processor {self.worked_seconds:7.3f} s, load {self.load:.1f}){goal}"
        )


def timed(name: str, run: Callable[[], Any], *, count: int = 0, goal: float | None = None) -> tuple[Figure, Any]:
    """The figure and what `run` gave; without `count`, what it gave is the count."""
    clock, worked = time.perf_counter(), time.process_time()
    found = run()
    seconds, used = time.perf_counter() - clock, time.process_time() - worked
    return Figure(name, count or int(found), seconds, used, goal, round(os.getloadavg()[0], 1)), found
