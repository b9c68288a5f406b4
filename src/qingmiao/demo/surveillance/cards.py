"""Report cards of a demo hospital: written, handed in, reported, and most of them accepted."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from qingmiao.demo.surveillance.patients import Patient, patients
from qingmiao.demo.world import World
from qingmiao.surveillance.actions.cards import accept_card, hand_in_card, open_card, report_card, return_card
from qingmiao.surveillance.deadlines import SHANGHAI
from qingmiao.surveillance.models import ReportCard

VILLAGES = ("柳林村", "望江村", "石桥村", "北坡村")
CHILDREN, GROWN_UP = (1, 11), (20, 75)
# disease, kind of case, cases a week in an ordinary week of the year, ages
ORDINARY = (("流行性感冒", "2", 3, CHILDREN), ("手足口病", "1", 2, (1, 6)), ("流行性腮腺炎", "1", 1, CHILDREN))
YEARS = 5
NOTHING: Mapping[str, str] = {}


def write_card(
    world: World,
    patient: Patient,
    disease: str,
    case_kind: str,
    diagnosed_at: datetime,
    *,
    doctor: str = "paediatrics",
    hours: float = 3,
    is_accepted: bool = True,
    more: Mapping[str, str] = NOTHING,
) -> ReportCard:
    """One card that was reported so many hours after the diagnosis."""
    card = hand_in(world, patient, disease, case_kind, diagnosed_at, doctor=doctor, more=more)
    at = diagnosed_at + timedelta(hours=hours)
    report_card(
        by=world.actor("control"), card=card, version=card.version, reported_at=at, at=at,
        national_number=f"2399{card.pk:08}", late_because="值班医师未及时上网" if hours > 24 else "",
    )  # fmt: skip
    if is_accepted:
        accept_card(by=world.actor("district"), card=card, version=card.version, at=at + timedelta(hours=5))
    return card


def hand_in(
    world: World,
    patient: Patient,
    disease: str,
    case_kind: str,
    diagnosed_at: datetime,
    *,
    doctor: str,
    more: Mapping[str, str] = NOTHING,
) -> ReportCard:
    """One card that was handed in within half an hour."""
    by = world.actor(doctor)
    content = (
        particulars(world, patient, diagnosed_at)
        | {
            "disease": disease,
            "case_kind": case_kind,
            "doctor": by.name,
            "department": {"paediatrics": "儿科", "medicine": "内科", "infection": "感染科"}[doctor],
        }
        | dict(more)
    )
    card = open_card(by=by, place=world.places["hospital"], at=diagnosed_at, content=content)
    return hand_in_card(by=by, card=card, version=card.version, at=diagnosed_at + timedelta(minutes=30))


def particulars(world: World, patient: Patient, diagnosed_at: datetime) -> dict[str, str]:
    """The person's part of a card."""
    day = diagnosed_at.astimezone(SHANGHAI)
    age = patient.age_on(day.date())
    return {
        "name": patient.name,
        "parent_name": f"{patient.name[0]}大山" if age <= 14 else "",
        "number": patient.number,
        "sex": patient.sex,
        "birth_date": patient.born.isoformat(),
        "phone": patient.phone,
        "belongs_to": "1",
        "area": str(world.places[patient.village].pk),
        "address": f"{patient.village}{int(patient.number[-4:-1]) % 90 + 1}号",
        "occupation": "2" if age < 4 else "1" if age < 7 else "3" if age < 19 else "18",
        "workplace": "" if age < 4 else "临河中心幼儿园" if age < 7 else "临河中心小学" if age < 19 else "",
        "onset_on": (day.date() - timedelta(days=1)).isoformat(),
        "diagnosed_at": day.strftime("%Y-%m-%dT%H:%M"),
        "s_severe": "2",
        "s_laboratory": "4",
        "acute_kind": "2",
    }


def write_cards(world: World) -> None:
    """The same weeks of the last five years, this year's weeks so far, and what waits today."""
    for back in range(YEARS, 0, -1):
        _weeks(world, _same_day(world.today, back) - timedelta(weeks=1), 3, seed=back)
    _weeks(world, world.today - timedelta(weeks=11), 11, seed=99)
    _mumps_at_school(world)
    _waiting_today(world)


def _same_day(day: date, years_back: int) -> date:
    return day - timedelta(days=round(365.25 * years_back))


def _weeks(world: World, first: date, weeks: int, seed: int) -> None:
    chance = random.Random(seed)
    people = iter(patients(seed + 500, weeks * 9, VILLAGES, (1, 6), first))
    for week in range(weeks):
        for disease, kind, usual, _ages in ORDINARY:
            for _case in range(max(0, usual + chance.choice((-1, 0, 0, 1)))):
                day = first + timedelta(days=7 * week + chance.randrange(6))
                at = datetime.combine(day, time(8 + chance.randrange(9), chance.randrange(60)), SHANGHAI)
                if at < world.now - timedelta(days=1):
                    write_card(world, next(people), disease, kind, at, more={"workplace": "", "occupation": "2"})


def pupils(world: World) -> list[Patient]:
    """The pupils with mumps, the same ones whenever they are asked for."""
    return patients(77, 7, VILLAGES, (7, 11), world.today)


def _mumps_at_school(world: World) -> None:
    """This week more mumps than in any of the five years before, most of it in one school."""
    for place, patient in enumerate(pupils(world)):
        at = datetime.combine(world.today - timedelta(days=place % 3 + 1), time(9, 10 * place % 60), SHANGHAI)
        write_card(
            world,
            patient,
            "流行性腮腺炎",
            "1",
            at,
            is_accepted=place > 3,
            more={"workplace": f"临河中心小学{place % 2 + 2}年级"},
        )


def _waiting_today(world: World) -> None:
    """One card to be reviewed, one returned, one half written."""
    new, back, half = patients(88, 3, VILLAGES, (20, 60), world.today)
    hour = timedelta(hours=1)
    hand_in(world, new, "细菌性痢疾", "1", world.now - 5 * hour, doctor="infection")
    card = hand_in(world, back, "肺结核-病原学阳性", "2", world.now - 20 * hour, doctor="medicine")
    control = world.actor("control")
    return_card(by=control, card=card, version=card.version, reason="现住址只到村，请补到门牌", at=world.now - 2 * hour)
    content = {"name": half.name, "disease": "乙型肝炎", "sex": half.sex}
    open_card(by=world.actor("medicine"), place=world.places["hospital"], at=world.now - hour, content=content)
