"""Which series are relevant for a person (chapter 5), and its antigen administered records (4.2)."""

from __future__ import annotations

from qingmiao.engine.calendar import NONE
from qingmiao.engine.kernel.conditions import do_all_hold, has_observation
from qingmiao.engine.kernel.forecast import look_ahead
from qingmiao.engine.kernel.layout import (
    D_DAY,
    D_VACCINE,
    J_ANTIGEN,
    J_BEGIN,
    J_END,
    J_LOCAL,
    J_WIDTH,
    N_BEGIN,
    N_END,
    N_OBSERVATION,
    N_WIDTH,
    NOTHING_ASKED,
    R_DOSE,
    R_LOCAL,
    R_WIDTH,
    RISK,
    S_INDICATION_COUNT,
    S_INDICATIONS,
    S_REQUIRES,
    S_SEXES,
    S_TYPE,
    SEX_ASKED,
    SEX_U,
    V_ASSOCIATION_COUNT,
    V_ASSOCIATIONS,
    V_WIDTH,
    W_ALL_RECORDS,
    W_ASKED,
    W_OBSERVATION_COUNT,
    W_ON,
    W_ON_SETTING,
    W_RECORD_COUNTS,
    W_RECORD_SPACE,
    W_SEX,
    W_VACCINES,
)
from qingmiao.engine.kernel.memory import Memory, is_at_age


def associates(m: Memory, association: int, day: int) -> bool:
    """Does a dose on `day` count for the association's antigen at this age (4.2, note a)?"""
    if m[association + J_BEGIN] == NONE and m[association + J_END] == NONE:
        return True
    return is_at_age(m, association + J_BEGIN, association + J_END, day)


def add_records(m: Memory, dose: int) -> None:
    """4.2: the antigen administered records of the dose; doses come in order of date and entry."""
    vaccine = m[W_VACCINES] + m[dose + D_VACCINE] * V_WIDTH
    for number in range(m[vaccine + V_ASSOCIATION_COUNT]):
        association = m[vaccine + V_ASSOCIATIONS] + number * J_WIDTH
        if associates(m, association, m[dose + D_DAY]):
            antigen = m[association + J_ANTIGEN]
            count = m[m[W_RECORD_COUNTS] + antigen]
            record = m[W_ALL_RECORDS] + antigen * m[W_RECORD_SPACE] + count * R_WIDTH
            m[record + R_DOSE] = dose
            m[record + R_LOCAL] = m[association + J_LOCAL]
            m[m[W_RECORD_COUNTS] + antigen] = count + 1


def is_gender_required(m: Memory, series: int) -> bool:
    """Is the person's sex one of the series' required genders (Table 5-5)? None required: everyone."""
    return m[series + S_SEXES] == 0 or m[series + S_SEXES] & m[W_SEX] != 0


def does_indication_apply(m: Memory, indication: int) -> bool:
    """Table 5-4, at the assessment date."""
    if not has_observation(m, m[indication + N_OBSERVATION]):
        return False
    return is_at_age(m, indication + N_BEGIN, indication + N_END, m[W_ON])


def does_any_indication_apply(m: Memory, series: int) -> bool:
    """Does at least one indication that drives the need for the series apply?"""
    for index in range(m[series + S_INDICATION_COUNT]):
        if does_indication_apply(m, m[series + S_INDICATIONS] + index * N_WIDTH):
            return True
    return False


def is_relevant(m: Memory, series: int) -> bool:
    """5.1: is the series relevant for the person? What was asked in vain is left in `W_ASKED`."""
    m[W_ASKED] = NOTHING_ASKED
    if m[series + S_TYPE] == RISK and m[W_OBSERVATION_COUNT] == 0:
        return False
    if not is_gender_required(m, series):
        if m[W_SEX] == SEX_U:
            m[W_ASKED] = SEX_ASKED
        return False
    if m[series + S_TYPE] == RISK and not does_any_indication_apply(m, series):
        return False
    requires = m[series + S_REQUIRES] + 2 * m[W_ON_SETTING]
    if m[requires + 1] == 0:
        return True
    look_ahead(m)
    return do_all_hold(m, m[requires], m[requires + 1])
