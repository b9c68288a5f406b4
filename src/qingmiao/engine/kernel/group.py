"""Vaccine group forecasts (chapter 9) and the order in which they are shown."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.forecast import antigen_of, detail_forecast, turn_to_antigen
from qingmiao.engine.kernel.layout import (
    AGED_OUT,
    COMPLETE,
    CONTRAINDICATED,
    D_DAY,
    D_WIDTH,
    E_STATUS,
    E_WIDTH,
    G_SERIES_GROUP_COUNT,
    G_SERIES_GROUPS,
    G_WIDTH,
    IMMUNE,
    L_INDEX,
    L_WIDTH,
    NOBODY,
    NOT_COMPLETE,
    NOT_RECOMMENDED,
    O_ASKED,
    O_EARLIEST,
    O_GROUP,
    O_LATEST,
    O_NUMBER,
    O_PAST_DUE,
    O_PRODUCT,
    O_RANK,
    O_RECOMMENDED,
    O_RULE,
    O_SERIES,
    O_SERIES_GROUP,
    O_SHOWN_NUMBER,
    O_STATUS,
    O_TARGET,
    O_TYPE,
    O_UNADJUSTED_PAST_DUE,
    O_UNADJUSTED_RECOMMENDED,
    O_WAITS,
    O_WIDTH,
    ONLY_NOT_COMPLETE,
    R_DOSE,
    R_WIDTH,
    RISK,
    S_GROUP,
    S_INDEX,
    S_MINIMUM_START,
    S_TYPE,
    STANDARD,
    VALID,
    W_ANTIGENS,
    W_BEST,
    W_DOSE_COUNT,
    W_DOSES,
    W_DUE_BY,
    W_FORECAST_COUNT,
    W_FORECASTS,
    W_GROUP_COUNT,
    W_GROUPS,
    W_MEMBER_COUNT,
    W_MEMBERS,
    W_ON,
    W_PAST_DUE_FROM_EARLIEST,
    W_RECORD_COUNT,
    W_RECORDS,
    W_WANTS,
    WANT_PRODUCTS,
    WANT_SERIES,
    Y_ANTIGEN_COUNT,
    Y_ANTIGENS,
    Y_FULL,
    Y_WIDTH,
    Z_ASKED,
    Z_EARLIEST,
    Z_EVALUATIONS,
    Z_LATEST,
    Z_NUMBER,
    Z_PAST_DUE,
    Z_PRIORITY,
    Z_PRODUCT,
    Z_RECOMMENDED,
    Z_RULE,
    Z_SATISFIED,
    Z_STATUS,
    Z_TARGET,
    Z_UNADJUSTED_PAST_DUE,
    Z_UNADJUSTED_RECOMMENDED,
)
from qingmiao.engine.kernel.memory import Memory, age_date
from qingmiao.engine.kernel.select import state_of

SEEN_CONTRAINDICATED, SEEN_AGED_OUT, SEEN_NOT_RECOMMENDED, SEEN_NOT_COMPLETE, SEEN_IMMUNE, SEEN_COMPLETE = (
    1,
    2,
    4,
    8,
    16,
    32,
)


def earlier_of(one: int, other: int) -> int:
    """The earlier of two days; NONE is ignored."""
    if one == NONE:
        return other
    return one if other == NONE else min(one, other)


def seen(status: int) -> int:
    """The bit of a member's status."""
    if status == CONTRAINDICATED:
        return SEEN_CONTRAINDICATED
    if status == AGED_OUT:
        return SEEN_AGED_OUT
    if status == NOT_RECOMMENDED:
        return SEEN_NOT_RECOMMENDED
    if status == NOT_COMPLETE:
        return SEEN_NOT_COMPLETE
    return SEEN_IMMUNE if status == IMMUNE else SEEN_COMPLETE


