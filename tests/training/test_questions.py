"""Tests are made from the rules in force: the same seed asks the same, and no two answers are nearly alike."""

from __future__ import annotations

from datetime import date

from qingmiao.training.questions import NEAR, facts, questions

TODAY = date(2026, 11, 22)


def test_the_same_seed_asks_the_same_and_another_seed_something_else():
    first = questions(7, on=TODAY, count=10, choices=4)
    assert first == questions(7, on=TODAY, count=10, choices=4)
    assert first != questions(8, on=TODAY, count=10, choices=4)


def test_every_question_has_one_right_answer_and_the_others_are_wrong():
    for seed in range(40):
        for question in questions(seed, on=TODAY, count=10, choices=4):
            words = [choice["zh"] for choice in question.choices]
            assert len(set(words)) == len(words) > 1, question
            assert 0 <= question.right < len(words)


def test_no_wrong_answer_is_nearly_as_long_as_the_right_one():
    """28 days and one month would both be fair to tick."""
    hours = {(fact.kind, fact.answer["zh"]): fact.hours for fact in facts(TODAY)}
    for seed in range(40):
        for question in questions(seed, on=TODAY, count=10, choices=4):
            kind = question.key.partition(":")[0]
            right = hours[kind, question.choices[question.right]["zh"]]
            for index, choice in enumerate(question.choices):
                wrong = hours[kind, choice["zh"]]
                assert index == question.right or max(wrong, right) > NEAR * min(wrong, right), question


def test_the_answer_follows_the_edition():
    """DTaP dose 1: three months until the end of 2024, two months from 2025."""
    asked = "百白破疫苗第1剂最早何时可以接种？"
    said = {on: next(fact for fact in facts(on) if fact.text["zh"] == asked) for on in (date(2024, 12, 31), TODAY)}
    assert [fact.answer["zh"] for fact in said.values()] == ["3月龄", "2月龄"]
    assert said[TODAY].answer["en"] == "2 months"


def test_every_question_says_where_it_is_written():
    assert all(fact.reference and fact.confidence for fact in facts(TODAY))
