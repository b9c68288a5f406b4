"""Writes of the green channel: alarm, answer, ambulance, handover, outcome; drills; the kit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose
from qingmiao.safety.green import STEPS, faults, next_step
from qingmiao.safety.models import Case, Drill, DutyPhone, KitCheck, Pairing, Rescue, RescueStep, Treatment
from qingmiao.safety.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation


@dataclass(frozen=True)
class Hospital:
    """A paired hospital as it is entered."""

    name: str
    department: str = ""
    address: str = ""
    route: str = ""
    drive_minutes: int | None = None


@dataclass(frozen=True)
class Line:
    """One duty phone as it is entered."""

    name: str
    number: str
    what: str = ""
    weekdays: str = "1234567"
    from_time: time = time(0)
    until_time: time = time(0)
    rank: int = 1


@action("safety.pair_hospital")
def pair_hospital(
    *,
    by: Actor,
    site: Organisation,
    hospital: Hospital,
    phones: Sequence[Line],
    on: date,
    request_id: UUID | None = None,
) -> Pairing:
    """Agree with a hospital that it takes the site's emergencies. A pairing with the same one is replaced."""
    by.must("safety.keep_green_channel", site)
    if not hospital.name.strip() or not phones:
        raise Refused(_("Name the hospital and at least one phone that is answered."))
    for pairing in Pairing.objects.select_for_update().filter(site=site, hospital=hospital.name.strip(), ended_on=None):
        change(pairing, ended_on=on)
    new = Pairing.objects.create(
        site=site,
        hospital=hospital.name.strip(),
        department=hospital.department,
        address=hospital.address,
        route=hospital.route,
        drive_minutes=hospital.drive_minutes,
        agreed_on=on,
    )
    DutyPhone.objects.bulk_create(_phone(new, line) for line in phones)
    return new


def _phone(pairing: Pairing, line: Line) -> DutyPhone:
    if not line.number.strip() or not set(line.weekdays) <= set("1234567"):
        raise Refused(_("A duty phone has a number, and days from 1 (Monday) to 7 (Sunday)."))
    columns = {**vars(line), "number": Sealed.of(line.number.strip())}
    return DutyPhone(pairing=pairing, **columns)


@action("safety.raise_alarm")
def raise_alarm(
    *,
    by: Actor,
    site: Organisation,
    at: datetime,
    dose: Dose | None = None,
    drill: Drill | None = None,
    what: str = "",
    request_id: UUID | None = None,
) -> Rescue:
    """Open the green channel for somebody, or for a drill: the clock starts. A running one is returned."""
    by.must("safety.rescue", site)
    if (dose is None) == (drill is None):
        raise Refused(_("An alarm is raised for somebody, or for a drill."))
    running = Rescue.objects.filter(dose=dose, is_over=False) if dose else Rescue.objects.filter(drill=drill)
    if (known := running.first()) is not None:
        return known
    pairing = Pairing.objects.filter(site=site, ended_on=None).order_by("pk").first()
    rescue = Rescue.objects.create(site=site, pairing=pairing, dose=dose, drill=drill, what=what.strip()[:200])
    RescueStep.objects.create(rescue=rescue, step=STEPS[0], by_id=by.user_id or 0, at=at)
    note(is_drill=drill is not None)
    return rescue


@action("safety.go_on_with_rescue")
def go_on_with_rescue(
    *, by: Actor, rescue: Rescue, step: str, at: datetime, said: str = "", request_id: UUID | None = None
) -> RescueStep:
    """A step has happened. One that was left out may be skipped; nothing is written out of order."""
    by.must("safety.rescue", rescue)
    held = Rescue.objects.select_for_update(of=("self",)).select_related("site").get(pk=rescue.pk)
    done = list(held.steps.order_by("pk"))
    if step not in STEPS or step in {one.step for one in done}:
        raise Refused(_("This step is written down already. Look at the page again."))
    if STEPS.index(step) < STEPS.index(done[-1].step):
        raise Refused(_("A later step is written down already; this one is missed, and stays so."))
    if step == STEPS[-1] and not said.strip():
        raise Refused(_("Write how the person is, or what came of the drill."))
    written = RescueStep.objects.create(rescue=held, step=step, note=said.strip()[:200], by_id=by.user_id or 0, at=at)
    if next_step([*(one.step for one in done), step]) is None:
        change(held, is_over=True)
    return written


