"""The words of a ruleset: what a loader writes and `tape.encode` turns into numbers.

A loader (CDC's XML, China's YAML) builds one `Ruleset` of these frozen records and knows nothing of
the kernel; the kernel reads the encoded tape and knows nothing of files. Terms are those of CDC's
Logic Specification v4.6, with the section that uses them. What China needs and the specification
lacks is marked *extension*: a general mechanism any ruleset may use, off unless a record asks for it.

Days are `datetime.date` here and days since 1970-01-01 on the tape. `None` means "the source says
nothing", never zero. Windows of ages and of condition dates are begin-inclusive, end-exclusive;
effective and cessation dates are both inclusive (RELEVANT-1, RELEVANT-2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple


class Calendar(IntEnum):
    """Where a day lands that the month does not have."""

    ROLL_FORWARD = 0
    """First day of the next month (CALCDT-5)."""
    CLAMP = 1
    """Last day of the month (Civil Code of China, art. 202)."""


class Span(NamedTuple):
    """A length of time kept in the units of its source: months (12 a year) are added first, then days.

    `Span(hours=12)` is allowed only as `AgeRow.overdue` (*extension*): the calendar day in which birth
    time plus those hours falls; an unknown birth time counts as 00:00 (the earliest such day).
    """

    months: int = 0
    days: int = 0
    hours: int = 0


class Rule(NamedTuple):
    """Where a number comes from: `rule_id` is shown with every verdict it decides."""

    rule_id: str
    title_zh: str = ""
    title_en: str = ""
    reference: str = ""
    confidence: str = ""


class Window(NamedTuple):
    """Dates between which a row is in force, both inclusive; the anchor is the dose's day when a dose
    is evaluated and the assessment day when a forecast is made (3.3)."""

    effective: date | None = None
    cessation: date | None = None


ALWAYS = Window()


class Kind(IntEnum):
    """What a `Condition` asks."""

    AGE = 1
    """begin_age date <= reference date < end_age date (Table 6-6)."""
    COMPLETED_SERIES = 2
    """One of `series_groups` (of the same antigen) holds a relevant series with status Complete (6-7)."""
    INTERVAL = 3
    """A previous dose exists and reference date >= its day + `interval` (6-8)."""
    COUNT = 4
    """Number of doses compared with `count` (CONDSKIP-1, Table 6-9)."""
    ON = 5
    """*Extension*: start <= anchor date < end. The edition in force, tested on the anchor and never on
    a forecast's earliest date."""
    BORN = 6
    """*Extension*: start <= birth date < end. A cohort."""
    OBSERVATION = 7
    """*Extension*: the person has `observation` (value yes or a date)."""
    SEX = 8
    """*Extension*: the person's sex is one of `sexes`."""
    COMPLETE_LEDGER = 9
    """*Extension*: a series of `ledger` has status Complete (any antigen; judged earlier)."""
    VACCINE = 10
    """*Extension*: the dose being evaluated is one of `vaccines`; never met in a forecast."""


class Scope(IntEnum):
    """Which doses a COUNT condition counts (never the dose being evaluated, nor later ones; 6.2)."""

    TOTAL = 0
    """Any status; vaccine types of other antigens are counted from the whole history."""
    VALID = 1
    """Valid in the series being walked."""
    LEDGER = 2
    """*Extension*: Valid in any relevant series of `ledger` (another antigen's, judged earlier)."""


class Compare(IntEnum):
    """Dose count logic."""

    EQUAL = 0
    GREATER = 1
    LESS = 2


@dataclass(frozen=True, slots=True)
class Condition:
    """One question; only the fields its `kind` names are read.

    `negated` (*extension*) turns the answer round.
    COUNT reads vaccines (empty: every vaccine of the antigen), begin_age/end_age and start/end (on the
    day of the counted dose), count, compare, scope, ledger.
    """

    kind: Kind
    begin_age: Span | None = None
    end_age: Span | None = None
    start: date | None = None
    end: date | None = None
    interval: Span | None = None
    count: int = 0
    compare: Compare = Compare.GREATER
    scope: Scope = Scope.TOTAL
    vaccines: tuple[str, ...] = ()
    series_groups: tuple[int, ...] = ()
    observation: str | None = None
    sexes: tuple[str, ...] = ()
    ledger: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ConditionSet:
    """Conditions joined by AND or OR, in force inside `window` (6.2)."""

    conditions: tuple[Condition, ...]
    all_must_hold: bool = True
    window: Window = ALWAYS


