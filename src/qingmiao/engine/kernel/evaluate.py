"""Evaluation of a dose against a target dose, and of a history against a series (4.4, chapter 6)."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.conditions import (
    can_target_dose_be_skipped,
    do_all_hold,
)
from qingmiao.engine.kernel.intervals import is_interval_asked, reference_dose_date
from qingmiao.engine.kernel.layout import (
    A_ABSOLUTE,
    A_MAXIMUM,
    A_MINIMUM,
    A_RULE,
    A_WHEN,
    A_WHEN_COUNT,
    A_WIDTH,
    AGE_GRACE,
    ALLOWABLE_INTERVAL,
    ALLOWABLE_VACCINE,
    CONFLICT,
    D_DAY,
    D_EARLIER_LIVE,
    D_LEDGERS,
    D_LIVE,
    D_MAKER,
    D_SETTING,
    D_STATUS,
    D_TRADE_NAME,
    D_UNFIT,
    D_VOLUME,
    E_NUMBER,
    E_REASONS,
    E_RULE,
    E_STATUS,
    E_WIDTH,
    EVERY_QUESTION,
    EXTRANEOUS,
    F_BEGIN,
    F_END,
    F_SHORT,
    I_ABSOLUTE,
    I_MINIMUM,
    I_RULE,
    I_WIDTH,
    IN_EVALUATION,
    INADVERTENT,
    INTERVAL_GRACE,
    LOW_VOLUME,
    M_FIRST,
    M_LAST,
    M_WIDTH,
    NOT_PREFERABLE_OR_ALLOWABLE,
    NOT_VALID,
    NOTHING,
    OUTSIDE_VACCINE_AGES,
    P_BEGIN,
    P_END,
    P_MAKER,
    P_RULE,
    P_TRADE_NAME,
    P_VOLUME,
    P_WHEN,
    P_WHEN_COUNT,
    P_WIDTH,
    PASSED_OVER,
    R_DOSE,
    R_LOCAL,
    R_WIDTH,
    S_LEDGER,
    S_RULE,
    S_TARGET_COUNT,
    S_TARGETS,
    S_VACCINES,
    SERIES_COMPLETE,
    SUBSTANDARD,
    T_AGE_COUNT,
    T_AGES,
    T_BY_VACCINE,
    T_INTERVAL_COUNT,
    T_INTERVALS,
    T_NUMBER,
    T_RECURRING,
    T_RULE,
    T_SEASON_START,
    T_SKIP_COUNT,
    TOO_OLD,
    TOO_SOON,
    TOO_YOUNG,
    U_ALLOWABLE,
    U_ALLOWABLE_COUNT,
    U_ALLOWABLE_VACCINE_COUNT,
    U_INADVERTENT_COUNT,
    U_PLAIN_BEFORE,
    U_PLAIN_FROM,
    U_PLAIN_GAP,
    U_PLAIN_TARGET,
    U_PLAIN_TARGET_GAP,
    U_PREFERABLE_COUNT,
    U_ROWS,
    VALID,
    W_BORN,
    W_CONFLICTS,
    W_DOSE,
    W_EVALUATIONS,
    W_EXTRA_KEEPS_TARGET,
    W_IS_WATCHED,
    W_LEDGERS,
    W_LIVE_COUNT,
    W_LONGEST_CONFLICT,
    W_NUMBER_BY_COUNT,
    W_OBSERVATION_COUNT,
    W_PREVIOUS,
    W_RECORD_COUNT,
    W_RECORDS,
    W_REFERENCE,
    W_RULE,
    W_SERIES,
    W_STATE,
    W_WANTS,
    WRONG_TRADE_NAME,
    Z_ALL_VALID,
    Z_COUNTS_FROM,
    Z_FIRST_VALID,
    Z_JUDGED,
    Z_LAST,
    Z_LAST_INADVERTENT,
    Z_SATISFIED,
    Z_SATISFIED_COUNTED,
    Z_SATISFIED_ON,
    Z_TARGET,
)
from qingmiao.engine.kernel.memory import Memory, age_date, has_member, is_at_age, later

INVALIDATING = TOO_YOUNG | TOO_SOON | CONFLICT | NOT_PREFERABLE_OR_ALLOWABLE


def relevant_age(m: Memory, asked: int) -> int:
    """The first age row in force that is asked of the person, 0 if none (3.3).

    `asked`: a target dose in forecasting, what it asks of the dose's vaccine in evaluation.
    """
    for index in range(m[asked + T_AGE_COUNT]):
        age = m[asked + T_AGES] + index * A_WIDTH
        if m[age + A_WHEN_COUNT] == 0 or do_all_hold(m, m[age + A_WHEN], m[age + A_WHEN_COUNT]):
            return age
    return 0


def evaluate_age(m: Memory, dose: int, asked: int) -> int:
    """6.4: reasons; TOO_YOUNG and TOO_OLD mean the age is not valid (Table 6-15)."""
    age = relevant_age(m, asked)
    if age == 0:
        return 0
    day = m[dose + D_DAY]
    if m[age + A_ABSOLUTE] != NONE and day < age_date(m, age + A_ABSOLUTE):
        m[W_RULE] = m[age + A_RULE]
        return TOO_YOUNG
    if m[age + A_MAXIMUM] != NONE and day >= age_date(m, age + A_MAXIMUM):
        m[W_RULE] = m[age + A_RULE]
        return TOO_OLD
    if m[age + A_MINIMUM] != NONE and day < age_date(m, age + A_MINIMUM):
        return AGE_GRACE
    return 0


def evaluate_preferable_interval(m: Memory, dose: int, asked: int) -> int:
    """6.5: TOO_SOON if any interval in force fails its absolute minimum (Table 6-18)."""
    reasons, day = 0, m[dose + D_DAY]
    for index in range(m[asked + T_INTERVAL_COUNT]):
        interval = m[asked + T_INTERVALS] + index * I_WIDTH
        if not is_interval_asked(m, interval):
            continue
        reference = reference_dose_date(m, interval)
        if reference == NONE:
            continue
        if day < later(m, reference, interval + I_ABSOLUTE):
            m[W_RULE] = m[interval + I_RULE]
            reasons |= TOO_SOON
        elif day < later(m, reference, interval + I_MINIMUM):
            reasons |= INTERVAL_GRACE
    return reasons


def evaluate_allowable_interval(m: Memory, dose: int, asked: int) -> bool:
    """6.6: do all allowable intervals in force hold? Without one the answer is no."""
    has_one, day = False, m[dose + D_DAY]
    for index in range(m[asked + U_ALLOWABLE_COUNT]):
        interval = m[asked + U_ALLOWABLE] + index * I_WIDTH
        if not is_interval_asked(m, interval):
            continue
        has_one = True
        reference = reference_dose_date(m, interval)
        if reference != NONE and day < later(m, reference, interval + I_ABSOLUTE):
            return False
    return has_one


def evaluate_interval(m: Memory, dose: int, asked: int) -> int:
    """6.5 and, where that fails, 6.6: TOO_SOON if neither holds."""
    reasons = evaluate_preferable_interval(m, dose, asked)
    if reasons & TOO_SOON and evaluate_allowable_interval(m, dose, asked):
        return reasons & ~TOO_SOON | ALLOWABLE_INTERVAL
    return reasons


def evaluate_vaccine_conflict(m: Memory, dose: int) -> bool:
    """6.7: is the dose impacted by an earlier dose of the whole history (CONFLICT-3)?"""
    live = m[dose + D_LIVE]
    if live < 0:
        return False
    day, other = m[dose + D_DAY], m[dose + D_EARLIER_LIVE]
    while other != 0 and day - m[other + D_DAY] < m[W_LONGEST_CONFLICT]:
        conflict = m[m[W_CONFLICTS] + m[other + D_LIVE] * m[W_LIVE_COUNT] + live]
        if conflict != 0 and day >= later(m, m[other + D_DAY], conflict + F_BEGIN):
            is_short = m[other + D_STATUS] == PASSED_OVER or m[other + D_STATUS] == VALID  # CALCDTCONFLICT-2
            if day < later(m, m[other + D_DAY], conflict + (F_SHORT if is_short else F_END)):
                return True
        other = m[other + D_EARLIER_LIVE]
    return False


def is_vaccine_row_asked(m: Memory, row: int) -> bool:
    """Is the vaccine row, which is in force, asked of the person?"""
    return m[row + P_WHEN_COUNT] == 0 or do_all_hold(m, m[row + P_WHEN], m[row + P_WHEN_COUNT])


def same_if_stated(one: int, other: int) -> bool:
    """Equal, or missing on either side: a name constrains only where both state it."""
    return one < 0 or other < 0 or one == other


def was_inadvertent(m: Memory, asked: int) -> bool:
    """6.3: is the vaccine one of the inadvertent vaccines of the target dose?"""
    for index in range(m[asked + U_INADVERTENT_COUNT]):
        row = m[asked + U_ROWS] + index * P_WIDTH
        if is_vaccine_row_asked(m, row):
            m[W_RULE] = m[row + P_RULE]
            return True
    return False


def evaluate_preferable_vaccine(m: Memory, dose: int, asked: int) -> int:
    """6.8: 0 or LOW_VOLUME if a preferable vaccine row fits, else why the last one did not."""
    reasons = NOT_PREFERABLE_OR_ALLOWABLE
    first = m[asked + U_ROWS] + m[asked + U_INADVERTENT_COUNT] * P_WIDTH
    for index in range(m[asked + U_PREFERABLE_COUNT]):
        row = first + index * P_WIDTH
        if not is_vaccine_row_asked(m, row):
            continue
        if not is_at_age(m, row + P_BEGIN, row + P_END, m[dose + D_DAY]):
            reasons |= OUTSIDE_VACCINE_AGES
            continue
        same_trade = same_if_stated(m[row + P_TRADE_NAME], m[dose + D_TRADE_NAME])
        if not same_trade or not same_if_stated(m[row + P_MAKER], m[dose + D_MAKER]):
            reasons |= WRONG_TRADE_NAME
            continue
        return LOW_VOLUME if 0 <= m[dose + D_VOLUME] < m[row + P_VOLUME] else 0
    return reasons


def evaluate_allowable_vaccine(m: Memory, dose: int, asked: int) -> bool:
    """6.9: does an allowable vaccine row fit?"""
    first = m[asked + U_INADVERTENT_COUNT] + m[asked + U_PREFERABLE_COUNT]
    for index in range(first, first + m[asked + U_ALLOWABLE_VACCINE_COUNT]):
        row = m[asked + U_ROWS] + index * P_WIDTH
        if is_vaccine_row_asked(m, row) and is_at_age(m, row + P_BEGIN, row + P_END, m[dose + D_DAY]):
            return True
    return False


def evaluate_vaccine(m: Memory, dose: int, asked: int) -> int:
    """6.8 and 6.9: NOT_PREFERABLE_OR_ALLOWABLE if neither holds."""
    reasons = evaluate_preferable_vaccine(m, dose, asked)
    if reasons & NOT_PREFERABLE_OR_ALLOWABLE and evaluate_allowable_vaccine(m, dose, asked):
        return ALLOWABLE_VACCINE
    return reasons


def reasons_against_target(m: Memory, dose: int, target: int, asked: int) -> int:
    """6.3 to 6.9, question by question; `asked`: what the target dose asks of the dose's vaccine.

    `W_RULE` is left at the rule of the first question that failed, in the order of Table 6-31.
    """
    if was_inadvertent(m, asked):
        return INADVERTENT
    m[W_RULE] = m[target + T_RULE]
    age = evaluate_age(m, dose, asked)
    first = m[W_RULE]
    interval = evaluate_interval(m, dose, asked)
    if age & (TOO_YOUNG | TOO_OLD):
        m[W_RULE] = first
    elif interval & TOO_SOON == 0:
        m[W_RULE] = m[target + T_RULE]
    reasons = age | interval | evaluate_vaccine(m, dose, asked)
    return reasons | CONFLICT if evaluate_vaccine_conflict(m, dose) else reasons


def may_conflict(m: Memory, dose: int) -> bool:
    """Is the dose live, and another one near enough before it?"""
    other = m[dose + D_EARLIER_LIVE]
    return m[dose + D_LIVE] >= 0 and other != 0 and m[dose + D_DAY] - m[other + D_DAY] < m[W_LONGEST_CONFLICT]


def is_plainly_valid(m: Memory, dose: int, asked: int) -> bool:
    """Is the dose inside the bounds within which all of 6.3 to 6.9 holds, without a grace period?"""
    if m[W_WANTS] & EVERY_QUESTION or m[W_OBSERVATION_COUNT] > 0 or m[W_IS_WATCHED] == 1 or may_conflict(m, dose):
        return False
    day, state = m[dose + D_DAY], m[W_STATE]
    satisfied_on = state + Z_SATISFIED_ON + m[asked + U_PLAIN_TARGET]
    return (
        m[asked + U_PLAIN_FROM] <= day - m[W_BORN] < m[asked + U_PLAIN_BEFORE]
        and day - m[state + Z_COUNTS_FROM] >= m[asked + U_PLAIN_GAP]  # none: long ago
        and day - m[satisfied_on] >= m[asked + U_PLAIN_TARGET_GAP]
    )


def reasons_to_give(m: Memory, dose: int, target: int, local: int) -> int:
    """6.3 to 6.9: everything that is to be said of the dose against the target dose; 0 if it is plainly valid."""
    asked = m[target + T_BY_VACCINE + local]
    if is_plainly_valid(m, dose, asked):
        m[W_RULE] = m[target + T_RULE]
        return 0
    return reasons_against_target(m, dose, target, asked)


def status_of(reasons: int) -> int:
    """6.10: the evaluation status that the reasons make (Table 6-31, first column that fits)."""
    if reasons & INADVERTENT:
        return NOT_VALID
    if reasons & TOO_OLD:
        return EXTRANEOUS
    return NOT_VALID if reasons & INVALIDATING else VALID


def write_evaluation(m: Memory, evaluation: int, status: int, reasons: int, number: int) -> None:
    """Write one evaluation; the rule is the frame's."""
    m[evaluation + E_STATUS] = status
    m[evaluation + E_REASONS] = reasons
    m[evaluation + E_NUMBER] = number
    m[evaluation + E_RULE] = m[W_RULE]


