"""Cells as they travel from the reading process: text, int, float, or a formula with its cached value."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal

FORMULA = "f"

# A blank cell is "". A formula is (FORMULA, its text, cached value); a date cell is ISO text.
Cell = str | int | float | tuple[str, str, str | int | float]
Row = tuple[int, list[Cell]]

EXACT_BELOW = 1 << 53
LAST_SERIAL = 2_958_465  # 9999-12-31 in Excel's 1900 system
MOST_COLUMNS = 16_384
MOST_ROWS = 1_048_576


def plain_number(value: float) -> int | float:
    """A whole quantity as int: 1.0 in a sheet is a person's 1.

    Beyond 2**53 a double is off by up to 64; a spreadsheet shows 15 digits and zeros, and so do we.
    """
    if math.isfinite(value) and value == int(value) and abs(value) < 1e19:
        return int(value) if abs(value) < EXACT_BELOW else int(Decimal(f"{value:.15g}"))
    return value


def serial_as_text(serial: float, *, system_1904: bool = False) -> str | None:
    """ISO text of an Excel date serial, with the time if it has one; None if no such day.

    The 1900 system counts a 29 February 1900 that never was, so serials below 61 are one day off
    and no birth or dose lies there.
    """
    days = serial + 1462 if system_1904 else serial
    if not 61 <= days <= LAST_SERIAL:
        return None
    moment = datetime(1899, 12, 30) + timedelta(days=days)  # noqa: DTZ001 a calendar day, no zone
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if moment.hour == moment.minute == moment.second == 0:
        return moment.date().isoformat()
    return moment.isoformat(sep=" ")
