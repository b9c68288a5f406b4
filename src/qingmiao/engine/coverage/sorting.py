"""Doses in order of child, date and code: the one loop here, plain for a clinic and compiled by numba for a country.

Sorting twenty million numbers as numbers takes longer than everything else together; counting how many doses each
child has, and then ordering a few doses per child, does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from qingmiao.engine.coverage.days import Index, Mask
from qingmiao.engine.coverage.texts import Numbers

COMPILED_FROM = 50_000
"""Below this many lines, loading the compiled loop would take longer than running the plain one."""


def in_order(child: Numbers, when: Numbers, usable: Mask, children: int) -> Index:
    """Positions of the usable lines sorted by child and `when`; of equal ones the earlier line first."""
    loop = _compiled() if len(child) >= COMPILED_FROM else by_child
    return loop(child, when, usable, children)


def by_child(child: Numbers, when: Numbers, usable: Mask, children: int) -> Index:
    """Count, place, then order each child's lines by insertion: they are few, and often in order already."""
    first = np.zeros(children + 1, np.int64)
    for at in range(len(child)):
        if usable[at]:
            first[child[at] + 1] += 1
    for one in range(children):
        first[one + 1] += first[one]
    order = np.empty(first[children], np.int64)
    free = first[:-1].copy()
    for at in range(len(child)):
        if usable[at]:
            order[free[child[at]]] = at
            free[child[at]] += 1
    for one in range(children):
        for place in range(first[one] + 1, first[one + 1]):
            line, before = order[place], place - 1
            while before >= first[one] and when[order[before]] > when[line]:
                order[before + 1] = order[before]
                before -= 1
            order[before + 1] = line
    return order


@cache
def _compiled() -> Callable[[Numbers, Numbers, Mask, int], Index]:
    import numba

    compiled: Any = numba.njit(cache=True, nogil=True)(by_child)
    loop: Callable[[Numbers, Numbers, Mask, int], Index] = compiled
    return loop
