"""The day that an interval counts from (CALCDTINT-1, 2, 8, 9), in evaluation and in forecasting."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.conditions import (
    do_all_hold,
    end_of_doses,
    end_of_earlier_doses,
    first_dose,
    was_any_given,
)
from qingmiao.engine.kernel.layout import (
    D_DAY,
    D_LEDGERS,
    D_VACCINE,
    D_WIDTH,
    E_REASONS,
    E_WIDTH,
    FROM_LEDGER,
    FROM_MOST_RECENT,
    FROM_OBSERVATION,
    FROM_PREVIOUS,
    FROM_TARGET,
    I_FOREIGN,
    I_FROM,
    I_LEDGER,
    I_OBSERVATION,
    I_ONLY_AFTER,
    I_OWN,
    I_TARGET,
    I_WHEN,
    I_WHEN_COUNT,
    INADVERTENT,
    R_DOSE,
    R_LOCAL,
    R_WIDTH,
    UNDATED,
    W_DOSE,
    W_DOSES,
    W_EVALUATIONS,
    W_OBSERVATIONS,
    W_ON,
    W_PREVIOUS,
    W_RECORDS,
    W_STATE,
    Z_COUNTS_FROM,
    Z_SATISFIED_ON,
    Z_TARGET,
)
from qingmiao.engine.kernel.memory import Memory, has_member


def is_interval_asked(m: Memory, interval: int) -> bool:
    """Is the interval, which is in force, asked of the person?"""
    return m[interval + I_WHEN_COUNT] == 0 or do_all_hold(m, m[interval + I_WHEN], m[interval + I_WHEN_COUNT])


def day_of_satisfied_target(m: Memory, number: int) -> int:
    """CALCDTINT-2: day of the dose that last satisfied target dose `number` of the series."""
    state = m[W_STATE]
    return m[state + Z_SATISFIED_ON + number - 1] if number <= m[state + Z_TARGET] + 1 else NONE


def day_of_most_recent(m: Memory, interval: int) -> int:
    """CALCDTINT-8: the most recent earlier dose of the interval's vaccine types, not inadvertent."""
    found = NONE
    for index in range(m[W_PREVIOUS]):
        record = m[W_RECORDS] + index * R_WIDTH
        is_inadvertent = m[m[W_EVALUATIONS] + index * E_WIDTH + E_REASONS] & INADVERTENT != 0
        if not is_inadvertent and has_member(m, m[interval + I_OWN], m[record + R_LOCAL]):
            found = max(found, m[m[record + R_DOSE] + D_DAY])
    if m[interval + I_FOREIGN] != 0 and was_any_given(m, m[interval + I_FOREIGN]):
        for dose in range(m[W_DOSES], end_of_earlier_doses(m), D_WIDTH):
            if has_member(m, m[interval + I_FOREIGN], m[dose + D_VACCINE]):
                found = max(found, m[dose + D_DAY])
    return found


def anchor_date(m: Memory) -> int:
    """Day of the dose in evaluation, assessment day in forecasting (3.3)."""
    return m[W_ON] if m[W_DOSE] == 0 else m[m[W_DOSE] + D_DAY]


def day_of_observation(m: Memory, interval: int) -> int:
    """CALCDTINT-9: the date of the most recent active observation; NONE without a date."""
    stated = m[m[W_OBSERVATIONS] + m[interval + I_OBSERVATION]]
    if stated <= UNDATED or (m[interval + I_ONLY_AFTER] == 1 and stated > anchor_date(m)):
        return NONE
    return stated


def day_in_ledger(m: Memory, interval: int) -> int:
    """Day of the wanted dose among the earlier ones Valid in the interval's ledger (0: the latest)."""
    ordinal, found, ledger = 0, NONE, m[interval + I_LEDGER]
    for dose in range(first_dose(m, ledger), end_of_doses(m, ledger), D_WIDTH):
        if (m[dose + D_LEDGERS] >> ledger) & 1 == 1:
            ordinal += 1
            found = m[dose + D_DAY]
            if ordinal == m[interval + I_TARGET]:
                return found
    return found if m[interval + I_TARGET] == 0 else NONE


def reference_dose_date(m: Memory, interval: int) -> int:
    """The day an interval counts from; NONE if there is none."""
    counts_from = m[interval + I_FROM]
    if counts_from == FROM_PREVIOUS:
        return m[m[W_STATE] + Z_COUNTS_FROM]
    if counts_from == FROM_TARGET:
        return day_of_satisfied_target(m, m[interval + I_TARGET])
    if counts_from == FROM_MOST_RECENT:
        return day_of_most_recent(m, interval)
    if counts_from == FROM_OBSERVATION:
        return day_of_observation(m, interval)
    return day_in_ledger(m, interval) if counts_from == FROM_LEDGER else NONE
