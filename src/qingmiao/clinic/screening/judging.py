"""What answers mean, on plain values: which rules spoke, what they decide together, until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qingmiao.clinic.screening.forms import Answer, Consequence, Form, Outcome, Question


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
    also: Sequence[Spoken] = (),
) -> Judgement:
    """What the answers (question id -> no, yes or unsure) mean for a person on `today`.

    `days` are the days asked for by some questions; `also` is what the schedule says besides. A temperature above
    the limit of the form is an answer to `fever`.
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
    spoken = (*also, *spoken)
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
