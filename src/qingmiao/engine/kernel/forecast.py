"""Forecast of a series: immunity, contraindications, need, dates and products (chapter 7)."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.conditions import can_target_dose_be_skipped, has_observation
from qingmiao.engine.kernel.evaluate import (
    current_target,
    is_vaccine_row_asked,
    pass_target_dose,
    relevant_age,
    target_after_skips,
    target_at,
)
from qingmiao.engine.kernel.intervals import is_interval_asked, reference_dose_date
from qingmiao.engine.kernel.layout import (
    A_MAXIMUM,
    A_MINIMUM,
    A_OVERDUE,
    A_OVERDUE_HOURS,
    A_RECOMMENDED,
    A_RULE,
    AGED_OUT,
    B_BEFORE,
    B_COUNTRY,
    B_EXCLUSION_COUNT,
    B_EXCLUSIONS,
    B_WIDTH,
    COMPLETE,
    CONTRAINDICATED,
    D_DAY,
    D_EARLIER_LIVE,
    D_LIVE,
    EXCEEDED_MAXIMUM_AGE,
    G_BIRTH_COUNT,
    G_BIRTHS,
    G_CONTRAINDICATION_COUNT,
    G_CONTRAINDICATIONS,
    G_IMMUNE,
    G_IMMUNE_COUNT,
    G_INDEX,
    G_WIDTH,
    HAS_CONTRAINDICATION,
    HAS_IMMUNITY,
    I_MINIMUM,
    I_OVERDUE,
    I_PRIORITY,
    I_RECOMMENDED,
    I_RULE,
    I_WIDTH,
    IMMUNE,
    IN_FORECAST,
    NO_REASON,
    NOT_COMPLETE,
    NOT_RECOMMENDED,
    NOTHING,
    P_BEGIN,
    P_END,
    P_FORECAST,
    P_VACCINE,
    P_WIDTH,
    PAST_HISTORY,
    PAST_SEASON,
    S_ANTIGEN,
    S_STATE,
    S_TARGET_COUNT,
    SERIES_IS_COMPLETE,
    T_CONFLICTS,
    T_INTERVAL_COUNT,
    T_INTERVALS,
    T_PREFERABLE,
    T_PREFERABLE_COUNT,
    T_RULE,
    T_SEASON_END,
    T_SEASON_START,
    T_SKIP_COUNT,
    UNABLE_TO_FINISH,
    W_ALL_RECORDS,
    W_ANTIGENS,
    W_ASKED,
    W_BORN,
    W_BORN_MINUTE,
    W_COUNTRY,
    W_DOSE,
    W_EVALUATIONS,
    W_LAST_LIVE,
    W_LONGEST_CONFLICT,
    W_OBSERVATION_COUNT,
    W_ON,
    W_ON_SETTING,
    W_PAST_DUE_FROM_EARLIEST,
    W_PAST_DUE_OFFSET_DAYS,
    W_PREVIOUS,
    W_PRODUCT_COUNT,
    W_PRODUCTS,
    W_RECORD_COUNT,
    W_RECORD_COUNTS,
    W_RECORD_SPACE,
    W_RECORDS,
    W_REFERENCE,
    W_REPEAT_AFTER_DAYS,
    W_RULE,
    W_SAME_VISIT_IS_FREE,
    W_SERIES,
    W_STATE,
    X_BEGIN,
    X_END,
    X_OBSERVATION,
    X_VACCINE_COUNT,
    X_VACCINES,
    X_WIDTH,
    Z_ASKED,
    Z_EARLIEST,
    Z_EVALUATIONS,
    Z_LAST,
    Z_LAST_INADVERTENT,
    Z_LATEST,
    Z_NUMBER,
    Z_PAST_DUE,
    Z_PRIORITY,
    Z_PRODUCT,
    Z_REASON,
    Z_RECOMMENDED,
    Z_RULE,
    Z_SATISFIED,
    Z_SATISFIED_COUNTED,
    Z_STATUS,
    Z_TARGET,
    Z_UNADJUSTED_PAST_DUE,
    Z_UNADJUSTED_RECOMMENDED,
)
from qingmiao.engine.kernel.memory import Memory, age_date, is_at_age, later


def antigen_of(m: Memory, series: int) -> int:
    """Address of the antigen of a series."""
    return m[W_ANTIGENS] + m[series + S_ANTIGEN] * G_WIDTH


def has_immunity_by_birth(m: Memory, birth: int) -> bool:
    """Born before the immunity birth date, in the immunity country, without an exclusion (Table 7-3)."""
    if m[W_BORN] >= m[birth + B_BEFORE]:
        return False
    if m[birth + B_COUNTRY] >= 0 and m[birth + B_COUNTRY] != m[W_COUNTRY]:
        return False
    for index in range(m[birth + B_EXCLUSION_COUNT]):
        if has_observation(m, m[m[birth + B_EXCLUSIONS] + index]):
            return False
    return True


def has_evidence_of_immunity(m: Memory, antigen: int) -> bool:
    """7.2."""
    if m[W_OBSERVATION_COUNT] > 0:
        for index in range(m[antigen + G_IMMUNE_COUNT]):
            if has_observation(m, m[m[antigen + G_IMMUNE] + index]):
                return True
    for index in range(m[antigen + G_BIRTH_COUNT]):
        if has_immunity_by_birth(m, m[antigen + G_BIRTHS] + index * B_WIDTH):
            return True
    return False


def does_contraindication_apply(m: Memory, row: int) -> bool:
    """Observation and age of a contraindication (Tables 7-5, 7-6)."""
    return has_observation(m, m[row + X_OBSERVATION]) and is_at_age(m, row + X_BEGIN, row + X_END, m[W_ON])


def is_antigen_contraindicated(m: Memory, antigen: int) -> bool:
    """Does an antigen contraindication apply (Table 7-5)?"""
    for index in range(m[antigen + G_CONTRAINDICATION_COUNT]):
        row = m[antigen + G_CONTRAINDICATIONS] + index * X_WIDTH
        if m[row + X_VACCINE_COUNT] == 0 and does_contraindication_apply(m, row):
            return True
    return False


def names_vaccine(m: Memory, contraindication: int, vaccine: int) -> bool:
    """Does the contraindication name the vaccine at the person's age?"""
    for index in range(m[contraindication + X_VACCINE_COUNT]):
        row = m[contraindication + X_VACCINES] + index * P_WIDTH
        if m[row + P_VACCINE] == vaccine and is_at_age(m, row + P_BEGIN, row + P_END, m[W_ON]):
            return True
    return False


