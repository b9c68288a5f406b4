"""Invented patients of all ages: no region has their codes, no carrier their numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from qingmiao.demo.people import GIVEN, PREFIXES, REGIONS, SURNAMES, check_digit
from qingmiao.law.months import years_between


@dataclass(frozen=True)
class Patient:
    """One invented person."""

    name: str
    sex: str  # 1 or 2
    born: date
    number: str
    phone: str
    village: str

    def age_on(self, day: date) -> int:
        """Completed years."""
        return years_between(self.born, day)


def patients(seed: int, count: int, villages: tuple[str, ...], ages: tuple[int, int], on: date) -> list[Patient]:
    """`count` people of these ages on that day; no name twice."""
    chance = random.Random(seed)
    found: dict[str, Patient] = {}
    while len(found) < count:
        born = on - timedelta(days=chance.randint(ages[0] * 366 + 1, ages[1] * 365))
        sex = chance.choice("12")
        body = f"{chance.choice(REGIONS)}{born:%Y%m%d}{len(found) % 100:02}{chance.randrange(5) * 2 + (sex == '1')}"
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
        phone = f"{chance.choice(PREFIXES)}{chance.randrange(10**8):08}"
        found.setdefault(name, Patient(name, sex, born, body + check_digit(body), phone, chance.choice(villages)))
    return list(found.values())
