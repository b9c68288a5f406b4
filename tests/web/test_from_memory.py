"""A number that nobody has read in its source says so where it is used, with its reason."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from tests.village import Village

from qingmiao.law.dated import Threshold, threshold

MARK = "凭记忆"


def _shown(rule: Threshold) -> str:
    with override("zh-hans"):
        return engines["django"].from_string("{% load qm %}{% because rule %}").render({"rule": rule})


def test_a_rule_from_memory_carries_the_mark_and_a_read_one_none():
    why = {"zh": "提前三个月", "en": "three months ahead"}
    assert "提前三个月" in _shown(Threshold(92, why))
    assert MARK not in _shown(Threshold(92, why))
    assert MARK in _shown(Threshold(92, why, from_memory=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "rule"),
    [
        ("outreach:due", ("schedule", "lists", "horizon_days")),
        ("outreach:calls", ("outreach", "calls", "came_within_days")),
        ("outreach:messages", ("outreach", "messages", "remind_days_before")),
        ("family:opinions", ("outreach", "opinions", "answer_within_days")),
    ],
)
def test_pages_say_which_of_their_numbers_are_from_memory(
    village: Village, client: Client, page: str, rule: tuple[str, str, str]
):
    asked = threshold(*rule)
    assert asked.from_memory
    client.force_login(village.users["fengyuan"])
    shown = client.get(reverse(page), headers={"accept-language": "zh-hans"}).content.decode()
    assert asked.why["zh"] in shown
    assert MARK in shown