def is_vaccine_contraindicated(m: Memory, antigen: int, vaccine: int) -> bool:
    """Does a vaccine contraindication apply (Table 7-6)?"""
    if m[W_OBSERVATION_COUNT] == 0:
        return False
    for index in range(m[antigen + G_CONTRAINDICATION_COUNT]):
        row = m[antigen + G_CONTRAINDICATIONS] + index * X_WIDTH
        if m[row + X_VACCINE_COUNT] > 0 and does_contraindication_apply(m, row) and names_vaccine(m, row, vaccine):
            return True
    return False


def are_all_preferable_contraindicated(m: Memory, antigen: int, target: int) -> bool:
    """Are all preferable vaccines of the target dose contraindicated? None of none is not (Table 7-7)."""
    asked = False
    for index in range(m[target + T_PREFERABLE_COUNT]):
        row = m[target + T_PREFERABLE] + index * P_WIDTH
        if not is_vaccine_row_asked(m, row):
            continue
        asked = True
        if not is_vaccine_contraindicated(m, antigen, m[row + P_VACCINE]):
            return False
    return asked


def is_contraindicated(m: Memory, antigen: int, target: int) -> bool:
    """7.3: is the series contraindicated (Table 7-7)?"""
    if m[W_OBSERVATION_COUNT] == 0:
        return False
    if is_antigen_contraindicated(m, antigen):
        return True
    return target != NOTHING and are_all_preferable_contraindicated(m, antigen, target)


