"""A death certificate as plain values: its codes, what must be filled in, and what to ask about its chain of causes.

Pure; source: rules/surveillance/deaths.yaml. Content is a mapping of field to text, as on the report card; line x of
part I is `x_text`, `x_code`, `x_interval` and `x_unit`, from (a), the immediate cause, down to (d). A fault at a field
stops the certificate; a question is answered by mending the chain or by a reason.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qingmiao.law.months import years_between
from qingmiao.surveillance.card import Fault, day_of, moment_of
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.deadlines import SHANGHAI

Content = Mapping[str, str]
LINES = ("a", "b", "c", "d")
PERSON = (
    "name", "sex", "ethnicity", "nationality", "document", "number", "birth_date", "age", "marriage", "education",
    "status", "work_unit", "registered_place", "living_place", "family_name", "family_phone", "family_address",
)  # fmt: skip
DEATH = ("died_at", "died_where", "pregnant", "diagnosed_by", "evidence", "part2", "doctor", "issued_on")
INQUIRY = ("inquiry_symptoms", "inquiry_of", "inquiry_relation", "inquiry_phone", "inquirer", "inquiry_on")
CHAIN = tuple(f"{line}_{part}" for line in LINES for part in ("text", "code", "interval", "unit"))
FIELDS = (*PERSON, *DEATH, *CHAIN, *INQUIRY, "underlying_code", "questions_answered")
_CODE = re.compile(r"[A-TV-Z]\d{2}(\.\d{1,2})?")
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=30.44),
    "year": timedelta(days=365.25),
}


@dataclass(frozen=True)
class Cause:
    """One line of part I. `code` was typed, or is proposed by its words; `interval` is None where none is given."""

    line: str
    text: str
    code: str
    interval: timedelta | None


def rules() -> dict[str, Any]:
    """The content of deaths.yaml."""
    return rule_file("deaths")


def code_for(text: str) -> str:
    """The ICD-10 code that the words of a cause propose, the longest word wins; empty when none is known."""
    fits = [(len(word), code) for code, entry in rules()["icd10"].items() for word in entry["words"] if word in text]
    return max(fits)[1] if fits else ""


def title_of(code: str, language: str) -> str:
    """The title of a code in the short list, empty when it is not in it."""
    entry = rules()["icd10"].get(code, {})
    return str(entry.get(language, ""))


def chain_of(content: Content) -> list[Cause]:
    """The filled lines of part I from (a) down."""
    return [
        Cause(line, text, content.get(f"{line}_code", "").upper() or code_for(text), _interval(content, line))
        for line in LINES
        if (text := content.get(f"{line}_text", ""))
    ]


def _interval(content: Content, line: str) -> timedelta | None:
    number, unit = content.get(f"{line}_interval", ""), content.get(f"{line}_unit", "")
    try:
        return float(number) * _UNITS[unit] if number else None
    except (ValueError, KeyError):
        return None


def age_of(content: Content) -> int | None:
    """Completed years at death."""
    born, died = day_of(content.get("birth_date", "")), day_of(content.get("died_at", ""))
    if born and died:
        return years_between(born, died)
    age = content.get("age", "")
    return int(age) if age.isdigit() else None


def faults_of(content: Content, *, now: datetime) -> list[Fault]:
    """What stops the certificate."""
    return [*_missing(content), *_wrong(content, now)]


def _missing(content: Content) -> Iterator[Fault]:
    for name in rules()["mandatory"]:
        if not content.get(name):
            yield Fault(name, "missing")
    if not content.get("birth_date") and not content.get("age"):
        yield Fault("birth_date", "age_missing")
    age, asked = age_of(content), rules()["pregnancy_asked"]
    is_asked = content.get("sex") == asked["sex"] and age is not None and asked["from_age"] <= age < asked["below_age"]
    if is_asked and not content.get("pregnant"):
        yield Fault("pregnant", "missing")
    inquiry = rules()["inquiry"]
    if content.get("evidence") == inquiry["when_evidence"]:
        yield from (Fault(name, "missing") for name in inquiry["fields"] if not content.get(name))


def _wrong(content: Content, now: datetime) -> Iterator[Fault]:
    for name, codes in rules()["codes"].items():
        if name != "interval_unit" and content.get(name) and content[name] not in codes:
            yield Fault(name, "no_such_code")
    died, born = moment_of(content.get("died_at", "")), day_of(content.get("birth_date", ""))
    issued = day_of(content.get("issued_on", ""))
    if content.get("died_at") and (died is None or died > now):
        yield Fault("died_at", "moment_wrong")
    elif died and born and born > died.astimezone(SHANGHAI).date():
        yield Fault("died_at", "before_birth")
    elif died and issued and issued < died.astimezone(SHANGHAI).date():
        yield Fault("issued_on", "issued_before_death")
    if content.get("issued_on") and (issued is None or issued > now.astimezone(SHANGHAI).date()):
        yield Fault("issued_on", "day_wrong")
    for line in LINES:
        if (code := content.get(f"{line}_code", "").upper()) and not _CODE.fullmatch(code):
            yield Fault(f"{line}_code", "no_icd10")


def questions_of(content: Content) -> list[Fault]:
    """What to ask the doctor about the chain; the field is the line it is about."""
    chain = chain_of(content)
    return [*_order(content, chain), *_fits(content, chain), *_external(content, chain), *_origin(chain)]


def _order(content: Content, chain: Sequence[Cause]) -> Iterator[Fault]:
    filled = [bool(content.get(f"{line}_text")) for line in LINES]
    if any(later and not before for before, later in itertools.pairwise(filled)):
        yield Fault("a_text", "line_skipped")
    for upper, lower in itertools.pairwise(chain):
        if upper.interval is not None and lower.interval is not None and lower.interval < upper.interval:
            values = {"upper": upper.line, "lower": lower.line, "cause": lower.text, "effect": upper.text}
            yield Fault(f"{lower.line}_text", "interval_order", values)
        if _is(lower.code, "mechanism") and upper.code and not _is(upper.code, "mechanism"):
            values = {"upper": upper.line, "lower": lower.line, "cause": lower.text, "effect": upper.text}
            yield Fault(f"{lower.line}_text", "chain_reversed", values)


def _fits(content: Content, chain: Sequence[Cause]) -> Iterator[Fault]:
    sex, age = content.get("sex", ""), age_of(content)
    for cause in chain:
        if (sex == "1" and _is(cause.code, "women_only")) or (sex == "2" and _is(cause.code, "men_only")):
            yield Fault(f"{cause.line}_text", "other_sex", {"cause": cause.text, "code": cause.code})
        for prefix, (first, last) in rules()["checks"]["ages"].items():
            if age is not None and cause.code.startswith(prefix) and not first <= age <= last:
                yield Fault(f"{cause.line}_text", "other_age", {"cause": cause.text, "age": str(age)})


def _external(content: Content, chain: Sequence[Cause]) -> Iterator[Fault]:
    codes = [cause.code for cause in chain] + [code_for(content.get("part2", ""))]
    if any(_is(code, "injury") for code in codes) and not any(_is(code, "external") for code in codes):
        line = next(cause.line for cause in chain if _is(cause.code, "injury")) if chain else "a"
        yield Fault(f"{line}_text", "external_missing")


def _origin(chain: Sequence[Cause]) -> Iterator[Fault]:
    underlying = suggested(chain)
    if underlying is None:
        return
    if _is(underlying.code, "mechanism_only"):
        yield Fault(f"{underlying.line}_text", "mechanism_only", {"cause": underlying.text})
    elif _is(underlying.code, "ill_defined"):
        yield Fault(f"{underlying.line}_text", "ill_defined", {"cause": underlying.text})


def suggested(chain: Sequence[Cause]) -> Cause | None:
    """The line to propose as underlying cause: the external cause of an injury, else the lowest line that is more than
    a way of dying, else the lowest line. None for an empty chain. Source: the general principle of ICD-10 volume 2,
    in a short form; a coder decides."""
    external = [cause for cause in chain if _is(cause.code, "external")]
    if external:
        return external[-1]
    told = [cause for cause in chain if cause.code and not _is(cause.code, "mechanism")]
    named = [cause for cause in told if not _is(cause.code, "ill_defined")]
    return next((group[-1] for group in (named, told, list(chain)) if group), None)


def _is(code: str, group: str) -> bool:
    return bool(code) and code.startswith(tuple(rules()["checks"][group]))
