"""Indicators: what a figure counts, as data files. Code knows how to count; the file says what and in which version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qingmiao.law.dated import read_rules
from qingmiao.reports.language import speaks_chinese

FOLDER = Path(__file__).resolve().parent
DENOMINATORS = frozenset({"people_on_ledger"})
NUMERATORS = frozenset({"people_of_denominator_with_counted_dose"})
GIVEN = {"ever": False, "since_the_campaign_began": True}
LEFT_OUT = {
    "denominator": frozenset({"merged", "died", "moved_away"}),
    "numerator": frozenset({"held", "void", "superseded", "undated", "after_the_day"}),
}
KEYS = frozenset({
    "id", "version", "in_force_from", "title", "subject", "reached", "denominator", "numerator",
    "rounding", "ranking", "author", "written_on", "checked", "source",
})  # fmt: skip


class UnknownIndicator(LookupError):
    """No file defines an indicator of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No indicator {name!r}. Known: {', '.join(sorted(indicators()))}.")


class IndicatorFileWrong(ValueError):
    """An indicator file says something that the query layer cannot count; says which file, what, and what it may be."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if speaks_chinese() else self.en


@dataclass(frozen=True)
class Part:
    """One side of a share: what it is called and how it is counted, in words."""

    title: Words
    definition: Words


@dataclass(frozen=True)
class Course:
    """So many counted doses of these vaccines bring a person above the line."""

    product_codes: tuple[str, ...]  # national codes that begin so
    names_on_lists: tuple[str, ...]  # beginnings of names on imported lists; "" stands for none written
    doses: int

    def counts(self, code: str, name: str) -> bool:
        """Whether a dose of this code, or of this name on an imported list without a code, counts."""
        if code:
            return code.startswith(self.product_codes)
        return name.startswith(tuple(filter(None, self.names_on_lists))) or (not name and "" in self.names_on_lists)


@dataclass(frozen=True)
class Indicator:
    """A share of people: who is counted below the line, who of them above it, and by which version of the rule.

    A person is above the line from the day on which the first of `courses` was complete. Of an indicator `of_a_round`
    only doses from the round's first day `since` on count; each round is an indicator of its own (`of_round`).
    """

    id: str
    version: int
    in_force_from: date
    title: Words
    subject: Words
    reached: Words
    denominator: Part
    numerator: Part
    of_a_round: bool
    courses: tuple[Course, ...]
    places: int
    ranked_from: int
    ranking_reason: Words
    author: str
    written_on: date
    checked: Mapping[str, Any] | None
    source: Words
    since: date | None = None

    @property
    def rule(self) -> str:
        """Name and version of the rule, as it is printed beside a figure."""
        return f"{self.id}-{self.version}"

    @property
    def product_codes(self) -> tuple[str, ...]:
        """Beginnings of the national codes of every vaccine that counts."""
        return tuple(code for course in self.courses for code in course.product_codes)

    def reached_on(self, given: Sequence[tuple[date, str, str]]) -> date | None:
        """The day on which the first of the courses was whole, by a person's doses (day, code, name on the list), the
        earliest first; None if none is."""
        counted = [dose for dose in given if self.since is None or dose[0] >= self.since]
        days = [[day for day, code, name in counted if course.counts(code, name)] for course in self.courses]
        whole = zip(days, self.courses, strict=True)
        return min((mine[course.doses - 1] for mine, course in whole if len(mine) >= course.doses), default=None)

    def of_round(self, first_day: date) -> Indicator:
        """The same for the round that began on `first_day`; itself when doses count whenever they were given."""
        return replace(self, id=f"{self.id}:{first_day}", since=first_day) if self.of_a_round else self


def as_kept(indicator: Indicator) -> dict[str, Any]:
    """The whole definition as JSON, to be kept with what was counted by it."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(indicator).items()}


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by id. Raises IndicatorFileWrong for a file that cannot be counted."""
    loaded = [_load(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {indicator.id: indicator for indicator in loaded}


def indicator(name: str) -> Indicator:
    """The indicator with this id: `covid19.vaccinated`, or `influenza.vaccinated:2026-09-01` for the round that began
    on that day. UnknownIndicator if there is none, or if its round is not said."""
    base, _colon, first_day = name.partition(":")
    try:
        found = indicators()[base]
        if found.of_a_round == bool(first_day):
            return found.of_round(date.fromisoformat(first_day)) if first_day else found
    except (KeyError, ValueError):
        pass
    raise UnknownIndicator(name)


def _load(path: Path) -> Indicator:
    try:
        return read(path, read_rules(path))
    except KeyError as missing:
        raise IndicatorFileWrong(path, f"{missing} is missing") from missing


def read(path: Path, content: Mapping[str, Any]) -> Indicator:
    """The indicator that a file's `content` defines; refuses every word it does not know."""
    if unknown := set(content) - KEYS:
        raise IndicatorFileWrong(path, f"unknown keys {sorted(unknown)}; known are {sorted(KEYS)}")
    below, above = content["denominator"], content["numerator"]
    _known(path, "denominator", below, DENOMINATORS)
    _known(path, "numerator", above, NUMERATORS)
    if above["given"] not in GIVEN:
        raise IndicatorFileWrong(path, f"numerator.given is {above['given']!r}; it may be {sorted(GIVEN)}")
    if content["rounding"]["half"] != "up":
        raise IndicatorFileWrong(path, "rounding.half can only be up")
    return Indicator(
        id=content["id"],
        version=int(content["version"]),
        in_force_from=content["in_force_from"],
        title=Words(**content["title"]),
        subject=Words(**content["subject"]),
        reached=Words(**content["reached"]),
        denominator=Part(Words(**below["title"]), Words(**below["definition"])),
        numerator=Part(Words(**above["title"]), Words(**above["definition"])),
        of_a_round=GIVEN[above["given"]],
        courses=tuple(_course(path, course) for course in above["courses"]),
        places=int(content["rounding"]["places"]),
        ranked_from=int(content["ranking"]["from_people"]),
        ranking_reason=Words(**content["ranking"]["reason"]),
        author=content["author"],
        written_on=content["written_on"],
        checked=content["checked"],
        source=Words(**content["source"]),
    )


def _course(path: Path, content: Mapping[str, Any]) -> Course:
    if content["doses"] < 1 or not content["product_codes"]:
        raise IndicatorFileWrong(path, "each of numerator.courses needs product_codes, and at least 1 of doses")
    return Course(tuple(content["product_codes"]), tuple(content["names_on_lists"]), content["doses"])


def _known(path: Path, side: str, part: Mapping[str, Any], countable: frozenset[str]) -> None:
    if part["counts"] not in countable:
        raise IndicatorFileWrong(path, f"{side}.counts is {part['counts']!r}; it may be {sorted(countable)}")
    # Each of these is always left out: the file must say so, so that its reader knows what the code does.
    if set(part["leaves_out"]) != LEFT_OUT[side]:
        raise IndicatorFileWrong(path, f"{side}.leaves_out must name {sorted(LEFT_OUT[side])}")