def latest_minimum_interval_date(m: Memory, target: int) -> int:
    """Latest of all minimum interval dates (CALCDTINT-4)."""
    found = NONE
    for index in range(m[target + T_INTERVAL_COUNT]):
        interval = m[target + T_INTERVALS] + index * I_WIDTH
        if is_interval_asked(m, interval):
            day = later(m, reference_dose_date(m, interval), interval + I_MINIMUM)
            if day > found:
                found = day
                m[W_RULE] = m[interval + I_RULE]
    return found


def latest_interval_date(m: Memory, target: int, field: int) -> int:
    """Latest of all earliest or latest recommended interval dates (CALCDTINT-5, CALCDTINT-6)."""
    found = NONE
    for index in range(m[target + T_INTERVAL_COUNT]):
        interval = m[target + T_INTERVALS] + index * I_WIDTH
        if m[interval + field] != NONE and is_interval_asked(m, interval):
            found = max(found, later(m, reference_dose_date(m, interval), interval + field))
    return found


def latest_conflict_end(m: Memory, target: int, floor: int) -> int:
    """Latest of all forecast conflict end dates, over the whole history (CALCDTCONFLICT-3), and of `floor`."""
    found = floor
    dose = m[W_LAST_LIVE] if m[target + T_CONFLICTS] != 0 else 0
    while dose != 0 and m[dose + D_DAY] + m[W_LONGEST_CONFLICT] > found:
        ends = m[m[target + T_CONFLICTS] + m[dose + D_LIVE]]
        is_free = m[W_SAME_VISIT_IS_FREE] == 1 and m[dose + D_DAY] == m[W_ON]
        if ends != 0 and not is_free:
            for end in range(m[ends]):
                found = max(found, later(m, m[dose + D_DAY], ends + 1 + 2 * end))
        dose = m[dose + D_EARLIER_LIVE]
    return found


def candidate_earliest_date(m: Memory, target: int, age: int) -> int:
    """FORECASTDTCAN-1; NONE when all six are empty. `W_RULE` is left at what binds among age and intervals."""
    m[W_RULE] = m[target + T_RULE]
    found = NONE
    if age != 0:
        found = age_date(m, age + A_MINIMUM)
        m[W_RULE] = m[age + A_RULE]
    by_age = m[W_RULE]
    interval = latest_minimum_interval_date(m, target)
    if interval <= found:
        m[W_RULE] = by_age
    found = max(found, interval, m[target + T_SEASON_START], m[m[W_STATE] + Z_LAST_INADVERTENT])
    last = m[m[W_STATE] + Z_LAST]
    if last != NONE:
        found = max(found, last + m[W_REPEAT_AFTER_DAYS])
    return latest_conflict_end(m, target, found)


def settle(m: Memory, status: int, reason: int) -> bool:
    """Write the series status; True if another dose is needed."""
    m[m[W_STATE] + Z_STATUS] = status
    m[m[W_STATE] + Z_REASON] = reason
    return status == NOT_COMPLETE


def determine_forecast_need(m: Memory, antigen: int, target: int) -> bool:
    """7.4: should the person receive another target dose (Table 7-10)? Writes status and earliest date."""
    state = m[W_STATE]
    if has_evidence_of_immunity(m, antigen):
        return settle(m, IMMUNE, HAS_IMMUNITY)
    if target == NOTHING and m[state + Z_SATISFIED] > 0:
        return settle(m, COMPLETE, SERIES_IS_COMPLETE)
    if is_contraindicated(m, antigen, target):
        return settle(m, CONTRAINDICATED, HAS_CONTRAINDICATION)
    if target == NOTHING:
        return settle(m, NOT_RECOMMENDED, PAST_HISTORY)
    if m[W_ON] > m[target + T_SEASON_END]:
        return settle(m, NOT_RECOMMENDED, PAST_SEASON)
    age = relevant_age(m, target)
    maximum = NONE if age == 0 else age_date(m, age + A_MAXIMUM)
    if maximum != NONE and m[W_ON] >= maximum:
        return settle(m, AGED_OUT, EXCEEDED_MAXIMUM_AGE)
    earliest = candidate_earliest_date(m, target, age)
    if maximum != NONE and earliest >= maximum:
        return settle(m, AGED_OUT, UNABLE_TO_FINISH)
    m[state + Z_EARLIEST] = earliest
    return settle(m, NOT_COMPLETE, NO_REASON)


