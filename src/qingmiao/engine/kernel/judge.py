"""One person judged (chapter 4), and many persons from columns."""

from __future__ import annotations

from collections.abc import Sequence

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.conditions import is_of_person
from qingmiao.engine.kernel.evaluate import evaluate_immunization_history
from qingmiao.engine.kernel.forecast import (
    detail_forecast,
    forecast_series,
    look_ahead,
    recommend_vaccines,
    turn_to_antigen,
    turn_to_series,
)
from qingmiao.engine.kernel.group import forecast_vaccine_groups
from qingmiao.engine.kernel.layout import (
    D_DAY,
    D_EARLIER_LIVE,
    D_LEDGERS,
    D_LIVE,
    D_MAKER,
    D_SETTING,
    D_TRADE_NAME,
    D_UNFIT,
    D_VACCINE,
    D_VOLUME,
    D_WIDTH,
    E_NUMBER,
    E_REASONS,
    E_RULE,
    E_STATUS,
    E_WIDTH,
    EXPIRED,
    FAULTY,
    G_IS_ASKED,
    G_POSSIBLE,
    G_SERIES,
    G_SERIES_COUNT,
    G_SERIES_GROUP_COUNT,
    G_SERIES_GROUPS,
    G_VACCINE_GROUP,
    G_WIDTH,
    L_INDEX,
    L_WIDTH,
    M_FIRST,
    M_WIDTH,
    NOBODY,
    NOT_COMPLETE,
    NOT_RELEVANT,
    NOT_STATED,
    NOTHING_ASKED,
    O_EARLIEST,
    O_STATUS,
    O_WIDTH,
    ONLY_NOT_COMPLETE,
    R_DOSE,
    R_WIDTH,
    S_INDEX,
    V_IS_WATCHED,
    V_LIVE,
    V_WIDTH,
    W_ALL_EVALUATIONS,
    W_ANTIGEN_COUNT,
    W_ANTIGENS,
    W_ASKED,
    W_BEST,
    W_BORN,
    W_BORN_DAY_OF_MONTH,
    W_BORN_MINUTE,
    W_BORN_MONTH,
    W_COHORT_COUNT,
    W_COHORTS,
    W_COUNTRY,
    W_DOSE_COUNT,
    W_DOSES,
    W_DUE_BY,
    W_EPOCH,
    W_EPOCH_COUNT,
    W_EPOCHS,
    W_EVALUATIONS,
    W_FIRST_SETTING,
    W_FORECAST_COUNT,
    W_FORECASTS,
    W_FREE_EVALUATION,
    W_GIVEN,
    W_IS_WATCHED,
    W_LAST_LIVE,
    W_LEDGER_COUNT,
    W_LEDGERS,
    W_OBSERVATION_COUNT,
    W_OBSERVATIONS,
    W_ON,
    W_ON_SETTING,
    W_PERSON,
    W_PRODUCT_COUNT,
    W_PRODUCTS,
    W_RECORD_COUNT,
    W_RECORD_COUNTS,
    W_RECORDS,
    W_SERIES_COUNT,
    W_SEX,
    W_STATE,
    W_STATE_WIDTH,
    W_STATES,
    W_UNSTATED,
    W_VACCINE_COUNT,
    W_VACCINES,
    W_WANTS,
    WANT_DOSES,
    WANT_GROUPS,
    WANT_PRODUCTS,
    WANT_SERIES,
    Z_ALL_VALID,
    Z_ASKED,
    Z_BEST,
    Z_COUNTS_FROM,
    Z_EARLIEST,
    Z_EVALUATIONS,
    Z_FIRST_VALID,
    Z_JUDGED,
    Z_LAST,
    Z_LAST_INADVERTENT,
    Z_LATEST,
    Z_NUMBER,
    Z_PAST_DUE,
    Z_PERSON,
    Z_PRIORITIZED,
    Z_PRODUCT,
    Z_REASON,
    Z_RECOMMENDED,
    Z_RULE,
    Z_SATISFIED,
    Z_SATISFIED_COUNTED,
    Z_SATISFIED_ON,
    Z_STATUS,
    Z_TARGET,
    Z_UNADJUSTED_PAST_DUE,
    Z_UNADJUSTED_RECOMMENDED,
)
from qingmiao.engine.kernel.memory import Memory, first_day, month_of
from qingmiao.engine.kernel.relevant import add_records, is_relevant
from qingmiao.engine.kernel.select import select_best_series, state_of

