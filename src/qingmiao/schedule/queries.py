"""What the schedule says of people on record: judged on asking, by the rules in force, never stored as truth."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingmiao.engine import Ruleset
from qingmiao.engine.verdicts import verdicts
from qingmiao.registry.models import Dose, Person
from qingmiao.schedule.records import records_of

CHINA = "cn"


@dataclass(frozen=True)
class JudgedDose:
    """One dose on the ledger in one series: valid, invalid or extra; `reason` and `number` may be None. `group` is
    the rule file it was judged by: a live JE dose counts in the series JE-L of the group JE."""

    dose: Dose
    series: str
    group: str
    status: str
    reason: str | None
    number: int | None
    rule: str | None


@dataclass(frozen=True)
class SeriesVerdict:
    """Where one series stands. Dates are None where there is no next dose or the rules print none."""

    series: str
    status: str
    why: str | None
    next_dose: int | None = None
    product: str | None = None
    earliest: date | None = None
    recommended: date | None = None
    overdue_from: date | None = None
    rule: str | None = None
    series_name: str | None = None


@dataclass(frozen=True)
class Judgement:
    """A person judged on a day by one ruleset."""

    person: Person
    on: date
    ruleset: str
    doses: tuple[JudgedDose, ...]
    series: tuple[SeriesVerdict, ...]


def judgements(people: Collection[Person], *, on: date, rules: str = CHINA) -> list[Judgement]:
    """Each of `people` judged on that day, in their order."""
    records = records_of(people, on=on)
    answers = verdicts(Ruleset.named(rules), [record.asked for record in records])
    return [
        _judgement(person, on, record.doses, answer)
        for person, record, answer in zip(people, records, answers, strict=True)
    ]


def _judgement(person: Person, on: date, doses: tuple[Dose, ...], answer: dict[str, Any]) -> Judgement:
    return Judgement(
        person=person,
        on=on,
        ruleset=answer["ruleset"],
        doses=tuple(_dose(doses[row["n"] - 1], row) for row in answer["doses"]),
        series=tuple(_series(row) for row in answer["series"]),
    )


def _dose(dose: Dose, row: dict[str, Any]) -> JudgedDose:
    counts_as = row["counts_as"] or {}
    return JudgedDose(
        dose=dose,
        series=counts_as.get("series") or row["series"],
        group=row["series"],
        status=row["status"],
        reason=row["reason"],
        number=counts_as.get("dose"),
        rule=row.get("rule"),
    )


def _series(row: dict[str, Any]) -> SeriesVerdict:
    coming = row["next"] or {}
    return SeriesVerdict(
        series=row["series"],
        status=row["status"],
        why=row.get("why"),
        next_dose=coming.get("dose"),
        product=coming.get("product"),
        earliest=_day(coming.get("earliest")),
        recommended=_day(coming.get("recommended")),
        overdue_from=_day(coming.get("overdue_from")),
        rule=row.get("rule"),
        series_name=row.get("series_name"),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
