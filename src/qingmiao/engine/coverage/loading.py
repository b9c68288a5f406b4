"""From the rule files to `Rules`: words become numbers here, `$name` becomes the chosen reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import yaml

from qingmiao.engine.coverage.days import day_number
from qingmiao.engine.coverage.rules import (
    PROGRAMME,
    RULES,
    SUBSTITUTE,
    Clause,
    CohortRow,
    Completion,
    Counts,
    FourthHepB,
    OtherDose,
    Products,
    Reach,
    Row,
    RuleFileWrong,
    Rules,
    Series,
    Span,
    Townships,
)

_SOURCE = ("reference", "confidence", "note", "title")
Entry = Mapping[str, Any]


class UnknownReading(ValueError):
    """A reading was chosen that `parameters.yaml` does not offer; the message lists what it offers."""


def load(**chosen: str) -> Rules:
    """The national rules, with the default reading of every disputed rule except those chosen by name."""
    return _load(tuple(sorted(chosen.items())))


@cache
def _load(chosen: tuple[tuple[str, str], ...]) -> Rules:
    parameters = _file("parameters.yaml")
    readings = _readings(parameters["parameters"], dict(chosen))
    values = {name: offered[readings[name]] for name, offered in _offers(parameters["parameters"]).items()}
    series, rows, cohort = (_chosen(_file(name), values) for name in ("series.yaml", "rows.yaml", "cohort.yaml"))
    _check_references((parameters, series, rows, cohort))
    return Rules(
        ruleset=parameters["ruleset"],
        chosen=readings,
        touches={key: (one.get("only", ""), frozenset(one["rows"])) for key, one in parameters["parameters"].items()},
        series={key: _series(key, one, series["counts"]) for key, one in series["series"].items()},
        rows={(one.vaccine, one.dose): one for one in _rows(rows)},
        cohort={(one.vaccine, one.dose): one for one in map(_cohort_row, cohort["rows"])},
        townships=_townships(cohort["township"]),
        fourth_hepb=_fourth_hepb(rows["low_birth_weight"]),
        hepb1_timely_days=rows["hepb1_timely"]["days"],
        hepb1_timely_hours=rows["hepb1_timely"]["hours_if_mother_positive_or_unknown"],
        stays_months=rows["stays_months"],
        not_programme_majors=frozenset(series["not_programme_majors"]),
        giving_unit_codes=series["giving_unit_codes"],
        je_not_routine_in=frozenset(series["je_not_routine_in"]),
    )


def _file(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((RULES / "coverage" / name).read_text(encoding="utf-8"))
    return content


def _offers(parameters: Entry) -> dict[str, dict[str, Any]]:
    """Name of every parameter → name of each reading → the value it puts into the rules."""
    return {
        name: {str(key): value for key, value in one["values"].items()}
        if isinstance(one["values"], Mapping)
        else {str(value): value for value in one["values"]}
        for name, one in parameters.items()
    }


def _readings(parameters: Entry, chosen: dict[str, str]) -> dict[str, str]:
    offers = _offers(parameters)
    for name, reading in chosen.items():
        if reading not in offers.get(name, {}):
            offered = ", ".join(offers[name]) if name in offers else "no such rule; there are " + ", ".join(offers)
            raise UnknownReading(f"{name}={reading}: {offered}")
    return {name: chosen.get(name, next(iter(offered))) for name, offered in offers.items()}


def _chosen(node: Any, values: Entry) -> Any:
    """`node` with every `$name` replaced by the value of the chosen reading."""
    if isinstance(node, Mapping):
        return {key: _chosen(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_chosen(value, values) for value in node]
    return values[node[1:]] if isinstance(node, str) and node.startswith("$") else node


def _check_references(files: Iterable[Entry]) -> None:
    known = {
        key
        for path in (RULES / "references.yaml", RULES / "coverage" / "references.yaml")
        for key in yaml.safe_load(path.read_text(encoding="utf-8"))["references"]
    }
    if missing := {named for file in files for named in _references(file)} - known:
        raise RuleFileWrong(f"no such reference: {', '.join(sorted(missing))}")


def _references(node: Any) -> Iterable[str]:
    if isinstance(node, Mapping):
        yield from (value for key, value in node.items() if key == "reference")
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _plain(entry: Entry, allowed: Iterable[str]) -> dict[str, Any]:
    """`entry` without its source; a key that is not allowed is refused."""
    if strange := set(entry) - set(allowed) - set(_SOURCE):
        raise RuleFileWrong(f"unknown word {', '.join(sorted(strange))} in {dict(entry)}")
    return {key: value for key, value in entry.items() if key not in _SOURCE}


def _spans(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: Span.parse(value) if key in names else value for key, value in entry.items()}


def _days(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: day_number(value) if isinstance(value, date) else value for key, value in entry.items()}


def _reach(entry: Entry) -> Reach:
    plain = _days(_plain(entry, ("age", "from", "before")))
    words = {"age": "age", "from": "start", "before": "end"}
    return Reach(**_spans({words[key]: value for key, value in plain.items()}, "age"))


def _with_reach(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: _reach(value) if key == "reach" else value for key, value in entry.items()}


def _series(key: str, entry: Entry, counts: list[Entry]) -> Series:
    plain = _plain(entry, ("products", "numbering", "counts", "inactivated", "who"))
    who = _days(plain.pop("who", {}))
    return Series(
        key=key,
        title=entry["title"],
        products=tuple(map(_products, plain["products"])),
        counts=tuple(map(_counts, plain.get("counts", counts))),
        numbering=plain.get("numbering", "by_date"),
        inactivated=tuple(plain.get("inactivated", ())),
        sex=who.get("sex"),
        born_from=who.get("born_from"),
    )


def _products(entry: Entry) -> Products:
    plain = _plain(entry, ("programme", "substitute", "from_age", "before_age", "born_from", "born_before"))
    kind = "programme" if "programme" in plain else "substitute"
    codes = tuple(plain.pop(kind))
    kinds = {"programme": PROGRAMME, "substitute": SUBSTITUTE}
    return Products(codes=codes, kind=kinds[kind], **_days(_spans(plain, "from_age", "before_age")))


def _counts(entry: Entry) -> Counts:
    plain = _plain(entry, ("from_age", "before_age", "reach"))
    return Counts(**_with_reach(_spans(plain, "from_age", "before_age")))


_ROW_WORDS = set(Row.__dataclass_fields__) | {"due_by_history"}
_CLAUSE_WORDS = set(Clause.__dataclass_fields__) | {"after_previous", "after_series"}


def _rows(file: Entry) -> Iterable[Row]:
    for entry in file["rows"]:
        plain = _days(_plain(entry, _ROW_WORDS))
        vaccine, dose = plain["vaccine"], plain["dose"]
        series, n = plain.pop("series", vaccine), plain.pop("n", None) or int(dose.rstrip("DT"))
        n = 1 if plain.get("any") else n
        plain["by_history"] = "due_by_history" in plain
        clauses = plain.pop("due_by_history", []) + plain.pop("due", [])
        plain["due"] = tuple(_clause(one, series, n) for one in clauses)
        standing_before = Span.parse(plain.pop("standing_before", "") or file["standing_before"])
        plain["also_done_by"] = tuple(map(_other_dose, plain.get("also_done_by", ())))
        yield Row(series=series, n=n, standing_before=standing_before, **plain)


def _clause(entry: Entry, series: str, n: int) -> Clause:
    plain = _with_reach(_days(_plain(entry, _CLAUSE_WORDS)))
    after = {series: {n - 1: plain.pop("after_previous")}} if "after_previous" in plain else {}
    after |= plain.pop("after_series", {}) | ({series: plain.pop("after")} if "after" in plain else {})
    waits = tuple((key, number, Span.parse(gap)) for key, gaps in after.items() for number, gap in gaps.items())
    has = next(iter(plain.pop("has", {}).items()), None)
    return Clause(after=waits, has=has, **_spans(plain, "age", "falls_before", "until_age"))


def _other_dose(entry: Entry) -> OtherDose:
    return OtherDose(**_spans(_plain(entry, OtherDose.__dataclass_fields__), "from_age", "before_age"))


def _cohort_row(entry: Entry) -> CohortRow:
    plain = _days(_plain(entry, CohortRow.__dataclass_fields__))
    return CohortRow(**plain | {"by": tuple(map(_completion, plain["by"]))})


def _completion(entry: Entry) -> Completion:
    plain = _spans(_plain(entry, Completion.__dataclass_fields__), "within_of_dose_1")
    before = plain.pop("before", {})
    dated = before if isinstance(before, Mapping) else {date(1900, 1, 1): before}
    return Completion(before=tuple((day_number(day), Span.parse(age)) for day, age in dated.items()), **plain)


def _townships(entry: Entry) -> Townships:
    rows = tuple((one["vaccine"], one["dose"], one["age_group"]) for one in entry["rows"])
    return Townships(entry["above_percent"], entry["merge_below_residents"], rows)


def _fourth_hepb(entry: Entry) -> FourthHepB:
    plain = _plain(entry, FourthHepB.__dataclass_fields__)
    return FourthHepB(**_days(_spans(plain, "dose_1_within")))
