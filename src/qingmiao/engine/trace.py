"""Every question the kernel asks of a person, with its rule and its answer.

The kernel's functions are plain Python at the desk, so Python's own profiling hook sees each call and
return: nothing in the kernel knows that it is watched. A question stands above those that answer it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from types import CodeType, FrameType
from typing import Any, NamedTuple

from qingmiao.engine.calendar import NONE, day_of
from qingmiao.engine.compiled import kernel_functions
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.kernel.conditions import is_of_person
from qingmiao.engine.kernel.evaluate import current_target
from qingmiao.engine.reasons import EVALUATION_STATUS, FORECAST_REASON, SERIES_STATUS, reasons_of
from qingmiao.engine.tape import Tape

Locals = Mapping[str, Any]
_RULE_OF = {
    "interval": at.I_RULE,
    "age": at.A_RULE,
    "skip": at.K_RULE,
    "target": at.T_RULE,
    "series": at.S_RULE,
}
"""Where the record that a question is about keeps its rule, by the name of the record in the kernel."""
_UNRULED = ("judge_antigen", "prioritized_series", "evaluate_vaccine_conflict", "latest_conflict_end")
"""Questions about no single rule: those of selection, and of live vaccines against each other."""
_COUNTS = ("age_date", "later")
"""What counts from a day; the asking function holds the rule that states how far."""
_KINDS = {
    at.AGE: "age",
    at.COMPLETED_SERIES: "another series complete",
    at.INTERVAL: "time since the previous dose",
    at.COUNT: "number of doses",
    at.OBSERVATION: "observation",
    at.SEX: "sex",
    at.COMPLETE_LEDGER: "course complete",
    at.VACCINE: "vaccine of the dose",
}


class _Question(NamedTuple):
    """How a question is answered, from the tape, the asked function's locals and its answer; what it is about.

    `decides`: the function leaves the rule that decided in the frame; else the rule is that of what it is about.
    """

    answer: Callable[[Tape, Locals, Any], str]
    about: Callable[[Tape, Locals], str] = lambda _tape, _at: ""
    decides: bool = False


def _yes(_tape: Tape, _at: Locals, value: Any) -> str:
    return "yes" if value else "no"


def _day(_tape: Tape, _at: Locals, value: Any) -> str:
    found = day_of(value)
    return "none" if found is None else found.isoformat()


def _reasons(_tape: Tape, _at: Locals, value: Any) -> str:
    return ", ".join(words.code for words in reasons_of(value)) or "nothing against it"


def _number(_tape: Tape, _at: Locals, value: Any) -> str:
    return str(value)


def _span(m: Any, address: int) -> str:
    months, days = m[address], m[address + 1]
    if not months:
        return f"{days} days"
    return f"{months} months {days} days" if days else f"{months} months"


def _nth(names: Iterable[str], number: int) -> str:
    return next(islice(names, number, None))


def _to_birth(_tape: Tape, here: Locals) -> str:
    return _span(here["m"], here["span"])


def _to_day(_tape: Tape, here: Locals) -> str:
    return f"{day_of(here['day'])} + {_span(here['m'], here['span'])}"


def _observation(tape: Tape, here: Locals) -> str:
    return _nth(tape.observations, here["observation"])


def _kind(_tape: Tape, here: Locals) -> str:
    m, condition = here["m"], here["condition"]
    negated = "not " if m[condition + at.C_NEGATED] == 1 else ""
    return f"{negated}{_KINDS[m[condition + at.C_KIND]]}"


def _series(tape: Tape, here: Locals) -> str:
    name: str = tape.series[here["m"][here["series"] + at.S_INDEX]].name
    return name


def _vaccine_of_row(tape: Tape, here: Locals) -> str:
    return _nth(tape.vaccines, here["m"][here["row"] + at.P_VACCINE])


def _vaccine(tape: Tape, here: Locals) -> str:
    return _nth(tape.vaccines, here["vaccine"])


def _vaccine_found(tape: Tape, _at: Locals, value: Any) -> str:
    return _nth(tape.vaccines, value) if value >= 0 else "none"


def _target_found(_tape: Tape, here: Locals, value: Any) -> str:
    return f"number {here['m'][value + at.T_NUMBER]}" if value else "none left"


def _series_found(tape: Tape, here: Locals, value: Any) -> str:
    return _series(tape, {"m": here["m"], "series": value}) if value else "none"


def _dose(tape: Tape, here: Locals) -> str:
    m, dose = here["m"], here["dose"]
    return f"{_nth(tape.vaccines, m[dose + at.D_VACCINE])} on {day_of(m[dose + at.D_DAY])}"


def _dose_status(_tape: Tape, _at: Locals, value: Any) -> str:
    return EVALUATION_STATUS[value].code


def _antigen(tape: Tape, here: Locals) -> str:
    return _nth(tape.antigens, here["m"][here["antigen"] + at.G_INDEX])


def _standing(_tape: Tape, here: Locals, _value: Any) -> str:
    """Status and reason of a series: the one asked about, or the one at hand."""
    m = here["m"]
    state = m[here["series"] + at.S_STATE] if "series" in here else m[at.W_STATE]
    if not is_of_person(m, state):
        return SERIES_STATUS[at.NOT_RELEVANT].code
    reason = FORECAST_REASON[m[state + at.Z_REASON]].code
    return SERIES_STATUS[m[state + at.Z_STATUS]].code + (f" ({reason})" if reason else "")


def _next_dose(_tape: Tape, here: Locals, _value: Any) -> str:
    """Number and dates of the next dose of the series at hand."""
    m, state = here["m"], here["m"][at.W_STATE]
    if m[state + at.Z_STATUS] != at.NOT_COMPLETE:
        return "none"
    dates = {
        "earliest": at.Z_EARLIEST,
        "recommended": at.Z_RECOMMENDED,
        "past due": at.Z_PAST_DUE,
        "latest": at.Z_LATEST,
    }
    said = [f"{name} {day_of(m[state + field])}" for name, field in dates.items() if m[state + field] != NONE]
    return ", ".join([f"number {m[state + at.Z_NUMBER]}", *said])


_QUESTIONS = {
    "judge_antigen": _Question(lambda _tape, _at, _value: "judged", _antigen),
    "evaluate_and_forecast": _Question(_standing, _series),
    "is_relevant": _Question(_yes),
    "is_gender_required": _Question(_yes),
    "does_any_indication_apply": _Question(_yes),
    "has_observation": _Question(_yes, _observation),
    "is_condition_met": _Question(_yes, _kind),
    "number_of_conditional_doses": _Question(_number),
    "can_target_dose_be_skipped": _Question(_yes),
    "age_date": _Question(_day, _to_birth),
    "later": _Question(_day, _to_day),
    "evaluate_dose": _Question(_dose_status, _dose, decides=True),
    "target_after_skips": _Question(_target_found),
    "was_inadvertent": _Question(_yes),
    "evaluate_age": _Question(_reasons, decides=True),
    "evaluate_preferable_interval": _Question(_reasons, decides=True),
    "evaluate_allowable_interval": _Question(_yes),
    "reference_dose_date": _Question(_day),
    "evaluate_preferable_vaccine": _Question(_reasons),
    "evaluate_allowable_vaccine": _Question(_yes),
    "evaluate_vaccine_conflict": _Question(_yes),
    "forecast_series": _Question(_standing, decides=True),
    "determine_forecast_need": _Question(_yes),
    "has_evidence_of_immunity": _Question(_yes),
    "is_contraindicated": _Question(_yes),
    "is_antigen_contraindicated": _Question(_yes),
    "is_vaccine_contraindicated": _Question(_yes, _vaccine),
    "candidate_earliest_date": _Question(_day, decides=True),
    "latest_minimum_interval_date": _Question(_day),
    "latest_conflict_end": _Question(_day),
    "validate_recommendation": _Question(_yes),
    "is_scorable": _Question(_yes, _series),
    "is_completable": _Question(_yes, _series),
    "prioritized_series": _Question(_series_found),
    "is_best": _Question(_yes, _series),
    "detail_forecast": _Question(_next_dose, _series),
    "latest_recommended_age_date": _Question(_day),
    "is_priority_forecast": _Question(_yes),
    "first_recommended_vaccine": _Question(_vaccine_found),
    "is_recommended_vaccine": _Question(_yes, _vaccine_of_row),
}
_TITLES = {
    "judge_antigen": "ANTIGEN",
    "evaluate_and_forecast": "SERIES",
    "evaluate_dose": "DOSE",
    "detail_forecast": "NEXT DOSE",
    "age_date": "birth +",
    "later": "day",
    "is_condition_met": "condition met,",
}


class _Watch:
    """The hook: keeps a line for each question from its call, writes it at its return, says all when none is open."""

    def __init__(self, tape: Tape, say: Callable[[str], None]) -> None:
        self.tape, self.say = tape, say
        functions = [f for f in kernel_functions() if f.__name__ in _QUESTIONS]
        self.names: dict[CodeType, str] = {f.__code__: f.__name__ for f in functions}
        self.lines: list[str] = []
        self.open: list[tuple[int, int]] = []  # place of the line, and number of the rule asked about

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        name = self.names.get(frame.f_code)
        if name is None or event not in ("call", "return"):
            return
        if event == "call":
            self.open.append((len(self.lines), self._rule(name, frame)))
            self.lines.append("")
            return
        place, rule = self.open.pop()
        self.lines[place] = self._line(name, frame.f_locals, value, rule)
        if not self.open:
            for line in filter(None, self.lines):
                self.say(line)
            self.lines.clear()

    def _rule(self, name: str, frame: FrameType) -> int:
        """The rule of what is asked about; where nothing in it has one, that of the question it helps to answer."""
        if name in _UNRULED:
            return -1
        here = dict(frame.f_locals)
        m = here["m"]
        if name in _COUNTS and frame.f_back:
            here |= frame.f_back.f_locals
        if m[at.W_DOSE] and "series" not in here:
            here.setdefault("target", current_target(m, m[m[at.W_DOSE] + at.D_SETTING]))
        for record, field in _RULE_OF.items():
            if here.get(record):
                return int(m[here[record] + field])
        return self.open[-1][1] if self.open else -1

    def _line(self, name: str, here: Locals, value: Any, rule: int) -> str:
        """The question, what it is about, the answer and the rule; nothing of a span that the rule does not state."""
        if name in _COUNTS and value == NONE:
            return ""
        question, rules = _QUESTIONS[name], self.tape.rules
        title = _TITLES.get(name, name.replace("_", " "))
        about = question.about(self.tape, here)
        put = f"{title} {about}" if about else title
        number = here["m"][at.W_RULE] if question.decides else rule
        source = f"  [{rules[number].rule_id}]" if 0 <= number < len(rules) else ""
        return f"{'  ' * len(self.open)}{put}: {question.answer(self.tape, here, value)}{source}"


@contextmanager
def traced(tape: Tape, say: Callable[[str], None]) -> Iterator[None]:
    """While the block runs, `say` every question the plain kernel asks in this thread."""
    before = sys.getprofile()
    sys.setprofile(_Watch(tape, say))
    try:
        yield
    finally:
        sys.setprofile(before)
