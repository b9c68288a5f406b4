"""Document numbers of people: what a written number says, and how far it may be trusted.

Sources: GB 11643-1999 (citizen identification number: 17 digits and a check character, ISO 7064 MOD 11-2);
15-digit numbers of the first generation (before 1999-10-01); permits of Hong Kong and Macao residents;
passports of one or two letters and seven or eight digits.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from itertools import product
from typing import NamedTuple

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
EARLIEST_BIRTH = date(1900, 1, 1).toordinal()
LARGEST_MEMO = 50_000


class Sex(StrEnum):
    """Sex as GB/T 2261.1 codes it."""

    MALE = "1"
    FEMALE = "2"


class NumberKind(StrEnum):
    """Which document a number belongs to."""

    ID_CARD = "id_card"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"


class DocumentNumber(NamedTuple):
    """What one written document number says.

    `key` is the number people are compared by, or None when it cannot be one. `birth` is a proleptic
    Gregorian ordinal (0: unknown). `surviving` are the leading digits a spreadsheet left of a number it
    took for a quantity. `fault` is a problem code or "".
    """

    key: str | None
    kind: NumberKind | None = None
    birth: int = 0
    sex: Sex | None = None
    surviving: str = ""
    fault: str = ""


NO_NUMBER = DocumentNumber(None)

ID_CARD = re.compile(r"\d{17}[\dX]", re.ASCII)
_FIFTEEN = re.compile(r"\d{15}", re.ASCII)
_HK_MACAO = re.compile(r"[HM]\d{8}(?:\d\d)?", re.ASCII)
_PASSPORT = re.compile(r"[A-Z]{1,2}\d{7,8}", re.ASCII)
_TAIWAN = re.compile(r"\d{8}(?:\d\d)?(?:[A-Z])?", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?\d{1,3}", re.ASCII)

# The 17th digit: odd for men, even for women.
_SEQUENCES = {
    f"{a}{b}{c}": (a * 8 + b * 4 + c * 2, Sex.MALE if c % 2 else Sex.FEMALE) for a, b, c in product(range(10), repeat=3)
}


def _weighted(digits: str, offset: int) -> int:
    return sum(int(d) * w for d, w in zip(digits, WEIGHTS[offset:], strict=False))


def check_character(first_17: str) -> str:
    """The 18th character of a citizen identification number, from its first 17 digits (GB 11643)."""
    return CHECK_CHARACTERS[_weighted(first_17, 0) % 11]


def _day_of(digits: str) -> int:
    """Ordinal of YYYYMMDD, or 0 if the calendar has no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).toordinal()
    except ValueError:
        return 0


class _Regions(dict[str, int]):
    def __missing__(self, digits: str) -> int:
        if len(self) > LARGEST_MEMO:
            self.clear()
        self[digits] = found = _weighted(digits, 0)
        return found


class _BirthDays(dict[str, tuple[int, int]]):
    """Eight digits → (ordinal, or 0 when nobody can be born that day; weighted sum)."""

    def __init__(self, latest: int) -> None:
        super().__init__()
        self.latest = latest

    def __missing__(self, digits: str) -> tuple[int, int]:
        if len(self) > LARGEST_MEMO:
            self.clear()
        day = _day_of(digits)
        possible = day if EARLIEST_BIRTH <= day <= self.latest else 0
        self[digits] = found = (possible, _weighted(digits, 6))
        return found


class NumberReader:
    """Reads document numbers as of a day; remembers regions and birth days it has met.

    A number may carry no birth day after `as_of`, nor before 1900.
    """

    def __init__(self, as_of: date) -> None:
        self._regions = _Regions()
        self._births = _BirthDays(as_of.toordinal())

    def read(self, text: str, stated: NumberKind | None = None) -> DocumentNumber:
        """What a cleaned number says: upper case, no inner space. Empty text: no number, no fault.

        `stated` is the kind of document the row names, which opens the forms that are only
        digits and would otherwise be taken for a broken ID card.
        """
        if ID_CARD.fullmatch(text):
            return self._eighteen(text)
        if not text:
            return NO_NUMBER
        if _FIFTEEN.fullmatch(text):
            return self._fifteen(text)
        if _HK_MACAO.fullmatch(text):
            return DocumentNumber(text, NumberKind.HK_MACAO_PERMIT)
        if _PASSPORT.fullmatch(text):
            return DocumentNumber(text, NumberKind.PASSPORT)
        if stated is NumberKind.TAIWAN_PERMIT and _TAIWAN.fullmatch(text):
            return DocumentNumber(text, NumberKind.TAIWAN_PERMIT)
        if shown := _SCIENTIFIC.fullmatch(text):
            return self.truncated(shown[1] + (shown[2] or ""))
        return DocumentNumber(None, fault="id_format")

    def truncated(self, digits: str) -> DocumentNumber:
        """What is left of a number that a spreadsheet stored as a quantity: never a key.

        15 significant digits survive in a binary double; with 14 or more the birth day is among them.
        """
        left = digits[:15]
        birth = self._births[left[6:14]][0] if len(left) >= 14 else 0
        return DocumentNumber(None, birth=birth, surviving=left, fault="id_precision_lost")

    def _eighteen(self, text: str) -> DocumentNumber:
        birth, birth_sum = self._births[text[6:14]]
        if not birth:
            return DocumentNumber(None, fault="id_format")
        tail_sum, sex = _SEQUENCES[text[14:17]]
        right = CHECK_CHARACTERS[(self._regions[text[:6]] + birth_sum + tail_sum) % 11]
        if right != text[17]:
            return DocumentNumber(text, NumberKind.ID_CARD, fault="id_checksum")
        return DocumentNumber(text, NumberKind.ID_CARD, birth, sex)

    def _fifteen(self, text: str) -> DocumentNumber:
        """First-generation numbers have no century and no check character: 19, and the computed one."""
        first_17 = f"{text[:6]}19{text[6:]}"
        found = self._eighteen(first_17 + check_character(first_17))
        return found._replace(fault="id_15_digit") if found.key else found


def masked(number: str) -> str:
    """A document number as a screen shows it: first six and last four characters at most."""
    if len(number) < 12:
        return number[:2] + "*" * max(0, len(number) - 4) + number[-2:]
    return number[:6] + "*" * (len(number) - 10) + number[-4:]
