"""The kernel under numba. Import only through `compiled.compiled_kernel`, which sets the cache folder first.

The memory goes in as a bare pointer: one word to pass instead of an array's seven, no reference counts,
no negative indices. The functions are those of the plain kernel, registered for compiled callers.
"""

from __future__ import annotations

from typing import Any

import numba
from numba import types
from numba.extending import intrinsic, register_jitable

from qingmiao.engine.compiled import kernel_functions
from qingmiao.engine.kernel import judge

KEPT_APART = frozenset(
    (
        "answer", "do_all_hold",
        "forecast_series", "detail_forecast", "recommend_vaccines", "relevant_age", "is_antigen_contraindicated",
        "is_vaccine_contraindicated", "latest_interval_date", "is_completable", "forecast_finish_date",
        "award_best", "award_each", "classify", "survey", "prefilter", "prioritized_series", "is_best",
        "forecast_vaccine_group", "is_valid_in_a_best_series", "judge_antigen", "judge_person", "put_doses",
        "put_series", "put_groups", "put_products", "evaluate_allowable_interval", "number_of_conditional_doses",
        "measure",
        "highest_score", "score", "is_set_met", "first_of_month",
    )
)  # fmt: skip
"""Functions that stay calls; all others are written into their callers, which is where the time went."""

for _function in kernel_functions():
    register_jitable(forceinline=_function.__name__ not in KEPT_APART)(_function)
_judge_people = register_jitable(judge.judge_people)


def _as_pointer(context: Any, address: Any) -> Any:
    """An address as a pointer to int32."""

    def generate(_context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], _context.get_value_type(signature.return_type))

    pointer: Any = types.CPointer(types.int32)  # type: ignore[no-untyped-call]
    return pointer(types.intp), generate


_pointer: Any = intrinsic(_as_pointer)


@numba.njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def judge_columns(
    memory: Any, people: Any, doses: Any, observations: Any, begin: int, end: int, wants: int, outs: Any, counts: Any
) -> None:
    """`judge_people` on arrays."""
    pointers = (
        _pointer(outs[0].ctypes.data),
        _pointer(outs[1].ctypes.data),
        _pointer(outs[2].ctypes.data),
        _pointer(outs[3].ctypes.data),
    )
    _judge_people(_pointer(memory.ctypes.data), people, doses, observations, begin, end, wants, pointers, counts)