DOSE_ROW, SERIES_ROW, GROUP_ROW, PRODUCT_ROW = 8, 19, O_WIDTH + 1, 3


def forget_person(m: Memory) -> None:
    """Another person: what the states say is of nobody any more."""
    m[W_PERSON] += 1
    m[W_FREE_EVALUATION] = m[W_ALL_EVALUATIONS]
    m[W_FORECAST_COUNT] = 0
    if m[W_WANTS] & WANT_SERIES:
        for index in range(m[W_SERIES_COUNT]):
            m[m[W_STATES] + index * m[W_STATE_WIDTH] + Z_ASKED] = NOTHING_ASKED


def start_series(m: Memory) -> None:
    """A fresh state for the series at hand: nothing satisfied, the first target dose at hand."""
    state = m[W_STATE]
    m[state + Z_PERSON], m[state + Z_ALL_VALID] = m[W_PERSON], 1
    m[state + Z_TARGET] = m[state + Z_SATISFIED] = m[state + Z_SATISFIED_COUNTED] = 0
    m[state + Z_JUDGED] = m[state + Z_PRIORITIZED] = m[state + Z_BEST] = 0
    m[state + Z_EARLIEST] = m[state + Z_FIRST_VALID] = m[state + Z_LAST_INADVERTENT] = NONE
    m[state + Z_COUNTS_FROM] = m[state + Z_LAST] = m[state + Z_SATISFIED_ON] = NONE
    m[state + Z_EVALUATIONS] = m[W_EVALUATIONS] = m[W_FREE_EVALUATION]
    m[W_FREE_EVALUATION] += m[W_RECORD_COUNT] * E_WIDTH


def evaluate_and_forecast(m: Memory, series: int) -> None:
    """4.4 for one series, if it is relevant."""
    relevant = is_relevant(m, series)
    m[state_of(m, series) + Z_ASKED] = m[W_ASKED]
    if relevant:
        turn_to_series(m, series)
        start_series(m)
        evaluate_immunization_history(m)
        forecast_series(m)


def detail_series(m: Memory, antigen: int) -> None:
    """7.5 where products are wanted, for the best series; for every relevant one if series are.

    Without either, only a vaccine group that is wanted asks for it.
    """
    if m[W_WANTS] & (WANT_SERIES | WANT_PRODUCTS) == 0:
        return
    if m[W_WANTS] & WANT_SERIES == 0:
        for index in range(m[antigen + G_SERIES_GROUP_COUNT]):
            group = m[antigen + G_SERIES_GROUPS] + index * L_WIDTH
            if m[m[W_BEST] + m[group + L_INDEX]] != NOBODY:
                detail_forecast(m, m[m[W_BEST] + m[group + L_INDEX]])
        return
    for index in range(m[antigen + G_SERIES_COUNT]):
        series = m[m[antigen + G_SERIES] + index]
        if is_of_person(m, state_of(m, series)):
            detail_forecast(m, series)


def judge_antigen(m: Memory, antigen: int) -> None:
    """4.4 and 4.5 for one antigen."""
    turn_to_antigen(m, antigen)
    possible = m[m[antigen + G_POSSIBLE] + m[W_ON_SETTING]]
    for index in range(1, m[possible] + 1):
        evaluate_and_forecast(m, m[possible + index])
    select_best_series(m, antigen)
    detail_series(m, antigen)


