"""The screening desk: the product's questions, what each answer means, and the decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingmiao.clinic.actions.screening import Answers, Decision, screen
from qingmiao.clinic.models import Screening, Visit
from qingmiao.clinic.queries.advice import SCHEDULE, Advice, advice_of
from qingmiao.clinic.queries.people import standings
from qingmiao.clinic.rules import Step
from qingmiao.clinic.screening import Answer, Consequence, Form, Judgement, Outcome, Question, form_for, judge
from qingmiao.web.front_desk.queue import Station, station
from qingmiao.web.front_desk.site_day import carried_out, strip
from qingmiao.web.once import request_id
from qingmiao.web.screening.words import AWAY_REASONS
from qingmiao.web.templatetags.qm import iso_day, short_day

TONES = {Outcome.GO: "is-go", Outcome.DEFER: "is-wait", Outcome.DOCTOR: "is-wait", Outcome.CONTRAINDICATED: "is-stop"}
ANSWERS = (Answer.NO, Answer.YES, Answer.UNSURE)


class DecisionForm(forms.Form):
    """Temperature, and what the doctor decided otherwise than the rules."""

    celsius = forms.DecimalField(required=False, min_value=Decimal(34), max_value=Decimal(43), decimal_places=1)
    outcome = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.value) for one in Outcome if one is not Outcome.DOCTOR)]
    )
    until = forms.DateField(required=False)
    reason = forms.CharField(
        required=False, max_length=200, error_messages={"max_length": gettext_lazy("200 characters at most.")}
    )


@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, desk_id: int) -> HttpResponse:
    """The person at this desk with the questions, or the queue.

    All answers fine: one press decides. Anything else is shown first, with rule and day, and decided by the second
    press; `decide=other` is the doctor's own decision.
    """
    here = station(request, desk_id, Step.SCREENING)
    if here.visit is None:
        return render(request, "screening/desk.html", here.context(request))
    visit, today = here.visit, here.day.day
    form = form_for(visit.product.code, today)
    if request.method == "POST" and str(visit.pk) != request.POST.get("visit"):
        messages.error(request, _("Another person is at this desk now. Nothing was decided: look again."))
        return redirect(here.url)
    answers, days = _read(request, form, visit)
    decision = DecisionForm(request.POST or None)
    celsius = decision.cleaned_data.get("celsius") if decision.is_valid() else None
    advice = advice_of(visit.person, visit.product.code, today)
    judged = judge(
        form,
        answers,
        days,
        today=today,
        sex=visit.person.sex,
        celsius=float(celsius) if celsius is not None else None,
        also=advice.spoken,
    )
    if request.method == "POST" and decision.is_valid() and _is_ready(request, judged):
        done = _decided(request, here, visit, Answers(answers, days, celsius), decision.cleaned_data)
        if done is not None:
            return redirect(here.url)
    context = _context(request, here, visit, form, answers, days, judged, decision)
    return render(request, "screening/desk.html", context | {"advice": _advice(advice)})


def _is_ready(request: HttpRequest, judged: Judgement) -> bool:
    """Whether this press decides: the doctor's own decision, or an outcome that was seen before, or nothing to see."""
    if judged.missing:
        return False
    if request.POST.get("decide") == "other":
        return True
    seen = f"{judged.outcome} {iso_day(judged.until)}".strip()
    nothing_new = all(one.question == SCHEDULE for one in judged.spoken)  # warnings stood on the page from the start
    return request.POST.get("seen") == seen or (judged.outcome is Outcome.GO and nothing_new)


def _read(request: HttpRequest, form: Form, visit: Visit) -> tuple[dict[str, str], dict[str, date | None]]:
    """Answers and days as sent; of a person who waits for the doctor, those that were given before."""
    answers, days = {}, {}
    earlier = visit.screenings.order_by("-pk").first() if request.method == "GET" else None
    for question in form.questions_for(visit.person.sex):
        sent = request.POST.get(f"q-{question.id}", "")
        if sent in set(Answer):
            answers[question.id] = sent
        days[question.id] = forms.DateField(required=False).clean(_date(request.POST.get(f"d-{question.id}", "")))
    return (dict(earlier.answers), days) if earlier is not None and visit.state == "with_doctor" else (answers, days)


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _decided(
    request: HttpRequest, here: Station, visit: Visit, answered: Answers, found: dict[str, Any]
) -> Screening | None:
    decision = Decision()
    if request.POST.get("decide") == "other":
        outcome = Outcome(found["outcome"]) if found["outcome"] else None
        decision = Decision(outcome, found["until"], found["reason"].strip())
    screening = carried_out(
        request,
        lambda: screen(
            by=here.day.who,
            desk=here.desk,
            visit=visit,
            answered=answered,
            decision=decision,
            at=here.day.at,
            request_id=request_id(request),
        ),
    )
    if screening is not None:
        messages.success(request, _said(screening, visit))
    return screening


