"""What a screen shows of a number: enough to check it aloud with its owner, not enough to use it."""

from __future__ import annotations


def masked_number(number: str) -> str:
    """An identity number as `239904********2210`; shorter numbers keep their first two and last two characters."""
    if len(number) == 18:
        return f"{number[:6]}{'*' * 8}{number[14:]}"
    if len(number) <= 4:
        return "*" * len(number)
    return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"


def masked_phone(phone: str) -> str:
    """A phone number as `138****1234`."""
    if len(phone) < 8:
        return "*" * len(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def masked_name(name: str) -> str:
    """A name for a public board: the first character, then stars (`张*`, `欧**`)."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""
