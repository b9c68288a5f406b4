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

for _function in kernel_functions():
    register_jitable(_function)
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