def judge_person(m: Memory) -> None:
    """The processing model (Table 4-1) for the person in `m`. Without a birth date nothing is judged."""
    forget_person(m)
    if m[W_BORN] == NONE:
        return
    for index in range(m[W_ANTIGEN_COUNT]):
        antigen = m[W_ANTIGENS] + index * G_WIDTH
        if m[antigen + G_IS_ASKED] == 1:
            judge_antigen(m, antigen)
    if m[W_WANTS] & WANT_GROUPS:
        forecast_vaccine_groups(m)


def load_person(m: Memory, born: int, born_minute: int, sex: int, country: int, on: int, stated: int) -> None:
    """Put a person without doses into `m`; `stated`: how many observations there will be."""
    m[W_BORN] = born
    m[W_BORN_MINUTE] = born_minute
    m[W_SEX] = sex
    m[W_COUNTRY] = country
    m[W_ON] = on
    m[W_DOSE_COUNT] = m[W_LAST_LIVE] = m[W_IS_WATCHED] = 0
    m[W_OBSERVATION_COUNT] = stated
    for word in range((m[W_VACCINE_COUNT] >> 5) + 1):
        m[m[W_GIVEN] + word] = 0
    for antigen in range(m[W_ANTIGEN_COUNT]):
        m[m[W_RECORD_COUNTS] + antigen] = 0
    for ledger in range(m[W_LEDGER_COUNT]):
        m[m[W_LEDGERS] + ledger * M_WIDTH + M_FIRST] = 0
    if born != NONE:
        m[W_BORN_MONTH] = month_of(m, born)
        m[W_BORN_DAY_OF_MONTH] = born - first_day(m, m[W_BORN_MONTH]) + 1
    cohort = count_up_to(m, m[W_COHORTS], m[W_COHORT_COUNT], m[W_COHORT_COUNT], born)
    if stated == 0:
        cohort += m[W_COHORT_COUNT] + 1
    m[W_FIRST_SETTING] = cohort * (m[W_EPOCH_COUNT] + 1)
    m[W_EPOCH] = count_up_to(m, m[W_EPOCHS], m[W_EPOCH_COUNT], m[W_EPOCH_COUNT], on)
    m[W_ON_SETTING] = m[W_FIRST_SETTING] + m[W_EPOCH]


def count_up_to(m: Memory, starts: int, length: int, guess: int, day: int) -> int:
    """How many of the `length` ascending days at `starts` are not after `day`, looked for from `guess` on."""
    count = guess
    while count > 0 and m[starts + count - 1] > day:
        count -= 1
    while count < length and m[starts + count] <= day:
        count += 1
    return count


def add_dose(m: Memory, day: int, vaccine: int) -> int:
    """Add the person's next dose, in order of day; returns its address."""
    dose = m[W_DOSES] + m[W_DOSE_COUNT] * D_WIDTH
    record = m[W_VACCINES] + vaccine * V_WIDTH
    live = m[record + V_LIVE]
    m[W_IS_WATCHED] |= m[record + V_IS_WATCHED]
    m[dose + D_DAY] = day
    m[dose + D_VACCINE] = vaccine
    m[dose + D_LEDGERS] = 0
    m[dose + D_LIVE] = live
    if live >= 0:
        m[dose + D_EARLIER_LIVE] = m[W_LAST_LIVE]
        m[W_LAST_LIVE] = dose
    m[m[W_GIVEN] + (vaccine >> 5)] |= 1 << (vaccine & 31)
    m[W_EPOCH] = count_up_to(m, m[W_EPOCHS], m[W_EPOCH_COUNT], m[W_EPOCH], day)
    m[dose + D_SETTING] = m[W_FIRST_SETTING] + m[W_EPOCH]
    m[W_DOSE_COUNT] += 1
    return dose


def describe_dose(m: Memory, dose: int, maker: int, trade_name: int, volume: int, expires: int, is_faulty: int) -> None:
    """What else is known of a dose. Where no dose of the columns has any of it, the memory says so from the start."""
    m[dose + D_MAKER] = maker
    m[dose + D_TRADE_NAME] = trade_name
    m[dose + D_VOLUME] = volume
    is_expired = expires != NONE and m[dose + D_DAY] > expires
    m[dose + D_UNFIT] = EXPIRED if is_expired else FAULTY if is_faulty == 1 else 0


