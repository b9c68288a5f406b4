"""The demo site's emergencies: hospital, kit, drills, a reaction whose clock runs, a resident who wants a call."""

from __future__ import annotations

from datetime import time, timedelta

from qingmiao.clinic.actions.observation import number_seats, report_unwell
from qingmiao.clinic.models import Observation
from qingmiao.demo.world import World
from qingmiao.safety.actions.cases import Seen, open_case
from qingmiao.safety.actions.green import (
    Hospital,
    Line,
    check_kit,
    close_drill,
    go_on_with_rescue,
    pair_hospital,
    plan_drill,
    raise_alarm,
)
from qingmiao.safety.actions.self_reports import report_by_oneself
from qingmiao.safety.green import STEPS, kit
from qingmiao.staff.access import system

PHONES = (
    Line("急诊值班", "01000001111", "急诊科", from_time=time(8), until_time=time(18)),
    Line("总值班", "01000002222", "医院总值班", from_time=time(18), until_time=time(8), rank=2),
)
DRILL_MINUTES = (0, 1, 9, 14, 22)


def green_channel(world: World) -> None:
    """What a site has before its first session."""
    head, site = world.actor("head"), world.places["site"]
    hospital = Hospital("青河区人民医院", "急诊科", "青河路88号", "走东门，急诊楼前停车，电梯旁即抢救室。", 8)
    agreed = world.today - timedelta(days=30)
    pair_hospital(by=head, site=site, hospital=hospital, phones=PHONES, on=agreed)
    number_seats(by=head, site=site, seats=60)
    lines = [
        {"code": item.code, "quantity": item.minimum, "expires_on": (world.today + timedelta(days=300)).isoformat()}
        for item in kit()
    ]
    check_kit(by=head, site=site, lines=lines, at=world.midnight)
    drilled(world)


def drilled(world: World) -> None:
    """One drill run last week, one planned."""
    head, site, began = world.actor("head"), world.places["site"], world.now - timedelta(days=7)
    drill = plan_drill(by=head, site=site, planned_on=began.date(), scenario="接种后过敏性休克", people="全体当班人员")
    rescue = raise_alarm(by=head, site=site, drill=drill, what=drill.scenario, at=began)
    for step, minute in list(zip(STEPS, DRILL_MINUTES, strict=True))[1:]:
        said = "演练结束" if step == STEPS[-1] else ""
        go_on_with_rescue(by=head, rescue=rescue, step=step, said=said, at=began + timedelta(minutes=minute))
    close_drill(by=head, drill=drill, lessons="担架移到留观室门口；值班电话贴在墙上。", at=began + timedelta(hours=1))
    plan_drill(by=head, site=site, planned_on=world.today + timedelta(days=20), scenario="晕厥摔倒")


def reactions(world: World) -> None:
    """Somebody in the room has a rash, and somebody who went home writes through the slip."""
    observer = world.actor("observer")
    running = [one for one in Observation.objects.order_by("until") if not one.ending and one.left_at is None]
    if running:
        ill = running[0]
        report_unwell(by=observer, observation=ill, signs=["rash"], seen="前臂散在皮疹", at=world.now)
        seen = Seen("rash", world.now, world.now, typed={"course": "接种后前臂出现散在皮疹，瘙痒。"})
        open_case(by=observer, dose=ill.dose, seen=seen, at=world.now)
    gone = Observation.objects.filter(ending="released").order_by("pk").first()
    if gone is not None:
        report_by_oneself(
            by=system("slip"),
            dose=gone.dose,
            signs=["pain"],
            text="胳膊疼，有点红。",
            phone="13800001111",
            at=world.now,
        )
