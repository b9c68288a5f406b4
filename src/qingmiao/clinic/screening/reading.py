"""Forms read from rules/screening: one folder per form, one file per version."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qingmiao.clinic.screening.forms import Answer, Consequence, Course, Form, Notice, Outcome, Question, Wait
from qingmiao.clinic.sources import Words, source_of, words_of
from qingmiao.law.dated import RULES, read_rules

ANY_PRODUCT = "*"


class NoFormInForce(LookupError):
    """No file in rules/screening holds for this product on this day."""


class FormUnreadable(ValueError):
    """A file in rules/screening says something the loader does not know; names file and place."""


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
    raw = read_rules(path)
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
        title=words_of(raw["title"]),
        notice=_notice(raw["notice"], raw["version"]),
        questions=tuple(_question(one) for one in raw["questions"]),
        observation_minutes=int(raw["observation"]["minutes"]),
        observation_source=source_of(raw["observation"]),
        fever_above_celsius=float(raw["fever_above_celsius"]["value"]),
        course=_course(course) if course else None,
        digest=hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest(),
    )


def _course(raw: dict[str, Any]) -> Course:
    return Course(raw["major"], raw["doses"], raw["minimum_interval_days"], source_of(raw))


def _notice(raw: dict[str, Any], version: str) -> Notice:
    return Notice(
        raw["id"], version, words_of(raw["title"]), tuple(words_of(one) for one in raw["paragraphs"]), source_of(raw)
    )


def _question(raw: dict[str, Any]) -> Question:
    known = {"id", "ask", "asks_day", "only", "yes", "unsure"}
    if unknown := set(raw) - known:
        raise ValueError(f"question {raw.get('id')}: {sorted(unknown)} not understood")
    yes = _consequence(raw["yes"])
    unsure = _consequence(raw["unsure"]) if "unsure" in raw else _ask_the_doctor(yes)
    return Question(
        id=raw["id"],
        ask=words_of(raw["ask"]),
        answers={Answer.YES: yes, Answer.UNSURE: unsure},
        asks_day=words_of(raw["asks_day"]) if "asks_day" in raw else None,
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
    return Consequence(raw["rule"], outcome, words_of(raw["because"]), source_of(raw), wait)


def _wait(raw: dict[str, Any]) -> Wait:
    if raw["from"] not in ("today", "day") or not set(raw) <= {"days", "months", "from"}:
        raise ValueError(f"until: {raw}")
    return Wait(int(raw.get("days", 0)), int(raw.get("months", 0)), raw["from"] == "day")