def pass_target_dose(m: Memory) -> None:
    """The next target dose comes up."""
    state = m[W_STATE]
    m[state + Z_TARGET] += 1
    m[state + Z_SATISFIED_ON + m[state + Z_TARGET]] = NONE


def enter(m: Memory, dose: int, ledger: int) -> None:
    """Write the dose into the ledger: valid in one of its series."""
    span = m[W_LEDGERS] + ledger * M_WIDTH
    m[dose + D_LEDGERS] |= 1 << ledger
    if m[span + M_FIRST] == 0:
        m[span + M_FIRST] = m[span + M_LAST] = dose
    m[span + M_FIRST] = min(m[span + M_FIRST], dose)
    m[span + M_LAST] = max(m[span + M_LAST], dose)


def satisfy_target_dose(m: Memory, dose: int, target: int) -> None:
    """The dose was valid: the target is satisfied, and the next one comes up (4.4, steps 5 and 6)."""
    state, day, ledger = m[W_STATE], m[dose + D_DAY], m[m[W_SERIES] + S_LEDGER]
    m[state + Z_SATISFIED] += 1
    if m[target + T_NUMBER] > 0 and day >= m[target + T_SEASON_START]:  # FORECASTDN-1
        m[state + Z_SATISFIED_COUNTED] += 1
    m[state + Z_SATISFIED_ON + m[state + Z_TARGET]] = day
    if m[state + Z_FIRST_VALID] == NONE:
        m[state + Z_FIRST_VALID] = day
    if ledger >= 0:
        enter(m, dose, ledger)
    if m[target + T_RECURRING] == 0:
        pass_target_dose(m)