def vaccine_group_status(statuses: int) -> int:
    """Table 9-4; for one member, its own status (SINGLEANTVG-1)."""
    if statuses & SEEN_CONTRAINDICATED:
        return CONTRAINDICATED
    if statuses & SEEN_AGED_OUT:
        return AGED_OUT
    if statuses & SEEN_NOT_RECOMMENDED:
        return NOT_RECOMMENDED
    if statuses & SEEN_NOT_COMPLETE:
        return NOT_COMPLETE
    return IMMUNE if statuses == SEEN_IMMUNE else COMPLETE


def gather_members(m: Memory, group: int) -> None:
    """The best series of the vaccine group's antigens, into the scratch list."""
    count = 0
    for index in range(m[group + Y_ANTIGEN_COUNT]):
        antigen = m[W_ANTIGENS] + m[m[group + Y_ANTIGENS] + index] * G_WIDTH
        for position in range(m[antigen + G_SERIES_GROUP_COUNT]):
            series = m[m[W_BEST] + m[m[antigen + G_SERIES_GROUPS] + position * L_WIDTH + L_INDEX]]
            if series != NOBODY:
                m[m[W_MEMBERS] + count] = series
                count += 1
    m[W_MEMBER_COUNT] = count


def belongs(m: Memory, forecast: int, series: int) -> bool:
    """Is the best series of the forecast's series group and type (FORECASTVG-1)?"""
    return m[series + S_GROUP] == m[forecast + O_SERIES_GROUP] and m[series + S_TYPE] == m[forecast + O_TYPE]


def last_dose_of(m: Memory, group: int) -> int:
    """Day of the last dose that counts for an antigen of the vaccine group, NONE without one."""
    found = NONE
    for index in range(m[group + Y_ANTIGEN_COUNT]):
        turn_to_antigen(m, m[W_ANTIGENS] + m[m[group + Y_ANTIGENS] + index] * G_WIDTH)
        if m[W_RECORD_COUNT] > 0:
            found = max(found, m[m[m[W_RECORDS] + (m[W_RECORD_COUNT] - 1) * R_WIDTH + R_DOSE] + D_DAY])
    return found


def take_identity(m: Memory, forecast: int, series: int, state: int) -> None:
    """The member whose target dose, rule and product the forecast names."""
    m[forecast + O_SERIES] = m[series + S_INDEX]
    m[forecast + O_TARGET] = m[state + Z_TARGET]
    m[forecast + O_RULE] = m[state + Z_RULE]
    m[forecast + O_ASKED] = m[state + Z_ASKED]
    m[forecast + O_PRODUCT] = m[state + Z_PRODUCT]


def merge_dates(m: Memory, forecast: int, state: int) -> None:
    """Dates that are the earliest of all members' (FORECASTVG-2 to 6)."""
    m[forecast + O_RECOMMENDED] = earlier_of(m[forecast + O_RECOMMENDED], m[state + Z_RECOMMENDED])
    m[forecast + O_PAST_DUE] = earlier_of(m[forecast + O_PAST_DUE], m[state + Z_PAST_DUE])
    m[forecast + O_LATEST] = earlier_of(m[forecast + O_LATEST], m[state + Z_LATEST])
    m[forecast + O_UNADJUSTED_RECOMMENDED] = earlier_of(
        m[forecast + O_UNADJUSTED_RECOMMENDED], m[state + Z_UNADJUSTED_RECOMMENDED]
    )
    m[forecast + O_UNADJUSTED_PAST_DUE] = earlier_of(
        m[forecast + O_UNADJUSTED_PAST_DUE], m[state + Z_UNADJUSTED_PAST_DUE]
    )