def latest_recommended_age_date(m: Memory, age: int) -> int:
    """CALCDTAGE-2; a limit in hours is the day in which birth time plus the hours falls."""
    if m[age + A_OVERDUE_HOURS] > 0:
        minute = max(m[W_BORN_MINUTE], 0) + m[age + A_OVERDUE_HOURS] * 60
        return m[W_BORN] + minute // 1440
    return age_date(m, age + A_OVERDUE)


def is_priority_forecast(m: Memory, target: int) -> bool:
    """FORECASTPRIORITY-1, over the intervals in force."""
    asked = False
    for index in range(m[target + T_INTERVAL_COUNT]):
        interval = m[target + T_INTERVALS] + index * I_WIDTH
        if is_interval_asked(m, interval):
            asked = True
            if m[interval + I_PRIORITY] == 0:
                return False
    return asked


def forecast_finish_date(m: Memory, series: int) -> int:
    """SELECTB-12: the earliest date plus the latest minimum interval of the doses after the next."""
    turn_to_series(m, series)
    look_ahead(m)
    state = m[W_STATE]
    found = earliest = m[state + Z_EARLIEST]
    for position in range(m[state + Z_TARGET] + 1, m[series + S_TARGET_COUNT]):
        target = target_at(m, series, position, m[W_ON_SETTING])
        for index in range(m[target + T_INTERVAL_COUNT]):
            interval = m[target + T_INTERVALS] + index * I_WIDTH
            if is_interval_asked(m, interval):
                found = max(found, later(m, earliest, interval + I_MINIMUM))
    return found


def generate_forecast_dates(m: Memory, target: int) -> None:
    """7.5: recommended, past due and latest dates of the next target dose (FORECASTDT-2 to 6)."""
    state = m[W_STATE]
    age, earliest = relevant_age(m, target), m[state + Z_EARLIEST]
    recommended = overdue = maximum = NONE
    if age != 0:
        recommended = age_date(m, age + A_RECOMMENDED)
        overdue = latest_recommended_age_date(m, age)
        maximum = age_date(m, age + A_MAXIMUM)
    if recommended == NONE:
        recommended = latest_interval_date(m, target, I_RECOMMENDED)
    if overdue == NONE:
        overdue = latest_interval_date(m, target, I_OVERDUE)
    if recommended == NONE:
        recommended = earliest
    m[state + Z_UNADJUSTED_RECOMMENDED] = recommended
    m[state + Z_RECOMMENDED] = max(recommended, earliest)
    if overdue != NONE:
        overdue += m[W_PAST_DUE_OFFSET_DAYS]
    m[state + Z_UNADJUSTED_PAST_DUE] = overdue
    floored = overdue != NONE and m[W_PAST_DUE_FROM_EARLIEST] == 1
    m[state + Z_PAST_DUE] = max(overdue, earliest) if floored else overdue
    m[state + Z_LATEST] = NONE if maximum == NONE else maximum - 1


def is_recommended_vaccine(m: Memory, antigen: int, row: int) -> bool:
    """FORECASTRECVAC-1."""
    if m[row + P_FORECAST] == 0 or not is_vaccine_row_asked(m, row):
        return False
    state = m[W_STATE]
    at_earliest = is_at_age(m, row + P_BEGIN, row + P_END, m[state + Z_EARLIEST])
    if not at_earliest and not is_at_age(m, row + P_BEGIN, row + P_END, m[state + Z_RECOMMENDED]):
        return False
    return not is_vaccine_contraindicated(m, antigen, m[row + P_VACCINE])


