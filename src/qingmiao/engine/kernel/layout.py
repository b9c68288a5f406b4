"""Fields of every record in the kernel's memory: offsets from the record's address.

A *span* takes two cells (months, days; months NONE means absent), a *list* two (address, length).
`W_` frame and header, `V_` vaccine, `J_` association, `G_` antigen, `L_` series group, `S_` series, `T_` target dose,
`U_` what a target dose asks of a dose of one vaccine, `A_` age row, `I_` interval, `P_` vaccine row, `K_` skip,
`Q_` condition set, `C_` condition, `X_` contraindication, `B_` birth immunity, `N_` indication, `F_` conflict,
`Y_` vaccine group;
of the person: `D_` dose, `R_` antigen administered record, `M_` ledger, `E_` evaluation, `Z_` state of a series.
"""

# Frame: the person at hand, and the question being asked of it.
(
    W_PERSON,  # number of the person at hand, from 1
    W_BORN,
    W_BORN_MONTH,
    W_BORN_DAY_OF_MONTH,
    W_BORN_MINUTE,
    W_SEX,
    W_COUNTRY,
    W_ON,
    W_DOSE_COUNT,
    W_OBSERVATION_COUNT,
    W_REFERENCE,  # conditional skip reference date (CONDSKIP-2)
    W_SERIES,
    W_STATE,
    W_RECORDS,  # antigen administered records of the antigen at hand
    W_RECORD_COUNT,
    W_EVALUATIONS,  # evaluations of the series at hand, one per record
    W_PREVIOUS,  # how many records count as earlier: those before the dose, or all
    W_ASKED,  # observation stated as unknown that a condition met last
    W_RULE,  # rule of the row that decided last
    W_FREE_EVALUATION,  # next free evaluation record
    W_DOSE,  # the dose being evaluated, 0 in forecasting
    W_IS_WATCHED,  # 1 if what is no dose of any antigen was given (`tape.plainly`)
    W_LAST_LIVE,  # the last live dose of the whole history, 0 for none
    # Regions of the person.
    W_DOSES,
    W_RECORD_COUNTS,  # per antigen: how many records
    W_RECORD_SPACE,  # cells that the records of one antigen may take
    W_GIVEN,  # bit set of the vaccines given
    W_ALL_RECORDS,
    W_ALL_EVALUATIONS,
    W_STATES,
    W_OBSERVATIONS,
    W_FORECASTS,
    W_FORECAST_COUNT,
    W_PRIORITIZED,  # per series group: its prioritized series, 0 for none
    W_BEST,  # per series group: its best series, 0 for none
    W_LEDGERS,  # per ledger: its first dose, 0 for none, and its last
    W_MEMBERS,  # scratch: best series of the vaccine group at hand
    W_MEMBER_COUNT,
    W_WANTS,  # bits: what the caller wants to be told
    W_DUE_BY,  # of forecasts, only those whose dose may be given by this day; NONE: all
    # What selection knows of the series group at hand.
    W_RELEVANT_COUNT,
    W_RELEVANT,  # the last relevant series
    W_HAS_VALID,
    W_DEFAULT,
    W_BEST_PRIORITY,
    W_ALL_CONTRAINDICATED,
    # The ruleset.
    W_CALENDAR,
    W_MONTHS,  # first days of months, from FIRST_MONTH on
    W_REPEAT_AFTER_DAYS,
    W_PAST_DUE_OFFSET_DAYS,
    W_PAST_DUE_FROM_EARLIEST,
    W_SAME_VISIT_IS_FREE,
    W_NUMBER_BY_COUNT,
    W_EXTRA_KEEPS_TARGET,
    W_DEFAULT_YIELDS,
    W_BEGUN_YIELDS,
    W_VACCINES,
    W_VACCINE_COUNT,
    W_ANTIGENS,
    W_ANTIGEN_COUNT,
    W_GROUPS,
    W_GROUP_COUNT,
    W_CONFLICTS,
    W_LIVE_COUNT,
    W_LONGEST_CONFLICT,  # days after which no live dose conflicts with an earlier one
    W_SERIES_COUNT,
    W_LEDGER_COUNT,
    W_STATE_WIDTH,
    # Settings (see `settings`): an epoch of the anchor date in a cohort of births.
    W_EPOCHS,
    W_EPOCH_COUNT,
    W_COHORTS,
    W_COHORT_COUNT,
    W_FIRST_SETTING,  # of the person's cohort
    W_ON_SETTING,
    W_EPOCH,  # of the dose added last; before the first of the assessment day
    W_UNSTATED,  # per observation: its value for a person of whom it is not stated
    W_TAPE_END,
    W_PRODUCTS,  # scratch: recommended vaccines of the forecast at hand
    W_PRODUCT_COUNT,
) = range(79)
NOTHING = NOBODY = 0
"""No target dose, no series: the frame is at address 0, so no record is."""
W_SIZE = 80
"""First address of the tape."""
FIRST_MONTH, MONTH_COUNT = 1850 * 12, 400 * 12
"""Months whose first days are kept in a table: 1850 to 2249."""

