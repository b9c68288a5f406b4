"""The national report card as plain values: its codes, and what is wrong with one.

Pure; source: rules/surveillance/card.yaml.

A card's content is a mapping of field to text: days as YYYY-MM-DD, moments as YYYY-MM-DDTHH:MM on the local clock,
codes as the card prints them, an empty text for what is not known. Supplement fields stand under `s_<name>`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qingmiao.law.months import years_between
from qingmiao.registry.identity import NumberReader
from qingmiao.registry.ledger.cleaning import phone_of
from qingmiao.registry.numbers import comparable
from qingmiao.surveillance.dated import NoRuleInForce, rule_file
from qingmiao.surveillance.deadlines import SHANGHAI, Deadline
from qingmiao.surveillance.diseases import Disease, diseases

Content = Mapping[str, str]
FIELDS = (
    "name",
    "parent_name",
    "number",
    "no_number_because",
    "sex",
    "birth_date",
    "age",
    "age_unit",
    "workplace",
    "phone",
    "belongs_to",
    "area",
    "address",
    "occupation",
    "disease",
    "case_kind",
    "acute_kind",
    "onset_on",
    "diagnosed_at",
    "died_on",
    "department",
    "doctor",
    "remark",
)


@dataclass(frozen=True)
class Fault:
    """What is wrong at one field: a code, and the values its text names."""

    field: str
    code: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


def card_rules() -> dict[str, Any]:
    """The content of card.yaml."""
    return rule_file("card")


def codes_of(name: str) -> dict[str, dict[str, str]]:
    """The codes of a field, with their words in both languages, in the order of the card."""
    codes: dict[str, dict[str, str]] = card_rules()["codes"][name]
    return codes


def day_of(text: str) -> date | None:
    """The day that a field names, None for an empty one or no day."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def moment_of(text: str) -> datetime | None:
    """The instant that a field names on the local clock, None for an empty one or no moment."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=SHANGHAI) if found and found.tzinfo is None else found


def disease_of(content: Content) -> Disease | None:
    """The disease that a card names, None for none or an unknown one."""
    return diseases().get(content.get("disease", ""))


def deadline_of(content: Content) -> Deadline | None:
    """Until when this card must be reported; None while disease or moment are missing, or no rule was in force."""
    disease, at = disease_of(content), moment_of(content.get("diagnosed_at", ""))
    if disease is None or at is None:
        return None
    try:
        return disease.card_deadline(at)
    except NoRuleInForce:
        return None


def age_of(content: Content) -> int | None:
    """Completed years at the onset, from the birth date or from what was said; None when neither is known."""
    onset = day_of(content.get("onset_on", "")) or day_of(content.get("diagnosed_at", ""))
    born = day_of(content.get("birth_date", ""))
    if born and onset:
        return years_between(born, onset)
    age = content.get("age", "")
    if not age.isdigit():
        return None
    return int(age) if content.get("age_unit", "year") == "year" else 0


def supplement_fields(content: Content) -> dict[str, dict[str, Any]]:
    """The supplement's fields of the card's disease by their field name; empty when there is none."""
    disease = disease_of(content)
    kind = disease.supplement or (diseases()[disease.parent].supplement if disease.parent else "") if disease else ""
    if not kind:
        return {}
    fields: dict[str, dict[str, Any]] = card_rules()["supplements"][kind]["fields"]
    return {f"s_{name}": entry for name, entry in fields.items()}


def faults_of(content: Content, *, now: datetime) -> list[Fault]:
    """Everything that stands against this card, in the order of the card."""
    found = [
        *_missing(content),
        *_bad_codes(content),
        *_person(content, now),
        *_illness(content, now),
        *_supplement(content),
    ]
    order = {name: place for place, name in enumerate(FIELDS)}
    return sorted(found, key=lambda fault: order.get(fault.field, len(order)))


def _missing(content: Content) -> Iterator[Fault]:
    for name in card_rules()["mandatory"]:
        if not content.get(name):
            yield Fault(name, "missing")
    if not content.get("number") and not content.get("no_number_because"):
        yield Fault("number", "number_missing")
    if not content.get("birth_date") and not content.get("age"):
        yield Fault("birth_date", "age_missing")
    if content.get("belongs_to") == "1" and not content.get("area"):
        yield Fault("area", "area_missing")
    age = age_of(content)
    up_to = card_rules()["guardian_up_to_age"]
    if age is not None and age <= up_to and not content.get("parent_name"):
        yield Fault("parent_name", "guardian_missing", {"age": str(up_to)})
    if content.get("occupation") in card_rules()["in_a_school"] and not content.get("workplace"):
        yield Fault("workplace", "school_missing")


def _bad_codes(content: Content) -> Iterator[Fault]:
    for name, codes in card_rules()["codes"].items():
        if content.get(name) and content[name] not in codes:
            yield Fault(name, "no_such_code")


def _person(content: Content, now: datetime) -> Iterator[Fault]:
    phone, number = content.get("phone", ""), comparable(content.get("number", ""))
    if phone and phone_of(phone) is None:
        yield Fault("phone", "phone_format")
    born = day_of(content.get("birth_date", ""))
    if content.get("birth_date") and (born is None or born > now.astimezone(SHANGHAI).date()):
        yield Fault("birth_date", "day_wrong")
    if number:
        yield from _number(number, born, content.get("sex", ""), now)
    if content.get("age") and not content["age"].isdigit():
        yield Fault("age", "age_wrong")
    age, ages = age_of(content), card_rules()["occupation_ages"].get(content.get("occupation", ""))
    if age is not None and ages and not ages[0] <= age <= ages[1]:
        yield Fault("occupation", "occupation_age", {"age": str(age), "from": str(ages[0]), "to": str(ages[1])})


def _number(number: str, born: date | None, sex: str, now: datetime) -> Iterator[Fault]:
    read = NumberReader(now.astimezone(SHANGHAI).date()).read(number)
    if read.key is None or read.fault in ("id_checksum", "id_format"):
        yield Fault("number", read.fault or "id_format")
        return
    if born and read.birth and read.birth != born.toordinal():
        yield Fault("birth_date", "number_other_birth", {"day": date.fromordinal(read.birth).isoformat()})
    if sex in ("1", "2") and read.sex and read.sex != sex:
        yield Fault("sex", "number_other_sex")


def _illness(content: Content, now: datetime) -> Iterator[Fault]:
    disease, name = disease_of(content), content.get("disease", "")
    diagnosed = moment_of(content.get("diagnosed_at", ""))
    if name and disease is None:
        yield Fault("disease", "no_such_disease")
    if content.get("diagnosed_at") and (diagnosed is None or diagnosed > now):
        yield Fault("diagnosed_at", "moment_wrong")
    if disease is not None:
        yield from _kinds(disease, content)
        if diagnosed is not None and deadline_of(content) is None:
            yield Fault("disease", "not_listed_then", {"day": diagnosed.date().isoformat()})
    yield from _days(content, diagnosed, now)


def _kinds(disease: Disease, content: Content) -> Iterator[Fault]:
    rules, kind = card_rules(), content.get("case_kind", "")
    if disease.name in rules["needs_subtype"]:
        subtypes = [other.name for other in diseases().values() if other.parent == disease.name]
        yield Fault("disease", "choose_subtype", {"allowed": "、".join(subtypes)})
    allowed = rules["only_kinds"].get(disease.name)
    if kind and allowed and kind not in allowed:
        words = "、".join(codes_of("case_kind")[code]["zh"] for code in allowed)
        yield Fault("case_kind", "kind_for_disease", {"disease": disease.name, "allowed": words})
    if kind == "4" and disease.name not in rules["may_be_carrier"]:
        yield Fault("case_kind", "no_carrier", {"disease": disease.name})
    if disease.name in rules["needs_acute_kind"] and not content.get("acute_kind"):
        yield Fault("acute_kind", "acute_missing", {"disease": disease.name})


def _days(content: Content, diagnosed: datetime | None, now: datetime) -> Iterator[Fault]:
    today = now.astimezone(SHANGHAI).date()
    born, onset = day_of(content.get("birth_date", "")), day_of(content.get("onset_on", ""))
    died = day_of(content.get("died_on", ""))
    if content.get("onset_on") and (onset is None or onset > today):
        yield Fault("onset_on", "day_wrong")
    elif onset and born and onset < born:
        yield Fault("onset_on", "before_birth")
    elif onset and diagnosed and onset > diagnosed.astimezone(SHANGHAI).date():
        yield Fault("onset_on", "onset_after_diagnosis")
    if content.get("died_on") and (died is None or died > today or (onset and died < onset)):
        yield Fault("died_on", "death_wrong")


def _supplement(content: Content) -> Iterator[Fault]:
    for name, entry in supplement_fields(content).items():
        value = content.get(name, "")
        if not value:
            yield Fault(name, "missing")
        elif "codes" in entry and value not in entry["codes"]:
            yield Fault(name, "no_such_code")
        elif "codes" not in entry and day_of(value) is None:
            yield Fault(name, "day_wrong")
