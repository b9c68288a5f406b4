"""By which keyed hashes a person, a school or a case is known again without being readable."""

from __future__ import annotations

import re

from qingmiao.privacy.sealing import lookup_hash
from qingmiao.registry.numbers import comparable, identifier_lookup
from qingmiao.surveillance.card import Content

_CLASS = re.compile(r"[\s（(]*((小班|中班|大班|托班)|[一二三四五六七八九十\d]+(年级|年|班|级)|[高初][一二三]).*$")


def number_key(content: Content) -> bytes | None:
    """The hash of the identity number, None without one."""
    number = comparable(content.get("number", ""))
    return identifier_lookup(number) if number else None


def name_key(content: Content) -> bytes | None:
    """The hash of name and birth date, None when one of them is not known."""
    name, born = "".join(content.get("name", "").split()), content.get("birth_date", "")
    return lookup_hash("case", f"{name}|{born}") if name and born else None


def school_of(workplace: str) -> str:
    """The school without the class: 河滨小学三年级2班 and 河滨小学（五年级） are one place."""
    return _CLASS.sub("", "".join(workplace.split())) or workplace


def school_key(workplace: str) -> bytes | None:
    """The hash of the school or work place, None when none is named."""
    return lookup_hash("school", school_of(workplace)) if workplace.strip() else None
