"""One dose of a path as rows of ages, gaps, products and skips."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from qingmiao.engine.rules.series import DoseRule, Gap, PathRule, Title, Variant
from qingmiao.engine.rules.values import Dated, Quantity
from qingmiao.engine.tables import (
    AgeRow,
    Condition,
    ConditionSet,
    Context,
    From,
    Interval,
    Kind,
    Skip,
    Span,
    TargetDose,
    VaccineRow,
    Window,
)  # fmt: skip

from .words import DAY, Period, Setting, conditions, is_none_of, is_one_of, rule

_DAYS = {"day": 1, "week": 7}
_FOR_EVER = Span(months=12 * 99)


@dataclass(frozen=True, slots=True)
class At:
    """A dose being compiled."""

    setting: Setting
    path: PathRule
    dose: DoseRule
    position: int

    @property
    def title(self) -> Title:
        """The group and the dose, for people."""
        group = self.setting.group.title
        return {"zh": f"{group['zh']} 第{self.position}剂", "en": f"{group['en']}, dose {self.position}"}

    @property
    def forecast_families(self) -> tuple[str, ...]:
        """Families that a forecast may name."""
        said = self.setting.group.forecast_unless_said
        return tuple(give.product for give in self.dose.give) or ((said,) if said else ())

    @property
    def accepted_families(self) -> tuple[str, ...]:
        """Families that satisfy the dose."""
        holds = self.setting.book.holds
        named = tuple(f for one in self.dose.accept if holds(self.setting.group, one.only_if) for f in one.products)
        return named or self.path.products or self.setting.group_families


def _catch_up_closes(at: At, period: Period) -> Span | None:
    if at.setting.group.programme != "national":
        return None
    return at.setting.span(at.setting.book.programme.catch_up_closes_at_age, period)


def _earlier(one: Span | None, other: Span | None) -> Span | None:
    known = [found for found in (one, other) if found]
    return min(known, key=lambda found: (found.months, found.days)) if known else None


def _age_rows(at: At, period: Period, variant: Variant | None) -> list[AgeRow]:
    """Rows of one period: by label for the products of a variant; else one for doses given, where the end of
    catch-up does not make a dose too old, and one for the forecast, where it does."""
    dose, asked = at.dose, at.setting.span
    printed = asked(variant.minimum_age, period) if variant else None
    before = asked(variant.complete_before_age, period) if variant else None
    if variant and printed is None and before is None:
        return []
    minimum = printed or asked(dose.minimum_age, period)
    closes = asked(dose.closes_at_age, period)
    entry = at.setting.value(variant.minimum_age if variant and printed else dose.minimum_age, period)
    if entry is None or minimum is None:
        return []
    row = AgeRow(
        absolute_minimum=(None if printed else asked(dose.valid_from_age, period)) or minimum,
        minimum=minimum,
        recommended=minimum,
        overdue=before or asked(dose.complete_before_age, period),
        maximum=closes,
        window=period.window(),
        when=conditions(at.setting, variant.when) if variant else (),
        rule=rule(dose.rule_id, at.title, entry.source),
    )
    if variant and variant.products:
        return [_with(row, is_one_of(at.setting.codes(variant.products)))]
    catch_up = _earlier(closes, _catch_up_closes(at, period))
    if catch_up == closes:
        return [row]
    given = is_one_of(at.setting.codes(at.setting.group_families))
    return [_with(row, given), _with(row, maximum=catch_up)]


def _with(row: AgeRow, *more: Condition, maximum: Span | None = None) -> AgeRow:
    return replace(row, when=(*row.when, *more), maximum=maximum or row.maximum)


def _ages(at: At) -> tuple[AgeRow, ...]:
    dose = at.dose
    variants = [one for one in dose.variants if at.setting.book.holds(at.setting.group, one.only_if)]
    quantities: list[Quantity | None] = [
        dose.minimum_age, dose.valid_from_age, dose.complete_before_age, dose.closes_at_age,
        *(quantity for one in variants for quantity in (one.minimum_age, one.complete_before_age)),
    ]  # fmt: skip
    if at.setting.group.programme == "national":
        quantities.append(at.setting.book.programme.catch_up_closes_at_age)
    rows: list[AgeRow] = []
    for period in at.setting.periods(*quantities):
        for variant in (*variants, None):
            rows += _age_rows(at, period, variant)
    return tuple(rows)


def _asked_of(at: At, families: tuple[str, ...]) -> tuple[Condition, ...]:
    """A row for some products: also asked in forecasts when one of them is what a forecast names."""
    if not families:
        return ()
    if not set(families) & set(at.forecast_families):
        return (is_one_of(at.setting.codes(families)),)
    others = tuple(family for family in at.setting.group_families if family not in families)
    return (is_none_of(at.setting.codes(others)),) if others else ()


def _origin(at: At, gap: Gap) -> dict[str, object]:
    kind, value = gap.after
    if kind == "dose":
        return {"counts_from": From.TARGET, "target": value}
    if kind == "previous":
        return {"counts_from": From.PREVIOUS}
    if kind == "last_in":
        return {"counts_from": From.LEDGER, "ledger": value, "target": 0}
    if kind == "last_of":
        assert isinstance(value, tuple)
        return {"counts_from": From.MOST_RECENT, "vaccines": at.setting.codes(value)}
    return {"counts_from": From.OBSERVATION, "observation": value, "only_after": not gap.counts_only_after}


def _gap_rows(at: At, gap: Gap) -> list[Interval]:
    setting, rows = at.setting, []
    for period in setting.periods(gap.minimum, gap.valid_after):
        minimum, entry = setting.span(gap.minimum, period), setting.value(gap.minimum, period)
        if minimum is None or entry is None:
            continue
        origin = {"counts_from": From.PREVIOUS} if _is_the_wait(at, gap, period.first or date.max) else _origin(at, gap)
        rows.append(
            Interval(
                **origin,  # type: ignore[arg-type]
                absolute_minimum=setting.span(gap.valid_after, period) or minimum,
                minimum=minimum,
                window=period.window(),
                when=(*conditions(setting, gap.when), *_asked_of(at, gap.products)),
                rule=rule(f"{at.dose.rule_id}.gap", at.title, entry.source),
            )
        )
    return rows


def _gap_days(gap: Gap, day: date) -> int | None:
    """Days of a gap written in days or weeks; None for longer units."""
    found = (gap.valid_after or gap.minimum).written_on(day)
    unit = (gap.valid_after or gap.minimum).unit
    return found.value * _DAYS[unit] if found and found.value is not None and unit in _DAYS else None


def _waits(gap: Gap, position: int) -> bool:
    """Whether a gap says how long to wait after the dose before. Days counted from an earlier dose do not: in
    0-3-7-14 the 14 days are seven after the third dose."""
    kind, value = gap.after
    if kind == "dose":
        return value == position - 1 or gap.minimum.unit not in _DAYS
    return kind in ("last_in", "previous")


def _wait(at: At, day: date) -> Dated | None:
    """The wait after an invalid dose on a day: the programme's, or the dose's own gap in days where that is shorter.

    None where a dose after the first has no gap of its own, and where only doses after an event count: an earlier
    dose belongs to another course and delays nothing.
    """
    setting, gaps = at.setting, at.dose.gaps
    entry = setting.book.programme.repeat_after_invalid_dose.written_on(day)
    own = [gap for gap in gaps if _waits(gap, at.position) and _holds(setting, gap, day)]
    if any(gap.counts_only_after for gap in gaps) or (at.position > 1 and not own):
        return None
    if entry is None or entry.value is None:
        return None
    return replace(entry, value=min([entry.value, *(_gap_days(gap, day) or entry.value for gap in own)]))


def _holds(setting: Setting, gap: Gap, day: date) -> bool:
    """Is the gap written on the day, under the readings chosen and the texts known?"""
    return setting.value(gap.minimum, Period(day, None)) is not None


def _is_the_wait(at: At, gap: Gap, day: date) -> bool:
    """A gap from the dose before that is the wait itself: it counts from that dose, valid or not, and verdicts name
    the gap's own text."""
    wait = _wait(at, day)
    from_before = gap.after[0] == "previous" or gap.after == ("dose", at.position - 1)
    plain = from_before and not (gap.valid_after or gap.when or gap.products)
    return bool(plain and wait and _gap_days(gap, day) == wait.value)


