"""Who is of age on a day, by the law of that day."""

from __future__ import annotations

from datetime import date

import pytest

from qingmiao.law.ages import adult_if_born_by
from qingmiao.law.dated import NoRuleInForce, rule_file


@pytest.mark.parametrize(
    ("on", "born"),
    [
        ("2021-06-01", "2003-06-01"),
        ("2024-02-29", "2006-02-28"),
        ("1999-12-31", "1981-12-31"),
    ],
)
def test_of_age_on_the_eighteenth_birthday(on: str, born: str):
    assert adult_if_born_by(date.fromisoformat(on)) == date.fromisoformat(born)


def test_before_the_first_law_there_is_no_answer():
    with pytest.raises(NoRuleInForce, match=r"law\.ages\.adult"):
        adult_if_born_by(date(1986, 12, 31))


def test_every_age_names_a_document_of_its_time():
    file = rule_file("law", "ages")
    for start, value in file["adult"]["values"].items():
        assert file["references"][value["reference"]]["in_force_from"] <= start
