"""Every question the kernel asks of a person, with its rule and its answer, while it asks.

The kernel's functions are plain Python at the desk, so Python's own profiling hook sees each call and
return: nothing in the kernel knows that it is watched.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from qingmiao.engine.calendar import day_of
from qingmiao.engine.compiled import kernel_functions
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.reasons import SERIES_STATUS, reasons_of
from qingmiao.engine.tape import Tape

_DATES = ("_date", "day_of_", "previous_dose_day", "latest_", "later", "earlier_of")
_REASONS = ("evaluate_age", "evaluate_interval", "evaluate_preferable_interval", "evaluate_vaccine", "reasons_against")
_QUIET = {
    "later",
    "age_date",
    "has_member",
    "is_in_force",
    "state_of",
    "member",
    "plus",
    "plus_months",
    "same_if_stated",
}


def _answer(name: str, value: Any) -> str:
    """The answer of a question in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if any(part in name for part in _REASONS):
        return ", ".join(words.code for words in reasons_of(value)) or "nothing against it"
    if any(part in name for part in _DATES):
        day = day_of(value)
        return "none" if day is None else day.isoformat()
    return str(value)


class _Watch:
    def __init__(self, tape: Tape, say: Callable[[str], None]) -> None:
        self.tape, self.say, self.depth = tape, say, 0
        functions = [f for f in kernel_functions() if "kernel" in f.__module__ and f.__name__ not in _QUIET]
        self.codes: dict[CodeType, str] = {f.__code__: f.__name__ for f in functions}

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        name = self.codes.get(frame.f_code)
        if name is None or event not in ("call", "return"):
            return
        if event == "call":
            self._called(name, frame)
            self.depth += 1
            return
        self.depth -= 1
        if value is not None:
            self.say(f"{'  ' * self.depth}{name.replace('_', ' ')}: {_answer(name, value)}{self._rule(frame)}")

    def _called(self, name: str, frame: FrameType) -> None:
        m = frame.f_locals.get("m")
        if name == "evaluate_and_forecast" and m is not None:
            series = self.tape.series[m[frame.f_locals["series"] + at.S_INDEX]]
            self.say(f"{'  ' * self.depth}SERIES {series.vaccine_group}: {series.name}")
        if name == "evaluate_dose" and m is not None:
            dose = m[frame.f_locals["record"] + at.R_DOSE]
            code = list(self.tape.vaccines)[m[dose + at.D_VACCINE]]
            self.say(f"{'  ' * self.depth}DOSE {code} on {day_of(m[dose + at.D_DAY])}")

    def _rule(self, frame: FrameType) -> str:
        m = frame.f_locals.get("m")
        if m is None or not 0 <= m[at.W_RULE] < len(self.tape.rules):
            return ""
        status = ""
        if frame.f_code.co_name == "forecast_series":
            status = f" {SERIES_STATUS[m[m[at.W_STATE] + at.Z_STATUS]].code}"
        return f"{status}  [{self.tape.rules[m[at.W_RULE]].rule_id}]"


@contextmanager
def traced(tape: Tape, say: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, `say` every question the plain kernel asks in this thread."""
    before = sys.getprofile()
    sys.setprofile(_Watch(tape, say))
    try:
        yield
    finally:
        sys.setprofile(before)
