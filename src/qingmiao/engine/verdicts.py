"""Verdicts as JSON lines: cases in, one object a person out, in the shape of the published cases.

CDC's rulesets answer in CDC's words ("groups"), China's in ours ("series"). A line that cannot be read
becomes {"id", "error"}, and a dose that cannot be judged stands under "not_judged"; nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from qingmiao.engine import arrow
from qingmiao.engine.assess import Assessment, assess
from qingmiao.engine.calendar import NONE, day_number, day_of
from qingmiao.engine.columns import Columns, read_columns
from qingmiao.engine.kernel import layout as at
from qingmiao.engine.reasons import EVALUATION_REASON, FORECAST_REASON, SERIES_STATUS, reasons_of
from qingmiao.engine.rulesets import Ruleset
from qingmiao.engine.run import judge_plain

Line = dict[str, Any]
Fact = tuple[str, date | None, str]


class BadLine(ValueError):
    """A line of input that cannot be judged, and why."""


class Product(NamedTuple):
    """What is said of a dose's product and its condition (CDSi 6.1, 6.8); what is not said constrains nothing.

    `volume_microlitres` -1 and None are unsaid. `is_faulty`: recalled, sub-potent, cold chain broken, part of a dose.
    """

    maker: str | None = None
    trade_name: str | None = None
    volume_microlitres: int = -1
    lot_expires_on: date | None = None
    is_faulty: bool = False


UNSAID = Product()
Given = tuple[date, str, Product | None]
"""A dose: its day, the vaccine's code, and what is said of the product, if anything."""


@dataclass(frozen=True)
class Person:
    """One line of input: a person (`id` as it was written), the doses in the order given, the facts and the day.

    `country` of birth as the rules write it ("U.S."); None unknown.
    """

    id: Any
    born_on: date | None
    sex: str
    on: date
    doses: tuple[Given, ...]
    facts: tuple[Fact, ...]
    born_minute: int = -1
    country: str | None = None


_YEARS = range(1850, 2150)
"""What lies outside is a slip, or an export's way to say that there is no date: 0001-01-01, 9999-12-31."""
_MICROLITRES = range(1, 1_000_001)
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def _text(line: Line, *names: str, of: str = "") -> str | None:
    """The word under the first of `names` that says something; `of` says whose it is."""
    name = next((name for name in names if line.get(name)), "")
    value = line.get(name)
    if value is not None and not isinstance(value, str):
        raise BadLine(f"{of}{name} is not a text: {value!r}")
    return value


def _date_or_none(line: Line, *names: str, of: str = "") -> date | None:
    value = _text(line, *names, of=of)
    if value is None:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise BadLine(f"{of}{names[0]} is not a date: {value!r}") from None
    if found.year not in _YEARS:
        raise BadLine(f"{of}{names[0]} lies outside {_YEARS.start} to {_YEARS.stop - 1}: {value!r}")
    return found


def _date(line: Line, *names: str, of: str = "") -> date:
    found = _date_or_none(line, *names, of=of)
    if found is None:
        raise BadLine(f"{of}no {names[0]}")
    return found


def _rows(line: Line, name: str) -> list[Line]:
    """A list of objects; a line without it has none."""
    rows = line.get(name, [])
    if not isinstance(rows, list):
        raise BadLine(f"{name} is not a list")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise BadLine(f"{name}: number {number} is not an object")
    return rows


def _facts(line: Line) -> Line:
    facts = line.get("facts") or {}
    if not isinstance(facts, dict):
        raise BadLine("facts is not an object")
    return facts


def _volume(dose: Line, of: str) -> int:
    value = dose.get("volume_microlitres")
    if value is None:
        return -1
    if type(value) is not int or value not in _MICROLITRES:
        raise BadLine(f"{of}volume_microlitres is not a whole number from 1 to {_MICROLITRES[-1]}: {value!r}")
    return value


