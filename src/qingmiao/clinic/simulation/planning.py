"""When people come, and how few desks are enough."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from math import ceil

from qingmiao.clinic.simulation.day import DayPlan, DayResult, play

MOST_DESKS = 200  # of one step; more is a slip of the finger


def arrivals_spread(people: int, minutes: float) -> tuple[float, ...]:
    """People who come evenly over the first so many minutes."""
    return tuple(minutes * number / people for number in range(people)) if people else ()


def arrivals_in_batches(people: int, size: int, minutes: float) -> tuple[float, ...]:
    """Batches of `size` called in at equal distances; within a batch people walk in over five minutes."""
    batches = ceil(people / size)
    walk = min(5.0, minutes / max(1, batches))
    found = []
    for number in range(people):
        batch, place = divmod(number, size)
        found.append(minutes * batch / batches + walk * place / size)
    return tuple(found)


def enough_desks(
    plan: DayPlan, *, longest_wait: float, closes: float, fixed: Collection[str] = ()
) -> tuple[DayPlan, DayResult]:
    """The fewest desks with which nine of ten wait no longer than `longest_wait` at any step and all are vaccinated
    by `closes`. Begins with the desks of `plan` and adds one where it is tightest; the steps named in `fixed` keep
    theirs, whatever comes of it.
    """
    result = play(plan)
    while (short := _too_slow(result, longest_wait, closes, fixed)) is not None:
        stages = [replace(one, desks=one.desks + (number == short)) for number, one in enumerate(plan.stages)]
        if stages[short].desks > MOST_DESKS:
            break
        plan = replace(plan, stages=tuple(stages))
        result = play(plan)
    return plan, result


def _too_slow(result: DayResult, longest_wait: float, closes: float, fixed: Collection[str]) -> int | None:
    """The first step that keeps people too long or ends too late: the steps after it are not fed before it is quick."""
    free = [number for number, one in enumerate(result.stages) if one.name not in fixed]
    late = [number for number in free if result.stages[number].wait_p90 > longest_wait]
    if late:
        return late[0]
    if result.last_dose > closes:
        return max(free, key=lambda number: result.stages[number].busy, default=None)
    return None