def first_recommended_vaccine(m: Memory, antigen: int, target: int) -> int:
    """The first recommended vaccine of the forecast in file order, -1 without one."""
    for index in range(m[target + T_PREFERABLE_COUNT]):
        row = m[target + T_PREFERABLE] + index * P_WIDTH
        if is_recommended_vaccine(m, antigen, row):
            return m[row + P_VACCINE]
    return -1


def recommend_vaccines(m: Memory, antigen: int) -> None:
    """The recommended vaccines of the forecast, in file order, into the scratch list."""
    target, count = current_target(m, m[W_ON_SETTING]), 0
    for index in range(m[target + T_PREFERABLE_COUNT]):
        row = m[target + T_PREFERABLE] + index * P_WIDTH
        if is_recommended_vaccine(m, antigen, row):
            m[m[W_PRODUCTS] + count] = m[row + P_VACCINE]
            count += 1
    m[W_PRODUCT_COUNT] = count


def validate_recommendation(m: Memory, target: int) -> bool:
    """7.6: is the target dose still needed on its own earliest date?"""
    earliest = m[m[W_STATE] + Z_EARLIEST]
    if earliest == NONE or m[target + T_SKIP_COUNT] == 0:
        return True
    m[W_REFERENCE] = earliest
    return not can_target_dose_be_skipped(m, target, IN_FORECAST)


def turn_to_antigen(m: Memory, antigen: int) -> None:
    """The frame's records become those of `antigen`."""
    m[W_RECORDS] = m[W_ALL_RECORDS] + m[antigen + G_INDEX] * m[W_RECORD_SPACE]
    m[W_RECORD_COUNT] = m[m[W_RECORD_COUNTS] + m[antigen + G_INDEX]]


def turn_to_series(m: Memory, series: int) -> None:
    """The frame's series becomes `series`; the frame's antigen is already its own."""
    m[W_SERIES] = series
    m[W_STATE] = m[series + S_STATE]
    m[W_EVALUATIONS] = m[m[W_STATE] + Z_EVALUATIONS]


def look_ahead(m: Memory) -> None:
    """Turn the frame to forecasting: it is asked on the assessment day, and every dose counts as earlier."""
    m[W_DOSE] = 0
    m[W_REFERENCE] = m[W_ON]
    m[W_PREVIOUS] = m[W_RECORD_COUNT]


def forecast_series(m: Memory) -> None:
    """Chapter 7 for the series at hand, after its history has been evaluated."""
    state, antigen = m[W_STATE], antigen_of(m, m[W_SERIES])
    look_ahead(m)
    m[state + Z_NUMBER] = m[state + Z_SATISFIED_COUNTED] + 1
    while True:
        m[W_REFERENCE] = m[W_ON]
        target = target_after_skips(m, m[W_ON_SETTING], IN_FORECAST)
        if not determine_forecast_need(m, antigen, target) or validate_recommendation(m, target):
            break
        pass_target_dose(m)
        m[state + Z_EARLIEST] = NONE
    m[state + Z_RULE] = m[W_RULE]
    m[state + Z_ASKED] = m[W_ASKED]


def detail_forecast(m: Memory, series: int) -> None:
    """7.5 for one series: dates, priority and products, if it goes on."""
    turn_to_series(m, series)
    state = m[W_STATE]
    if m[state + Z_STATUS] == NOT_COMPLETE:
        look_ahead(m)
        target = current_target(m, m[W_ON_SETTING])
        generate_forecast_dates(m, target)
        m[state + Z_PRIORITY] = 1 if is_priority_forecast(m, target) else 0
        m[state + Z_PRODUCT] = first_recommended_vaccine(m, antigen_of(m, series), target)
    else:
        m[state + Z_RECOMMENDED] = m[state + Z_PAST_DUE] = m[state + Z_LATEST] = NONE
        m[state + Z_UNADJUSTED_RECOMMENDED] = m[state + Z_UNADJUSTED_PAST_DUE] = NONE
        m[state + Z_PRIORITY], m[state + Z_PRODUCT] = 0, -1