def _said(screening: Screening, visit: Visit) -> str:
    words = {
        "go": _("{ticket} may be vaccinated and waits for an injection desk."),
        "defer": _("{ticket} is deferred until {day}."),
        "contraindicated": _("{ticket} is contraindicated. Tell the person why, and what else is possible."),
        "doctor": _("{ticket} waits for the doctor's decision."),
    }
    return words[screening.decided].format(ticket=visit.ticket, day=iso_day(screening.deferred_until))


def _context(
    request: HttpRequest,
    here: Station,
    visit: Visit,
    form: Form,
    answers: dict[str, str],
    days: dict[str, date | None],
    judged: Judgement,
    decision: DecisionForm,
) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    standing = standings([visit.person], visit.product, here.day.day)[visit.person_id]
    spoken = {one.question: one for one in judged.spoken}
    questions = [
        _question(number, question, answers, days, spoken, language)
        for number, question in enumerate(form.questions_for(visit.person.sex), 1)
    ]
    return here.context(request) | {
        "person": strip(visit),
        "standing": standing,
        "form": {
            "title": form.title.in_language(language),
            "version": form.version,
            "fever": form.fever_above_celsius,
        },
        "questions": questions,
        "missing": [question for question in questions if question["id"] in judged.missing],
        "judged": judged,
        "tone": TONES[judged.outcome],
        "seen": f"{judged.outcome} {iso_day(judged.until)}".strip(),
        "until_word": short_day(judged.until),
        "because": "、".join(
            one.consequence.because.in_language(language)
            for one in judged.spoken
            if one.consequence.outcome is judged.outcome
        ),
        "decision": decision,
        "away_reasons": AWAY_REASONS,
        "has_asked": request.method == "POST" or visit.state == "with_doctor",
    }


def _advice(advice: Advice) -> list[dict[str, Any]]:
    """What the schedule says, as notes: what it allows or forbids first, with the day and the rule."""
    language = get_language() or "zh-hans"
    return [
        _consequence(Answer.YES, one.consequence, language)
        | {"until": iso_day(one.until), "is_note": one in advice.warnings}
        for one in (*advice.offered, *advice.spoken)
    ]


def _question(
    number: int,
    question: Question,
    answers: dict[str, str],
    days: dict[str, date | None],
    spoken: dict[str, Any],
    language: str,
) -> dict[str, Any]:
    """One row: its three answers, and the consequence of each, shown as soon as it is chosen."""
    chosen = answers.get(question.id, "")
    return {
        "id": question.id,
        "number": number,
        "ask": question.ask.in_language(language),
        "asks_day": question.asks_day.in_language(language) if question.asks_day else "",
        "day": iso_day(days.get(question.id)),
        "answers": [
            {"value": answer.value, "word": _word(answer), "tone": _tone(question, answer), "chosen": chosen == answer}
            for answer in ANSWERS
        ],
        "consequences": [
            _consequence(answer, consequence, language) | {"until": _until(spoken, question.id, answer, chosen)}
            for answer, consequence in question.answers.items()
        ],
    }


def _word(answer: Answer) -> str:
    return {Answer.NO: _("No"), Answer.YES: _("Yes"), Answer.UNSURE: _("Not sure")}[answer]


def _tone(question: Question, answer: Answer) -> str:
    consequence = question.answers.get(answer)
    return TONES[consequence.outcome] if consequence else "is-go"


def _until(spoken: dict[str, Any], question: str, answer: Answer, chosen: str) -> str:
    return iso_day(spoken[question].until) if question in spoken and chosen == answer else ""


def _consequence(answer: Answer, consequence: Consequence, language: str) -> dict[str, Any]:
    words = {
        Outcome.GO: _("May be given"),
        Outcome.DEFER: _("Defer"),
        Outcome.DOCTOR: _("Doctor decides"),
        Outcome.CONTRAINDICATED: _("Contraindicated"),
    }
    return {
        "answer": answer.value,
        "tone": TONES[consequence.outcome],
        "word": words[consequence.outcome],
        "because": consequence.because.in_language(language),
        "rule": consequence.rule,
        "source": consequence.source.title.in_language(language),
        "confidence": consequence.source.confidence,
        "needs_signature": consequence.source.needs_signature,
    }
