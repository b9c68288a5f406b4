"""Invented people: no region has their codes (2399xx), no carrier their numbers (154, 164), nobody their names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭鲁韦马苗"
GIVEN = "泽沐桐予晗昕禾璟樾澈霖瑜朗屿清溪砚舟棠苒知夏青川映雪星遥望舒竹影松涛岚汐景行修远思齐"
REGIONS = ("239901", "239902", "239903", "239904")
PREFIXES = ("154", "164")
GROWN_UP_BY = date(2021, 1, 1)  # a fixed day, so that the same seed gives the same people on every day
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643


@dataclass(frozen=True)
class Invented:
    """One person of a demo world."""

    name: str
    sex: str
    born: date
    number: str
    phone: str
    unit: str
    position: str


def check_digit(first_17: str) -> str:
    """The last character of an identity number (GB 11643)."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def invent(count: int, units: dict[str, int], seed: int) -> list[Invented]:
    """`count` grown-up people, spread over `units` as their sizes say; no name and no number twice."""
    chance = random.Random(seed)
    places = [unit for unit, size in units.items() for _person in range(size)]
    found: dict[str, Invented] = {}
    while len(found) < count:
        person = _one(chance, places[len(found)], len(found))
        found.setdefault(person.name, person)
    return list(found.values())


def _one(chance: random.Random, unit: str, serial: int) -> Invented:
    born = GROWN_UP_BY - timedelta(days=chance.randint(19 * 366, 58 * 365))
    is_man = chance.random() < 0.5
    body = f"{chance.choice(REGIONS)}{born:%Y%m%d}{serial // 5 % 100:02}{serial % 5 * 2 + is_man}"
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    phone = f"{chance.choice(PREFIXES)}{chance.randrange(10**8):08}"
    position = chance.choice(("业主", "从业人员", "从业人员", "从业人员", "流动人员"))
    return Invented(name, "男" if is_man else "女", born, body + check_digit(body), phone, unit, position)
