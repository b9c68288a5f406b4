"""Rule-file words as table words: lengths of time, windows, conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.conditions import DoseCount, When
from qingmiao.engine.rules.series import GroupRule, Title
from qingmiao.engine.rules.values import Age, Dated, Quantity, Source
from qingmiao.engine.tables import Compare, Condition, Kind, Rule, Scope, Span, Window

_SPANS = {
    "hour": lambda n: Span(hours=n),
    "day": lambda n: Span(days=n),
    "week": lambda n: Span(days=7 * n),
    "month": lambda n: Span(months=n),
    "year": lambda n: Span(months=12 * n),
}
DAY = timedelta(days=1)
HOURS_A_DAY = 24


def span(unit: str, value: int) -> Span:
    """A length of time; whole days of hours are days (24 hours end on the next calendar day)."""
    if unit == "hour" and value % HOURS_A_DAY == 0:
        return Span(days=value // HOURS_A_DAY)
    return _SPANS[unit](value)


def age_span(age: Age | None) -> Span | None:
    """The span of an age in a condition."""
    return span(age.unit, age.value) if age else None


def rule(rule_id: str, title: Title, source: Source) -> Rule:
    """What a row shows of its origin."""
    return Rule(rule_id, title["zh"], title["en"], source.reference, source.confidence)


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which nothing changes: both inclusive, None where open."""

    first: date | None
    last: date | None

    def window(self) -> Window:
        """The period as a window of a row."""
        return Window(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Setting:
    """A group being compiled: its rules, the book around it, and the last day whose texts are known."""

    book: RuleBook
    group: GroupRule
    known_on: date | None = None

    def codes(self, families: tuple[str, ...]) -> tuple[str, ...]:
        """Product codes of families."""
        return self.book.products.codes(families)

    @property
    def group_families(self) -> tuple[str, ...]:
        """Families that count for the group."""
        return tuple(family for counts in self.group.counts for family in counts.products)

    def known(self, day: date) -> bool:
        """True when a text in force from `day` is known."""
        return self.known_on is None or day <= self.known_on

    def entries(self, quantity: Quantity | None) -> tuple[Dated, ...]:
        """The dated values of a quantity that hold under the readings chosen and the texts known."""
        if quantity is None or not self.book.holds(self.group, quantity.only_if):
            return ()
        return tuple(entry for entry in quantity.values if self.known(entry.from_day))

    def periods(self, *quantities: Quantity | None) -> list[Period]:
        """Periods between the days on which one of the quantities changes, from the first such day on."""
        days = sorted({entry.from_day for quantity in quantities for entry in self.entries(quantity)})
        ends = [*(day - DAY for day in days[1:]), None]
        return [Period(day, end) for day, end in zip(days, ends, strict=False)]

    def value(self, quantity: Quantity | None, period: Period) -> Dated | None:
        """The entry in force in a period; None when there is none or it is withdrawn."""
        found = None
        for entry in self.entries(quantity):
            if period.first is not None and entry.from_day <= period.first:
                found = entry
        return found if found and found.value is not None else None

    def span(self, quantity: Quantity | None, period: Period) -> Span | None:
        """The length of time in force in a period."""
        entry = self.value(quantity, period)
        if quantity is None or entry is None or entry.value is None:
            return None
        return span(quantity.unit, entry.value)


def _count(at: Setting, count: DoseCount) -> Condition:
    bound = count.at_least if count.at_least is not None else count.at_most
    assert bound is not None
    scope = Scope.LEDGER if count.valid_in else Scope.VALID if count.valid else Scope.TOTAL
    return Condition(
        Kind.COUNT,
        begin_age=age_span(count.from_age),
        end_age=age_span(count.before_age),
        end=count.given_before,
        count=bound - 1 if count.at_least is not None else bound + 1,
        compare=Compare.GREATER if count.at_least is not None else Compare.LESS,
        scope=scope,
        vaccines=at.codes(count.of),
        ledger=count.valid_in,
    )


def condition(at: Setting, when: When) -> Condition:
    """A condition of a rule file as the kernel asks it."""
    if when.fact:
        return Condition(Kind.OBSERVATION, observation=when.fact, negated=when.negated)
    if when.doses:
        return _count(at, when.doses)
    if when.born_from or when.born_before:
        return Condition(Kind.BORN, start=when.born_from, end=when.born_before)
    if when.on_from or when.on_before:
        return Condition(Kind.ON, start=when.on_from, end=when.on_before)
    return Condition(Kind.AGE, begin_age=age_span(when.aged_from), end_age=age_span(when.aged_below))


def conditions(at: Setting, when: tuple[When, ...]) -> tuple[Condition, ...]:
    """The conditions that hold under the readings chosen; the day before a text that is not known never ends."""
    held = (one for one in when if at.book.holds(at.group, one.only_if))
    return tuple(condition(at, one) for one in held if one.on_before is None or at.known(one.on_before))


def is_one_of(codes: tuple[str, ...]) -> Condition:
    """The dose being judged is one of these products; never met in a forecast."""
    return Condition(Kind.VACCINE, vaccines=codes)


def is_none_of(codes: tuple[str, ...]) -> Condition:
    """The dose being judged is none of these products; always met in a forecast."""
    return replace(is_one_of(codes), negated=True)
