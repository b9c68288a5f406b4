"""Cleaning of single cells: silent where only the form differs, with a code where meaning is in doubt.

Every cell is cleaned by a `Memo` of its kind, which remembers what it has met: a ledger of a million rows
has a few thousand different dates, makers and sites.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from ..identity import ID_CARD, NO_NUMBER, DocumentNumber, NumberKind, NumberReader
from .reading.values import Cell
from .vocabulary import Vocabulary, normal

LARGEST_MEMO = 20_000


class Flawed(NamedTuple):
    """A value with something to say about it: problem codes, in the order they were found."""

    value: Any
    codes: tuple[str, ...]


class Held(NamedTuple):
    """A dose date that cannot count; `day` is 0 when it could not be read."""

    code: str
    day: int = 0


class Word(NamedTuple):
    """A word in place of a dose date: done elsewhere, ticked, contraindicated, refused, deferred."""

    code: str


class Moment(NamedTuple):
    """A day as proleptic ordinal and the time after it as HH:MM, "" if none was written."""

    day: int
    clock: str


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SHIELD = re.compile(r'\s*="(.*)"\s*', re.DOTALL)
_SIGNED_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PLAIN_TEXT = re.compile("[0-9A-Za-z\u4e00-\u9fff][-0-9A-Za-z\u4e00-\u9fff]*")
_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•・‧", "·"))
_INNER_WHITE = re.compile(r"\s+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0\d{2,3}-\d{7,8}", re.ASCII)
_COUNTRY = re.compile(r"(?:\+86|0086|86)(?=\d{11}$)", re.ASCII)
_TIME = r"(?:[T ]+(\d{1,2}):(\d{1,2})(?::\d{1,2}(?:\.\d+)?)?)?"
_SEPARATED_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_CHINESE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日" + _TIME, re.ASCII)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TIME, re.ASCII)
_SERIAL = re.compile(r"\d{5,6}(?:\.0*)?", re.ASCII)
_DOSE_NUMBER = re.compile(r"第?([1-9]|[一二三四五六七八九])(?:剂次?|针次?|次)?(?:/[1-9])?", re.ASCII)
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 110_000
_SERIAL_ORIGIN = date(1899, 12, 30).toordinal()

Clean = Callable[[str], Any]


def tidy(text: str) -> str:
    """Half-width, without zero-width characters, tabs and outer space, out of the shields of spreadsheets."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text)).replace("\t", "")
    text = text.strip()
    if text.startswith("="):
        shielded = _SHIELD.fullmatch(text)
        return shielded[1].strip() if shielded else text
    return text[1:].strip() if text.startswith("'") else text


def name_of(text: str) -> str:
    """A tidy name: Chinese without inner space and with one kind of middle dot, Latin with single spaces."""
    if _CHINESE.search(text):
        return _INNER_WHITE.sub("", text).translate(_MIDDLE_DOTS)
    return _INNER_WHITE.sub(" ", text)


def phone_of(text: str) -> str | None:
    """A tidy phone number, mobile or landline with its hyphen; None if it is neither."""
    if _MOBILE.fullmatch(text):
        return text
    landline = text.replace(" ", "")
    if _LANDLINE.fullmatch(landline):
        return landline
    digits = _COUNTRY.sub("", landline.replace("-", ""))
    return digits if _MOBILE.fullmatch(digits) else None


def moment_of(value: str | int | float) -> Moment | None:
    """The day a cell names, by any of the ways people write one; None if it names none."""
    if isinstance(value, float):
        return _from_serial(int(value)) if _FIRST_SERIAL <= value <= _LAST_SERIAL else None
    if isinstance(value, int):
        if _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return _from_serial(value)
        value = str(value)
    if found := _SEPARATED_DATE.fullmatch(value):
        year, _, month, day, hour, minute = found.groups()
    elif found := (_CHINESE_DATE.fullmatch(value) or _COMPACT_DATE.fullmatch(value)):
        year, month, day, hour, minute = found.groups()
    elif _SERIAL.fullmatch(value) and _FIRST_SERIAL <= int(float(value)) <= _LAST_SERIAL:
        return _from_serial(int(float(value)))
    else:
        return None
    return _moment(year, month, day, hour, minute)


