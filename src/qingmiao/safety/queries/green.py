"""The green channel as it stands: phones on duty, rescues with their minutes, drills, the kit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import QuerySet

from qingmiao.registry.models import Dose
from qingmiao.safety.green import STEPS, Duty, Interval, intervals
from qingmiao.safety.models import DutyPhone, KitCheck, Pairing, Rescue, Treatment
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


def pairing_of(site: Organisation) -> Pairing | None:
    """The hospital that takes the site's emergencies now."""
    return Pairing.objects.filter(site=site, ended_on=None).prefetch_related("phones").order_by("pk").first()


def phones_on_duty(pairing: Pairing, at: datetime) -> list[DutyPhone]:
    """The phones that are answered at a moment, the one to ring first in front; all of them when none is on duty."""
    phones = sorted(pairing.phones.all(), key=lambda phone: (phone.rank, phone.pk))
    on = [phone for phone in phones if Duty(phone.weekdays, phone.from_time, phone.until_time).is_on(at)]
    return on or phones


def intervals_of(rescue: Rescue) -> list[Interval]:
    """The steps of a rescue with the minutes between them."""
    return intervals(dict(rescue.steps.values_list("step", "at")))


def rescues_of(actor: Actor) -> QuerySet[Rescue]:
    """The actor's rescues and drills, running ones first, then the newest."""
    rescues = actor.visible("safety.rescue", Rescue).select_related("dose__person", "drill", "pairing", "site")
    return rescues.prefetch_related("steps").order_by("is_over", "-pk")


def treatments_of(rescue: Rescue) -> QuerySet[Treatment]:
    """What was given and measured, in time."""
    return Treatment.objects.filter(rescue=rescue).order_by("at", "pk")


def treatments_of_dose(dose: Dose) -> QuerySet[Treatment]:
    """What was given and measured after a dose, in time."""
    return Treatment.objects.filter(dose=dose).order_by("at", "pk")


@dataclass(frozen=True)
class Compared:
    """One step: the median minutes since the alarm in drills and in real events; None without any."""

    step: str
    drills: float | None
    real: float | None
    drills_counted: int
    real_counted: int


def compared(actor: Actor) -> list[Compared]:
    """How fast each step is reached in drills, and when it counts."""
    minutes: dict[tuple[str, bool], list[float]] = {}
    for rescue in rescues_of(actor).filter(is_over=True):
        for one in intervals({step.step: step.at for step in rescue.steps.all()}):
            if one.since_alarm is not None:
                minutes.setdefault((one.step, rescue.is_drill), []).append(one.since_alarm)
    return [_compared(step, minutes.get((step, True), []), minutes.get((step, False), [])) for step in STEPS[1:]]


def _compared(step: str, drills: list[float], real: list[float]) -> Compared:
    return Compared(step, median(drills) if drills else None, median(real) if real else None, len(drills), len(real))


def newest_check(site: Organisation) -> KitCheck | None:
    """The newest count of a site's kit."""
    return KitCheck.objects.filter(site=site).order_by("-at", "-pk").first()


def running(actor: Actor, at: datetime) -> int:
    """For the left column: alarms that are not over."""
    if not actor.paths_for("safety.rescue"):
        return 0
    return actor.visible("safety.rescue", Rescue).filter(is_over=False).count()
