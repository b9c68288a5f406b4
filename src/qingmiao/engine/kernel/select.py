"""Selection of the best series: scorable, prioritized, best (chapter 8)."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.evaluate import relevant_age
from qingmiao.engine.kernel.layout import (
    A_MAXIMUM,
    COMPLETE,
    CONTRAINDICATED,
    EVALUATION_ONLY,
    G_SERIES_GROUP_COUNT,
    G_SERIES_GROUPS,
    NOT_COMPLETE,
    RISK,
    S_DEFAULT,
    S_EQUIVALENT,
    S_INDEX,
    S_MAXIMUM_START,
    S_PREFERENCE,
    S_PRIORITY,
    S_PRODUCT,
    S_TARGET_COUNT,
    S_TARGETS,
    S_TYPE,
    STANDARD,
    T_WIDTH,
    W_ANCHOR,
    W_DEFAULT_YIELDS,
    W_ON,
    W_STATE_WIDTH,
    W_STATES,
    Z_ALL_VALID,
    Z_BEST,
    Z_EARLIEST,
    Z_FINISH,
    Z_FIRST_VALID,
    Z_PRIORITIZED,
    Z_RELEVANT,
    Z_SATISFIED,
    Z_SCORABLE,
    Z_SCORE,
    Z_SCORED,
    Z_STATUS,
    Z_TARGET,
)
from qingmiao.engine.kernel.memory import Memory, age_date

# A series group is three cells: its number, the address of its list of series, its length.
LIST, LENGTH, WIDTH = 1, 2, 3
NOBODY = 0
"""No series: address 0 is never a series."""


def state_of(m: Memory, series: int) -> int:
    """State of a series for the person."""
    return m[W_STATES] + m[series + S_INDEX] * m[W_STATE_WIDTH]


def member(m: Memory, group: int, index: int) -> int:
    """Series number `index` of a series group."""
    return m[m[group + LIST] + index]


def count_relevant(m: Memory, group: int) -> int:
    """How many series of the group are relevant."""
    count = 0
    for index in range(m[group + LENGTH]):
        count += m[state_of(m, member(m, group, index)) + Z_RELEVANT]
    return count


def are_all_contraindicated(m: Memory, group: int) -> bool:
    """Is every relevant series of the group contraindicated (SELECTB-24)?"""
    for index in range(m[group + LENGTH]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_RELEVANT] == 1 and m[state + Z_STATUS] != CONTRAINDICATED:
            return False
    return True


def has_valid_dose(m: Memory, group: int) -> bool:
    """Does any relevant series of the group have a valid dose?"""
    for index in range(m[group + LENGTH]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_RELEVANT] == 1 and m[state + Z_SATISFIED] > 0:
            return True
    return False


def best_priority(m: Memory, group: int) -> int:
    """The best series priority among the relevant series of the group (0 is A)."""
    best = 999
    for index in range(m[group + LENGTH]):
        series = member(m, group, index)
        if m[state_of(m, series) + Z_RELEVANT] == 1:
            best = min(best, m[series + S_PRIORITY])
    return best


def default_series(m: Memory, group: int) -> int:
    """The single default series of the group among the relevant ones (SELECTB-7), or NOBODY."""
    found = NOBODY
    for index in range(m[group + LENGTH]):
        series = member(m, group, index)
        if m[series + S_DEFAULT] == 1 and m[state_of(m, series) + Z_RELEVANT] == 1:
            if found != NOBODY:
                return NOBODY
            found = series
    if found != NOBODY and m[W_DEFAULT_YIELDS] == 1 and m[state_of(m, found) + Z_STATUS] == CONTRAINDICATED:
        return found if are_all_contraindicated(m, group) else NOBODY
    return found


def has_started_in_time(m: Memory, series: int) -> bool:
    """Was the first valid dose given before the maximum age to start date (SELECTSCORE-2)?"""
    first = m[state_of(m, series) + Z_FIRST_VALID]
    if first == NONE:
        return False
    return m[series + S_MAXIMUM_START] == NONE or first < age_date(m, series + S_MAXIMUM_START)


def is_scorable(m: Memory, group: int, series: int) -> bool:
    """SELECTSCORE-2, for a candidate scorable series."""
    if m[series + S_TYPE] == RISK:
        return m[series + S_PRIORITY] <= best_priority(m, group)
    if m[series + S_TYPE] == EVALUATION_ONLY:
        return m[state_of(m, series) + Z_STATUS] == COMPLETE
    if has_started_in_time(m, series):
        return True
    return not has_valid_dose(m, group) and default_series(m, group) == NOBODY


def prefilter(m: Memory, group: int) -> int:
    """8.1: mark the scorable series of the group; how many there are."""
    all_contraindicated, count = are_all_contraindicated(m, group), 0
    for index in range(m[group + LENGTH]):
        series = member(m, group, index)
        state = state_of(m, series)
        candidate = m[state + Z_RELEVANT] == 1 and (m[state + Z_STATUS] != CONTRAINDICATED or all_contraindicated)
        m[state + Z_SCORABLE] = 1 if candidate and is_scorable(m, group, series) else 0
        count += m[state + Z_SCORABLE]
    return count


def is_complete(m: Memory, state: int) -> bool:
    """SELECTB-6."""
    return m[state + Z_STATUS] == COMPLETE


def is_in_process(m: Memory, state: int) -> bool:
    """SELECTB-16."""
    return m[state + Z_STATUS] == NOT_COMPLETE and m[state + Z_SATISFIED] > 0


def count_complete(m: Memory, group: int) -> int:
    """How many scorable series are complete."""
    count = 0
    for index in range(m[group + LENGTH]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_SCORABLE] == 1 and is_complete(m, state):
            count += 1
    return count


def count_in_process(m: Memory, group: int) -> int:
    """How many scorable series are in process."""
    count = 0
    for index in range(m[group + LENGTH]):
        state = state_of(m, member(m, group, index))
        if m[state + Z_SCORABLE] == 1 and is_in_process(m, state):
            count += 1
    return count


COMPLETE_ONES, IN_PROCESS_ONES, ALL_ONES = 1, 2, 3


def classify(m: Memory, group: int, which: int) -> None:
    """8.3: mark the series to be scored; the others leave the competition."""
    for index in range(m[group + LENGTH]):
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
    for index in range(m[group + LENGTH]):
        series = member(m, group, index)
        if m[state_of(m, series) + Z_SCORED] == 1:
            return series
    return NOBODY


def is_completable(m: Memory, series: int) -> bool:
    """SELECTB-3: is the finish date before the maximum age date of the last target dose? No maximum: yes."""
    finish = m[state_of(m, series) + Z_FINISH]
    if finish == NONE:
        return False
    m[W_ANCHOR] = m[W_ON]
    last = m[series + S_TARGETS] + (m[series + S_TARGET_COUNT] - 1) * T_WIDTH
    age = relevant_age(m, last)
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
        return m[state + Z_FINISH] if is_completable(m, series) else NONE
    return m[state + Z_EARLIEST]  # SELECTB-14


def award_best(m: Memory, group: int, by: int, points: int) -> None:
    """`points` to the one best series, 0 to each of several, minus `points` to the others."""
    best, holders = NONE, 0
    for index in range(m[group + LENGTH]):
        series = member(m, group, index)
        if m[state_of(m, series) + Z_SCORED] == 1:
            value = measure(m, series, by)
            if value != NONE and (best == NONE or value < best):
                best, holders = value, 1
            elif value != NONE and value == best:
                holders += 1
    for index in range(m[group + LENGTH]):
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
    for index in range(m[group + LENGTH]):
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


def score(m: Memory, group: int, scorable: int) -> None:
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
        if not has_valid_dose(m, group):
            award_each(m, group, False)
            award_best(m, group, BY_START, 1)


def highest_score(m: Memory, group: int) -> int:
    """8.7: the scored series with the highest score, then the best preference, then file order."""
    best = NOBODY
    for index in range(m[group + LENGTH]):
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
    if count_relevant(m, group) == 0:
        return NOBODY
    scorable = prefilter(m, group)
    if scorable == 0:
        return default_series(m, group)
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
    if complete == 0 and in_process == 0:
        default = default_series(m, group)
        if default != NOBODY:
            return default
    score(m, group, scorable)
    return highest_score(m, group)


def is_best(m: Memory, antigen: int, series: int) -> bool:
    """Table 8-14; equivalence is read from the prioritized series' own list."""
    if is_complete(m, state_of(m, series)):
        return True
    if m[series + S_TYPE] == EVALUATION_ONLY:
        return False
    has_risk = False
    for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
        group = m[antigen + G_SERIES_GROUPS] + index * WIDTH
        if (m[series + S_EQUIVALENT] >> m[group]) & 1 == 0:
            continue
        other = prioritized_of(m, group)
        if other == NOBODY:
            continue
        if is_complete(m, state_of(m, other)):
            return False
        has_risk = has_risk or m[other + S_TYPE] == RISK
    return m[series + S_TYPE] != STANDARD or not has_risk


def prioritized_of(m: Memory, group: int) -> int:
    """The series of the group marked as prioritized, or NOBODY."""
    for index in range(m[group + LENGTH]):
        series = member(m, group, index)
        if m[state_of(m, series) + Z_PRIORITIZED] == 1:
            return series
    return NOBODY


def select_best_series(m: Memory, antigen: int) -> None:
    """Chapter 8 for one antigen: mark prioritized series, then best series."""
    for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
        series = prioritized_series(m, m[antigen + G_SERIES_GROUPS] + index * WIDTH)
        if series != NOBODY:
            m[state_of(m, series) + Z_PRIORITIZED] = 1
    for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
        series = prioritized_of(m, m[antigen + G_SERIES_GROUPS] + index * WIDTH)
        if series != NOBODY and is_best(m, antigen, series):
            m[state_of(m, series) + Z_BEST] = 1
