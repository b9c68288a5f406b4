"""The residents of the invented subdistrict, in households along its streets, and the key groups they belong to."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qingmiao.demo.people import GIVEN, PREFIXES, REGIONS, SURNAMES, check_digit

BORN_BY = date(2026, 9, 1)  # a fixed day, so that the same seed gives the same people on every day
COMMUNITIES = (
    "柳林社区", "望江社区", "石桥社区", "东门社区", "西园社区", "南苑社区", "北岭社区",
    "长虹社区", "和平社区", "建设社区", "新华社区", "文昌社区", "梅园社区", "滨河社区",
)  # fmt: skip
GRIDS = 3  # of each community
RESIDENTS = 38_000
# code, Chinese, English, of how many in a thousand of which ages (the first that fits)
GROUPS: tuple[tuple[str, str, str, int, tuple[int, int]], ...] = (
    ("over_60", "60岁及以上老年人", "People of 60 and over", 1000, (60, 200)),
    ("pupils", "12—17岁在校学生", "Pupils of 12 to 17", 960, (12, 17)),
    ("medical", "医疗卫生人员", "Medical staff", 22, (22, 59)),
    ("teachers", "学校和托幼机构教职工", "School and nursery staff", 34, (22, 59)),
    ("officials", "公职人员", "Officials", 38, (22, 59)),
    ("transport", "交通运输从业人员", "Transport staff", 46, (20, 59)),
    ("couriers", "快递外卖从业人员", "Couriers", 30, (18, 50)),
    ("markets", "商超农贸市场从业人员", "Shop and market staff", 62, (18, 59)),
    ("catering", "餐饮住宿从业人员", "Catering and hotel staff", 58, (18, 59)),
    ("property", "物业保洁保安人员", "Property, cleaning and guard staff", 40, (18, 59)),
    ("builders", "建筑工地人员", "Building workers", 44, (18, 59)),
    ("care_homes", "养老福利机构人员", "Care home staff", 12, (22, 59)),
)


@dataclass(frozen=True)
class Resident:
    """One resident: community and grid, address, and key group (empty: none)."""

    name: str
    sex: str
    born: date
    number: str
    phone: str
    community: str
    grid: str
    address: str
    is_floating: bool
    group: str


def residents(count: int = RESIDENTS, seed: int = 38) -> list[Resident]:
    """The same people on every call; no number twice, names as often as they happen to come."""
    chance = random.Random(seed)
    found: list[Resident] = []
    for household, (community, grid, door) in enumerate(_doors()):
        if len(found) >= count:
            break
        surname = chance.choice(SURNAMES)
        for age in _ages(chance)[: count - len(found)]:
            found.append(_one(chance, len(found), household, surname, age, community, grid, door))
    return found


def _doors() -> Iterator[tuple[str, str, str]]:
    """Community, grid and address, over and over through all communities, so that they grow alike."""
    number = 0
    while True:
        for place, community in enumerate(COMMUNITIES):
            if number % 17 and place % 5 == 4 and number % 3 == 0:
                continue  # not every community is as large as the others
            grid = number % GRIDS + 1
            building, stair, floor, flat = number // 48 + 1, number // 16 % 3 + 1, number // 4 % 4 + 1, number % 4 + 1
            street = f"{community[:2]}路{place * 10 + 8}号{building}号楼{stair}单元{floor}0{flat}"
            yield community, f"{community}第{grid}网格", street
        number += 1


def _ages(chance: random.Random) -> list[int]:
    """The ages of one household."""
    kind = chance.random()
    if kind < 0.28:
        return [chance.randint(60, 88) for _person in range(chance.choice((1, 2, 2)))]
    if kind < 0.45:
        return [chance.randint(20, 34) for _person in range(chance.choice((1, 1, 2)))]
    parent = chance.randint(26, 48)
    children = [max(parent - chance.randint(23, 32), 0) for _child in range(chance.choice((1, 1, 1, 2)))]
    elders = [parent + chance.randint(23, 30)] if chance.random() < 0.2 else []
    return [parent, max(parent + chance.randint(-4, 4), 20), *children, *elders]


def _one(
    chance: random.Random, serial: int, household: int, surname: str, age: int, community: str, grid: str, door: str
) -> Resident:
    born = BORN_BY - timedelta(days=age * 365 + chance.randint(0, 364))
    is_man = chance.random() < 0.5
    # Four regions and 500 serials a day; the serial goes round, so that no number comes twice.
    body = f"{REGIONS[serial % 4]}{born:%Y%m%d}{serial // 4 // 5 % 100:02}{serial // 4 % 5 * 2 + is_man}"
    return Resident(
        (surname if chance.random() < 0.7 else chance.choice(SURNAMES)) + "".join(chance.sample(GIVEN, 2)),
        "男" if is_man else "女",
        born,
        body + check_digit(body),
        f"{chance.choice(PREFIXES)}{household % 10**4:04}{chance.randrange(10**4):04}",
        community,
        grid,
        door,
        chance.random() < 0.12,
        _group(chance, age),
    )


def _group(chance: random.Random, age: int) -> str:
    for code, _zh, _en, share, (first, last) in GROUPS:
        if first <= age <= last and chance.randrange(1000) < share:
            return code
    return ""


def unique(people: Sequence[Resident]) -> list[Resident]:
    """Those whose number nobody before them has."""
    return list({person.number: person for person in people}.values())
