"""What a scanner read off a vial or a box: a 20-digit trace code, a GS1 element string, or a lot number typed by hand.

Sources: trace codes of drugs (药品追溯码) are 20 digits, of which the first 7 name the product; GS1 General
Specifications (application identifiers 01, 10, 11, 17, 21; FNC1 as the separator; day 00 means the month's last day).
Pure: nothing is looked up here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qingmiao.law.months import last_of_month

SEPARATOR = "\x1d"  # FNC1 as scanners send it
SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0")
TRACE_PREFIX_DIGITS = 7

# Application identifier -> (name, fixed length or None for "up to 20, then FNC1").
IDENTIFIERS: dict[str, tuple[str, int | None]] = {
    "01": ("gtin", 14),
    "10": ("lot", None),
    "11": ("made_on", 6),
    "17": ("expires_on", 6),
    "21": ("serial", None),
}
LONGEST_VARIABLE = 20

_TRACE = re.compile(r"\d{20}", re.ASCII)
_LOT = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-/.]{2,19}", re.ASCII)
_BRACKETED = re.compile(r"\((\d{2})\)([^(]*)", re.ASCII)


class CodeUnreadable(ValueError):
    """The text is no trace code, no GS1 element string and no lot number; `why` names the first thing that is wrong."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class VialCode:
    """What a code says. Empty or None: the code does not carry it."""

    trace_code: str = ""
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    made_on: date | None = None

    @property
    def trace_prefix(self) -> str:
        """The digits of a trace code that name the product."""
        return self.trace_code[:TRACE_PREFIX_DIGITS]


def read_code(scanned: str) -> VialCode:
    """What was scanned. Raises CodeUnreadable, naming the reason, rather than guess."""
    text = scanned.strip().strip("\r\n")
    if _TRACE.fullmatch(text):
        return VialCode(trace_code=text)
    for symbology in SYMBOLOGIES:
        if text.startswith(symbology):
            return _elements(text.removeprefix(symbology))
    if text.startswith("("):
        return _bracketed(text)
    if SEPARATOR in text or re.match(r"01\d{14}", text, re.ASCII):
        return _elements(text)
    if _LOT.fullmatch(text):
        return VialCode(lot=text.upper())
    raise CodeUnreadable("form")


def _bracketed(text: str) -> VialCode:
    """The form printed for people: (01)0690…(17)270831(10)ABC."""
    if "".join(f"({ai}){value}" for ai, value in _BRACKETED.findall(text)) != text:
        raise CodeUnreadable("brackets")
    return _elements(SEPARATOR.join(ai + value.strip() for ai, value in _BRACKETED.findall(text)))


def _elements(text: str) -> VialCode:
    found: dict[str, str] = {}
    rest = text.strip(SEPARATOR)
    while rest:
        identifier, rest = rest[:2], rest[2:]
        if identifier not in IDENTIFIERS:
            raise CodeUnreadable("identifier")
        name, length = IDENTIFIERS[identifier]
        value, rest = (rest[:length], rest[length:]) if length else _until_separator(rest)
        if (length and len(value) != length) or not value or name in found:
            raise CodeUnreadable("length")
        found[name] = value
        rest = rest.lstrip(SEPARATOR)
    return _checked(found)


def _until_separator(text: str) -> tuple[str, str]:
    value, _separator, rest = text.partition(SEPARATOR)
    if len(value) > LONGEST_VARIABLE:
        raise CodeUnreadable("length")
    return value, rest


def _checked(found: dict[str, str]) -> VialCode:
    gtin = found.get("gtin", "")
    if gtin and not has_right_check_digit(gtin):
        raise CodeUnreadable("check_digit")
    return VialCode(
        gtin=gtin,
        lot=found.get("lot", "").upper(),
        serial=found.get("serial", ""),
        expires_on=_day(found.get("expires_on", "")),
        made_on=_day(found.get("made_on", "")),
    )


def has_right_check_digit(gtin: str) -> bool:
    """Whether the last digit of a GTIN is the one its other digits ask for (weights 3 and 1 from the right)."""
    if not gtin.isascii() or not gtin.isdigit():
        return False
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(gtin[:-1])))
    return (10 - total % 10) % 10 == int(gtin[-1])


def _day(digits: str) -> date | None:
    """YYMMDD as a day of 2000-2099; day 00 is the last of the month."""
    if not digits:
        return None
    try:
        year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
        return date(year, month, day) if day else last_of_month(date(year, month, 1))
    except (ValueError, IndexError) as error:
        raise CodeUnreadable("date") from error