def forecast_vaccine_group(m: Memory, group: int, forecast: int) -> None:
    """9.1 to 9.3: blend the forecasts of the members that belong to it.

    `forecast` already holds vaccine group, series group and type.
    """
    statuses = priority = members = 0
    smallest = latest = NONE
    full = m[group + Y_FULL]
    for field in range(O_EARLIEST, O_WIDTH):
        m[forecast + field] = NONE
    m[forecast + O_NUMBER] = 0
    m[forecast + O_WAITS] = 1
    for index in range(m[W_MEMBER_COUNT]):
        series = m[m[W_MEMBERS] + index]
        if not belongs(m, forecast, series):
            continue
        state = state_of(m, series)
        if members == 0 or (m[state + Z_STATUS] == NOT_COMPLETE and (statuses & SEEN_NOT_COMPLETE) == 0):
            take_identity(m, forecast, series, state)
        members += 1
        statuses |= seen(m[state + Z_STATUS])
        priority |= m[state + Z_PRIORITY]
        if m[state + Z_SATISFIED] > 0 or not starts_later(m, series):
            m[forecast + O_WAITS] = 0
        if m[state + Z_STATUS] != NOT_COMPLETE:
            continue
        smallest = earlier_of(smallest, m[state + Z_EARLIEST])
        latest = max(latest, m[state + Z_EARLIEST])
        count = m[state + Z_NUMBER]
        if m[forecast + O_NUMBER] == 0 or (count < m[forecast + O_NUMBER]) == (full == 1):
            m[forecast + O_NUMBER] = count  # FORECASTDN-2
        merge_dates(m, forecast, state)
    m[forecast + O_STATUS] = vaccine_group_status(statuses)
    earliest = latest
    if m[group + Y_ANTIGEN_COUNT] == 1:  # SINGLEANTVG-2
        earliest = smallest
    elif priority == 1:  # MULTIANTVG-1
        earliest = max(smallest, last_dose_of(m, group))
    m[forecast + O_EARLIEST] = earliest
    m[forecast + O_RECOMMENDED] = max(m[forecast + O_RECOMMENDED], earliest)
    if m[forecast + O_PAST_DUE] != NONE and m[W_PAST_DUE_FROM_EARLIEST] == 1:
        m[forecast + O_PAST_DUE] = max(m[forecast + O_PAST_DUE], earliest)  # FORECASTVG-3


def starts_later(m: Memory, series: int) -> bool:
    """Is the minimum age to start date after the assessment date?"""
    return m[series + S_MINIMUM_START] != NONE and age_date(m, series + S_MINIMUM_START) > m[W_ON]


def is_valid_in_a_best_series(m: Memory, dose: int) -> bool:
    """Is the dose valid in any best series of the vaccine group at hand?"""
    for index in range(m[W_MEMBER_COUNT]):
        series = m[m[W_MEMBERS] + index]
        turn_to_antigen(m, antigen_of(m, series))
        for record in range(m[W_RECORD_COUNT]):
            is_same = m[m[W_RECORDS] + record * R_WIDTH + R_DOSE] == dose
            if is_same and m[m[state_of(m, series) + Z_EVALUATIONS] + record * E_WIDTH + E_STATUS] == VALID:
                return True
    return False


def distinct_valid_doses(m: Memory) -> int:
    """Doses valid in any best series of the vaccine group at hand."""
    count = 0
    for index in range(m[W_DOSE_COUNT]):
        if is_valid_in_a_best_series(m, m[W_DOSES] + index * D_WIDTH):
            count += 1
    return count


def rank(m: Memory, forecast: int) -> int:
    """Place among the forecasts of one vaccine group, smallest first: those that can start now, not aged
    out, Risk before Standard, lower series group. A convention for display, no rule of the specification."""
    place = m[forecast + O_WAITS] * 2 + (1 if m[forecast + O_STATUS] == AGED_OUT else 0)
    return (place * 2 + (0 if m[forecast + O_TYPE] == RISK else 1)) * 64 + m[forecast + O_SERIES_GROUP]


def find_forecast(m: Memory, first: int, series: int) -> bool:
    """Is there already a forecast for the series' group and type?"""
    for index in range(first, m[W_FORECAST_COUNT]):
        forecast = m[W_FORECASTS] + index * O_WIDTH
        if m[forecast + O_SERIES_GROUP] == m[series + S_GROUP] and m[forecast + O_TYPE] == m[series + S_TYPE]:
            return True
    return False