def _repeat_rows(at: At) -> list[Interval]:
    """The wait after an invalid dose, where no gap of the dose is it."""
    quantity, rows = at.setting.book.programme.repeat_after_invalid_dose, []
    for period in at.setting.periods(quantity, *(gap.minimum for gap in at.dose.gaps if _waits(gap, at.position))):
        day = period.first or date.max
        wait = _wait(at, day)
        if wait is None or any(_holds(at.setting, gap, day) and _is_the_wait(at, gap, day) for gap in at.dose.gaps):
            continue
        rows.append(
            Interval(
                From.PREVIOUS,
                absolute_minimum=Span(days=wait.value or 0),
                minimum=Span(days=wait.value or 0),
                window=period.window(),
                rule=rule("cn.programme.repeat_after_invalid_dose", at.title, wait.source),
            )
        )
    return rows


def _blood_rows(at: At) -> list[Interval]:
    """The time after a blood product: since the day stated, and since the last dose of one."""
    rows: list[Interval] = []
    for gap in at.setting.book.interactions.blood_products:
        families = tuple(family for family in gap.families if family in at.accepted_families)
        for period in at.setting.periods(gap.minimum) if families else ():
            minimum, entry = at.setting.span(gap.minimum, period), at.setting.value(gap.minimum, period)
            if minimum and entry:
                stated = Interval(
                    From.OBSERVATION,
                    observation=gap.fact,
                    absolute_minimum=minimum,
                    minimum=minimum,
                    only_after=True,
                    window=period.window(),
                    when=_asked_of(at, families),
                    rule=rule(f"cn.interactions.{gap.key}", gap.title, entry.source),
                )
                codes = at.setting.codes(gap.after)
                rows += [stated, replace(stated, counts_from=From.MOST_RECENT, observation=None, vaccines=codes)]
    return rows