def state_observations(m: Memory, codes: Sequence[int], values: Sequence[int], first: int, end: int) -> None:
    """State observations `first` to `end`; of several values of one the most recent is kept (CALCDTINT-9)."""
    for i in range(first, end):
        m[m[W_OBSERVATIONS] + codes[i]] = NOT_STATED
    for i in range(first, end):
        address = m[W_OBSERVATIONS] + codes[i]
        m[address] = max(m[address], values[i])


def forget_observations(m: Memory, codes: Sequence[int], first: int, end: int) -> None:
    """From now on they are not stated."""
    for i in range(first, end):
        m[m[W_OBSERVATIONS] + codes[i]] = m[m[W_UNSTATED] + codes[i]]


def put_doses(m: Memory, person: int, first: int, out: Memory, count: int) -> int:
    """Write the evaluations of the best series: person, dose, series, status, reasons, number, rule, group."""
    for index in range(m[W_SERIES_COUNT]):
        state = m[W_STATES] + index * m[W_STATE_WIDTH]
        if not is_of_person(m, state) or m[state + Z_BEST] == 0:
            continue
        antigen = antigen_of_series(m, index)
        turn_to_antigen(m, antigen)
        for record in range(m[W_RECORD_COUNT]):
            dose = m[m[W_RECORDS] + record * R_WIDTH + R_DOSE]
            evaluation = m[state + Z_EVALUATIONS] + record * E_WIDTH
            row = count * DOSE_ROW
            out[row] = person
            out[row + 1] = first + (dose - m[W_DOSES]) // D_WIDTH
            out[row + 2] = index
            out[row + 3] = m[evaluation + E_STATUS]
            out[row + 4] = m[evaluation + E_REASONS]
            out[row + 5] = m[evaluation + E_NUMBER]
            out[row + 6] = m[evaluation + E_RULE]
            out[row + 7] = m[antigen + G_VACCINE_GROUP]
            count += 1
    return count


def antigen_of_series(m: Memory, index: int) -> int:
    """Address of the antigen of series number `index`."""
    for number in range(m[W_ANTIGEN_COUNT]):
        antigen = m[W_ANTIGENS] + number * G_WIDTH
        if m[antigen + G_SERIES_COUNT] == 0:
            continue
        first = m[m[antigen + G_SERIES]]
        if m[first + S_INDEX] <= index < m[first + S_INDEX] + m[antigen + G_SERIES_COUNT]:
            return antigen
    return 0


def put_series(m: Memory, person: int, out: Memory, count: int) -> int:
    """Write the states of relevant series, and of those whose relevance hangs on an unknown fact."""
    for index in range(m[W_SERIES_COUNT]):
        state = m[W_STATES] + index * m[W_STATE_WIDTH]
        is_relevant_series = is_of_person(m, state)
        if not is_relevant_series and m[state + Z_ASKED] == NOTHING_ASKED:
            continue
        row = count * SERIES_ROW
        out[row] = person
        out[row + 1] = index
        out[row + 2] = 1 if is_relevant_series else 0
        out[row + 3] = m[state + Z_STATUS] if is_relevant_series else NOT_RELEVANT
        out[row + 4] = m[state + Z_REASON]
        out[row + 5] = m[state + Z_BEST] if is_relevant_series else 0
        out[row + 6] = m[state + Z_PRIORITIZED] if is_relevant_series else 0
        out[row + 7] = m[state + Z_SATISFIED]
        out[row + 8] = m[state + Z_TARGET]
        out[row + 9] = m[state + Z_NUMBER]
        out[row + 10] = m[state + Z_EARLIEST]
        out[row + 11] = m[state + Z_RECOMMENDED]
        out[row + 12] = m[state + Z_PAST_DUE]
        out[row + 13] = m[state + Z_LATEST]
        out[row + 14] = m[state + Z_UNADJUSTED_RECOMMENDED]
        out[row + 15] = m[state + Z_UNADJUSTED_PAST_DUE]
        out[row + 16] = m[state + Z_ASKED]
        out[row + 17] = m[state + Z_PRODUCT]
        out[row + 18] = m[state + Z_RULE]
        count += 1
    return count


