"""The chart of a summary, as a picture that Word can hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import vl_convert
from django.utils.translation import gettext as _

from qingmiao.reports.bulletin import Line

FONT = "SimHei, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
DONE, OPEN = "#0b6e63", "#d5dcd6"  # dark and light: told apart in black and white as well
MOST = 24  # units; a page holds no more


def units_chart(lines: Sequence[Line]) -> bytes:
    """PNG: a bar for each unit, vaccinated and still open, in the order given; at most the first 24."""
    return bytes(vl_convert.vegalite_to_png(json.dumps(_specification(lines[:MOST])), scale=3))


def _specification(lines: Sequence[Line]) -> dict[str, Any]:
    done, still_open = _("Vaccinated"), _("Still open")
    order = [line.name for line in lines]
    rows = [
        {"unit": line.name, "what": what, "people": people, "rank": rank}
        for line in lines
        for rank, (what, people) in enumerate(((done, line.now.done), (still_open, line.now.open)))
    ]
    ends = [
        {"unit": line.name, "of": line.now.of, "text": f"{line.now.done}/{line.now.of}  {line.rate}"} for line in lines
    ]
    unit = {"field": "unit", "type": "nominal", "sort": order, "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 330,
        "height": {"step": 20},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 160, "domainColor": "#555"},
            "legend": {"labelFontSize": 12, "orient": "top", "title": None},
        },
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "bar", "stroke": "#16262e", "strokeWidth": 0.4},
                "encoding": {
                    "y": unit,
                    "x": {
                        "field": "people",
                        "type": "quantitative",
                        "title": _("People"),
                        "axis": {"tickMinStep": 1, "grid": False},
                    },
                    "order": {"field": "rank"},
                    "color": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": [done, still_open], "range": [DONE, OPEN]},
                    },
                },
            },
            {
                "data": {"values": ends},
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11.5},
                "encoding": {
                    "y": unit,
                    "x": {"field": "of", "type": "quantitative"},
                    "text": {"field": "text"},
                },
            },
        ],
    }


def columns_chart(columns: Sequence[tuple[str, int]], title: str) -> bytes:
    """PNG: a column for each (name, number), with the number above it."""
    values = [{"name": name, "number": number} for name, number in columns]
    name = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": -45}}
    number = {"field": "number", "type": "quantitative", "title": title, "axis": {"grid": False, "tickMinStep": 1}}
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 470,
        "height": 170,
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 11, "titleFontSize": 12}},
        "data": {"values": values},
        "encoding": {"x": name, "y": number},
        "layer": [
            {"mark": {"type": "bar", "color": DONE, "stroke": "#16262e", "strokeWidth": 0.4}},
            {
                "mark": {"type": "text", "dy": -6, "fontSize": 10.5},
                "encoding": {"text": {"field": "number", "type": "quantitative"}},
            },
        ],
    }
    return bytes(vl_convert.vegalite_to_png(json.dumps(specification), scale=3))