def is_none_left(m: Memory) -> bool:
    """Is the last target dose of the series behind it?"""
    return m[m[W_STATE] + Z_TARGET] >= m[m[W_SERIES] + S_TARGET_COUNT]


def current_target(m: Memory, setting: int) -> int:
    """Address of the target dose at hand, NOTHING when none is left."""
    series, position = m[W_SERIES], m[m[W_STATE] + Z_TARGET]
    return NOTHING if position >= m[series + S_TARGET_COUNT] else target_at(m, series, position, setting)


def target_at(m: Memory, series: int, position: int, setting: int) -> int:
    """Address of the series' target dose at `position`, as it is in the setting."""
    return m[m[series + S_TARGETS] + setting * m[series + S_TARGET_COUNT] + position]


def target_after_skips(m: Memory, setting: int, context: int) -> int:
    """6.2, 7.1: the target dose at hand after all that can be skipped on the reference date, or NOTHING."""
    target = current_target(m, setting)
    while target != NOTHING and m[target + T_SKIP_COUNT] > 0 and can_target_dose_be_skipped(m, target, context):
        pass_target_dose(m)
        target = current_target(m, setting)
    return target


def evaluate_dose(m: Memory, dose: int, local: int, evaluation: int) -> int:
    """Chapter 6 for one antigen administered record; returns its evaluation status."""
    state = m[W_STATE]
    m[W_DOSE] = dose
    m[W_RULE] = m[m[W_SERIES] + S_RULE]
    m[W_REFERENCE] = m[dose + D_DAY]
    unfit = m[dose + D_UNFIT]  # 6.1
    if unfit != 0 and not is_none_left(m):
        write_evaluation(m, evaluation, SUBSTANDARD, unfit, 0)
        m[state + Z_ALL_VALID] = 0
        return SUBSTANDARD
    at_hand = m[state + Z_TARGET]
    target = target_after_skips(m, m[dose + D_SETTING], IN_EVALUATION)
    if target == NOTHING:
        if m[W_EXTRA_KEEPS_TARGET] == 1:
            m[state + Z_TARGET] = at_hand
        write_evaluation(m, evaluation, EXTRANEOUS, SERIES_COMPLETE, 0)
        return EXTRANEOUS
    reasons = reasons_to_give(m, dose, target, local)
    status = status_of(reasons)
    write_evaluation(m, evaluation, status, reasons, m[target + T_NUMBER])
    if status == VALID:
        satisfy_target_dose(m, dose, target)
        if m[W_NUMBER_BY_COUNT] == 1 and m[target + T_NUMBER] > 0:
            m[evaluation + E_NUMBER] = m[state + Z_SATISFIED_COUNTED]
    else:
        m[state + Z_ALL_VALID] = 0
    if reasons & INADVERTENT:
        m[state + Z_LAST_INADVERTENT] = m[dose + D_DAY]
    elif status != EXTRANEOUS:
        m[state + Z_COUNTS_FROM] = m[dose + D_DAY]
    return status


