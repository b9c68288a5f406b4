"""A form as it is in force: its questions, what each answer means, the notice, the observation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qingmiao.clinic.sources import Source, Words
from qingmiao.law.months import months_later


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


@dataclass(frozen=True)
class Wait:
    """Until when to wait: so many days or months from today, or from the day that was asked for."""

    days: int
    months: int
    from_asked_day: bool

    def until(self, today: date, asked: date | None) -> date:
        """The first day on which the person may come; an asked day that is not known counts as today."""
        start = asked if self.from_asked_day and asked is not None else today
        return months_later(start, self.months) + timedelta(days=self.days)


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
