"""Selection of the best series: scorable, prioritized, best (chapter 8)."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.conditions import is_complete, is_of_person
from qingmiao.engine.kernel.evaluate import relevant_age, target_at
from qingmiao.engine.kernel.forecast import forecast_finish_date
from qingmiao.engine.kernel.layout import (
    A_MAXIMUM,
    COMPLETE,
    CONTRAINDICATED,
    EVALUATION_ONLY,
    G_SERIES_GROUP_COUNT,
    G_SERIES_GROUPS,
    L_INDEX,
    L_NUMBER,
    L_SERIES,
    L_SERIES_COUNT,
    L_WIDTH,
    NOBODY,
    NOT_COMPLETE,
    RISK,
    S_DEFAULT,
    S_EQUIVALENT,
    S_MAXIMUM_START,
    S_PREFERENCE,
    S_PRIORITY,
    S_PRODUCT,
    S_STATE,
    S_TARGET_COUNT,
    S_TYPE,
    STANDARD,
    W_ALL_CONTRAINDICATED,
    W_BEGUN_YIELDS,
    W_BEST,
    W_BEST_PRIORITY,
    W_DEFAULT,
    W_DEFAULT_YIELDS,
    W_HAS_VALID,
    W_ON_SETTING,
    W_PRIORITIZED,
    W_RELEVANT,
    W_RELEVANT_COUNT,
    Z_ALL_VALID,
    Z_BEST,
    Z_EARLIEST,
    Z_FIRST_VALID,
    Z_JUDGED,
    Z_PRIORITIZED,
    Z_SATISFIED,
    Z_SCORABLE,
    Z_SCORE,
    Z_SCORED,
    Z_STATUS,
    Z_TARGET,
)
from qingmiao.engine.kernel.memory import Memory, age_date


def state_of(m: Memory, series: int) -> int:
    """State of a series for the person."""
    return m[series + S_STATE]


def member(m: Memory, group: int, index: int) -> int:
    """Series number `index` of a series group."""
    return m[m[group + L_SERIES] + index]


def survey(m: Memory, group: int) -> None:
    """What the rules ask of a series group as a whole: relevant series, valid doses, default, priority.

    The default is the single default series among the relevant ones (SELECTB-7), or NOBODY.
    """
    relevant = has_valid = defaults = 0
    default, begun, priority, all_contraindicated, last = NOBODY, NOBODY, 999, 1, NOBODY
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        state = state_of(m, series)
        if not is_of_person(m, state):
            continue
        relevant += 1
        last = series
        priority = min(priority, m[series + S_PRIORITY])
        if m[state + Z_SATISFIED] > 0:
            has_valid = 1
        if m[state + Z_STATUS] != CONTRAINDICATED:
            all_contraindicated = 0
        if m[series + S_DEFAULT] == 1:
            defaults += 1
            default = series
        elif begun == NOBODY and m[state + Z_JUDGED] > 0:
            begun = series
    m[W_RELEVANT_COUNT] = relevant
    m[W_RELEVANT] = last
    m[W_HAS_VALID] = has_valid
    m[W_DEFAULT] = default if defaults == 1 else NOBODY
    m[W_BEST_PRIORITY] = priority
    m[W_ALL_CONTRAINDICATED] = all_contraindicated
    if m[W_DEFAULT] == NOBODY:
        return
    yields = m[W_BEGUN_YIELDS] == 1 and has_valid == 0 and begun != NOBODY
    if yields and m[state_of(m, default) + Z_JUDGED] == 0:
        m[W_DEFAULT] = default = begun
    yields = m[W_DEFAULT_YIELDS] == 1 and all_contraindicated == 0
    if yields and m[state_of(m, default) + Z_STATUS] == CONTRAINDICATED:
        m[W_DEFAULT] = NOBODY


def has_started_in_time(m: Memory, series: int) -> bool:
    """Was the first valid dose given before the maximum age to start date (SELECTSCORE-2)?"""
    first = m[state_of(m, series) + Z_FIRST_VALID]
    if first == NONE:
        return False
    return m[series + S_MAXIMUM_START] == NONE or first < age_date(m, series + S_MAXIMUM_START)


def is_scorable(m: Memory, series: int) -> bool:
    """SELECTSCORE-2, for a candidate scorable series."""
    if m[series + S_TYPE] == RISK:
        return m[series + S_PRIORITY] <= m[W_BEST_PRIORITY]
    if m[series + S_TYPE] == EVALUATION_ONLY:
        return m[state_of(m, series) + Z_STATUS] == COMPLETE
    if has_started_in_time(m, series):
        return True
    return m[W_HAS_VALID] == 0 and m[W_DEFAULT] == NOBODY


def prefilter(m: Memory, group: int) -> int:
    """8.1: mark the scorable series of the group; how many there are."""
    count = 0
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        state = state_of(m, series)
        candidate = is_of_person(m, state) and (m[state + Z_STATUS] != CONTRAINDICATED or m[W_ALL_CONTRAINDICATED] == 1)
        m[state + Z_SCORABLE] = 1 if candidate and is_scorable(m, series) else 0
        count += m[state + Z_SCORABLE]
    return count


def is_in_process(m: Memory, state: int) -> bool:
    """SELECTB-16."""
    return m[state + Z_STATUS] == NOT_COMPLETE and m[state + Z_SATISFIED] > 0


def count_complete(m: Memory, group: int) -> int:
    """How many scorable series are complete."""
    count = 0
    for index in range(m[group + L_SERIES_COUNT]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_SCORABLE] == 1 and is_complete(m, state):
            count += 1
    return count


def count_in_process(m: Memory, group: int) -> int:
    """How many scorable series are in process."""
    count = 0
    for index in range(m[group + L_SERIES_COUNT]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_SCORABLE] == 1 and is_in_process(m, state):
            count += 1
    return count


def has_valid_doses(m: Memory, group: int) -> bool:
    """Does any scorable series have a valid dose (Table 8-5)?"""
    for index in range(m[group + L_SERIES_COUNT]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_SCORABLE] == 1 and m[state + Z_SATISFIED] > 0:
            return True
    return False


COMPLETE_ONES, IN_PROCESS_ONES, ALL_ONES = 1, 2, 3


def classify(m: Memory, group: int, which: int) -> None:
    """8.3: mark the series to be scored; the others leave the competition."""
    for index in range(m[group + L_SERIES_COUNT]):
        state = state_of(m, member(m, group, index))
        wanted = m[state + Z_SCORABLE] == 1
        if which == COMPLETE_ONES:
            wanted = wanted and is_complete(m, state)
        elif which == IN_PROCESS_ONES:
            wanted = wanted and is_in_process(m, state)
        m[state + Z_SCORED] = 1 if wanted else 0
        m[state + Z_SCORE] = 0


def first_scored(m: Memory, group: int) -> int:
    """The first marked series in file order, or NOBODY."""
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        if m[state_of(m, series) + Z_SCORED] == 1:
            return series
    return NOBODY


def is_completable(m: Memory, series: int) -> bool:
    """SELECTB-3: is the finish date before the maximum age date of the last target dose? No maximum: yes."""
    finish = forecast_finish_date(m, series)
    if finish == NONE:
        return False
    age = relevant_age(m, target_at(m, series, m[series + S_TARGET_COUNT] - 1, m[W_ON_SETTING]))
    if age == 0 or m[age + A_MAXIMUM] == NONE:
        return True
    return finish < age_date(m, age + A_MAXIMUM)


BY_VALID, BY_UNSATISFIED, BY_FINISH, BY_START = 1, 2, 3, 4


def measure(m: Memory, series: int, by: int) -> int:
    """What a comparison looks at, smaller is better; NONE takes no part."""
    state = state_of(m, series)
    if by == BY_VALID:  # SELECTB-19, SELECTB-21
        return -m[state + Z_SATISFIED]
    if by == BY_UNSATISFIED:  # SELECTB-5
        return m[series + S_TARGET_COUNT] - m[state + Z_TARGET]
    if by == BY_FINISH:  # SELECTB-11
        return forecast_finish_date(m, series) if is_completable(m, series) else NONE
    return m[state + Z_EARLIEST]  # SELECTB-14


def award_best(m: Memory, group: int, by: int, points: int) -> None:
    """`points` to the one best series, 0 to each of several, minus `points` to the others."""
    best, holders = NONE, 0
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        if m[state_of(m, series) + Z_SCORED] == 1:
            value = measure(m, series, by)
            if value != NONE and (best == NONE or value < best):
                best, holders = value, 1
            elif value != NONE and value == best:
                holders += 1
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        state = state_of(m, series)
        if m[state + Z_SCORED] == 1:
            value = measure(m, series, by)
            if value == NONE or value != best:
                m[state + Z_SCORE] -= points
            elif holders == 1:
                m[state + Z_SCORE] += points


def award_each(m: Memory, group: int, in_process: bool) -> None:
    """Points that do not depend on the others: completable and product path (Tables 8-9, 8-11)."""
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        state = state_of(m, series)
        if m[state + Z_SCORED] == 0:
            continue
        is_product = m[series + S_PRODUCT] == 1
        if in_process:
            m[state + Z_SCORE] += 3 if is_completable(m, series) else -3
            m[state + Z_SCORE] += 2 if is_product and m[state + Z_ALL_VALID] == 1 else -2
        else:
            m[state + Z_SCORE] += 1 if is_completable(m, series) else -1
            m[state + Z_SCORE] += -1 if is_product else 1


def score(m: Memory, group: int) -> None:
    """8.3 to 8.6: classify and score (Tables 8-5, 8-7, 8-9, 8-11).

    Table 8-5 names no column for several scorable series with doses of which fewer than two are in
    process and none is complete: they are left with equal scores, so preference decides.
    """
    complete = count_complete(m, group)
    if complete >= 2:
        classify(m, group, COMPLETE_ONES)
        award_best(m, group, BY_VALID, 1)
    elif complete == 0 and count_in_process(m, group) >= 2:
        classify(m, group, IN_PROCESS_ONES)
        award_each(m, group, True)
        award_best(m, group, BY_VALID, 2)
        award_best(m, group, BY_UNSATISFIED, 2)
        award_best(m, group, BY_FINISH, 1)
    else:
        classify(m, group, ALL_ONES)
        if not has_valid_doses(m, group):
            award_each(m, group, False)
            award_best(m, group, BY_START, 1)


def highest_score(m: Memory, group: int) -> int:
    """8.7: the scored series with the highest score, then the best preference, then file order."""
    best = NOBODY
    for index in range(m[group + L_SERIES_COUNT]):
        series = member(m, group, index)
        state = state_of(m, series)
        if m[state + Z_SCORED] == 0:
            continue
        if best == NOBODY:
            best = series
            continue
        lead = m[state + Z_SCORE] - m[state_of(m, best) + Z_SCORE]
        if lead > 0 or (lead == 0 and m[series + S_PREFERENCE] < m[best + S_PREFERENCE]):
            best = series
    return best


def prioritized_series(m: Memory, group: int) -> int:
    """8.2 to 8.7: the prioritized series of a series group, or NOBODY (Table 8-3)."""
    if m[group + L_SERIES_COUNT] == 1 and m[member(m, group, 0) + S_DEFAULT] == 1:
        only = member(m, group, 0)  # scorable or not, it is the default
        return only if is_of_person(m, state_of(m, only)) else NOBODY
    survey(m, group)
    if m[W_RELEVANT_COUNT] == 0:
        return NOBODY
    if m[W_RELEVANT_COUNT] == 1:
        return m[W_RELEVANT] if is_scorable(m, m[W_RELEVANT]) else m[W_DEFAULT]
    scorable = prefilter(m, group)
    if scorable == 0:
        return m[W_DEFAULT]
    if scorable == 1:
        classify(m, group, ALL_ONES)
        return first_scored(m, group)
    complete, in_process = count_complete(m, group), count_in_process(m, group)
    if complete == 1:
        classify(m, group, COMPLETE_ONES)
        return first_scored(m, group)
    if complete == 0 and in_process == 1:
        classify(m, group, IN_PROCESS_ONES)
        return first_scored(m, group)
    if complete == 0 and in_process == 0 and m[W_DEFAULT] != NOBODY:
        return m[W_DEFAULT]
    score(m, group)
    return highest_score(m, group)


def is_best(m: Memory, antigen: int, series: int) -> bool:
    """Table 8-14; equivalence is read from the prioritized series' own list."""
    if is_complete(m, state_of(m, series)):
        return True
    if m[series + S_TYPE] == EVALUATION_ONLY:
        return False
    has_risk = False
    for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
        group = m[antigen + G_SERIES_GROUPS] + index * L_WIDTH
        other = m[m[W_PRIORITIZED] + m[group + L_INDEX]]
        if other == NOBODY or (m[series + S_EQUIVALENT] >> m[group + L_NUMBER]) & 1 == 0:
            continue
        if is_complete(m, state_of(m, other)):
            return False
        has_risk = has_risk or m[other + S_TYPE] == RISK
    return m[series + S_TYPE] != STANDARD or not has_risk


def select_best_series(m: Memory, antigen: int) -> None:
    """Chapter 8 for one antigen: mark prioritized series, then best series."""
    for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
        group = m[antigen + G_SERIES_GROUPS] + index * L_WIDTH
        series = prioritized_series(m, group)
        m[m[W_PRIORITIZED] + m[group + L_INDEX]] = series
        if series != NOBODY:
            m[state_of(m, series) + Z_PRIORITIZED] = 1
    for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
        group = m[antigen + G_SERIES_GROUPS] + index * L_WIDTH
        series = m[m[W_PRIORITIZED] + m[group + L_INDEX]]
        if series != NOBODY and not is_best(m, antigen, series):
            series = NOBODY
        m[m[W_BEST] + m[group + L_INDEX]] = series
        if series != NOBODY:
            m[state_of(m, series) + Z_BEST] = 1
