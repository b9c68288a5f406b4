"""How numbers of people are stored: sealed, and findable by a keyed hash of the number as it is compared."""

from __future__ import annotations

from qingmiao.privacy.sealing import lookup_hash


def comparable(number: str) -> str:
    """A number as it is compared: no space or hyphen inside, letters in upper case."""
    return "".join(number.split()).replace("-", "").upper()


def identifier_lookup(number: str) -> bytes:
    """The hash by which an identity number of any kind is found. The kind is not part of it: a reader who types a
    number does not know which document it was, and no two documents share a form."""
    return lookup_hash("identifier", comparable(number))


def phone_lookup(phone: str) -> bytes:
    """The hash by which a phone number is found."""
    digits = comparable(phone)
    for prefix in ("+86", "0086"):
        digits = digits.removeprefix(prefix)
    return lookup_hash("phone", digits)