def _faulty(dose: Line, of: str) -> bool:
    value = dose.get("is_faulty")
    if value is not None and not isinstance(value, bool):
        raise BadLine(f"{of}is_faulty is not true or false: {value!r}")
    return bool(value)


def _product(dose: Line, of: str) -> Product:
    return Product(
        maker=_text(dose, "maker", "mvx", of=of),
        trade_name=_text(dose, "trade_name", of=of),
        volume_microlitres=_volume(dose, of),
        lot_expires_on=_date_or_none(dose, "lot_expires_on", of=of),
        is_faulty=_faulty(dose, of),
    )


def _dose(number: int, dose: Line) -> Given:
    of = f"dose {number}: "
    code = _text(dose, "cvx", "vaccine", of=of)
    if code is None:
        raise BadLine(f"{of}no vaccine code")
    return _date(dose, "date", of=of), code.strip().zfill(2), _product(dose, of)


def _sex(line: Line) -> str:
    """F, M or U, from the word's first letter."""
    word = _text(line, "sex", "gender") or "U"
    if word[0].upper() not in "FMU":
        raise BadLine(f"sex is not F, M or U: {word!r}")
    return word[0].upper()


def _loaded(raw: str | bytes) -> Line:
    """The object that a line holds."""
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        line = json.loads(text)
        if _HALF_CHARACTER.search(text):  # a surrogate without its other half is JSON, but no text
            json.dumps(line, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error.msg} at column {error.colno}") from None
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start + 1}") from None
    except (RecursionError, ValueError) as error:  # nested too deep; a number of thousands of digits
        raise BadLine(f"not JSON that can be read: {error}") from None
    if not isinstance(line, dict):
        raise BadLine("not a JSON object")
    return line


def read_line(raw: str | bytes, facts_of: Callable[[Line], Iterable[Fact]]) -> Person:
    """A person from one JSON line, of text or of UTF-8. Raises `BadLine` with the reason."""
    line = _loaded(raw)
    return Person(
        id=line.get("id"),
        born_on=_date_or_none(line, "birth_date", "dob"),
        sex=_sex(line),
        on=_date(line, "on", "assessment_date"),
        doses=tuple(_dose(n, dose) for n, dose in enumerate(_rows(line, "doses"), 1)),
        facts=tuple(facts_of(line)),
        born_minute=_minute(_facts(line)),
        country=_text(line, "country"),
    )


def id_of(raw: str | bytes) -> Any:
    """The id of a line that could not be read, as far as it can be found."""
    text = raw if isinstance(raw, str) else raw.decode(errors="replace")
    found = re.search(r'"id"\s*:\s*("(?:[^"\\]|\\.)*"|[0-9]{1,18}\b)', text)
    with suppress(ValueError):
        return json.loads(found[1]) if found else None
    return None


def _minute(facts: Line) -> int:
    """Minutes after midnight of `birth_time` (HH:MM), -1 unknown."""
    value = _text(facts, "birth_time")
    if value is None:
        return -1
    try:
        born_at = time.fromisoformat(value)
    except ValueError:
        raise BadLine(f"birth_time is not HH:MM: {value!r}") from None
    return born_at.hour * 60 + born_at.minute


def cdsi_facts(line: Line) -> list[Fact]:
    """Observations of a CDC case: code, date, value."""
    return [_observation(row, f"observation {n}: ") for n, row in enumerate(_rows(line, "observations"), 1)]


def _observation(row: Line, of: str) -> Fact:
    code = _text(row, "code", of=of)
    if code is None:
        raise BadLine(f"{of}no code")
    return code, _date_or_none(row, "date", of=of), _text(row, "value", of=of) or "yes"


def _china_facts(line: Line) -> list[Fact]:
    from qingmiao.engine.china import observations

    facts = _facts(line)
    for name in facts:
        try:
            observations({name: facts[name]})
        except (TypeError, ValueError):
            raise BadLine(f"fact {name} cannot be read: {facts[name]!r}") from None
    return observations(facts)


