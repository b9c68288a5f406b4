"""Outlines of places on a schematic map: pure shapes on a sheet, laid by hand or read from a file with borders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.translation import gettext as _

Point = tuple[float, float]
Rings = Sequence[Sequence[Point]]  # closed lines around an area or a hole in it; y grows downwards

SHEET = 1000  # width of the sheet
MARGIN = 10
TILE = (190, 130)  # a place that has a position and no borders
SHAPES = {"Polygon": 1, "MultiPolygon": 2}  # how deep the rings lie in the coordinates


class NotAMap(Exception):
    """The file holds no borders that can be read; says what is wrong and what helps."""

    def __init__(self, problem: str) -> None:
        super().__init__(
            _("This file cannot be read as a map: {problem}. Save the borders as GeoJSON (WGS 84).").format(
                problem=problem
            )
        )


@dataclass(frozen=True)
class Feature:
    """One area of a file: everything it is called, and its rings in the file's coordinates (one point: no borders)."""

    names: frozenset[str]
    rings: Rings


def read_geojson(content: bytes) -> list[Feature]:
    """The areas of a GeoJSON file, their latitudes shrunk to a plane. Raises NotAMap."""
    try:
        found = json.loads(content)
        features = [_feature(one) for one in found["features"] if one.get("geometry")]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as wrong:
        raise NotAMap(_("it is not a GeoJSON collection of areas")) from wrong
    if not features:
        raise NotAMap(_("it holds no area"))
    return features


def _feature(one: Mapping[str, Any]) -> Feature:
    properties = one.get("properties") or {}
    names = frozenset(str(value).strip() for value in properties.values() if isinstance(value, str | int))
    return Feature(names, list(_rings(one["geometry"])))


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Point]]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        coordinates = [[coordinates]]
    elif SHAPES[kind] == 2:
        coordinates = [ring for polygon in coordinates for ring in polygon]
    for ring in coordinates:
        yield [(float(point[0]), float(point[1])) for point in ring]


def laid_out(shapes: Mapping[int, Rings]) -> dict[int, Rings]:
    """Areas in degrees laid onto the sheet together, north up, as large as it holds; single points become tiles."""
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return {}
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    narrow = cos(radians((south + north) / 2))
    scale = (SHEET - 2 * MARGIN) / (max((east - west) * narrow, north - south) or 1)

    def laid(point: Point) -> Point:
        return round(MARGIN + (point[0] - west) * narrow * scale), round(MARGIN + (north - point[1]) * scale)

    return {pk: _tidy([[laid(point) for point in ring] for ring in rings]) for pk, rings in shapes.items()}


def _tidy(rings: Rings) -> Rings:
    """Without points that fell onto each other; a place of one point becomes a tile there."""
    thin = [[point for point, before in zip(ring, [None, *ring], strict=False) if point != before] for ring in rings]
    return [ring for ring in thin if len(ring) > 2] or [tile(*thin[0][0])]


def tile(x: float, y: float) -> Sequence[Point]:
    """The ring of a tile around a point."""
    wide, high = TILE[0] / 2, TILE[1] / 2
    return [(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)]


def edges(rings: Rings) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    xs, ys = [x for ring in rings for x, _y in ring], [y for ring in rings for _x, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def middle(rings: Rings) -> Point:
    """The middle of the largest ring: where its name is written, and what a hand drags."""
    left, top, right, bottom = max((edges([ring]) for ring in rings), key=lambda e: (e[2] - e[0]) * (e[3] - e[1]))
    return round((left + right) / 2), round((top + bottom) / 2)


def moved(rings: Rings, to: Point) -> Rings:
    """The same shape with its middle elsewhere."""
    x, y = middle(rings)
    return [[(left + to[0] - x, top + to[1] - y) for left, top in ring] for ring in rings]
