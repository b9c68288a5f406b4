"""Shapes of the schematic map, and who may lay them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.audit.models import AuditEntry
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.actions import draw_map
from qingmiao.staff.models import Outline
from qingmiao.staff.outlines import SHEET, NotAMap, edges, laid_out, middle, moved, read_geojson, tile
from qingmiao.staff.queries import outlines_of, places_on_map

if TYPE_CHECKING:
    from tests.village import Village

SQUARE = [[(0.0, 0.0), (0.0, 40.0), (40.0, 40.0), (40.0, 0.0)]]


def area(name: str, geometry: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"name": name, "人口": 3}, "geometry": geometry}


def square(west: float, south: float, side: float) -> dict[str, object]:
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_areas_are_laid_together_with_north_up():
    content = {"features": [area("甲村", square(129.0, 44.0, 0.1)), area("乙村", square(129.0, 44.1, 0.1))]}
    first, second = read_geojson(json.dumps(content).encode())
    assert "甲村" in first.names
    laid = laid_out({1: first.rings, 2: second.rings})
    assert edges(laid[2])[3] == edges(laid[1])[1], "the northern one lies above the other"
    assert edges(laid[1])[3] == SHEET - 10
    wide, high = edges(laid[1])[2] - edges(laid[1])[0], edges(laid[1])[3] - edges(laid[1])[1]
    assert wide < high, "a degree of longitude is narrower than one of latitude"


def test_a_place_of_one_point_becomes_a_tile_there():
    content = {
        "features": [area("甲村", {"type": "Point", "coordinates": [129, 44]}), area("乙", square(129.2, 44.2, 0.1))]
    }
    point, other = read_geojson(json.dumps(content).encode())
    laid = laid_out({1: point.rings, 2: other.rings})
    assert [list(ring) for ring in laid[1]] == [tile(*middle(laid[1]))]


LINE = b'{"features": [{"geometry": {"type": "LineString", "coordinates": []}}]}'


@pytest.mark.parametrize("content", [b"", b"\x00", b"[]", b'{"features": 3}', b'{"features": []}', LINE])
def test_what_is_no_map_says_so_and_what_helps(content: bytes):
    with pytest.raises(NotAMap, match="GeoJSON"):
        read_geojson(content)


@given(x=st.integers(0, SHEET), y=st.integers(0, SHEET))
def test_a_shape_that_is_moved_has_its_middle_there_and_its_size(x: int, y: int):
    there = moved(SQUARE, (x, y))
    assert middle(there) == (x, y)
    left, top, right, bottom = edges(there)
    assert (right - left, bottom - top) == (40, 40)


@pytest.mark.django_db
def test_laying_again_replaces_and_no_rings_take_off(village: Village):
    by, place = village.actor("kongming"), village.community.pk
    assert village.community in places_on_map(village.district)
    for rings in (SQUARE, moved(SQUARE, (500, 500))):
        draw_map(by=by, top=village.district, outlines={place: rings})
    assert middle(outlines_of([place])[place]) == (500, 500)
    assert AuditEntry.objects.latest("seq").details == {"drawn": 1, "off": 0}
    draw_map(by=by, top=village.district, outlines={place: []})
    assert not Outline.objects.exists()


@pytest.mark.django_db
def test_nobody_lays_a_place_that_is_not_below(village: Village):
    with pytest.raises(NotAllowed):
        draw_map(by=village.actor("kongming"), top=village.subdistrict, outlines={village.bureau.pk: SQUARE})
    with pytest.raises(NotAllowed):
        draw_map(by=village.actor("zhaoqian"), top=village.district, outlines={village.community.pk: SQUARE})