def add_forecast(m: Memory, number: int, series: int) -> None:
    """Add the forecast of vaccine group `number` for the series' group and type."""
    forecast = m[W_FORECASTS] + m[W_FORECAST_COUNT] * O_WIDTH
    m[forecast + O_GROUP] = number
    m[forecast + O_SERIES_GROUP] = m[series + S_GROUP]
    m[forecast + O_TYPE] = m[series + S_TYPE]
    forecast_vaccine_group(m, m[W_GROUPS] + number * Y_WIDTH, forecast)
    m[forecast + O_SHOWN_NUMBER] = m[forecast + O_NUMBER]
    m[forecast + O_RANK] = rank(m, forecast)
    m[W_FORECAST_COUNT] += 1


def swap(m: Memory, one: int, other: int) -> None:
    """Exchange two forecasts."""
    for field in range(O_WIDTH):
        m[one + field], m[other + field] = m[other + field], m[one + field]


def order_forecasts(m: Memory, first: int) -> None:
    """Sort the forecasts from `first` on by rank."""
    for end in range(first + 1, m[W_FORECAST_COUNT]):
        index = end
        while index > first:
            forecast = m[W_FORECASTS] + index * O_WIDTH
            if m[forecast - O_WIDTH + O_RANK] <= m[forecast + O_RANK]:
                break
            swap(m, forecast - O_WIDTH, forecast)
            index -= 1


def number_beside_standard(m: Memory, first: int) -> None:
    """The dose number to show: beside a Standard forecast, a Risk one counts every valid dose."""
    has_standard = False
    for index in range(first, m[W_FORECAST_COUNT]):
        has_standard = has_standard or m[m[W_FORECASTS] + index * O_WIDTH + O_TYPE] == STANDARD
    for index in range(first, m[W_FORECAST_COUNT]):
        forecast = m[W_FORECASTS] + index * O_WIDTH
        if has_standard and m[forecast + O_TYPE] == RISK:
            m[forecast + O_SHOWN_NUMBER] = distinct_valid_doses(m) + 1


def may_be_wanted(m: Memory, series: int) -> bool:
    """May a forecast that blends this best series be one that the caller wants?"""
    if m[W_WANTS] & ONLY_NOT_COMPLETE == 0:
        return True
    state = state_of(m, series)
    if m[state + Z_STATUS] != NOT_COMPLETE:
        return False
    return m[W_DUE_BY] == NONE or NONE < m[state + Z_EARLIEST] <= m[W_DUE_BY]


def is_any_wanted(m: Memory) -> bool:
    """May any forecast of the vaccine group at hand be wanted?"""
    for index in range(m[W_MEMBER_COUNT]):  # noqa: SIM110 (a generator does not compile)
        if may_be_wanted(m, m[m[W_MEMBERS] + index]):
            return True
    return False


def detail_members(m: Memory) -> None:
    """7.5 for every best series of the vaccine group at hand."""
    for index in range(m[W_MEMBER_COUNT]):
        series = m[m[W_MEMBERS] + index]
        turn_to_antigen(m, antigen_of(m, series))
        detail_forecast(m, series)


def forecast_vaccine_groups(m: Memory) -> None:
    """Chapter 9 for every vaccine group."""
    m[W_FORECAST_COUNT] = 0
    for number in range(m[W_GROUP_COUNT]):
        first = m[W_FORECAST_COUNT]
        gather_members(m, m[W_GROUPS] + number * Y_WIDTH)
        if not is_any_wanted(m):
            continue
        if m[W_WANTS] & (WANT_SERIES | WANT_PRODUCTS) == 0:
            detail_members(m)
        for index in range(m[W_MEMBER_COUNT]):
            series = m[m[W_MEMBERS] + index]
            if not find_forecast(m, first, series):
                add_forecast(m, number, series)
        if m[W_FORECAST_COUNT] - first > 1:
            order_forecasts(m, first)
            number_beside_standard(m, first)