V_LIVE, V_IS_WATCHED, V_ASSOCIATIONS, V_ASSOCIATION_COUNT = range(4)
V_WIDTH = 4
J_ANTIGEN, J_LOCAL, J_BEGIN, _, J_END, _ = range(6)
J_WIDTH = 6

(
    G_SERIES,  # addresses, in the order of evaluation
    G_SERIES_COUNT,
    G_POSSIBLE,  # per setting: address of a list (length first) of the series that can be relevant
    G_SERIES_GROUPS,
    G_SERIES_GROUP_COUNT,
    G_CONTRAINDICATIONS,
    G_CONTRAINDICATION_COUNT,
    G_IMMUNE,
    G_IMMUNE_COUNT,
    G_BIRTHS,
    G_BIRTH_COUNT,
    G_VACCINE_GROUP,
    G_INDEX,
    G_IS_ASKED,  # 1; written when the memory is laid out: 0 for an antigen that this run leaves out
) = range(14)
G_WIDTH = 14
L_NUMBER, L_SERIES, L_SERIES_COUNT, L_INDEX = range(4)
L_WIDTH = 4

(
    S_INDEX,
    S_STATE,  # address of its state, written when the memory is laid out
    S_ANTIGEN,
    S_TYPE,
    S_GROUP,
    S_EQUIVALENT,  # bits of group numbers
    S_DEFAULT,
    S_PRODUCT,
    S_PRIORITY,
    S_PREFERENCE,
    S_MINIMUM_START,
    _,
    S_MAXIMUM_START,
    _,
    S_SEXES,
    S_INDICATIONS,
    S_INDICATION_COUNT,
    S_REQUIRES,  # per setting: address and length of the conditions still open
    S_VACCINES,  # bit set of the antigen's vaccines, 0: all
    S_LEDGER,
    S_TARGETS,  # per setting, per position: address of the target dose as it is there
    S_TARGET_COUNT,
    S_RULE,
) = range(23)
S_WIDTH = 23

(
    T_AGES,  # the first four are those of a forecast; U_ begins alike, so what asks them takes either
    T_AGE_COUNT,
    T_INTERVALS,
    T_INTERVAL_COUNT,
    T_NUMBER,
    T_PREFERABLE,
    T_PREFERABLE_COUNT,
    T_SKIPS,
    T_SKIP_COUNT,
    T_RECURRING,
    T_SEASON_START,
    T_SEASON_END,
    T_CONFLICTS,  # one per live vaccine given: 0, or (count; spans): forecast conflict ends
    T_RULE,
    T_BY_VACCINE,  # from here, per vaccine of the antigen: address of what is asked of a dose of it
) = range(15)

(
    _,  # T_AGES, T_AGE_COUNT, T_INTERVALS, T_INTERVAL_COUNT
    _,
    _,
    _,
    U_ALLOWABLE,  # allowable intervals
    U_ALLOWABLE_COUNT,
    U_ROWS,  # vaccine rows: inadvertent, then preferable, then allowable
    U_INADVERTENT_COUNT,
    U_PREFERABLE_COUNT,
    U_ALLOWABLE_VACCINE_COUNT,
    U_PLAIN_FROM,  # bounds in days, see `tape.plainly`
    U_PLAIN_BEFORE,
    U_PLAIN_GAP,
    U_PLAIN_TARGET,
    U_PLAIN_TARGET_GAP,
) = range(15)
U_WIDTH = 15