def put_groups(m: Memory, person: int, wants: int, out: Memory, count: int) -> int:
    """Write the vaccine group forecasts, in the order of display."""
    due_by = m[W_DUE_BY]
    for index in range(m[W_FORECAST_COUNT]):
        forecast = m[W_FORECASTS] + index * O_WIDTH
        if wants & ONLY_NOT_COMPLETE and m[forecast + O_STATUS] != NOT_COMPLETE:
            continue
        if due_by != NONE and not NONE < m[forecast + O_EARLIEST] <= due_by:
            continue
        row = count * GROUP_ROW
        out[row] = person
        for field in range(O_WIDTH):
            out[row + 1 + field] = m[forecast + field]
        count += 1
    return count


def put_products(m: Memory, person: int, out: Memory, count: int) -> int:
    """Write every recommended vaccine of the best series: person, series, vaccine."""
    for number in range(m[W_ANTIGEN_COUNT]):
        antigen = m[W_ANTIGENS] + number * G_WIDTH
        turn_to_antigen(m, antigen)
        for index in range(m[antigen + G_SERIES_COUNT]):
            series = m[m[antigen + G_SERIES] + index]
            state = state_of(m, series)
            if not is_of_person(m, state) or m[state + Z_BEST] == 0 or m[state + Z_STATUS] != NOT_COMPLETE:
                continue
            turn_to_series(m, series)
            look_ahead(m)
            recommend_vaccines(m, antigen)
            for product in range(m[W_PRODUCT_COUNT]):
                out[count * PRODUCT_ROW] = person
                out[count * PRODUCT_ROW + 1] = m[series + S_INDEX]
                out[count * PRODUCT_ROW + 2] = m[m[W_PRODUCTS] + product]
                count += 1
    return count


def judge_people(
    m: Memory,
    people: tuple[Sequence[int], ...],
    doses: tuple[Sequence[int], ...],
    observations: tuple[Sequence[int], ...],
    begin: int,
    end: int,
    wants: int,
    outs: tuple[Memory, ...],
    counts: Memory,
) -> None:
    """Judge persons `begin` to `end` of the columns and write what is wanted.

    people: born, birth minute, sex, country, assessment day, first dose, first observation (the last
    two with one entry more). doses: day, vaccine and, empty unless something of them is stated of any dose,
    maker, trade name, volume, expires, faulty; sorted by person and day. observations: code, value. outs: rows
    of doses, series, groups, products; counts: how many rows each holds. The caller makes them large enough.
    """
    born, minute, sex, country, on, first_dose, first_observation = people
    day, vaccine, maker, trade_name, volume, expires, faulty = doses
    code, value = observations
    is_described = len(maker) > 0
    m[W_WANTS] = wants
    for person in range(begin, end):
        stated, said = first_observation[person], first_observation[person + 1]
        load_person(m, born[person], minute[person], sex[person], country[person], on[person], said - stated)
        for i in range(first_dose[person], first_dose[person + 1]):
            dose = add_dose(m, day[i], vaccine[i])
            if is_described:
                describe_dose(m, dose, maker[i], trade_name[i], volume[i], expires[i], faulty[i])
            add_records(m, dose)
        state_observations(m, code, value, stated, said)
        judge_person(m)
        if wants & WANT_DOSES:
            counts[0] = put_doses(m, person, first_dose[person], outs[0], counts[0])
        if wants & WANT_SERIES:
            counts[1] = put_series(m, person, outs[1], counts[1])
        if wants & WANT_GROUPS:
            counts[2] = put_groups(m, person, wants, outs[2], counts[2])
        if wants & WANT_PRODUCTS:
            counts[3] = put_products(m, person, outs[3], counts[3])
        forget_observations(m, code, stated, said)