def dose_number_of(text: str) -> int | None:
    """Which dose: `1`, `第1剂`, `第一针`, `1/2`; None if it is written otherwise."""
    if found := _DOSE_NUMBER.fullmatch(text):
        return _CHINESE_DIGITS.get(found[1]) or int(found[1])
    return None


def _from_serial(serial: int) -> Moment:
    return Moment(_SERIAL_ORIGIN + serial, "")


def _moment(year: str, month: str, day: str, hour: str | None, minute: str | None) -> Moment | None:
    try:
        ordinal = date(int(year), int(month), int(day)).toordinal()
    except ValueError:
        return None
    if hour is None or minute is None:
        return Moment(ordinal, "")
    if int(hour) > 23 or int(minute) > 59:
        return None
    return Moment(ordinal, f"{int(hour):02d}:{int(minute):02d}")


class Memo(dict[Cell, Any]):
    """Cleaned values by raw value; forgets all when too many differ."""

    def __init__(self, clean: Callable[[Cell], Any]) -> None:
        super().__init__({"": None})
        self._clean = clean

    def __missing__(self, raw: Cell) -> Any:
        if len(self) > LARGEST_MEMO:
            self.clear()
            self[""] = None
        self[raw] = found = self._clean(raw)
        return found


class Cleaner:
    """Cleans cells of every kind as of one day, by one vocabulary.

    A cleaned value is None (blank), a plain value, a `Flawed`, and in dose columns also `Held` or `Word`.
    """

    def __init__(self, words: Vocabulary, as_of: date) -> None:
        self._words = words
        self._today = as_of.toordinal()
        self._numbers = NumberReader(as_of)
        self._memos: dict[str, Memo] = {}

    def memo(self, kind: str) -> Memo:
        """The memo of a kind of cell; one per kind, shared by all columns of it."""
        if kind not in self._memos:
            self._memos[kind] = Memo(getattr(self, f"_{kind}"))
        return self._memos[kind]

    def stated_number(self, raw: Cell, kind: NumberKind) -> DocumentNumber:
        """A number read as one of the kind of document that the row names."""
        return self._numbers.read(_INNER_WHITE.sub("", tidy(str(raw)).upper()), kind)

    # One method per kind of cell.

    def _free(self, raw: Cell) -> Any:
        return self._cleaned(raw, str.strip, keep=True)

    def _text(self, raw: Cell) -> Any:
        if raw.__class__ is str and _PLAIN_TEXT.fullmatch(raw) and raw not in self._words.placeholders:
            return raw
        return self._cleaned(raw, self._filled)

    def _name(self, raw: Cell) -> Any:
        if raw.__class__ is str and _PLAIN_NAME.fullmatch(raw) and raw not in self._words.placeholders:
            return raw
        return self._cleaned(raw, lambda text: name_of(self._filled(text)))

    def _number(self, raw: Cell) -> Any:
        if raw.__class__ is str and ID_CARD.fullmatch(raw):
            return self._numbers.read(raw)
        if isinstance(raw, int | float):
            return self._numeric_number(raw)
        return self._cleaned(raw, self._read_number)

    def _phone(self, raw: Cell) -> Any:
        if raw.__class__ is str and _MOBILE.fullmatch(raw):
            return raw
        return self._cleaned(raw, self._read_phone)

    def _past_date(self, raw: Cell) -> Any:
        return self._dated(raw, self._past)

    def _any_date(self, raw: Cell) -> Any:
        return self._dated(raw, lambda found: found.day)

    def _dose_date(self, raw: Cell) -> Any:
        return self._dated(raw, self._dose_day)

    def _event(self, raw: Cell) -> Any:
        return self._dated(raw, self._event_moment)

    def _sex(self, raw: Cell) -> Any:
        return self._cleaned(raw, lambda text: self._words.sexes.get(normal(self._filled(text))))

    def _document_kind(self, raw: Cell) -> Any:
        return self._cleaned(raw, self._read_document_kind)

    def _category(self, raw: Cell) -> Any:
        return self._cleaned(raw, lambda text: self._listed(text, self._words.categories, "unknown_category"))

    def _group(self, raw: Cell) -> Any:
        known = self._words.categories
        return self._cleaned(raw, lambda text: known.get(normal(text), self._filled(text)))

    def _maker(self, raw: Cell) -> Any:
        return self._cleaned(raw, lambda text: self._listed(text, self._words.manufacturers, "unknown_manufacturer"))

    def _vaccine(self, raw: Cell) -> Any:
        return self._cleaned(raw, lambda text: self._listed(text, self._words.vaccines, "unknown_vaccine"))

    def _site(self, raw: Cell) -> Any:
        return self._cleaned(raw, self._read_site)

    def _dose_number(self, raw: Cell) -> Any:
        return self._cleaned(raw, lambda text: dose_number_of(normal(self._filled(text))))

    # What they share.

    def _cleaned(self, raw: Cell, clean: Clean, *, keep: bool = False) -> Any:
        """Clean the text of a cell, and say so if it was a formula, looks like one, or held control characters.

        `keep`: a text that looks like a formula is kept as it stands, spaces included.
        """
        codes: list[str] = []
        if isinstance(raw, tuple):
            codes.append("formula_cell")
            raw = raw[2]
        text = raw if isinstance(raw, str) else str(raw)
        if not text.isprintable() and (found := _CONTROL.sub("", text)) != text:
            codes.append("control_character")
            text = found
        if self._looks_like_formula(text):
            codes.append("formula_like_text")
            value: Any = text if keep or clean == self._filled else self._otherwise(text, clean)
        else:
            value = clean(text if keep else tidy(text))
        if isinstance(value, Flawed):
            codes += value.codes
            value = value.value
        if value == "":
            value = None
        return Flawed(value, tuple(codes)) if codes else value

    def _otherwise(self, text: str, clean: Clean) -> Any:
        """A text that looks like a formula in a column of another kind: as that kind, or as it stands."""
        found = clean(tidy(text))
        return text.strip() if isinstance(found, str) else found

    def _looks_like_formula(self, text: str) -> bool:
        start = text.lstrip()
        if not start or start[0] not in "=+-@" or _SHIELD.fullmatch(text):
            return False
        tidied = tidy(text)
        return not (tidied in self._words.placeholders or _SIGNED_NUMBER.fullmatch(tidied) or phone_of(tidied))

    def _filled(self, text: str) -> str:
        return "" if text in self._words.placeholders else text

    def _listed(self, text: str, known: Mapping[str, str], code: str) -> Any:
        wording = normal(text)
        if not self._filled(wording):
            return None
        return known.get(wording) or Flawed(None, (code,))

    def _read_site(self, text: str) -> Any:
        wording = normal(text)
        if not self._filled(wording):
            return None
        known = not self._words.sites or wording in self._words.sites
        return text if known else Flawed(text, ("unknown_unit",))

    def _numeric_number(self, raw: int | float) -> Any:
        digits = str(raw)  # whole quantities are ints by now, exact to 15 digits
        return self._numbers.truncated(digits) if len(digits) >= 16 else self._numbers.read(digits)

    def _read_number(self, text: str) -> Any:
        return self._numbers.read(self._filled(_INNER_WHITE.sub("", text).upper())) or NO_NUMBER

    def _read_phone(self, text: str) -> Any:
        if not self._filled(text):
            return None
        return phone_of(text) or Flawed(None, ("phone_format",))

    def _read_document_kind(self, text: str) -> NumberKind | None:
        found = self._words.document_kinds.get(normal(text))
        return NumberKind(found) if found else None

    def _dated(self, raw: Cell, judge: Callable[[Moment | None], Any] | Callable[[Moment], Any]) -> Any:
        if isinstance(raw, int | float):
            found = moment_of(raw)
            return judge(found) if found else self._unread(str(raw), judge)
        return self._cleaned(raw, lambda text: self._judge_day(text, judge))

    def _judge_day(self, text: str, judge: Callable[[Any], Any]) -> Any:
        if not self._filled(text):
            return None
        found = moment_of(text)
        return judge(found) if found else self._unread(text, judge)

    def _unread(self, text: str, judge: Callable[[Any], Any]) -> Any:
        if judge == self._dose_day or judge == self._event_moment:
            word = self._words.dose_words.get(normal(text))
            return Word(word) if word else Held("date_unreadable")
        return Flawed(None, ("date_unreadable",))

    def _past(self, found: Moment) -> Any:
        return found.day if found.day <= self._today else Flawed(None, ("date_in_future",))

    def _dose_day(self, found: Moment) -> Any:
        return found.day if found.day <= self._today else Held("date_in_future", found.day)

    def _event_moment(self, found: Moment) -> Any:
        return found if found.day <= self._today else Held("date_in_future", found.day)