(
    A_ABSOLUTE,
    _,
    A_MINIMUM,
    _,
    A_RECOMMENDED,
    _,
    A_OVERDUE,
    _,
    A_OVERDUE_HOURS,
    A_MAXIMUM,
    _,
    A_WHEN,
    A_WHEN_COUNT,
    A_RULE,
) = range(14)
A_WIDTH = 14

(
    I_FROM,
    I_TARGET,
    I_OWN,  # bit set of the antigen's vaccines
    I_FOREIGN,  # bit set of all vaccines, 0: none
    I_OBSERVATION,
    I_LEDGER,
    I_ABSOLUTE,
    _,
    I_MINIMUM,
    _,
    I_RECOMMENDED,
    _,
    I_OVERDUE,
    _,
    I_PRIORITY,
    I_ONLY_AFTER,
    I_WHEN,
    I_WHEN_COUNT,
    I_RULE,
) = range(19)
I_WIDTH = 19

(
    P_VACCINE,
    P_BEGIN,
    _,
    P_END,
    _,
    P_TRADE_NAME,
    P_MAKER,
    P_VOLUME,
    P_FORECAST,
    P_WHEN,
    P_WHEN_COUNT,
    P_RULE,
) = range(12)
P_WIDTH = 12

K_CONTEXT, K_ALL, K_SETS, K_SET_COUNT, K_RULE = range(5)
K_WIDTH = 5
Q_ALL, Q_CONDITIONS, Q_CONDITION_COUNT = range(3)
Q_WIDTH = 3
(
    C_KIND,
    C_NEGATED,
    C_BEGIN,
    _,
    C_END,
    _,
    C_START,
    C_BEFORE,
    C_INTERVAL,
    _,
    C_COUNT,
    C_COMPARE,
    C_SCOPE,
    C_OWN,  # bit set of the antigen's vaccines, 0: all of them
    C_FOREIGN,  # bit set of all vaccines, 0: none
    C_GROUPS,
    C_OBSERVATION,
    C_SEXES,
    C_LEDGER,
) = range(19)
C_WIDTH = 19

X_OBSERVATION, X_BEGIN, _, X_END, _, X_VACCINES, X_VACCINE_COUNT, X_RULE = range(8)
X_WIDTH = 8
B_BEFORE, B_COUNTRY, B_EXCLUSIONS, B_EXCLUSION_COUNT = range(4)
B_WIDTH = 4
N_OBSERVATION, N_BEGIN, _, N_END, _ = range(5)
N_WIDTH = 5
F_BEGIN, _, F_SHORT, _, F_END, _ = range(6)
F_WIDTH = 6
Y_FULL, Y_ANTIGENS, Y_ANTIGEN_COUNT = range(3)
Y_WIDTH = 3

# The person.
(
    D_DAY,
    D_VACCINE,
    D_MAKER,
    D_TRADE_NAME,
    D_VOLUME,
    D_UNFIT,  # EXPIRED, FAULTY or 0
    D_LEDGERS,
    D_STATUS,
    D_LIVE,  # number among the live vaccines, -1 for others
    D_EARLIER_LIVE,  # the last live dose before it, 0 for none
    D_SETTING,  # of the day it was given
) = range(11)
D_WIDTH = 11
R_DOSE, R_LOCAL = range(2)
R_WIDTH = 2
M_FIRST, M_LAST = range(2)
M_WIDTH = 2
E_STATUS, E_REASONS, E_NUMBER, E_RULE = range(4)
E_WIDTH = 4
(
    Z_PERSON,  # the last person for whom the series was relevant; of others the state says nothing
    Z_ASKED,  # of the last person for whom it could be relevant
    Z_STATUS,
    Z_REASON,
    Z_NUMBER,
    Z_RULE,
    Z_EVALUATIONS,
    Z_ALL_VALID,
    # Neighbours start alike, so that they are written together: first those that start at 0.
    Z_PRIORITIZED,
    Z_BEST,
    Z_TARGET,  # position of the target dose at hand; S_TARGET_COUNT when none is left
    Z_JUDGED,  # doses judged in the series, not passed over
    Z_SATISFIED,
    Z_SATISFIED_COUNTED,  # those that count for the forecast number (FORECASTDN-1)
    # Written for a series that is detailed.
    Z_PRIORITY,
    Z_PRODUCT,
    Z_RECOMMENDED,
    Z_UNADJUSTED_RECOMMENDED,
    Z_PAST_DUE,
    Z_UNADJUSTED_PAST_DUE,
    Z_LATEST,
    # Written where series compete.
    Z_SCORABLE,
    Z_SCORED,
    Z_SCORE,
    # Those that start without a date.
    Z_EARLIEST,
    Z_FIRST_VALID,
    Z_LAST_INADVERTENT,
    Z_COUNTS_FROM,  # day of the last dose judged that intervals count from (CALCDTINT-1)
    Z_LAST,  # day of the last dose judged (CALCDTSKIP-5)
    Z_SATISFIED_ON,  # from here: day on which each target position up to that at hand was last satisfied
) = range(30)

