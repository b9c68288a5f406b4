"""A quarter of the outpatient register: 600 rows, 37 people who should have had a card, 9 without one."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter
from django.conf import settings
from django.core.files import File

from qingmiao.demo.surveillance.cards import VILLAGES, write_card
from qingmiao.demo.surveillance.patients import Patient, patients
from qingmiao.demo.world import World
from qingmiao.law.months import quarter_before
from qingmiao.surveillance.actions.audits import (
    examine_registers,
    open_audit,
    propose_rewards,
    put_rewards_in_force,
    take_register_in,
)
from qingmiao.surveillance.dated import rule_file
from qingmiao.surveillance.deadlines import SHANGHAI

ROWS, CASES, MISSED, LATE = 600, 37, 9, 4
HEADER = (
    "门诊号",
    "就诊时间",
    "姓名",
    "性别",
    "年龄",
    "身份证号",
    "联系电话",
    "现住址",
    "初步诊断",
    "ICD-10",
    "接诊医师",
    "科室",
)
# as the doctor wrote it, the disease of the card, the kind of case, the doctor, the ages
WRITTEN: tuple[tuple[str, str, str, str, tuple[int, int]], ...] = (
    ("手足口病", "手足口病", "1", "paediatrics", (1, 6)),
    ("流行性腮腺炎", "流行性腮腺炎", "1", "paediatrics", (4, 12)),
    ("猩红热", "猩红热", "1", "paediatrics", (4, 12)),
    ("流感（甲型）", "流行性感冒", "2", "paediatrics", (2, 12)),
    ("急性细菌性痢疾", "细菌性痢疾", "1", "infection", (18, 70)),
    ("继发性肺结核 涂阳", "肺结核-病原学阳性", "2", "medicine", (25, 75)),
    ("慢性乙型病毒性肝炎", "乙型肝炎", "2", "infection", (25, 65)),
    ("布鲁氏菌病", "布鲁氏菌病", "2", "medicine", (25, 70)),
    ("感染性腹泻（轮状病毒肠炎）", "其他感染性腹泻病", "2", "paediatrics", (1, 5)),
    ("隐性梅毒", "隐性梅毒", "2", "infection", (25, 65)),
    ("麻疹？", "麻疹", "3", "paediatrics", (1, 6)),
    ("风疹", "风疹", "1", "paediatrics", (3, 12)),
)
# what names a disease and is no case
TRAPS = (
    "乙肝疫苗接种后低热", "麻疹疫苗接种后皮疹", "流感疫苗接种", "排除麻疹，幼儿急疹", "既往肺结核，支气管炎",
    "否认肺结核接触史", "乙肝表面抗原携带者 孕检", "化脓性腮腺炎", "副流感病毒感染", "肺结核治愈后复查",
    "狂犬病疫苗接种", "无手足口病接触史，上呼吸道感染", "水痘病史 荨麻疹", "痢疾待排除 急性胃炎", "新冠疫苗咨询",
)  # fmt: skip
ORDINARY = (
    "上呼吸道感染", "急性支气管炎", "高血压病2级", "2型糖尿病", "急性胃炎", "慢性胃炎", "腰椎间盘突出症", "湿疹",
    "荨麻疹", "过敏性鼻炎", "牙龈炎", "缺铁性贫血", "扁桃体炎", "踝关节扭伤", "失眠", "冠心病", "支气管哮喘",
    "膝关节炎", "中耳炎", "水痘",
)  # fmt: skip
SUPPLEMENT = {
    "hbsag_since": "1", "anti_hbc_igm": "3", "liver_biopsy": "3", "turned": "3", "marriage": "2", "education": "3",
    "infected_through": "7", "sample_from": "2",
}  # fmt: skip
DEPARTMENTS = {"paediatrics": "儿科", "medicine": "内科", "infection": "感染科"}


@dataclass(frozen=True)
class Visit:
    """One row of the register."""

    at: datetime
    patient: Patient
    diagnosis: str
    doctor: str


def take_quarter_in(world: World) -> None:
    """The cards of the quarter, its register, and the audit that finds what is missing."""
    since, until = quarter_before(world.today)
    visits = [*_cases(world, since), *_others(since, until)]
    file = settings.HOME / "demo" / f"outpatient-{since:%Y}q{(since.month + 2) // 3}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_register(file, sorted(visits, key=lambda visit: visit.at))
    control, hospital = world.actor("control"), world.places["hospital"]
    title = f"{since.year}年第{(since.month + 2) // 3}季度传染病漏报调查"
    audit = open_audit(by=control, place=hospital, title=title, since=since, until=until, at=world.now)
    with file.open("rb") as content:
        take_register_in(by=control, audit=audit, kind="outpatient", file=File(content), name=file.name, at=world.now)
    examine_registers(by=control, audit=audit, at=world.now)
    rule = propose_rewards(
        by=control, place=hospital, effective_from=date(since.year, 1, 1), amounts=rule_file("rewards")["example"],
        reason="院办〔示例〕传染病报告奖惩规定", at=world.now,
    )  # fmt: skip
    put_rewards_in_force(by=world.actor("head"), rule=rule, version=rule.version, at=world.now)


def _cases(world: World, since: date) -> list[Visit]:
    """37 people with a notifiable disease; 28 get their card, 4 of these late; nine come a second time."""
    visits: list[Visit] = []
    for place in range(CASES):
        diagnosis, disease, kind, doctor, ages = WRITTEN[place % len(WRITTEN)]
        patient = patients(3000 + place, 1, VILLAGES, ages, since)[0]
        at = datetime.combine(since + timedelta(days=2 + place * 2), time(8 + place % 9, 7 * place % 60), SHANGHAI)
        visits.append(Visit(at, patient, diagnosis, doctor))
        if place % 4 == 1:
            visits.append(Visit(at + timedelta(days=4), patient, f"{diagnosis} 复诊", doctor))
        if place % 4 == 3 and place < MISSED * 4:
            continue
        hours = 40 if place % 8 == 2 and place < LATE * 8 else 6
        more = {f"s_{name}": value for name, value in SUPPLEMENT.items()}
        write_card(world, patient, disease, kind, at, doctor=doctor, hours=hours, more=more)
    return visits


def _others(since: date, until: date) -> list[Visit]:
    """Everybody else of the 600: ordinary visits, and rows that name a disease without being a case."""
    chance = random.Random(600)
    repeated = sum(place % 4 == 1 for place in range(CASES))
    count = ROWS - CASES - repeated
    days = (until - since).days
    visits: list[Visit] = []
    for place, patient in enumerate(patients(4000, count, VILLAGES, (1, 80), since)):
        at = datetime.combine(since + timedelta(days=chance.randrange(days)), time(8 + chance.randrange(9)), SHANGHAI)
        words = TRAPS if place % 12 == 0 else ORDINARY
        doctor = "paediatrics" if patient.age_on(since) < 14 else chance.choice(("medicine", "infection"))
        visits.append(Visit(at + timedelta(minutes=chance.randrange(60)), patient, chance.choice(words), doctor))
    return visits


def write_register(path: Path, visits: list[Visit]) -> None:
    """The register as the hospital's system writes it; every ninth row lacks the identity number."""
    from qingmiao.demo.surveillance import STAFF

    names = {username: name for username, name, _place, _roles in STAFF}
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("门诊日志")
        page.write(0, 0, "青河区中心医院门诊日志")
        page.write_row(1, 0, HEADER)
        for number, visit in enumerate(visits):
            patient = visit.patient
            row = (
                f"M{number + 1:06}", visit.at.strftime("%Y-%m-%d %H:%M"), patient.name,
                "男" if patient.sex == "1" else "女",
                f"{patient.age_on(visit.at.date())}岁", "" if number % 9 == 4 else patient.number, patient.phone,
                patient.village, visit.diagnosis, "", names[visit.doctor], DEPARTMENTS[visit.doctor],
            )  # fmt: skip
            page.write_row(number + 2, 0, row)
