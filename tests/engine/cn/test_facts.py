"""What is written down about a person, read as observations: nothing unreadable is taken for "no"."""

from __future__ import annotations

from typing import Any

import pytest

from qingmiao.engine.china import observations


@pytest.mark.parametrize(
    "record",
    [{"hiv": "maybe"}, {"ppd": "+"}, {"immunodeficient": "yes"}, {"pregnant": 1}, {"anaphylaxis_after": "DTP"}],
)
def test_a_word_that_is_none_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        observations(record)


def test_a_fact_that_is_not_known_is_left_out() -> None:
    assert observations({"hiv": None}) == observations({})


def test_an_allergy_reaches_the_vaccines_that_share_a_component() -> None:
    said = {code for code, _, value in observations({"anaphylaxis_after": ["DTP"]}) if value == "yes"}
    assert {"allergy_DTP", "allergic_to_dtp"} <= said