class Context(IntEnum):
    """When a skip is asked (3.3)."""

    EVALUATION = 1
    FORECAST = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class Skip:
    """One conditional-skip instance; a target dose is skipped if any applicable instance says so."""

    context: Context
    sets: tuple[ConditionSet, ...]
    all_must_hold: bool = False
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class AgeRow:
    """Ages of a target dose (6.4, 7.5). The first row whose window holds the anchor and whose `when`
    holds (*extension*; all conditions) is the row; no row: any age is valid.

    `minimum` only marks a grace period between it and `absolute_minimum`: where there is no grace,
    write the same value twice. `overdue` is the latest recommended age; see `Policy` for past due.
    """

    absolute_minimum: Span | None = None
    minimum: Span | None = None
    recommended: Span | None = None
    overdue: Span | None = None
    maximum: Span | None = None
    window: Window = ALWAYS
    when: tuple[Condition, ...] = ()
    rule: Rule | None = None


class From(IntEnum):
    """What an interval counts from (CALCDTINT-1, 2, 8, 9)."""

    PREVIOUS = 1
    """The last earlier dose that is Valid or Not Valid in this series and not inadvertent."""
    TARGET = 2
    """The dose that last satisfied the target at position `target` (1 is the first); none: no reference."""
    MOST_RECENT = 3
    """The most recent earlier dose of any of `vaccines`, not inadvertent, whole history."""
    OBSERVATION = 4
    """The date of `observation`."""
    LEDGER = 5
    """*Extension*: the dose with ordinal `target` among those Valid in `ledger` (0: the latest one)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A preferable or allowable interval (6.5, 6.6). Without a reference date the row holds.

    Allowable intervals read `absolute_minimum` only. `only_after` (*extension*): an observation or
    dose later than the dose evaluated gives no reference. `when`: *extension*, all must hold or the
    row is not asked.
    """

    counts_from: From
    target: int = 0
    vaccines: tuple[str, ...] = ()
    observation: str | None = None
    ledger: str | None = None
    absolute_minimum: Span | None = None
    minimum: Span | None = None
    recommended: Span | None = None
    overdue: Span | None = None
    has_priority: bool = False
    only_after: bool = False
    window: Window = ALWAYS
    when: tuple[Condition, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class VaccineRow:
    """A preferable, allowable or inadvertent vaccine of a target dose (6.8, 6.9, 6.3).

    `trade_name` and `maker` constrain only where both sides state one. `window`, `when`: *extension*.
    `is_forecast`: the product may be named in a forecast (FORECASTRECVAC-1).
    """

    vaccine: str
    begin_age: Span | None = None
    end_age: Span | None = None
    trade_name: str | None = None
    maker: str | None = None
    volume_microlitres: int | None = None
    is_forecast: bool = False
    window: Window = ALWAYS
    when: tuple[Condition, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class TargetDose:
    """One step of a series. `number` is the dose number in the series (clones keep it).

    `season` is the recommendation's start and end date. An empty `preferable` allows no vaccine but
    an `allowable` one and never counts as "all contraindicated".
    """

    number: int
    ages: tuple[AgeRow, ...] = ()
    intervals: tuple[Interval, ...] = ()
    allowable_intervals: tuple[Interval, ...] = ()
    preferable: tuple[VaccineRow, ...] = ()
    allowable: tuple[VaccineRow, ...] = ()
    inadvertent: tuple[VaccineRow, ...] = ()
    skips: tuple[Skip, ...] = ()
    is_recurring: bool = False
    season: tuple[date | None, date | None] = (None, None)
    rule: Rule | None = None


class SeriesType(IntEnum):
    """Table 5-5."""

    STANDARD = 0
    RISK = 1
    EVALUATION_ONLY = 2


@dataclass(frozen=True, slots=True)
class Indication:
    """An observation that makes a Risk series relevant inside an age window, at assessment (5.1)."""

    observation: str
    begin_age: Span | None = None
    end_age: Span | None = None
    text: str = ""
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One path to immunity (chapter 5, 8).

    `sexes`: subset of {"F", "M", "U"}; empty is everyone. `requires` (*extension*): all must hold at
    the assessment or the series is not relevant (cohort, province, programme start).
    `vaccines` (*extension*): doses of other vaccine types of the antigen are passed over in this
    series instead of being judged; empty takes all. `ledger` (*extension*): a name under which other
    antigens' conditions and intervals can count this series' valid doses.
    """

    name: str
    vaccine_group: str
    targets: tuple[TargetDose, ...]
    type: SeriesType = SeriesType.STANDARD
    series_group: int = 1
    series_group_name: str = ""
    equivalent_groups: tuple[int, ...] = ()
    is_default: bool = False
    is_product_path: bool = False
    priority: str = "A"
    preference: int | None = None
    minimum_age_to_start: Span | None = None
    maximum_age_to_start: Span | None = None
    sexes: tuple[str, ...] = ()
    indications: tuple[Indication, ...] = ()
    requires: tuple[Condition, ...] = ()
    vaccines: tuple[str, ...] = ()
    ledger: str | None = None
    guidance: tuple[str, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Contraindication:
    """An observation that stops an antigen (`vaccines` empty) or single vaccines of it (7.3)."""

    observation: str
    begin_age: Span | None = None
    end_age: Span | None = None
    vaccines: tuple[VaccineRow, ...] = ()
    text: str = ""
    guidance: str = ""
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class BirthImmunity:
    """Immune when born before a day, unless an exclusion applies; `country` None means any (7.2)."""

    born_before: date
    country: str | None = None
    exclusions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Antigen:
    """What series protect against; series of one antigen compete (chapter 8). Series are listed in
    file order; `encode` judges those first whose completion others ask for."""

    name: str
    series: tuple[Series, ...]
    immune_observations: tuple[str, ...] = ()
    birth_immunity: tuple[BirthImmunity, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()


class Association(NamedTuple):
    """A vaccine counts for an antigen when given at an age inside the window (4.2)."""

    antigen: str
    begin_age: Span | None = None
    end_age: Span | None = None


@dataclass(frozen=True, slots=True)
class Vaccine:
    """A vaccine type (CVX code; China's 4-digit code) and the antigens it counts for."""

    code: str
    name: str = ""
    associations: tuple[Association, ...] = ()


class Conflict(NamedTuple):
    """A dose of `impacted` is in conflict from `begin` to before `end` after a dose of `conflicting`;
    `short_end` holds when the earlier dose is Valid or not judged in the series (6.7)."""

    conflicting: str
    impacted: str
    begin: Span
    short_end: Span
    end: Span


@dataclass(frozen=True, slots=True)
class VaccineGroup:
    """Antigens forecast together (chapter 9). `full_group`: administer full vaccine group; decides
    whether the dose number is the minimum (True) or the maximum (False) of the members."""

    name: str
    antigens: tuple[str, ...]
    full_group: bool | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A fact about a person that rules can ask for. `coded`: (system, code) pairs that mean the same.

    `is_assumed` (*extension*): it holds of everybody of whom it is not stated.
    """

    code: str
    title: str = ""
    title_zh: str = ""
    coded: tuple[tuple[str, str], ...] = ()
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Readings in which rulesets differ; the defaults are CDC's.

    repeat_after_days: earliest is at least this many days after the latest dose judged in the series.
    past_due_offset_days: added to the latest recommended date (FORECASTDT-3: -1).
    past_due_from_earliest: past due is never before earliest (FORECASTDT-6).
    same_visit_is_free: a dose given on the assessment day does not push a conflicting one (China C23).
    number_by_count: a valid dose is numbered by the count of valid doses so far, not by its target's
    number, so that skipped targets have none; a target numbered 0 is satisfied but never counted.
    extra_keeps_target: a dose for which every target left is skipped is extra and leaves them at hand, for a later
    edition may ask for one of them (China: DTaP 5 from 2025).
    """

    repeat_after_days: int = 0
    past_due_offset_days: int = -1
    past_due_from_earliest: bool = True
    same_visit_is_free: bool = False
    number_by_count: bool = False
    extra_keeps_target: bool = False
    contraindicated_default_yields: bool = False
    begun_default_yields: bool = False


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Every rule of one schedule, with its version. Compile with `engine.tape.encode`."""

    name: str
    version: str
    antigens: tuple[Antigen, ...]
    vaccines: tuple[Vaccine, ...]
    groups: tuple[VaccineGroup, ...]
    conflicts: tuple[Conflict, ...] = ()
    observations: tuple[Observation, ...] = ()
    calendar: Calendar = Calendar.ROLL_FORWARD
    policy: Policy = field(default_factory=Policy)
