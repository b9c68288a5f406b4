"""Dates, ages, figures and states as people here write them, and the components that need more than an include.

`{% load qm %}`. Days are `datetime.date`, instants are aware `datetime`; both are shown in Asia/Shanghai.
Filters show "" for None: what is not known is worded by the template, not by a filter.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from qingmiao.law.dated import Threshold
from qingmiao.law.months import months_between
from qingmiao.web.codes import qr_svg
from qingmiao.web.order import by_pinyin
from qingmiao.web.status import Tone, detail_of, status_of

register = template.Library()


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _weekday(day: date) -> str:
    names = (
        gettext("Mon"), gettext("Tue"), gettext("Wed"), gettext("Thu"),
        gettext("Fri"), gettext("Sat"), gettext("Sun"),
    )  # fmt: skip
    return names[day.weekday()]


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-11-22（周日）, in English 2026-11-22 (Sun)."""
    if value is None:
        return ""
    local = _local_day(value)
    return gettext("%(day)s (%(weekday)s)") % {"day": local.isoformat(), "weekday": _weekday(local)}


@register.filter
def iso_day(value: date | datetime | None) -> str:
    """2026-11-22, for tables and labels."""
    return "" if value is None else _local_day(value).isoformat()


@register.filter
def short_day(value: date | datetime | None) -> str:
    """11月22日, in English 22 Nov; the year is left to the context."""
    if value is None:
        return ""
    local = _local_day(value)
    months = (
        gettext("Jan"), gettext("Feb"), gettext("Mar"), gettext("Apr"), gettext("May"), gettext("Jun"),
        gettext("Jul"), gettext("Aug"), gettext("Sep"), gettext("Oct"), gettext("Nov"), gettext("Dec"),
    )  # fmt: skip
    return gettext("%(day)s %(month)s") % {"day": local.day, "month": months[local.month - 1]}


@register.filter
def clock(value: datetime | None) -> str:
    """09:58, 24 hours."""
    if value is None:
        return ""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%H:%M")


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-22 09:58."""
    return "" if value is None else f"{iso_day(value)} {clock(value)}"


def _young_age(months: int, days: int) -> str:
    if months == 0:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    years, rest = divmod(months, 12)
    if years == 0:
        return ngettext("%(count)s month old", "%(count)s months old", months) % {"count": months}
    if rest == 0:
        return ngettext("%(count)s year old", "%(count)s years old", years) % {"count": years}
    return gettext("%(years)s y %(months)s m") % {"years": years, "months": rest}


@register.filter
def age(born_on: date | None, on: date | datetime) -> str:
    """Age on a day: 12天, 8月龄, 2岁8月龄 below seven years, 34岁 from then on; "" before birth."""
    if born_on is None or (today := _local_day(on)) < born_on:
        return ""
    months = months_between(born_on, today)
    if months < 7 * 12:
        return _young_age(months, (today - born_on).days)
    return ngettext("%(count)s year", "%(count)s years", months // 12) % {"count": months // 12}


@register.filter
def figure(value: int | None) -> str:
    """1,036; an unknown figure is a dash, never a zero."""
    return "—" if value is None else f"{value:,}"


@register.simple_tag
def percent(done: int | None, of: int | None, places: int = 1) -> str:
    """38.3%; half a last place goes up; a dash when the whole is zero or unknown."""
    if done is None or not of:
        return "—"
    share = Decimal(done) * 100 / Decimal(of)
    return f"{share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"


@register.filter
def pinyin_sort(items: Iterable[Any], attribute: str) -> list[Any]:
    """The items in the order people here expect: by the pinyin of an attribute (or key)."""
    return sorted(items, key=lambda item: by_pinyin(_value(item, attribute)))


def _value(item: Any, attribute: str) -> str:
    return str(item[attribute] if isinstance(item, dict) else getattr(item, attribute))


@register.simple_tag
def status(code: str, **values: object) -> SafeString:
    """A status tag: `{% status "screening.deferred" until=day reason=text %}`."""
    found = status_of(code)
    return tag(found.word, found.tone, detail_of(found, values))


@register.simple_tag
def status_word(code: str) -> str:
    """Only the word of a state, for running text."""
    return str(status_of(code).word)


@register.simple_tag
def status_tone(code: str) -> str:
    """Only the class that colours it, e.g. for a card: is-wait."""
    return str(status_of(code).tone)


def tag(word: str | Promise, tone: Tone, detail: str = "") -> SafeString:
    """Word + reason + colour as HTML."""
    if detail:
        return format_html('<span class="qm-tag {}"><b>{}</b> <span>{}</span></span>', tone, word, detail)
    return format_html('<span class="qm-tag {}"><b>{}</b></span>', tone, word)


@register.simple_tag
def from_memory(is_so: object = True) -> SafeString:
    """The mark of a value that nobody has read in its source yet; nothing where somebody has."""
    return tag(gettext("from memory"), Tone.WAIT) if is_so else SafeString("")


@register.simple_tag
def because(rule: Threshold) -> SafeString:
    """Why a number of the house is what it is, and whether it is from memory: `{% because horizon %}`."""
    why = rule.why["zh" if page_language() == "zh-CN" else "en"]
    return format_html('<span class="muted">{}</span> {}', why, from_memory(rule.from_memory))


@register.simple_tag
def once() -> SafeString:
    """The hidden number of the one act that a form asks for; `qingmiao.web.once` reads it back."""
    return format_html('<input type="hidden" name="request_id" value="{}">', uuid4())


@register.simple_tag(takes_context=True)
def qr(context: template.Context, path: str) -> SafeString:
    """The QR code of a page of this installation: `{% url "…" pk as back %}{% qr back %}`."""
    return qr_svg(context["request"].build_absolute_uri(path))


@register.simple_tag
def page_language() -> str:
    """The language of the page as browsers and screen readers name it."""
    return "zh-CN" if (get_language() or "").startswith("zh") else "en"


@register.filter
def lot_colour(code: str | None) -> str:
    """lot-1 … lot-6: a steady colour for a product, so that two products at a desk look different."""
    return f"lot-{sum((code or '').encode()) % 6 + 1}"


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: template.Context, page: Any) -> dict[str, Any]:
    """Next and previous of a Django `Page`, keeping the rest of the address."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": query.urlencode()}


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """`{% may "registry.see_person" as sees %}`: whether the reader holds a permission anywhere."""
    return bool(context["actor"].paths_for(permission))
