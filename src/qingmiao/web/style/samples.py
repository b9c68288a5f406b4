"""What the style page shows in each component: samples.yaml, and the few things that only code can make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qingmiao.web.codes import qr_svg

FILE = Path(__file__).with_name("samples.yaml")
DONE = (871, 930, 958, 1012, 1047, 1103, 1188, 1036)  # doses of eight days, the last is today
BASE_Y, PLAN_Y, PER_DOSE = 126, 34, 0.0772


@dataclass(frozen=True)
class Sample:
    """One component of the page: its template and what it is given in each language."""

    name: str
    title: str
    title_english: str
    template: str
    chinese: Mapping[str, Any]
    english: Mapping[str, Any]


class ChineseForm(forms.Form):
    """The form fields of the page, in Chinese."""

    name = forms.CharField(label="姓名", help_text="和身份证上一样。")
    phone = forms.CharField(label="手机", required=False)
    area = forms.ChoiceField(label="去哪个区", widget=forms.RadioSelect, choices=[("a", "A区"), ("b", "B区")])
    reason = forms.ChoiceField(label="未种原因", choices=[("", "请选"), ("fever", "发热")])
    read = forms.BooleanField(label="姓名和身份证号已念给本人听")


class EnglishForm(forms.Form):
    """The form fields of the page, in English."""

    name = forms.CharField(label="Name", help_text="As on the ID card.")
    phone = forms.CharField(label="Phone", required=False)
    area = forms.ChoiceField(label="Area", widget=forms.RadioSelect, choices=[("a", "Area A"), ("b", "Area B")])
    reason = forms.ChoiceField(label="Not given because", choices=[("", "Choose"), ("fever", "fever")])
    read = forms.BooleanField(label="Name and ID number were read aloud")


FORMS = {"chinese": ChineseForm, "english": EnglishForm}


def _samples() -> tuple[Sample, ...]:
    entries = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Sample(
            entry["name"],
            entry["title"],
            entry["title_english"],
            entry.get("template", f"components/{entry['name']}.html"),
            _made(entry.get("zh", {})),
            _made(entry.get("en", {})),
        )
        for entry in entries
    )


def _made(context: dict[str, Any]) -> dict[str, Any]:
    if "svg" in context:
        context["svg"] = _bars(**context["svg"])
    if "form" in context:
        context["form"] = FORMS[context["form"]]({"name": "", "area": "a"}, auto_id=f"{context['form']}_%s")
    return context


def _bars(missing: str, today: str, label: str) -> SafeString:
    words = [*(f"11-{day}" for day in range(15, 22)), today]
    bars = format_html_join("", "{}", ((_bar(index, word),) for index, word in enumerate(words)))
    return format_html(
        '<svg viewBox="0 0 440 150" role="img" aria-label="{}">'
        '<line class="grid" x1="0" x2="440" y1="{}" y2="{}"/>{}'
        '<g class="is-stop"><text class="mid tone" x="412" y="26">{}</text></g></svg>',
        *(label, BASE_Y, BASE_Y, bars, missing),
    )


def _bar(index: int, word: str) -> SafeString:
    middle, height = 28 + index * 55, round(DONE[index] * PER_DOSE)
    bar, figure = ("bar", "inv") if index == len(DONE) - 1 else ("past", "")
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="38" height="{}"/><line class="plan" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="mid {}" x="{}" y="{}">{}</text><text class="mid soft" x="{}" y="143">{}</text>',
        *(bar, middle - 19, BASE_Y - height, height, middle - 24, middle + 24, PLAN_Y, PLAN_Y),
        *(figure, middle, BASE_Y + 18 - height, f"{DONE[index]:,}", middle, word),
    )


SAMPLES = _samples()


def sample(name: str) -> Sample:
    """The sample of that name."""
    return next(entry for entry in SAMPLES if entry.name == name)


def desk_sample(now: datetime) -> dict[str, Any]:
    """Context of the invented injection desk: frame, person, lot, and one undo that ends in 102 seconds."""
    return {
        "place": "青河街道接种点",
        "place_detail": "A区 上午场",
        "role": "接种护士",
        "actor": {"name": "林晓"},
        "search_url": "#search",
        "column": [
            {
                "title": "现场接种",
                "is_here": True,
                "desks": [
                    {"title": "接种台", "url": "#injection", "waiting": 12, "is_current": True},
                    {"title": "留观", "url": "#observation", "waiting": 14},
                    {"title": "冷链", "url": "#cold", "waiting": 1, "tone": "is-stop"},
                ],
            },
            {"title": "综合管理", "desks": [{"title": "报表", "url": "#reports", "waiting": 0}]},
        ],
        "person": {**sample("person").chinese["person"], "group": "从业人员", "note": "第2批"},
        "steps": sample("steps").chinese["steps"],
        "lot": sample("lot").chinese["lot"],
        "undo": {
            "text": "A045 孙建国 09:55已接种",
            "url": "#undo",
            "until": now + timedelta(seconds=102),
            "also": [{"label": "补打留观条", "url": "/style/slip/", "print": True}],
        },
        "rows": [(f"A{number:03}", "09:58") for number in range(1, 91)],
    }


def slip_sample() -> dict[str, Any]:
    """Context of the invented observation slip, with a code that leads to the style page."""
    return {"slip": {**sample("slip").chinese["slip"], "code": qr_svg("https://example.org/style/")}}


def full_room(seats: int = 65) -> list[dict[str, Any]]:
    """Tickets under observation, those free to go first."""
    minutes = [max(0, number - 5) // 2 for number in range(seats)]
    return [
        {"ticket": f"A{31 + number:03}", "minutes": left, "tone": "is-go" if left == 0 else "is-later"}
        for number, left in enumerate(minutes)
    ]
