"""Administrative guidance: the texts that CDC's data put beside a forecast (FORECASTGUIDANCE-1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from qingmiao.engine import tables as tb
from qingmiao.engine.calendar import day_number, plus

Advised = tb.Indication | tb.Contraindication


def guidance(
    rules: tb.Ruleset,
    group: tb.VaccineGroup,
    regimens: Iterable[tb.Series],
    stated: Collection[str],
    born_on: date,
    on: date,
) -> list[str]:
    """Texts for one forecast of a vaccine group, each once.

    First those of `regimens`, the best series that go on; then of the group's indications and contraindications
    whose observation is `stated` and whose ages hold on the day. Empty where the data say nothing.
    """
    texts = [text for series in regimens for text in series.guidance]
    if stated:
        texts += [one.guidance for one in _advised(rules, group) if _applies(one, stated, rules.calendar, born_on, on)]
    return list(dict.fromkeys(filter(None, texts)))


def _advised(rules: tb.Ruleset, group: tb.VaccineGroup) -> Iterator[Advised]:
    antigens = [antigen for antigen in rules.antigens if antigen.name in group.antigens]
    for antigen in antigens:
        for series in antigen.series:
            yield from series.indications
    for antigen in antigens:
        yield from antigen.contraindications


def _applies(one: Advised, stated: Collection[str], calendar: tb.Calendar, born_on: date, on: date) -> bool:
    """Tables 5-4, 7-5 and 7-6: from the begin age to before the end age."""
    if one.observation not in stated:
        return False
    ages = [None if age is None else _reached(age, calendar, born_on) for age in (one.begin_age, one.end_age)]
    begin, end = ages
    return (begin is None or begin <= day_number(on)) and (end is None or day_number(on) < end)


def _reached(age: tb.Span, calendar: tb.Calendar, born_on: date) -> int:
    return plus(day_number(born_on), age.months, age.days, int(calendar))
