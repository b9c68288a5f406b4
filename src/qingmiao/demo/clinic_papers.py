"""The papers of report C's year: what the staff was taught, and the statutory forms, each sent in time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from qingmiao.law.months import last_of_month
from qingmiao.reports.actions.forms import open_form, submit_form
from qingmiao.reports.forms.definitions import definitions
from qingmiao.staff.access import actor_of
from qingmiao.staff.models import Organisation, User
from qingmiao.training.actions import Came, Plan, record_attendance, record_training

TRAININGS = (
    (date(2023, 2, 17), "国家免疫规划疫苗儿童免疫程序及说明", "免疫程序、补种原则、间隔规定"),
    (date(2023, 5, 19), "预防接种工作规范", "预检、告知、三查七对一验证、留观三十分钟"),
    (date(2023, 8, 18), "疑似预防接种异常反应监测方案", "发现、报告时限、现场救治"),
    (date(2023, 11, 17), "疫苗储存和运输管理规范", "冷链温度记录、入库验收、报废"),
)
SENT_ON_DAY = 3  # of the next month; the forms are due on the fifth


def hold_trainings(centre: Organisation) -> None:
    """Four afternoons; the nurse missed one."""
    doctor, head, nurse = (User.objects.get(username=name) for name in ("doctor", "head", "nurse"))
    for held_on, topic, content in TRAININGS:
        by, at = actor_of(head, on=held_on, origin="demo"), _at(held_on, 17)
        plan = Plan(topic, held_on, Decimal("3"), "二楼会议室", "区疾病预防控制中心", content)
        held = record_training(by=by, organisation=centre, plan=plan, at=at)
        is_duty = held_on == TRAININGS[2][0]
        people = [Came(doctor, True), Came(head, True), Came(nurse, not is_duty, "门诊值班" if is_duty else "")]
        record_attendance(by=by, session=held, people=people, at=at)


def send_forms(centre: Organisation, year: int) -> None:
    """Every form of every month, by the doctor."""
    doctor = User.objects.get(username="doctor")
    for month in range(1, 13):
        period = date(year, month, 1)
        sent_on = last_of_month(period) + timedelta(days=SENT_ON_DAY)
        by, at = actor_of(doctor, on=sent_on, origin="demo"), _at(sent_on, 9)
        for kind in definitions():
            form = open_form(by=by, unit=centre, kind=kind, period=period, at=at)
            submit_form(by=by, form=form, version=form.version, today=sent_on, at=at)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