def evaluate_immunization_history(m: Memory) -> None:
    """4.4: walk the antigen administered records against the series' target doses."""
    state, taken = m[W_STATE], m[m[W_SERIES] + S_VACCINES]  # a series may name the vaccines it takes; 0: all
    records, evaluations, has_live = m[W_RECORDS], m[W_EVALUATIONS], False
    for index in range(m[W_RECORD_COUNT]):
        dose, local = m[records + index * R_WIDTH + R_DOSE], m[records + index * R_WIDTH + R_LOCAL]
        evaluation = evaluations + index * E_WIDTH
        m[W_PREVIOUS] = index
        if taken == 0 or has_member(m, taken, local) or is_none_left(m):
            status = evaluate_dose(m, dose, local, evaluation)
            m[state + Z_JUDGED] += 1
            m[state + Z_LAST] = m[dose + D_DAY]
            if m[dose + D_LIVE] >= 0:
                m[dose + D_STATUS] = status
                has_live = True
        else:
            m[W_RULE] = m[m[W_SERIES] + S_RULE]
            write_evaluation(m, evaluation, PASSED_OVER, 0, 0)
    if has_live:  # other antigens' series see no status of this one
        for index in range(m[W_RECORD_COUNT]):
            m[m[records + index * R_WIDTH + R_DOSE] + D_STATUS] = PASSED_OVER
