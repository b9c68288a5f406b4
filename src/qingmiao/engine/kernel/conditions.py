"""Conditions and conditional skips (6.2, 7.1, 7.6)."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.layout import (
    AGE,
    C_BEFORE,
    C_BEGIN,
    C_COMPARE,
    C_COUNT,
    C_END,
    C_FOREIGN,
    C_GROUPS,
    C_INTERVAL,
    C_KIND,
    C_LEDGER,
    C_NEGATED,
    C_OBSERVATION,
    C_OWN,
    C_SCOPE,
    C_SEXES,
    C_START,
    C_WIDTH,
    COMPLETE,
    COMPLETE_LEDGER,
    COMPLETED_SERIES,
    COUNT,
    COUNT_LEDGER,
    COUNT_VALID,
    D_DAY,
    D_LEDGERS,
    D_VACCINE,
    D_WIDTH,
    E_STATUS,
    E_WIDTH,
    EQUAL,
    G_SERIES,
    G_SERIES_COUNT,
    G_WIDTH,
    GREATER,
    INTERVAL,
    K_ALL,
    K_CONTEXT,
    K_RULE,
    K_SET_COUNT,
    K_SETS,
    K_WIDTH,
    M_FIRST,
    M_LAST,
    M_WIDTH,
    OBSERVATION,
    Q_ALL,
    Q_CONDITION_COUNT,
    Q_CONDITIONS,
    Q_WIDTH,
    R_DOSE,
    R_LOCAL,
    R_WIDTH,
    S_ANTIGEN,
    S_GROUP,
    S_LEDGER,
    S_STATE,
    SEX,
    STATED_NO,
    STATED_UNKNOWN,
    T_SKIP_COUNT,
    T_SKIPS,
    VACCINE,
    VALID,
    W_ANTIGEN_COUNT,
    W_ANTIGENS,
    W_ASKED,
    W_DOSE,
    W_DOSE_COUNT,
    W_DOSES,
    W_EVALUATIONS,
    W_GIVEN,
    W_LEDGERS,
    W_OBSERVATIONS,
    W_PERSON,
    W_PREVIOUS,
    W_RECORDS,
    W_REFERENCE,
    W_RULE,
    W_SERIES,
    W_SEX,
    W_STATE,
    W_VACCINE_COUNT,
    Z_LAST,
    Z_PERSON,
    Z_STATUS,
)
from qingmiao.engine.kernel.memory import Memory, has_member, is_at_age, later


def has_observation(m: Memory, observation: int) -> bool:
    """Does the person have this observation? One stated as unknown is remembered as asked for."""
    stated = m[m[W_OBSERVATIONS] + observation]
    if stated == STATED_UNKNOWN:
        m[W_ASKED] = observation
    return stated > STATED_UNKNOWN and stated != STATED_NO


def end_of_earlier_doses(m: Memory) -> int:
    """Address behind the doses of the whole history that count as earlier: those before the dose, or all."""
    return m[W_DOSE] if m[W_DOSE] != 0 else m[W_DOSES] + m[W_DOSE_COUNT] * D_WIDTH


def first_dose(m: Memory, ledger: int) -> int:
    """Address of the first dose of the whole history, or of a ledger's first, if `ledger` is one."""
    return m[W_DOSES] if ledger < 0 else m[m[W_LEDGERS] + ledger * M_WIDTH + M_FIRST]


def end_of_doses(m: Memory, ledger: int) -> int:
    """Address behind the earlier doses, and behind a ledger's last; 0 where it has none."""
    if ledger < 0:
        return end_of_earlier_doses(m)
    span = m[W_LEDGERS] + ledger * M_WIDTH
    return 0 if m[span + M_FIRST] == 0 else min(end_of_earlier_doses(m), m[span + M_LAST] + D_WIDTH)


def is_countable(m: Memory, condition: int, day: int) -> bool:
    """Was a dose on `day` given inside the condition's ages and dates (CONDSKIP-1)?"""
    in_dates = m[condition + C_START] <= day < m[condition + C_BEFORE]
    return in_dates and is_at_age(m, condition + C_BEGIN, condition + C_END, day)


def conditional_doses_in_series(m: Memory, condition: int) -> int:
    """Doses of the antigen that the condition counts, by status in the series being walked."""
    own, only_valid, count = m[condition + C_OWN], m[condition + C_SCOPE] == COUNT_VALID, 0
    for index in range(m[W_PREVIOUS]):
        record = m[W_RECORDS] + index * R_WIDTH
        if only_valid and m[m[W_EVALUATIONS] + index * E_WIDTH + E_STATUS] != VALID:
            continue
        if own != 0 and not has_member(m, own, m[record + R_LOCAL]):
            continue
        if is_countable(m, condition, m[m[record + R_DOSE] + D_DAY]):
            count += 1
    return count


def was_any_given(m: Memory, vaccines: int) -> bool:
    """Is any vaccine of the bit set in the person's history?"""
    for word in range((m[W_VACCINE_COUNT] >> 5) + 1):  # noqa: SIM110 (a generator does not compile)
        if m[vaccines + word] & m[m[W_GIVEN] + word]:
            return True
    return False


def conditional_doses_in_history(m: Memory, condition: int) -> int:
    """Doses of the whole history that the condition counts: vaccine types of other antigens, or a ledger's."""
    foreign, ledger, count = m[condition + C_FOREIGN], m[condition + C_LEDGER], 0
    if foreign != 0 and not was_any_given(m, foreign):
        return 0
    for dose in range(first_dose(m, ledger), end_of_doses(m, ledger), D_WIDTH):
        if ledger >= 0 and (m[dose + D_LEDGERS] >> ledger) & 1 == 0:
            continue
        if foreign != 0 and not has_member(m, foreign, m[dose + D_VACCINE]):
            continue
        if is_countable(m, condition, m[dose + D_DAY]):
            count += 1
    return count


