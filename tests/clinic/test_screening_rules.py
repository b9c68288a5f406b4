"""Questions and answers as data: every file loads, every rule has a source, dates are computed."""

from datetime import date
from pathlib import Path

import pytest

from qingmiao.clinic.screening import (
    FormUnreadable,
    NoFormInForce,
    Outcome,
    all_forms,
    form_for,
    judge,
    read_form,
)

TODAY = date(2021, 6, 1)
COVID = "5601"


def answered(product: str = COVID, sex: str = "1", celsius: float | None = None, days=None, **answers: str):
    form = form_for(product, TODAY)
    all_no = {question.id: "no" for question in form.questions_for(sex)}
    return judge(form, all_no | answers, days or {}, today=TODAY, sex=sex, celsius=celsius)


def test_all_no_may_be_given():
    judged = answered()
    assert (judged.outcome, judged.until, judged.spoken, judged.missing) == (Outcome.GO, None, (), ())


@pytest.mark.parametrize(
    ("answers", "outcome", "until"),
    [
        ({"fever": "yes"}, Outcome.DEFER, date(2021, 6, 4)),
        ({"acute": "yes"}, Outcome.DEFER, date(2021, 6, 15)),
        ({"fever": "yes", "acute": "yes"}, Outcome.DEFER, date(2021, 6, 15)),
        ({"severe_allergy": "yes", "fever": "yes"}, Outcome.CONTRAINDICATED, None),
        ({"severe_allergy": "unsure"}, Outcome.DOCTOR, None),
        ({"severe_allergy": "unsure", "fever": "yes"}, Outcome.DEFER, date(2021, 6, 4)),
        ({"immune": "yes"}, Outcome.GO, None),
        ({"other_vaccine": "yes"}, Outcome.DEFER, date(2021, 6, 16)),
    ],
)
def test_answers_of_the_inactivated_covid_vaccine(answers: dict, outcome: Outcome, until: date | None):
    judged = answered(**answers)
    assert (judged.outcome, judged.until) == (outcome, until)


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (date(2021, 5, 20), date(2021, 6, 4)),
        (date(2021, 5, 1), None),  # longer ago than the rule asks for
        (date(2021, 5, 17), None),  # over today
    ],
)
def test_the_day_of_the_other_vaccine_counts(asked: date, until: date | None):
    judged = answered(other_vaccine="yes", days={"other_vaccine": asked})
    assert judged.until == until
    assert judged.outcome is (Outcome.DEFER if until else Outcome.GO)


def test_six_months_after_the_thirty_first_of_december_is_the_thirtieth_of_june():
    assert answered(infected="yes", days={"infected": date(2020, 12, 31)}).until == date(2021, 6, 30)


def test_a_thermometer_answers_for_the_person():
    assert answered(celsius=37.4).outcome is Outcome.DEFER
    assert answered(celsius=37.3).outcome is Outcome.GO


def test_men_are_not_asked_about_pregnancy_and_people_of_unknown_sex_are():
    ids = {sex: {question.id for question in form_for(COVID, TODAY).questions_for(sex)} for sex in "012"}
    assert "pregnant" not in ids["1"]
    assert "pregnant" in ids["2"] & ids["0"]


def test_a_question_left_open_is_missing_and_nothing_is_decided_by_it():
    form = form_for(COVID, TODAY)
    judged = judge(form, {"fever": "no", "acute": "perhaps"}, {}, today=TODAY, sex="1")
    assert "acute" in judged.missing
    assert "fever" not in judged.missing


def test_every_rule_of_every_form_has_words_source_and_confidence():
    for form in all_forms():
        assert form.notice.paragraphs
        for question in form.questions:
            for consequence in question.answers.values():
                assert consequence.because.zh
                assert consequence.because.en
                assert consequence.source.title.zh


def test_the_hash_of_a_notice_depends_on_its_language_and_on_nothing_else():
    notice = form_for(COVID, TODAY).notice
    assert notice.digest("zh-hans") == notice.digest("zh-hans") != notice.digest("en")


def test_a_product_of_its_own_goes_before_the_general_form():
    assert [form_for(code, TODAY).id for code in (COVID, "1201", "0402")] == [
        "covid_inactivated", "general_live", "general",
    ]  # fmt: skip


def test_before_the_first_edition_there_is_no_form():
    with pytest.raises(NoFormInForce):
        form_for(COVID, date(2020, 1, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("outcome: defer, until: {days: 3, from: today}", "outcome: defer"),
        ("reference: covid-guide-1, confidence: Mh}", "reference: a-blog, confidence: Mh}"),
        ("confidence: Mh}", "confidence: sure}"),
        ("outcome: contraindicated", "outcome: forbidden"),
        ("from: today", "from: birth"),
    ],
)
def test_a_form_that_says_something_unknown_does_not_load(tmp_path: Path, old: str, new: str):
    from qingmiao.law.dated import RULES

    text = (RULES / "screening/covid_inactivated/2021-03-29.yaml").read_text()
    assert old in text
    broken = tmp_path / "broken.yaml"
    broken.write_text(text.replace(old, new))
    with pytest.raises(FormUnreadable, match=r"broken\.yaml"):
        read_form(broken)
