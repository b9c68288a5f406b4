"""The questions of a product and what their answers mean: read from rules/screening, judged on plain values."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).resolve().parent.parent / "rules"
ANY_PRODUCT = "*"
CONFIDENCE = frozenset({"V", "X", "S", "P", "C", "Mh", "Mm", "Ml"})


class Outcome(StrEnum):
    """What an answer means. Of several, the one furthest down this list holds."""

    GO = "go"
    DOCTOR = "doctor"
    DEFER = "defer"
    CONTRAINDICATED = "contraindicated"


class Answer(StrEnum):
    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


class NoFormInForce(LookupError):
    """No file in rules/screening holds for this product on this day."""


class FormUnreadable(ValueError):
    """A file in rules/screening says something the loader does not know; names file and place."""


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Source:
    """Where a value comes from, and how far it may be trusted (confidence V, X, S, P, C, Mh, Mm, Ml)."""

    reference: str
    title: Words
    confidence: str

    @property
    def needs_signature(self) -> bool:
        """Whether it is from memory, so that a clinician has to sign it before clinical use."""
        return self.confidence.startswith("M")


@dataclass(frozen=True)
class Wait:
    """Until when to wait: so many days or months from today, or from the day that was asked for."""

    days: int
    months: int
    from_asked_day: bool

    def until(self, today: date, asked: date | None) -> date:
        """The first day on which the person may come; an asked day that is not known counts as today."""
        start = asked if self.from_asked_day and asked is not None else today
        return _months_after(start, self.months) + timedelta(days=self.days)


@dataclass(frozen=True)
class Consequence:
    """What an answer leads to, by which rule."""

    rule: str
    outcome: Outcome
    because: Words
    source: Source
    wait: Wait | None = None


@dataclass(frozen=True)
class Question:
    id: str
    ask: Words
    answers: Mapping[Answer, Consequence]
    asks_day: Words | None
    only_sex: str  # GB/T 2261.1, "" for everybody

    def is_for(self, sex: str) -> bool:
        """Whether a person of `sex` is asked; a person whose sex is not known is."""
        return self.only_sex in ("", sex) or sex not in ("1", "2")


@dataclass(frozen=True)
class Notice:
    id: str
    version: str
    title: Words
    paragraphs: tuple[Words, ...]
    source: Source

    def digest(self, language: str) -> str:
        """SHA-256 of the text as shown in one language."""
        lines = [self.title.in_language(language), *(text.in_language(language) for text in self.paragraphs)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class Course:
    """Doses of a course and days between them, until the schedule engine judges at the desk."""

    major: str  # first digits of the vaccine codes that count
    doses: int
    minimum_interval_days: int | None
    source: Source


@dataclass(frozen=True)
class Form:
    id: str
    version: str
    in_force_from: date
    products: tuple[str, ...]
    title: Words
    notice: Notice
    questions: tuple[Question, ...]
    observation_minutes: int
    observation_source: Source
    fever_above_celsius: float
    course: Course | None
    digest: str

    @property
    def observation(self) -> timedelta:
        """How long the person stays after the dose."""
        return timedelta(minutes=self.observation_minutes)

    def questions_for(self, sex: str) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_for(sex))


@dataclass(frozen=True)
class Spoken:
    """One rule that spoke, with the day it computed."""

    question: str
    consequence: Consequence
    until: date | None


@dataclass(frozen=True)
class Judgement:
    """What all answers together mean. `missing` are questions without an answer: then nothing is decided yet."""

    outcome: Outcome
    until: date | None
    spoken: tuple[Spoken, ...]
    missing: tuple[str, ...]


def judge(
    form: Form,
    answers: Mapping[str, str],
    days: Mapping[str, date | None],
    *,
    today: date,
    sex: str,
    celsius: float | None = None,
) -> Judgement:
    """What the answers (question id -> no, yes or unsure) mean for a person on `today`.

    `days` are the days asked for by some questions. A temperature above the form's limit is an answer to `fever`.
    """
    answers = dict(answers)
    if celsius is not None and celsius > form.fever_above_celsius:
        answers["fever"] = Answer.YES
    asked = form.questions_for(sex)
    missing = tuple(question.id for question in asked if answers.get(question.id) not in set(Answer))
    spoken = tuple(
        one
        for question in asked
        if question.id not in missing
        and (one := _spoken(question, answers[question.id], days.get(question.id), today)) is not None
    )
    ranks = list(Outcome)
    outcome = max((one.consequence.outcome for one in spoken), key=ranks.index, default=Outcome.GO)
    waits = [one.until for one in spoken if one.until is not None]
    until = max(waits) if outcome is Outcome.DEFER and waits else None
    return Judgement(outcome, until, spoken, missing)


def _spoken(question: Question, answer: str, asked: date | None, today: date) -> Spoken | None:
    """The rule behind an answer, or None when there is none or its waiting time is over already."""
    consequence = question.answers.get(Answer(answer))
    if consequence is None:
        return None
    until = consequence.wait.until(today, asked) if consequence.wait else None
    return None if until is not None and until <= today else Spoken(question.id, consequence, until)


def words_of_rule(rule: str) -> Words | None:
    """Why a rule stops or delays, by its id; None for a rule that no form names any more."""
    return next(
        (
            consequence.because
            for form in all_forms()
            for question in form.questions
            for consequence in question.answers.values()
            if consequence.rule == rule
        ),
        None,
    )


def form_for(product_code: str, on: date) -> Form:
    """The form in force for a product on a day; raises NoFormInForce before the first one."""
    for wanted in (product_code, ANY_PRODUCT):
        forms = [form for form in all_forms() if wanted in form.products and form.in_force_from <= on]
        if forms:
            return max(forms, key=lambda form: form.in_force_from)
    raise NoFormInForce(f"no screening form for product {product_code} on {on}")


@cache
def all_forms() -> tuple[Form, ...]:
    """Every form and version in rules/screening."""
    return tuple(read_form(path) for path in sorted((RULES / "screening").glob("*/*.yaml")))


def read_form(path: Path) -> Form:
    """One file. Raises FormUnreadable, naming the place, instead of leaving out what it does not understand."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return _form(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise FormUnreadable(f"{path.parent.name}/{path.name}: {error!r}") from error


