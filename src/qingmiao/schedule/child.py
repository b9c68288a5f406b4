"""One child's record as a page shows it: every dose with its verdict, what may be given today, where bands lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from qingmiao.engine import Ruleset
from qingmiao.engine.calendar import NONE, day_number, day_of, plus
from qingmiao.engine.china import china_book
from qingmiao.engine.explain import explain_doses
from qingmiao.engine.rules.book import RuleBook
from qingmiao.engine.rules.messages import Said
from qingmiao.engine.rules.series import DoseRule
from qingmiao.engine.rules.values import Quantity
from qingmiao.engine.today import Offer, Today, today
from qingmiao.engine.verdicts import Person as Asked
from qingmiao.registry.models import BackEntry, Dose, Person
from qingmiao.schedule.queries import CHINA, JudgedDose, Judgement, judgements
from qingmiao.schedule.records import records_of
from qingmiao.schedule.rules import threshold

MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class RecordedDose:
    """A dose on record. `judged`: its verdict in each series, empty if it is not judged; `said`: why it does not
    count; `late_by_days`: beyond the printed age, None if in time or no age is printed; `finding`: why it is set
    aside (before_birth, future, undated, unknown_vaccine, twice), empty if it is judged."""

    dose: Dose
    judged: tuple[JudgedDose, ...] = ()
    said: tuple[Said, ...] = ()
    late_by_days: int | None = None
    finding: str = ""
    back_entry: BackEntry | None = None


@dataclass(frozen=True)
class Band:
    """The printed time of a dose: from its least age to the day by which it should be complete (None: not printed)."""

    series: str
    number: int
    start: date
    end: date | None


@dataclass(frozen=True)
class BirthDose:
    """How soon after birth the first hepatitis B dose was given. `hours` is None when an hour is not on record."""

    dose: Dose
    hours: float | None
    limit_hours: int
    is_timely: bool | None


@dataclass(frozen=True)
class ChildRecord:
    """Everything that the schedule says of one child on one day. `asked` is what it was told."""

    person: Person
    on: date
    asked: Asked
    judgement: Judgement
    today: Today
    doses: tuple[RecordedDose, ...]
    bands: tuple[Band, ...]
    birth_dose: BirthDose | None
    injections_today: int
    talk_over_from: int

    @property
    def has_many_injections(self) -> bool:
        """Whether what is owed today would be the third injection of a visit, or a later one."""
        return self.injections_today + len(self.injected) >= self.talk_over_from

    @property
    def injected(self) -> list[Offer]:
        """Offers of today that are injections and not alternatives of one another."""
        return [offer for offer in self.today.may if not offer.replaces and offer.site and offer.site.side]


def record_of(person: Person, *, on: date) -> ChildRecord:
    """The record of one child, judged on that day by the rules in force. Doses: latest first."""
    [record] = records_of([person], on=on)
    ruleset, book = Ruleset.named(CHINA), china_book()
    name = {"zh": person.name, "en": person.name}
    [judgement] = judgements([person], on=on)
    bands = tuple(_bands(book, judgement, person.birth_date))
    said = defaultdict(list)
    for one in explain_doses(ruleset, book, record.asked, name=name):
        said[record.doses[one.number - 1].pk].append(one.said)
    doses = tuple(_recorded(person, judgement, said, bands, on))
    return ChildRecord(
        person=person,
        on=on,
        asked=record.asked,
        judgement=judgement,
        today=today(ruleset, book, record.asked, name=name),
        doses=doses,
        bands=bands,
        birth_dose=birth_dose(person, doses, record.asked),
        injections_today=sum(1 for row in doses if row.dose.given_on == on and not row.finding),
        talk_over_from=threshold("injections_to_talk_over").value,
    )


def _recorded(
    person: Person, judgement: Judgement, said: dict[int, list[Said]], bands: tuple[Band, ...], on: date
) -> Iterator[RecordedDose]:
    judged: dict[int, list[JudgedDose]] = defaultdict(list)
    for row in judgement.doses:
        judged[row.dose.pk].append(row)
    ends = {(band.series, band.number): band.end for band in bands}
    standing = Dose.objects.filter(person=person, superseded_by=None, is_void=False)
    rows = standing.select_related("site", "lot", "back_entry").order_by("-given_on", "-pk")
    for dose in sorted(rows, key=lambda dose: dose.given_on or date.min, reverse=True):
        verdicts = tuple(judged[dose.pk])
        late = [_late(dose, row, ends) for row in verdicts]
        yield RecordedDose(
            dose=dose,
            judged=verdicts,
            said=tuple(said[dose.pk]),
            late_by_days=max((days for days in late if days), default=None),
            finding=_finding(dose, person, on, bool(verdicts)),
            back_entry=getattr(dose, "back_entry", None),
        )


def _late(dose: Dose, row: JudgedDose, ends: dict[tuple[str, int], date | None]) -> int | None:
    end = ends.get((row.group, row.number or 0))
    if row.status != "valid" or end is None or dose.given_on is None or dose.given_on < end:
        return None
    return (dose.given_on - end).days + 1


def _finding(dose: Dose, person: Person, on: date, is_judged: bool) -> str:
    """Why a dose is set aside."""
    born, given = person.birth_date, dose.given_on
    if given is None:
        return "undated"
    if born is not None and given < born:
        return "before_birth"
    if given > on:
        return "future"
    if dose.held:
        return {Dose.Held.TWICE: "twice", Dose.Held.VACCINE: "unknown_vaccine"}.get(Dose.Held(dose.held), "undated")
    return "" if is_judged or dose.product_code else "unknown_vaccine"


def _bands(book: RuleBook, judgement: Judgement, born: date | None) -> Iterator[Band]:
    """The printed times of the series that this child follows, by the edition in force when the age was reached."""
    names = {row.series: row.series_name for row in judgement.series}
    for rule in book.groups:
        if born is None or rule.programme != "national" or not names.get(rule.group):
            continue
        wanted = (names[rule.group] or "").rpartition(".")[2]
        path = next((path for path in rule.paths if path.name == wanted), rule.paths[0])
        for number, dose in enumerate(path.doses, 1):
            if not dose.only_if:  # a dose that only one reading of the text asks for is not printed
                yield from _band(rule.group, dose.number or number, dose, born)


def _band(series: str, number: int, dose: DoseRule, born: date) -> Iterator[Band]:
    start = _reached(dose.minimum_age, born)
    if start is not None:
        end = _reached(dose.complete_before_age, born) if dose.complete_before_age else None
        yield Band(series, number, start, end)


def _reached(age: Quantity, born: date) -> date | None:
    """The day on which a printed age is reached, by the edition in force on that day; None if none was."""
    for entry in reversed(age.values):
        day = _after(born, age.unit, entry.value) if entry.value is not None else None
        if day is not None and day >= entry.from_day:
            return day
    return None


def _after(day: date, unit: str, value: int) -> date | None:
    if unit == "hour":
        return day + timedelta(days=-(-value // 24))
    found = plus(day_number(day), MONTHS.get(unit, 0) * value, DAYS.get(unit, 0) * value, 1)
    return day_of(found) if found != NONE else None


def birth_dose(person: Person, doses: tuple[RecordedDose, ...], asked: Asked) -> BirthDose | None:
    """Whether the first hepatitis B dose was in time: 24 hours, or 12 when the mother is not known to be negative.

    Without the hour of birth or of the dose, the statistics' day rule holds: by the day after birth; for the 12
    hours nothing can be said then. Source: CHINA.md 4.2 (LIB V3.0.2), rules/cn/hepb.yaml.
    """
    first = next(
        (
            row.dose
            for row in sorted(doses, key=lambda row: row.dose.given_on or date.max)
            if any(judged.group == "HepB" and judged.number == 1 for judged in row.judged)
        ),
        None,
    )
    if first is None or first.given_on is None or person.birth_date is None:
        return None
    is_urgent = any(code == "hepb_birth_dose_urgent" and value == "yes" for code, _day, value in asked.facts)
    limit = _birth_hours(person.birth_date, is_urgent)
    if limit is None:
        return None
    hours = _hours(person, first)
    if hours is not None:
        return BirthDose(first, hours, limit, hours <= limit)
    by_day = (first.given_on - person.birth_date).days <= 1
    return BirthDose(first, None, limit, None if is_urgent and by_day else by_day)


def _birth_hours(born: date, is_urgent: bool) -> int | None:
    """The printed hours for the birth dose; None before any text printed them."""
    rule = next(rule for rule in china_book().groups if rule.group == "HepB").paths[0].doses[0]
    ages = [variant.complete_before_age for variant in rule.variants] if is_urgent else [rule.complete_before_age]
    entries = [age.written_on(born) for age in ages if age is not None and age.unit == "hour"]
    return next((entry.value for entry in entries if entry is not None), None)


def _hours(person: Person, dose: Dose) -> float | None:
    if person.birth_date is None or person.birth_time is None or dose.given_at is None:
        return None
    born = timezone.make_aware(datetime.combine(person.birth_date, person.birth_time))
    return (dose.given_at - born).total_seconds() / 3600
