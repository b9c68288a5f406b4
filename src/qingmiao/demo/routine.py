"""The world of a township clinic: children of all ages below eight with the doses of a working clinic.

青河区 ─┬─ 青禾镇 ─── 东沟村, 西岭村, 柳河村
        ├─ 青禾镇卫生院 ─── 青禾镇预防接种门诊   (沈悦 doctor, 何静 desk and vaccinator, 郑华 head)
        ├─ 青禾镇中心小学                         (田心 school doctor)
        └─ 外区 ─── 白石镇卫生院
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from qingmiao.demo.people import GIVEN, PREFIXES, REGIONS, SURNAMES, check_digit
from qingmiao.demo.world import Post, World, found, opened
from qingmiao.engine.china import china_book
from qingmiao.registry.actions.back_entry import OldDose, enter_old_dose
from qingmiao.registry.actions.management import take_charge
from qingmiao.registry.actions.people import Number, Parent, Particulars, register_person
from qingmiao.registry.models import Identifier, Person
from qingmiao.schedule.actions import recompute_due
from qingmiao.staff.access import system
from qingmiao.staff.models import Organisation, Role

Kind = Organisation.Kind
CHILDREN = 60
VILLAGES = ("东沟村", "西岭村", "柳河村")
STAFF: tuple[Post, ...] = (
    ("doctor", "沈悦", "centre", (Role.CLINIC_DOCTOR,)),
    ("nurse", "何静", "site", (Role.FRONT_DESK, Role.VACCINATOR)),
    ("head", "郑华", "centre", (Role.SITE_HEAD, Role.STOCK_KEEPER)),
    ("village", "柳根", "东沟村", (Role.VILLAGE_DOCTOR,)),
    ("school", "田心", "school", (Role.SCHOOL_DOCTOR,)),
    ("control", "孔明", "district", (Role.DISEASE_CONTROL,)),
    ("security", "严安", "district", (Role.SECURITY_ADMIN,)),
)
# code, age in days, of the programme since 2025
PLAN = (
    ("0202", 0), ("0101", 0), ("0202", 31), ("0303", 62), ("0402", 62), ("0303", 93), ("0311", 124), ("0402", 124),
    ("0202", 184), ("0402", 184), ("1601", 184), ("1201", 246), ("1801", 246), ("1601", 277), ("0402", 550),
    ("1201", 550), ("1901", 550), ("1801", 732), ("1701", 1098), ("0311", 1463), ("1701", 2194), ("0402", 2194),
)  # fmt: skip
SINCE = date(2024, 11, 1)  # who reached two months after the change of 2025 has DTaP from two months on
UNTIL_2024 = tuple(sorted(
    ((code, {62: 93, 124: 124, 184: 155}.get(age, age)) if code == "0402" else (code, age) for code, age in PLAN),
    key=lambda pair: pair[1],
))  # fmt: skip
MAKERS = {"02": "北京生物", "01": "成都生物", "03": "北京科兴", "04": "武汉生物"}


@dataclass(frozen=True)
class Child:
    """An invented child: who, whose, and which of the plan's doses were given on which day."""

    name: str
    sex: str
    born: date
    number: str
    guardian: str
    phone: str
    village: str
    residence: str
    doses: tuple[tuple[str, date], ...]


def build(*, now: datetime, children: int = CHILDREN) -> None:
    """Build the clinic as it stands at `now`, with that many children."""
    places = found_places()
    world = opened(now, places, STAFF, for_days=900)
    for child in invented(world.today, children):
        take_in(world, child)
    recompute_due(by=system("demo"), on=world.today, at=now)


def found_places() -> dict[str, Organisation]:
    """The township with its villages, clinic and school."""
    district = found(Kind.DISTRICT, "青河区")
    township = found(Kind.SUBDISTRICT, "青禾镇", district)
    villages = {name: found(Kind.COMMUNITY, name, township) for name in VILLAGES}
    centre = found(Kind.CENTRE, "青禾镇卫生院", district)
    return {
        "district": district,
        "centre": centre,
        "site": found(Kind.SITE, "青禾镇预防接种门诊", centre),
        "school": found(Kind.SCHOOL, "青禾镇中心小学", district),
        **villages,
    }


def invented(today: date, count: int = CHILDREN, seed: int = 2026) -> list[Child]:
    """The clinic's children, the same ones on the same day: most on time, some late, a few with gaps."""
    chance = random.Random(seed)
    return [_child(chance, today, number) for number in range(count)]


def _child(chance: random.Random, today: date, number: int) -> Child:
    born = today - timedelta(days=chance.randint(2, 7 * 365))
    surname, is_boy = chance.choice(SURNAMES), chance.random() < 0.52
    body = f"{chance.choice(REGIONS)}{born:%Y%m%d}{number % 100:02}{number % 5 * 2 + is_boy}"
    doses = tuple(_given(chance, born, today))
    return Child(
        name=surname + "".join(chance.sample(GIVEN, chance.choice((1, 2)))),
        sex="1" if is_boy else "2",
        born=born,
        number=body + check_digit(body),
        guardian=surname + chance.choice(GIVEN),
        phone=f"{chance.choice(PREFIXES)}{chance.randrange(10**8):08}",
        village=chance.choice(VILLAGES),
        residence=chance.choice(("local", "local", "local", "floating")),
        doses=doses,
    )


def _given(chance: random.Random, born: date, today: date) -> Iterator[tuple[str, date]]:
    """The plan as this child followed it: visits drift later, never closer together; a few lose their way."""
    is_slow, loses_way = chance.random() < 0.15, chance.random() < 0.2
    behind, last_age, stops_at = 0, 0, chance.randint(100, 2000) if loses_way else 10_000
    for code, age in PLAN if born >= SINCE else UNTIL_2024:
        if age != last_age:
            behind += chance.randint(5, 60) if is_slow else chance.randint(0, 3)
            last_age = age
        day = born + timedelta(days=age + behind)
        if day >= today or age > stops_at:
            return
        yield code, day


def take_in(world: World, child: Child) -> Person:
    """A record with its management and old doses, as the clinic's doctor would enter it."""
    doctor, centre = world.actor("doctor"), world.places["centre"]
    person = register_person(
        by=doctor,
        particulars=Particulars(
            child.name, child.sex, child.born, residence=child.residence, home=world.places[child.village]
        ),
        numbers=[Number(Identifier.Kind.ID_CARD, child.number)],
        phones=[child.phone],
        guardians=[Parent(child.guardian, "母亲" if child.sex == "2" else "父亲", child.phone)],
        brought_by=centre,
    )
    take_charge(by=doctor, person=person, unit=centre, residence=child.residence, since=child.born, at=world.now)
    for code, day in child.doses:
        enter(world, person, code, day)
    return person


def enter(
    world: World, person: Person, code: str, day: date, kind: str = "own_province", hour: time | None = None
) -> None:
    """One old dose from the booklet."""
    product = china_book().products.by_code[code]
    enter_old_dose(
        by=world.actor("doctor"),
        person=person,
        dose=OldDose(
            product_code=code,
            vaccine=product.name,
            given_on=day,
            given_at=timezone.make_aware(datetime.combine(day, hour)) if hour else None,
            lot_number=f"{day:%Y%m}{code}",
            manufacturer=MAKERS.get(code[:2], "北京生物"),
            site_name="青禾镇卫生院",
        ),
        kind=kind,
        proof="booklet",
        unit=world.places["centre"],
        at=world.now,
    )
