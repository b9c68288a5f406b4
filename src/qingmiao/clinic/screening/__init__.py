"""The questions of a product and what their answers mean: read from rules/screening, judged on plain values."""

from qingmiao.clinic.screening.forms import Answer, Consequence, Course, Form, Notice, Outcome, Question, Wait
from qingmiao.clinic.screening.judging import Judgement, Spoken, judge
from qingmiao.clinic.screening.reading import (
    FormUnreadable,
    NoFormInForce,
    all_forms,
    form_for,
    read_form,
    words_of_rule,
)

__all__ = [
    "Answer",
    "Consequence",
    "Course",
    "Form",
    "FormUnreadable",
    "Judgement",
    "NoFormInForce",
    "Notice",
    "Outcome",
    "Question",
    "Spoken",
    "Wait",
    "all_forms",
    "form_for",
    "judge",
    "read_form",
    "words_of_rule",
]
