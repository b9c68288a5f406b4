"""Shares, rounding and places."""

from dataclasses import dataclass

import pytest

from qingmiao.reports.rules import Placed, Share, in_order, places, points_text


@dataclass
class Unit:
    done: int
    of: int


@pytest.mark.parametrize(
    ("done", "of", "text"),
    [
        (46, 120, "38.3%"),
        (0, 5, "0.0%"),
        (5, 5, "100.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 16, "6.3%"),
        (0, 0, "—"),
    ],
)
def test_a_share_is_rounded_half_up_and_unknown_for_nobody(done: int, of: int, text: str):
    assert Share(done, of).text() == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(Share(46, 120), Share(24, 120), "+18.3"), (Share(1, 4), Share(2, 4), "-25.0"), (Share(1, 4), Share(0, 0), "—")],
)
def test_a_change_is_in_points_with_its_sign(now: Share, before: Share, text: str):
    assert points_text(now, before) == text


def test_equal_shares_are_equal_places_and_the_next_place_is_left_out():
    units = [Unit(5, 10), Unit(9, 10), Unit(10, 20), Unit(1, 10)]
    assert places(units, 5) == [Placed(2, True), Placed(1, False), Placed(2, True), Placed(4, False)]


def test_a_small_unit_is_listed_without_a_place_and_takes_nobody_elses():
    units = [Unit(4, 4), Unit(0, 4), Unit(1, 5), Unit(0, 0)]
    assert [placed.place for placed in places(units, 5)] == [None, None, 1, None]


def test_units_stand_in_the_order_of_their_places_then_the_small_ones():
    ordered = in_order([Unit(4, 4), Unit(1, 10), Unit(0, 2), Unit(9, 10)], 5)
    assert [(unit.done, unit.of) for unit, _place in ordered] == [(9, 10), (1, 10), (4, 4), (0, 2)]
