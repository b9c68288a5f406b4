"""The ledgers of fourteen communities, the roster of four employers, and the site's lists of ten days, taken in."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from qingmiao.demo.ledgers import LOT, MAKER, VACCINE
from qingmiao.demo.subdistrict.people import COMMUNITIES, GROUPS, RESIDENTS, Resident
from qingmiao.demo.subdistrict.places import SITE, UNITS
from qingmiao.demo.world import World
from qingmiao.registry.actions.imports import import_ledger
from qingmiao.registry.actions.key_groups import found_key_group, join_key_group
from qingmiao.registry.ledger.planning import LedgerFile
from qingmiao.registry.models import Identifier, Person
from qingmiao.registry.numbers import identifier_lookup

LEDGER = ("序号", "网格", "姓名", "性别", "身份证号", "联系电话", "现住址", "常住/流动")
ROSTER = ("序号", "单位", "姓名", "性别", "身份证号", "联系电话", "人员类别")
LIST = ("序号", "姓名", "证件号码", "联系电话", "疫苗名称", "生产企业", "批号", "剂次", "接种时间", "接种单位")
DAYS = 10


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(header)
        table.writerows([serial, *row] for serial, row in enumerate(rows, 1))
    return path


def take_in_residents(world: World, people: Sequence[Resident], folder: Path) -> None:
    """The ledgers of the communities, each a file of its own."""
    files = []
    for community in COMMUNITIES:
        rows = (
            (p.grid, p.name, p.sex, p.number, p.phone, p.address, "流动" if p.is_floating else "常住")
            for p in people
            if p.community == community
        )
        files.append(_write(folder / f"{community}台账.csv", LEDGER, rows))
    _import(world, "subdistrict", "figures", files, world.today - timedelta(days=DAYS + 4))


def take_in_roster(world: World, people: Sequence[Resident], folder: Path) -> list[Resident]:
    """The employers' staff, who live here and so stand on two ledgers; returns them."""
    grown = [person for person in people if 20 <= (world.today - person.born).days // 365 < 58]
    staff = random.Random(7).sample(grown, sum(UNITS.values()))
    units = [unit for unit, size in UNITS.items() for _person in range(size)]
    rows = (
        (unit, p.name, p.sex, p.number, p.phone, "业主" if place % 40 == 0 else "从业人员")
        for place, (unit, p) in enumerate(zip(units, staff, strict=True))
    )
    path = _write(folder / "用工单位花名册.csv", ROSTER, rows)
    _import(world, "bureau", "liaison2", [path], world.today - timedelta(days=DAYS + 3))
    return staff


def take_in_lists(world: World, people: Sequence[Resident], folder: Path) -> dict[date, int]:
    """The lists of those vaccinated on each of the last ten days, more than a thousand a day; returns doses by day."""
    chance = random.Random(1000)
    willing = [person for person in people if (world.today - person.born).days > 12 * 366]
    # Some communities are ahead of others, and the old come later than those who work.
    order = sorted(willing, key=lambda p: chance.random() * (1.5 if p.group == "over_60" else 1) * _pace(p.community))
    counts, start = {}, 0
    for number in range(DAYS, 0, -1):
        day, doses = world.today - timedelta(days=number), (1010 + chance.randrange(190)) * len(people) // RESIDENTS + 1
        rows = [
            (p.name, p.number, p.phone, VACCINE, MAKER, LOT, "第1剂",
             f"{day:%Y-%m-%d} {8 + place * 9 // doses:02}:{place % 60:02}", SITE)
            for place, p in enumerate(order[start : start + doses])
        ]  # fmt: skip
        path = _write(folder / f"接种名单{day:%m%d}.csv", LIST, rows)
        _import(world, "subdistrict", "figures", [path], day)
        counts[day], start = doses, start + doses
    return counts


def _pace(community: str) -> float:
    return 0.75 + COMMUNITIES.index(community) * 0.035


def _import(world: World, place: str, account: str, paths: Sequence[Path], as_of: date) -> None:
    import_ledger(
        by=world.actor(account),
        place=world.places[place],
        files=[LedgerFile(path, path.name, as_of) for path in paths],
        at=world.now,
    )


def join_groups(world: World, people: Sequence[Resident]) -> None:
    """The twelve key groups, by the numbers on the ledger."""
    by, place = world.actor("figures"), world.places["subdistrict"]
    known = dict(Identifier.objects.values_list("lookup", "person"))
    for code, zh, en, _share, _ages in GROUPS:
        group = found_key_group(by=by, place=place, code=code, name=zh, name_en=en)
        mine = (known.get(identifier_lookup(p.number)) for p in people if p.group == code)
        members = [Person(pk=pk) for pk in mine if pk is not None]
        join_key_group(by=by, place=place, group=group, people=members)