@action("safety.note_treatment")
def note_treatment(
    *,
    by: Actor,
    site: Organisation,
    what: Treatment.What,
    text: str,
    at: datetime,
    dose: Dose | None = None,
    rescue: Rescue | None = None,
    request_id: UUID | None = None,
) -> Treatment:
    """Write down what was given or measured, at its moment."""
    by.must("safety.rescue", site)
    if not text.strip():
        raise Refused(_("Write how much, or what was measured."))
    return Treatment.objects.create(
        dose=dose or (rescue.dose if rescue else None),
        rescue=rescue,
        what=what,
        text=Sealed.of(text.strip()[:300]),
        by_id=by.user_id or 0,
        at=at,
    )


@action("safety.weigh")
def weigh(*, by: Actor, rescue: Rescue, weight_kg: Decimal, request_id: UUID | None = None) -> Rescue:
    """Note the weight, from which medicine is reckoned."""
    by.must("safety.rescue", rescue)
    if not Decimal(1) <= weight_kg <= Decimal(300):
        raise Refused(_("A weight lies between 1 and 300 kg."))
    held = Rescue.objects.select_for_update(of=("self",)).get(pk=rescue.pk)
    change(held, weight_kg=weight_kg)
    return held


@action("safety.join_case")
def join_case(*, by: Actor, rescue: Rescue, case: Case, request_id: UUID | None = None) -> Rescue:
    """The rescue belongs to this case."""
    by.must("safety.rescue", rescue)
    held = Rescue.objects.select_for_update(of=("self",)).get(pk=rescue.pk)
    if held.dose_id != case.dose_id:
        raise Refused(_("This case is about another dose."))
    change(held, case=case)
    return held


@action("safety.plan_drill")
def plan_drill(
    *, by: Actor, site: Organisation, planned_on: date, scenario: str, people: str = "", request_id: UUID | None = None
) -> Drill:
    """Plan a drill."""
    by.must("safety.keep_green_channel", site)
    if not scenario.strip():
        raise Refused(_("Write what is practised."))
    return Drill.objects.create(
        site=site, planned_on=planned_on, scenario=scenario.strip()[:200], people=people.strip()[:200]
    )


@action("safety.close_drill")
def close_drill(*, by: Actor, drill: Drill, lessons: str, at: datetime, request_id: UUID | None = None) -> Drill:
    """The drill was run; what was learned is written down."""
    by.must("safety.keep_green_channel", drill)
    held = Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
    rescue = Rescue.objects.filter(drill=held).first()
    if rescue is None or not rescue.is_over:
        raise Refused(_("Run the drill to its last step first."))
    if not lessons.strip():
        raise Refused(_("Write what was learned."))
    change(held, lessons=lessons.strip(), closed_at=at)
    return held


@action("safety.check_kit")
def check_kit(
    *,
    by: Actor,
    site: Organisation,
    lines: Sequence[Mapping[str, Any]],
    at: datetime,
    remark: str = "",
    request_id: UUID | None = None,
) -> KitCheck:
    """Count the emergency kit: per item `code`, `quantity`, `expires_on` (ISO day, or empty where nothing expires)."""
    by.must("safety.check_kit", site)
    kept = [
        {"code": str(line["code"]), "quantity": int(line["quantity"]), "expires_on": str(line.get("expires_on") or "")}
        for line in lines
    ]
    found = faults(kept, timezone.localdate(at))
    note(faults=len(found))
    return KitCheck.objects.create(
        site=site, lines=kept, faults=found, note=remark.strip()[:200], by_id=by.user_id or 0, at=at
    )
