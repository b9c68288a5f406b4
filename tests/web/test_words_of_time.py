"""Dates, ages, figures, states and order as people here write them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from qingmiao.web.order import by_pinyin
from qingmiao.web.status import STATUSES, UnknownStatus, status_of
from qingmiao.web.templatetags import qm

SUNDAY = date(2026, 11, 22)
LATE_EVENING_UTC = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # half past midnight of the 22nd here


def shown(source: str, language: str = "zh-hans", **context: object) -> str:
    with translation.override(language):
        return Template("{% load qm %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("{{ day|day }}", "2026-11-22（周日）", "2026-11-22 (Sun)"),
        ("{{ day|short_day }}", "11月22日", "22 Nov"),
        ("{{ day|iso_day }}", "2026-11-22", "2026-11-22"),
        ("{{ at|day }}", "2026-11-22（周日）", "2026-11-22 (Sun)"),
        ("{{ at|clock }}", "00:30", "00:30"),
        ("{{ at|moment }}", "2026-11-22 00:30", "2026-11-22 00:30"),
        ("{{ none|day }}{{ none|clock }}{{ none|moment }}", "", ""),
        ('{% status "screening.deferred" until="12月3日" reason="发热" %}', "缓种", "Deferred"),
    ],
)
def test_days_and_times(source: str, chinese: str, english: str) -> None:
    context = {"day": SUNDAY, "at": LATE_EVENING_UTC, "none": None}
    assert chinese in shown(source, "zh-hans", **context)
    assert english in shown(source, "en", **context)


@pytest.mark.parametrize(
    ("born_on", "on", "chinese", "english"),
    [
        (date(2026, 11, 10), SUNDAY, "12天", "12 days"),
        (date(2026, 11, 21), SUNDAY, "1天", "1 day"),
        (date(2026, 3, 22), SUNDAY, "8月龄", "8 months old"),
        (date(2026, 3, 23), SUNDAY, "7月龄", "7 months old"),
        (date(2024, 3, 15), SUNDAY, "2岁8月龄", "2 y 8 m"),
        (date(2024, 11, 22), SUNDAY, "2岁", "2 years old"),
        (date(2019, 11, 23), SUNDAY, "6岁11月龄", "6 y 11 m"),
        (date(2019, 11, 22), SUNDAY, "7岁", "7 years"),
        (date(1992, 3, 11), SUNDAY, "34岁", "34 years"),
        (date(2026, 8, 31), date(2026, 9, 30), "1月龄", "1 month old"),
        (date(2026, 11, 23), SUNDAY, "", ""),
        (None, SUNDAY, "", ""),
    ],
)
def test_ages(born_on: date | None, on: date, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert qm.age(born_on, on) == chinese
    with translation.override("en"):
        assert qm.age(born_on, on) == english


def test_an_unknown_figure_is_a_dash_and_not_a_zero() -> None:
    assert qm.figure(1036) == "1,036"
    assert qm.figure(0) == "0"
    assert qm.figure(None) == "—"


@pytest.mark.parametrize(
    ("done", "of", "text"),
    [(46, 120, "38.3%"), (1, 8, "12.5%"), (1, 2000, "0.1%"), (0, 5, "0.0%"), (3, 0, "—"), (None, 9, "—")],
)
def test_percentages_say_what_is_known(done: int | None, of: int, text: str) -> None:
    assert qm.percent(done, of) == text


def test_names_are_sorted_by_their_sound() -> None:
    people = [{"name": name} for name in ("张伟", "王海涛", "阿依古丽", "李红梅", "陈立", "李 强")]
    assert [one["name"] for one in qm.pinyin_sort(people, "name")] == [
        "阿依古丽",
        "陈立",
        "李 强",
        "李红梅",
        "王海涛",
        "张伟",
    ]
    assert sorted(["10号楼", "Qinghe", "青河里", "2号楼"], key=by_pinyin) == ["2号楼", "10号楼", "Qinghe", "青河里"]


def test_a_state_is_word_reason_and_colour() -> None:
    html = shown('{% status "screening.deferred" until="12月3日" reason="发热" %}')
    assert html == '<span class="qm-tag is-wait"><b>缓种</b> <span>至12月3日 · 发热</span></span>'


def test_a_state_without_its_reason_shows_the_word_alone() -> None:
    assert shown('{% status "screening.deferred" reason="发热" %}') == '<span class="qm-tag is-wait"><b>缓种</b></span>'


def test_a_reason_from_outside_cannot_carry_markup() -> None:
    assert "<b>x</b>" not in shown('{% status "ledger.refused" reason=reason %}', reason="<b>x</b>")


def test_a_state_nobody_worded_is_refused() -> None:
    with pytest.raises(UnknownStatus, match="visit.lost"):
        status_of("visit.lost")


def test_every_state_has_a_chinese_word() -> None:
    with translation.override("zh-hans"):
        english = [code for code, state in STATUSES.items() if str(state.word).isascii()]
    assert english == []


def test_products_keep_their_colour() -> None:
    assert qm.lot_colour("covid-vero") == qm.lot_colour("covid-vero")
    assert {qm.lot_colour(code) for code in "abcdef"} == {f"lot-{number}" for number in range(1, 7)}
