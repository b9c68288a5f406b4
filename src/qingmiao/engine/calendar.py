"""Calendar arithmetic on days since 1970-01-01, in integers that numba can compile.

Years and months are added in one step, then days (CALCDT-6). A day that the month lacks lands on the
first of the next month (`ROLL_FORWARD`, CALCDT-5) or on the month's last day (`CLAMP`, Civil Code of
China art. 202): a property of the ruleset, passed to every sum. Proleptic Gregorian calendar; valid
for years 1 to 9999. A *month number* is year * 12 + month - 1.
"""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(1970, 1, 1)
NONE = -2147483648
"""No date, no span, no code: the smallest int32, so that it loses every `max`."""


def day_number(day: date) -> int:
    """Days from 1970-01-01 to `day`."""
    return (day - _EPOCH).days


def day_of(number: int) -> date | None:
    """The date of a day number; `NONE` is None."""
    return None if number == NONE else _EPOCH + timedelta(days=int(number))


def month_number(day: int) -> int:
    """Month number of a day number."""
    z = day + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    return (yoe + era * 400) * 12 + mp + 2


def first_of_month(month: int) -> int:
    """Day number of the first day of a month number."""
    shifted = month - 2
    y = shifted // 12
    mp = shifted - y * 12
    era = y // 400
    yoe = y - era * 400
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + (153 * mp + 2) // 5 - 719468


def landing(first: int, next_first: int, day_of_month: int, clamps: int) -> int:
    """Day number of `day_of_month` in the month from `first` to before `next_first`.

    A day the month lacks: its last day if `clamps`, else the first of the month after.
    """
    day = first + day_of_month - 1
    return day if day < next_first else next_first - clamps


def plus_months(month: int, day_of_month: int, months: int, clamps: int) -> int:
    """Day number of `day_of_month` in the month `months` after `month`."""
    first = first_of_month(month + months)
    if day_of_month <= 28:
        return first + day_of_month - 1
    return landing(first, first_of_month(month + months + 1), day_of_month, clamps)


def plus(day: int, months: int, days: int, clamps: int) -> int:
    """`day` plus `months`, then plus `days` (either may be negative)."""
    if months == 0:
        return day + days
    month = month_number(day)
    return plus_months(month, day - first_of_month(month) + 1, months, clamps) + days
