"""Words of the schedule in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingmiao.engine.china import china_book
from qingmiao.registry.models import Dose
from qingmiao.schedule.records import code_of


def in_language(text: Mapping[str, str]) -> str:
    """A text that the rules keep in both languages."""
    return text["en" if (get_language() or "").startswith("en") else "zh"]


def series_title(series: str) -> str:
    """The name of a series of the programme: 乙肝疫苗; the code itself if no rule file has it."""
    found = next((rule.title for rule in china_book().groups if rule.group == series), None)
    return in_language(found) if found else series


def series_order() -> list[str]:
    """Series in the order in which the programme prints them."""
    return [rule.group for rule in china_book().groups]


def product_title(family: str) -> str:
    """The name of a family of products: 麻腮风疫苗."""
    found = china_book().products.families.get(family)
    return in_language(found.title) if found else family


def dose_word(number: int | None) -> str:
    """第2剂; a dash without a number."""
    return _("dose %(number)s") % {"number": number} if number else "—"


def dose_name(dose: Dose) -> str:
    """What was given, as the rules call it, else as it was written on the record."""
    product = china_book().products.by_code.get(dose.product_code)
    if product is None:
        return dose.vaccine or dose.product_code or "—"
    family = china_book().products.families.get(product.family)
    return in_language(family.title) if family else product.name


def taken_as(dose: Dose) -> str:
    """What a dose is judged as when its record names only the class of the vaccine; empty for all others."""
    code = code_of(dose)
    product = china_book().products.by_code.get(code)
    return "" if code == dose.product_code or product is None else product_title(product.family)


def finding_text(finding: str) -> str:
    """Why a dose on record is set aside, and what cures it."""
    return {
        "before_birth": _("Day before birth: check the birth date and the day on the booklet"),
        "future": _("Day in the future: check the day on the booklet"),
        "undated": _("No day that can be right: enter it from the booklet"),
        "unknown_vaccine": _("The vaccine is not known: enter its code from the booklet"),
        "twice": _("Recorded twice: the other row counts"),
        "out_of_order": _("Numbers and days disagree: check which day belongs to which dose"),
    }[finding]