def _form(raw: dict[str, Any]) -> Form:
    course = raw.get("course")
    return Form(
        id=raw["id"],
        version=raw["version"],
        in_force_from=raw["in_force_from"],
        products=tuple(raw["products"]),
        title=_words(raw["title"]),
        notice=_notice(raw["notice"], raw["version"]),
        questions=tuple(_question(one) for one in raw["questions"]),
        observation_minutes=int(raw["observation"]["minutes"]),
        observation_source=_source(raw["observation"]),
        fever_above_celsius=float(raw["fever_above_celsius"]["value"]),
        course=_course(course) if course else None,
        digest=hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest(),
    )


def _course(raw: dict[str, Any]) -> Course:
    return Course(raw["major"], raw["doses"], raw["minimum_interval_days"], _source(raw))


def _notice(raw: dict[str, Any], version: str) -> Notice:
    return Notice(
        raw["id"], version, _words(raw["title"]), tuple(_words(one) for one in raw["paragraphs"]), _source(raw)
    )


def _question(raw: dict[str, Any]) -> Question:
    known = {"id", "ask", "asks_day", "only", "yes", "unsure"}
    if unknown := set(raw) - known:
        raise ValueError(f"question {raw.get('id')}: {sorted(unknown)} not understood")
    yes = _consequence(raw["yes"])
    unsure = _consequence(raw["unsure"]) if "unsure" in raw else _ask_the_doctor(yes)
    return Question(
        id=raw["id"],
        ask=_words(raw["ask"]),
        answers={Answer.YES: yes, Answer.UNSURE: unsure},
        asks_day=_words(raw["asks_day"]) if "asks_day" in raw else None,
        only_sex=str(raw.get("only", {}).get("sex", "")),
    )


def _ask_the_doctor(yes: Consequence) -> Consequence:
    """Not sure means: the doctor decides. An answer that would not stop a yes does not stop an unsure either."""
    outcome = yes.outcome if yes.outcome is Outcome.GO else Outcome.DOCTOR
    return Consequence(yes.rule, outcome, yes.because, yes.source)


def _consequence(raw: dict[str, Any]) -> Consequence:
    outcome = Outcome(raw["outcome"])
    wait = _wait(raw["until"]) if "until" in raw else None
    if (outcome is Outcome.DEFER) != (wait is not None):
        raise ValueError(f"{raw['rule']}: 'defer' and 'until' belong together")
    return Consequence(raw["rule"], outcome, _words(raw["because"]), _source(raw), wait)


def _wait(raw: dict[str, Any]) -> Wait:
    if raw["from"] not in ("today", "day") or not set(raw) <= {"days", "months", "from"}:
        raise ValueError(f"until: {raw}")
    return Wait(int(raw.get("days", 0)), int(raw.get("months", 0)), raw["from"] == "day")


def _words(raw: dict[str, str]) -> Words:
    return Words(zh=raw["zh"], en=raw["en"])


def _source(raw: dict[str, Any]) -> Source:
    if raw["confidence"] not in CONFIDENCE:
        raise ValueError(f"confidence {raw['confidence']!r}")
    return Source(raw["reference"], _words(_references()[raw["reference"]]["title"]), raw["confidence"])


@cache
def _references() -> dict[str, Any]:
    raw = yaml.safe_load((RULES / "references.yaml").read_text(encoding="utf-8"))
    references: dict[str, Any] = raw["references"]
    return references


def _months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month (Civil Code, article 202)."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