def _representative(at: At, family: str) -> str:
    """The code that stands for a family in a forecast: in the national table before the legacy list."""
    found = [at.setting.book.products.by_code[code] for code in at.setting.codes((family,))]
    return min(found, key=lambda product: product.table != "national").code


def _vaccines(at: At) -> tuple[VaccineRow, ...]:
    setting, said = at.setting, at.setting.group.forecast_unless_said
    rows = [
        VaccineRow(
            _representative(at, give.product),
            is_forecast=True,
            window=Window(give.from_day, give.until),
            when=conditions(setting, give.when),
            rule=rule(f"{at.dose.rule_id}.give", at.title, give.source),
        )
        for give in at.dose.give
        if setting.known(give.from_day)
    ]
    if not at.dose.give and said:
        rows.append(VaccineRow(_representative(at, said), is_forecast=True))
    return (*rows, *(VaccineRow(code) for code in setting.codes(at.accepted_families)))


def _in_force_skips(at: At) -> list[Skip]:
    """The dose does not exist on days when its minimum age is not written or is withdrawn."""
    entries = at.setting.entries(at.dose.minimum_age)
    if not entries:
        return [_skip_between(None, None)]
    skips = [_skip_between(None, entries[0].from_day)]
    for entry, later in zip(entries, [*entries[1:], None], strict=True):
        if entry.value is None:
            skips.append(_skip_between(entry.from_day, later.from_day if later else None))
    return skips


def _skip_between(start: date | None, end: date | None) -> Skip:
    on = Condition(Kind.ON, start=start, end=end)
    return Skip(Context.BOTH, (ConditionSet((on,)),))


def in_season(dose: TargetDose, first: date, last: date) -> TargetDose:
    """A dose as it is owed in one season, and passed over afterwards. A dose given when the season before has had its
    own meets this one, and is too soon for it."""
    too_soon = Interval(
        From.PREVIOUS, absolute_minimum=_FOR_EVER, minimum=Span(), window=Window(None, first - DAY), rule=dose.rule
    )
    return replace(
        dose,
        season=(first, last),
        skips=(*dose.skips, _skip_between(last + DAY, None)),
        intervals=(*dose.intervals, too_soon),
    )


def _not_needed(at: At) -> list[Skip]:
    setting, skips = at.setting, []
    for one in at.dose.not_needed:
        if not setting.book.holds(setting.group, one.only_if) or not setting.known(one.from_day):
            continue
        on = Condition(Kind.ON, start=one.from_day, end=one.until + DAY if one.until else None)
        skips.append(
            Skip(
                Context.BOTH,
                (ConditionSet((on, *conditions(setting, one.when))),),
                rule=rule(f"{at.dose.rule_id}.not_needed", one.title, one.source),
            )
        )
    return skips


def target(setting: Setting, path: PathRule, dose: DoseRule, position: int) -> TargetDose:
    """A dose of a path as a target dose of the tables."""
    at = At(setting, path, dose, position)
    held = [gap for gap in dose.gaps if setting.book.holds(setting.group, gap.minimum.only_if)]
    gaps = [row for gap in held for row in _gap_rows(at, gap)]
    first = dose.minimum_age.values[0].source
    return TargetDose(
        number=position if dose.number is None else dose.number,
        ages=_ages(at),
        intervals=(*_repeat_rows(at), *gaps, *_blood_rows(at)),
        preferable=_vaccines(at),
        skips=(*_in_force_skips(at), *_not_needed(at)),
        is_recurring=dose.repeats,
        rule=rule(dose.rule_id, at.title, first),
    )
