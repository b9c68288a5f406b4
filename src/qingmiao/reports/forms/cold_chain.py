"""The cold-chain log of a month: each fridge and day with its readings by hand, its breaches and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Min, Q
from django.utils import timezone

from qingmiao.law.months import last_of_month
from qingmiao.reports.forms.cells import TOTAL, both, row, span, total
from qingmiao.staff.models import Organisation
from qingmiao.stock.cold_chain import is_too_soon, limits_of, reading_rule
from qingmiao.stock.models import Breach, Fridge, Reading

NOON = time(12)
ByDay = dict[tuple[int, date], list[Reading]]


def log(unit: Organisation, period: date) -> list[dict[str, Any]]:
    """The rows of a unit's log, fridge by fridge and day by day; the last one adds up what is lacking and outside."""
    readings, breaches = _readings(unit, period), list(breaches_in(unit, period))
    days = [period + timedelta(days=number) for number in range(last_of_month(period).day)]
    rows = []
    for fridge in _fridges(unit, period):
        own = [breach for breach in breaches if breach.fridge_id == fridge.pk]
        for day in days:
            read, outside = readings.get((fridge.pk, day), []), [one for one in own if _touches(one, day)]
            if _is_asked(fridge, day, read, outside):
                rows.append(_line(fridge, day, read, outside))
    lacking = sum(one["cells"]["lacking"] for one in rows)
    return [*rows, total({"lacking": lacking, "breaches": len(breaches)})]


def _fridges(unit: Organisation, period: date) -> Iterable[Fridge]:
    """Fridges that were in use in the month, with the moment of their first reading."""
    found = Fridge.objects.filter(place__path__begins=unit.path).annotate(first=Min("readings__at"))
    return found.filter(_in_use(period), first__lt=span(period)[1]).order_by("place__path", "number")


def _in_use(period: date, fridge: str = "") -> Q:
    return Q(**{f"{fridge}retired_on": None}) | Q(**{f"{fridge}retired_on__gt": period})


def _readings(unit: Organisation, period: date) -> ByDay:
    since, until = span(period)
    found: ByDay = defaultdict(list)
    hand = Reading.objects.filter(fridge__place__path__begins=unit.path, source=Reading.Source.HAND)
    for reading in hand.filter(at__gte=since, at__lt=until).order_by("at"):
        found[reading.fridge_id, timezone.localdate(reading.at)].append(reading)
    return found


def breaches_in(unit: Organisation, period: date) -> Iterable[Breach]:
    """Breaches that began in the month or went on into it."""
    since, until = span(period)
    below = Breach.objects.filter(fridge__place__path__begins=unit.path, started_at__lt=until)
    found = below.filter(_in_use(period, "fridge__"))
    return found.filter(Q(ended_at=None) | Q(ended_at__gte=since)).select_related("fridge").order_by("started_at", "pk")


def _touches(breach: Breach, day: date) -> bool:
    ended = timezone.localdate(breach.ended_at) if breach.ended_at else day
    return timezone.localdate(breach.started_at) <= day <= ended


def _is_asked(fridge: Any, day: date, read: Sequence[Reading], outside: Sequence[Breach]) -> bool:
    """Whether the log has a row for the day."""
    if read or outside:
        return True
    is_in_use = timezone.localdate(fridge.first) <= day and (fridge.retired_on is None or day < fridge.retired_on)
    return is_in_use and fridge.kind != Fridge.Kind.BOX


def _line(fridge: Fridge, day: date, read: Sequence[Reading], outside: Sequence[Breach]) -> dict[str, Any]:
    morning = next((one for one in read if _local(one.at).time() < NOON), None)
    afternoon = next((one for one in reversed(read) if _local(one.at).time() >= NOON), None)
    cells = {
        "morning_at": _clock(morning),
        "morning": _celsius(morning),
        "afternoon_at": _clock(afternoon),
        "afternoon": _celsius(afternoon),
        "lacking": _lacking([one.at for one in read], day),
        "breaches": len(outside),
        "worst": _worst(fridge, day, outside),
        "decided": _decided(outside),
    }
    title = f"{day} {fridge.number}"
    return row(f"{fridge.pk}@{day}", title, title, cells)


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


def _clock(reading: Reading | None) -> str | None:
    return f"{_local(reading.at):%H:%M}" if reading else None


def _celsius(reading: Reading | None) -> str | None:
    return str(reading.celsius) if reading else None


def _lacking(read: Iterable[datetime], day: date) -> int:
    """How many readings by hand the day lacks; those too near to an earlier one do not count."""
    counted: list[datetime] = []
    for at in read:
        if not is_too_soon(at, counted, day):
            counted.append(at)
    return max(0, reading_rule(day)[0] - len(counted))


def _worst(fridge: Fridge, day: date, outside: Sequence[Breach]) -> str | None:
    """The temperature furthest from the limits of all breaches of the day."""
    limits = limits_of(fridge.kind, day)
    middle = (limits.from_celsius + limits.to_celsius) / 2
    worst = max(outside, key=lambda one: abs(float(one.worst_celsius) - middle), default=None)
    return str(worst.worst_celsius) if worst else None


def _decided(outside: Sequence[Breach]) -> dict[str, str] | None:
    if not outside:
        return None
    words = [both(Breach.Decision(one.decision).label) for one in outside]
    return {"zh": "；".join(one["zh"] for one in words), "en": "; ".join(one["en"] for one in words)}


def behind_log(unit: Organisation, period: date, key: str) -> tuple[list[Reading], list[Breach]]:
    """The readings by hand and the breaches behind a row, by what is recorded now; of the last row the breaches."""
    breaches = list(breaches_in(unit, period))
    if key == TOTAL:
        return [], breaches
    fridge, day = int(key.partition("@")[0]), date.fromisoformat(key.partition("@")[2])
    own = [one for one in breaches if one.fridge_id == fridge and _touches(one, day)]
    return _readings(unit, period).get((fridge, day), []), own