def facts_reader(ruleset: Ruleset) -> Callable[[Line], Iterable[Fact]]:
    """How lines state facts under this ruleset."""
    return _china_facts if ruleset.name == "cn" else cdsi_facts


def tables_of(people: list[Person]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """People, doses and observations as columns; a person is its position in the list."""
    numbers = range(len(people))
    doses = [(n, *dose) for n in numbers for dose in people[n].doses]
    facts = [(n, *fact) for n in numbers for fact in people[n].facts]
    return (
        pa.table(
            {
                "person_id": arrow.numbers(numbers, pa.int64()),
                "born_on": arrow.days([p.born_on for p in people]),
                "born_minute": arrow.numbers([p.born_minute for p in people], pa.int32()),
                "sex": arrow.words([p.sex for p in people]),
                "country": arrow.words([p.country for p in people]),
                "on": arrow.days([p.on for p in people]),
            }
        ),
        pa.table(
            {
                "person_id": arrow.numbers([dose[0] for dose in doses], pa.int64()),
                "given_on": arrow.days([dose[1] for dose in doses]),
                "vaccine": arrow.words([dose[2] for dose in doses]),
                **_product_columns([dose[3] or UNSAID for dose in doses]),
            }
        ),
        pa.table(
            {
                "person_id": arrow.numbers([fact[0] for fact in facts], pa.int64()),
                "code": arrow.words([fact[1] for fact in facts]),
                "on": arrow.days([fact[2] for fact in facts]),
                "value": arrow.words([fact[3] for fact in facts]),
            }
        ),
    )


def _product_columns(products: list[Product]) -> dict[str, Any]:
    """No columns where nothing is said."""
    if all(product == UNSAID for product in products):
        return {}
    return {
        "maker": arrow.words([product.maker for product in products]),
        "trade_name": arrow.words([product.trade_name for product in products]),
        "volume_microlitres": arrow.numbers([product.volume_microlitres for product in products], pa.int32()),
        "lot_expires_on": arrow.days([product.lot_expires_on for product in products]),
        "is_faulty": arrow.numbers([product.is_faulty for product in products], pa.int32()),
    }


def columns_of(ruleset: Ruleset, people: list[Person]) -> Columns:
    """The kernel's columns of people read from lines."""
    return read_columns(ruleset.tape, *tables_of(people), None)


def verdicts(ruleset: Ruleset, people: list[Person], compiled: bool | None = None) -> list[Line]:
    """One verdict for each person, in order."""
    if not people:
        return []
    found = assess(ruleset, *tables_of(people), compiled=compiled)
    write = china_verdict if ruleset.name == "cn" else _cdsi_writer()
    first = np.cumsum([0, *(len(p.doses) for p in people)])
    views = _views(found, people)
    return [write(ruleset, person, view, int(start)) for person, view, start in zip(people, views, first, strict=False)]


def _cdsi_writer() -> Callable[[Ruleset, Person, View, int], Line]:
    from qingmiao.engine.cdsi.answers import cdsi_verdict  # the import of CDC's data is not needed at the desk

    return cdsi_verdict


@dataclass(frozen=True)
class View:
    """The kernel's rows of one person."""

    doses: list[list[int]]
    series: list[list[int]]
    groups: list[list[int]]
    products: list[list[int]]


def _views(found: Assessment, people: list[Person]) -> list[View]:
    """Rows by person, input rows of doses instead of kernel positions."""
    kinds: tuple[Any, ...] = (found.dose_rows(), found.rows.series, found.rows.groups, found.rows.products)
    numbers = np.arange(len(people) + 1)
    bounds = [np.searchsorted(rows[:, 0], numbers) for rows in kinds]
    return [
        View(*(rows[b[n] : b[n + 1]].tolist() for rows, b in zip(kinds, bounds, strict=True)))
        for n in range(len(people))
    ]


def iso(day: int) -> str | None:
    """A day of the kernel as it is written in verdicts; None for no day."""
    found = day_of(day)
    return None if found is None else found.isoformat()


def not_judged(ruleset: Ruleset, person: Person, judged: Container[int]) -> Line:
    """Doses that no series judged, and why; a vaccine that the rules do not know is an error besides: without that
    dose the next one may be forecast wrongly."""
    aside = [
        {"n": n, "vaccine": code, "why": _whynot_judged(ruleset, person, code)}
        for n, (_, code, _) in enumerate(person.doses, 1)
        if n not in judged
    ]
    unknown = [dose for dose in aside if dose["why"] == "unknown_vaccine"]
    errors = [f"dose {dose['n']}: vaccine {dose['vaccine']} is not known to these rules" for dose in unknown]
    return {"not_judged": aside} | ({"error": "; ".join(errors)} if errors else {})


def _whynot_judged(ruleset: Ruleset, person: Person, code: str) -> str:
    if code not in ruleset.tape.vaccines:
        return "unknown_vaccine"
    return "no_birth_date" if person.born_on is None else "no_series"


_CHINA_ORDER = (at.NOT_PREFERABLE_OR_ALLOWABLE, at.INADVERTENT, at.TOO_OLD, at.TOO_YOUNG, at.TOO_SOON, at.CONFLICT)
"""Which of several reasons is shown: the first that the person at the desk can act on."""


def china_verdict(ruleset: Ruleset, person: Person, view: View, first_dose: int) -> Line:
    """The verdict in China's words, per dose and series (a vaccine group, such as JE)."""
    names = [g.name for g in ruleset.tables.groups]
    doses = list(_china_doses(ruleset, view, first_dose))
    return {
        "id": person.id,
        "ruleset": ruleset.version,
        "doses": doses,
        "series": [_china_series(ruleset, person, view, number, name) for number, name in enumerate(names)],
        **not_judged(ruleset, person, {line["n"] for line in doses}),
    }


def _china_doses(ruleset: Ruleset, view: View, first_dose: int) -> Iterator[Line]:
    """One line for each dose and group, in that order."""
    by_dose: dict[tuple[int, int], list[list[int]]] = {}
    for row in view.doses:
        by_dose.setdefault((row[1] - first_dose, row[7]), []).append(row)
    for (n, group), rows in sorted(by_dose.items()):
        yield _china_dose(ruleset, n + 1, ruleset.tables.groups[group].name, rows)


def doses_of(ruleset: Ruleset, people: list[Person], codes: list[str]) -> list[list[Line]]:
    """For each person what China's `verdicts` say of the doses in the groups of one vaccine, and no more.

    Only what that vaccine counts for is judged: a desk that tries twenty products asks each its own question.
    """
    columns = columns_of(ruleset, people)
    judged = {v.code: [ruleset.tape.antigens[j.antigen] for j in v.associations] for v in ruleset.tables.vaccines}
    antigens = [frozenset[str]().union(*judged[code]) for code in codes]
    found = Assessment(ruleset, columns, judge_plain(ruleset.tape, columns, at.WANT_DOSES, antigens))
    first = np.cumsum([0, *(len(p.doses) for p in people)])
    views = _views(found, people)
    return [list(_china_doses(ruleset, view, int(start))) for view, start in zip(views, first, strict=False)]


def _china_dose(ruleset: Ruleset, n: int, group: str, rows: list[list[int]]) -> Line:
    """One dose in one group: valid in any best series is valid; the highest number counts."""
    row = max(rows, key=lambda row: (row[3] == at.VALID, row[3] != at.PASSED_OVER, row[5]))
    status, reasons, number = row[3], row[4], row[5]
    series = ruleset.tape.series[row[2]]
    line: Line = {"n": n, "series": group, "status": "invalid", "reason": None, "counts_as": None, "rule": None}
    line["rule"] = ruleset.tape.rules[row[6]].rule_id if row[6] >= 0 else None
    if status == at.VALID and number > 0:
        return line | {"status": "valid", "counts_as": {"series": series.series_group_name or group, "dose": number}}
    if status == at.VALID or reasons & at.SERIES_COMPLETE:
        return line | {"status": "extra"}
    if status == at.PASSED_OVER:
        return line | {"reason": EVALUATION_REASON[at.NOT_PREFERABLE_OR_ALLOWABLE].code}
    shown = next((bit for bit in _CHINA_ORDER if reasons & bit), None)
    codes = [EVALUATION_REASON[shown]] if shown else reasons_of(reasons)
    line["reason"] = codes[0].code if codes else None
    others = [words.code for words in reasons_of(reasons) if words.code != line["reason"]]
    return line | {"also": others} if others else line


def _china_series(ruleset: Ruleset, person: Person, view: View, number: int, name: str) -> Line:
    """Status and next dose of one group; the forecast shown first speaks for it."""
    forecast = next((row[1:] for row in view.groups if row[1 + at.O_GROUP] == number), None)
    line: Line = {"series": name, "status": "not_applicable", "next": None, "why": None}
    if person.born_on is None:
        return line | {"status": "unknown", "asks_for": ["birth_date"]}
    if forecast is None:
        asked = _asked_in_vain(ruleset, view, name)
        return line | ({"status": "unknown", "asks_for": asked} if asked else {})
    line["series_name"] = ruleset.tape.series[forecast[at.O_SERIES]].name
    line["rule"] = ruleset.tape.rules[forecast[at.O_RULE]].rule_id if forecast[at.O_RULE] >= 0 else None
    if forecast[at.O_ASKED] >= 0:
        return line | {"status": "unknown", "asks_for": [list(ruleset.tape.observations)[forecast[at.O_ASKED]]]}
    status = forecast[at.O_STATUS]
    line["why"] = _why(ruleset, view, forecast)
    if status == at.NOT_COMPLETE:
        return line | {"status": _when(forecast, day_number(person.on)), "next": _next_dose(ruleset, forecast)}
    if status == at.NOT_RECOMMENDED:
        return line
    return line | {"status": SERIES_STATUS[status].code}


def _why(ruleset: Ruleset, view: View, forecast: list[int]) -> Line | None:
    """The forecast reason, or the rule that gives the next dose its date, in both languages."""
    row = next((row for row in view.series if row[1] == forecast[at.O_SERIES]), None)
    if row is not None and row[4] != at.NO_REASON:
        words = FORECAST_REASON[row[4]]
        return {"code": words.code, "zh": words.zh, "en": words.en}
    if forecast[at.O_RULE] < 0:
        return None
    rule = ruleset.tape.rules[forecast[at.O_RULE]]
    return {"code": rule.rule_id, "zh": rule.title_zh, "en": rule.title_en}


def _asked_in_vain(ruleset: Ruleset, view: View, group: str) -> list[str]:
    """Facts whose answer decides whether a series of the group is relevant."""
    codes = list(ruleset.tape.observations)
    rows = [row for row in view.series if row[2] == 0 and ruleset.tape.series[row[1]].vaccine_group == group]
    return sorted({"sex" if row[16] == at.SEX_ASKED else codes[row[16]] for row in rows})


def _when(forecast: list[int], on: int) -> str:
    """Due later while the dose may not be given yet; then overdue or due."""
    overdue_from = forecast[at.O_PAST_DUE]
    if on < forecast[at.O_EARLIEST]:
        return "due_later"
    return "overdue" if overdue_from != NONE and on >= overdue_from else "due"


def _next_dose(ruleset: Ruleset, forecast: list[int]) -> Line:
    product = forecast[at.O_PRODUCT]
    return {
        "dose": forecast[at.O_SHOWN_NUMBER],
        "earliest": iso(forecast[at.O_EARLIEST]),
        "recommended": iso(forecast[at.O_RECOMMENDED]),
        "overdue_from": iso(forecast[at.O_PAST_DUE]),
        "latest": iso(forecast[at.O_LATEST]),
        "product": ruleset.tables.vaccines[product].name if product >= 0 else None,
    }