def number_of_conditional_doses(m: Memory, condition: int) -> int:
    """Number of conditional doses administered (CONDSKIP-1)."""
    if m[condition + C_SCOPE] == COUNT_LEDGER:
        return conditional_doses_in_history(m, condition)
    count = conditional_doses_in_series(m, condition)
    if m[condition + C_FOREIGN] != 0 and m[condition + C_SCOPE] != COUNT_VALID:
        count += conditional_doses_in_history(m, condition)
    return count


def is_count_met(m: Memory, condition: int) -> bool:
    """Table 6-9."""
    count, wanted = number_of_conditional_doses(m, condition), m[condition + C_COUNT]
    if m[condition + C_COMPARE] == GREATER:
        return count > wanted
    if m[condition + C_COMPARE] == EQUAL:
        return count == wanted
    return count < wanted


def is_of_person(m: Memory, state: int) -> bool:
    """Is the state the person's: is its series relevant?"""
    return m[state + Z_PERSON] == m[W_PERSON]


def is_complete(m: Memory, state: int) -> bool:
    """SELECTB-6, for any series."""
    return is_of_person(m, state) and m[state + Z_STATUS] == COMPLETE


def has_complete_series(m: Memory, groups: int) -> bool:
    """Does a series group named by the bits `groups` hold a complete relevant series (Table 6-7)?"""
    antigen = m[W_ANTIGENS] + m[m[W_SERIES] + S_ANTIGEN] * G_WIDTH
    for index in range(m[antigen + G_SERIES_COUNT]):
        series = m[m[antigen + G_SERIES] + index]
        is_named = (groups >> m[series + S_GROUP]) & 1 == 1
        if is_named and is_complete(m, m[series + S_STATE]):
            return True
    return False


def has_complete_ledger(m: Memory, ledger: int) -> bool:
    """Is any series that writes to `ledger` complete?"""
    for number in range(m[W_ANTIGEN_COUNT]):
        antigen = m[W_ANTIGENS] + number * G_WIDTH
        for index in range(m[antigen + G_SERIES_COUNT]):
            series = m[m[antigen + G_SERIES] + index]
            if m[series + S_LEDGER] == ledger and is_complete(m, m[series + S_STATE]):
                return True
    return False


def is_interval_met(m: Memory, condition: int) -> bool:
    """Table 6-8, from the immediate previous dose of the antigen, whatever its status (CALCDTSKIP-5)."""
    previous = m[m[W_STATE] + Z_LAST]
    return previous != NONE and m[W_REFERENCE] >= later(m, previous, condition + C_INTERVAL)


def answer(m: Memory, condition: int) -> bool:
    """The condition's own answer, before `negated`."""
    kind = m[condition + C_KIND]
    if kind == COUNT:
        return is_count_met(m, condition)
    if kind == AGE:
        return is_at_age(m, condition + C_BEGIN, condition + C_END, m[W_REFERENCE])
    if kind == OBSERVATION:
        return has_observation(m, m[condition + C_OBSERVATION])
    if kind == INTERVAL:
        return is_interval_met(m, condition)
    if kind == COMPLETED_SERIES:
        return has_complete_series(m, m[condition + C_GROUPS])
    if kind == COMPLETE_LEDGER:
        return has_complete_ledger(m, m[condition + C_LEDGER])
    if kind == VACCINE:
        return m[W_DOSE] != 0 and has_member(m, m[condition + C_FOREIGN], m[m[W_DOSE] + D_VACCINE])
    return kind == SEX and m[condition + C_SEXES] & m[W_SEX] != 0


def is_condition_met(m: Memory, condition: int) -> bool:
    """Is the condition met (Tables 6-6 to 6-9)?"""
    return answer(m, condition) != (m[condition + C_NEGATED] == 1)


def do_all_hold(m: Memory, conditions: int, count: int) -> bool:
    """Do all conditions of a list hold? An empty list does."""
    for index in range(count):  # noqa: SIM110 (a generator does not compile)
        if not is_condition_met(m, conditions + index * C_WIDTH):
            return False
    return True


def is_set_met(m: Memory, one: int) -> bool:
    """Table 6-10."""
    all_must_hold = m[one + Q_ALL] == 1
    for index in range(m[one + Q_CONDITION_COUNT]):
        met = is_condition_met(m, m[one + Q_CONDITIONS] + index * C_WIDTH)
        if met != all_must_hold:
            return met
    return all_must_hold


def does_instance_skip(m: Memory, skip: int) -> bool:
    """Table 6-11, over the sets in force."""
    all_must_hold = m[skip + K_ALL] == 1
    for index in range(m[skip + K_SET_COUNT]):
        met = is_set_met(m, m[skip + K_SETS] + index * Q_WIDTH)
        if met != all_must_hold:
            return met
    return all_must_hold


def can_target_dose_be_skipped(m: Memory, target: int, context: int) -> bool:
    """Does any conditional skip instance of this context skip the target dose?"""
    for index in range(m[target + T_SKIP_COUNT]):
        skip = m[target + T_SKIPS] + index * K_WIDTH
        if m[skip + K_CONTEXT] & context != 0 and does_instance_skip(m, skip):
            m[W_RULE] = m[skip + K_RULE]
            return True
    return False