(
    O_GROUP,
    O_SERIES_GROUP,
    O_TYPE,
    O_STATUS,
    O_NUMBER,
    O_SHOWN_NUMBER,
    O_EARLIEST,
    O_RECOMMENDED,
    O_PAST_DUE,
    O_LATEST,
    O_UNADJUSTED_RECOMMENDED,
    O_UNADJUSTED_PAST_DUE,
    O_SERIES,  # series index of a member whose earliest date is the group's
    O_TARGET,
    O_ASKED,
    O_PRODUCT,
    O_RULE,
    O_RANK,
    O_WAITS,  # no member started and all start later
) = range(19)
O_WIDTH = 19
"""A vaccine group forecast (chapter 9)."""

# Observation values.
NOT_STATED = -2147483648
STATED_NO = -2147483647
STATED_UNKNOWN = -2147483646
UNDATED = -2147483645
"""Present without a date; anything greater is present on that day."""

# Evaluation statuses (Table 3-1); 0 is none (passed over).
PASSED_OVER, VALID, NOT_VALID, EXTRANEOUS, SUBSTANDARD = range(5)

# Patient series statuses (Table 3-3); UNKNOWN: the birth date is missing.
NOT_RELEVANT, NOT_COMPLETE, COMPLETE, AGED_OUT, CONTRAINDICATED, IMMUNE, NOT_RECOMMENDED, UNKNOWN = range(8)

# Evaluation reasons, as bits.
TOO_YOUNG = 1
TOO_OLD = 2
AGE_GRACE = 4
TOO_SOON = 8
INTERVAL_GRACE = 16
CONFLICT = 32
NOT_PREFERABLE_OR_ALLOWABLE = 64
OUTSIDE_VACCINE_AGES = 128
WRONG_TRADE_NAME = 256
INADVERTENT = 512
SERIES_COMPLETE = 1024
EXPIRED = 2048
FAULTY = 4096
LOW_VOLUME = 8192
ALLOWABLE_VACCINE = 16384
ALLOWABLE_INTERVAL = 32768

# Forecast reasons (Table 7-10).
(
    NO_REASON,
    SERIES_IS_COMPLETE,
    PAST_HISTORY,
    HAS_IMMUNITY,
    HAS_CONTRAINDICATION,
    PAST_SEASON,
    EXCEEDED_MAXIMUM_AGE,
    UNABLE_TO_FINISH,
) = range(8)

SEX_F, SEX_M, SEX_U = 1, 2, 4
NOTHING_ASKED, SEX_ASKED = -1, -2

# Kinds, scopes and comparisons of `tables`, for compiled code.
AGE, COMPLETED_SERIES, INTERVAL, COUNT = range(1, 5)
OBSERVATION, SEX, COMPLETE_LEDGER, VACCINE = range(7, 11)  # ON and BORN are answered when encoding
TOTAL, COUNT_VALID, COUNT_LEDGER = range(3)
EQUAL, GREATER, LESS = range(3)
FROM_PREVIOUS, FROM_TARGET, FROM_MOST_RECENT, FROM_OBSERVATION, FROM_LEDGER = range(1, 6)
IN_EVALUATION, IN_FORECAST = 1, 2
STANDARD, RISK, EVALUATION_ONLY = range(3)

# What the caller wants to be told, as bits.
WANT_DOSES, WANT_SERIES, WANT_GROUPS, WANT_PRODUCTS, ONLY_NOT_COMPLETE = 1, 2, 4, 8, 16
EVERY_QUESTION = 32
"""Ask every question of a dose that is plainly valid as well."""
