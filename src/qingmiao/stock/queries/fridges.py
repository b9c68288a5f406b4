"""Reads of the cold chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation
from qingmiao.stock.cold_chain import is_too_soon, limits_of, reading_rule
from qingmiao.stock.models import Breach, Fridge, Reading


@dataclass(frozen=True)
class FridgeToday:
    """A fridge on a day: the last temperature, the readings by hand that count, and whether one is due."""

    fridge: Fridge
    last: Reading | None
    by_hand: int
    wanted: int
    breach: Breach | None

    @property
    def is_short(self) -> bool:
        return self.by_hand < self.wanted


def fridges_at(place: Organisation, at: datetime) -> list[FridgeToday]:
    """The fridges of a place and below it that are in use, with what was read today."""
    fridges = Fridge.objects.filter(place__path__begins=place.path, retired_on=None).select_related("place")
    return [_today(fridge, at) for fridge in fridges]


def _today(fridge: Fridge, at: datetime) -> FridgeToday:
    wanted, _apart = reading_rule(timezone.localdate(at))
    last = fridge.readings.order_by("-at").first()
    breach = fridge.breaches.filter(decision="").order_by("started_at").first()
    return FridgeToday(fridge, last, counted_by_hand(fridge, timezone.localdate(at)), wanted, breach)


def counted_by_hand(fridge: Fridge, day: date) -> int:
    """How many readings by hand of a day count: each far enough from the one that counted before."""
    start = timezone.make_aware(datetime.combine(day, time()))
    hand = fridge.readings.filter(source=Reading.Source.HAND, at__gte=start, at__lt=start + timedelta(days=1))
    counted: list[datetime] = []
    for at in hand.order_by("at").values_list("at", flat=True):
        if not is_too_soon(at, counted, day):
            counted.append(at)
    return len(counted)


def readings_of(fridge: Fridge, since: datetime, until: datetime) -> list[Reading]:
    """The readings of a span, the oldest first."""
    return list(fridge.readings.filter(at__gte=since, at__lt=until).order_by("at"))


def limits_today(fridge: Fridge, on: date) -> tuple[float, float]:
    """Between which temperatures it is kept."""
    limits = limits_of(fridge.kind, on)
    return limits.from_celsius, limits.to_celsius


def undecided(who: Actor, at: datetime) -> int:
    """For the left column: breaches that nobody has decided on."""
    return who.visible("stock.decide_breach", Breach).filter(decision="").count()
