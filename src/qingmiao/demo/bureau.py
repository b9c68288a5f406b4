"""The world of a bureau's first working day, in an invented district.

青河区 ─┬─ 临河街道 ─── 柳林社区, 望江社区, 石桥社区
        ├─ 青河区文化和旅游局   at the very beginning: its files lie in the data folder, to be tried out
        ├─ 青河区商务局         in the middle of its day: 120 people, 46 vaccinated, a batch at the site
        └─ 临河街道社区卫生服务中心 ─── 临河街道临时接种点 ─┬─ A区 (desks)
                                                           └─ B区 (desks)
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from qingmiao.campaign.actions import declare_number, open_head_count
from qingmiao.demo.ledgers import Sheet, as_written, vaccinated, write_list, write_roster
from qingmiao.demo.people import Invented, invent
from qingmiao.demo.safety import green_channel, reactions
from qingmiao.demo.site import open_site
from qingmiao.demo.working_day import take_in, working_day
from qingmiao.demo.world import Post, World, found, opened
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation, Role

Kind = Organisation.Kind
PEOPLE, DONE = 120, 46
SITE = "临河街道临时接种点"


@dataclass(frozen=True)
class Office:
    """A bureau of the world, and the sheets of its roster."""

    name: str
    seed: int
    units: dict[str, int]
    sheets: tuple[Sheet, ...]


WORDINGS = (
    ("序号", "单位", "姓名", "性别", "身份证号", "出生日期", "联系电话", "人员类别", "摸底日期", "备注"),
    ("序号", "人员姓名", "证件号码", "性别", "出生年月日", "手机", "所在单位", "类别", "登记日期", "备注"),
    ("序号", "所在单位", "姓名", "身份证", "性别", "联系电话", "人员类别", "摸排日期", "出生日期", "备注"),
)


def _office(name: str, seed: int, units: dict[str, dict[str, int]]) -> Office:
    sheets = tuple(
        Sheet(title, tuple(sizes), header) for (title, sizes), header in zip(units.items(), WORDINGS, strict=True)
    )
    return Office(name, seed, {unit: size for sizes in units.values() for unit, size in sizes.items()}, sheets)


CULTURE = _office(
    "青河区文化和旅游局",
    2021,
    {
        "网吧": {"蓝鲸网吧": 19, "星海网吧": 18, "飞鱼网吧": 17},
        "歌厅": {"金嗓歌厅": 21, "好声歌厅": 16},
        "景区": {"镜泊古渡景区": 16, "老窑文化园": 13},
    },
)
COMMERCE = _office(
    "青河区商务局",
    2022,
    {
        "超市": {"万家超市": 24, "惠民超市": 20},
        "餐饮": {"老街饭店": 22, "临江酒楼": 18},
        "市场": {"东门农贸市场": 20, "建材市场": 16},
    },
)


# account, name, place, roles: in the order in which the story meets them
STAFF: tuple[Post, ...] = (
    ("liaison", "赵倩", "culture", (Role.BUREAU_LIAISON,)),
    ("liaison2", "钱多", "commerce", (Role.BUREAU_LIAISON,)),
    ("head", "郑华", "site", (Role.SITE_HEAD, Role.STOCK_KEEPER)),
    ("frontdesk", "何静", "site", (Role.FRONT_DESK,)),
    ("consent", "许兰", "site", (Role.CONSENT_DESK,)),
    ("screener", "孙明", "site", (Role.SCREENER,)),
    ("vaccinator", "周琳", "site", (Role.VACCINATOR,)),
    ("observer", "吴敏", "site", (Role.OBSERVER,)),
    ("office", "孔明", "district", (Role.OFFICE, Role.LEADER)),
    ("cdc", "严防", "district", (Role.DISEASE_CONTROL,)),
    ("security", "严安", "district", (Role.SECURITY_ADMIN,)),
    ("auditor", "沈清", "district", (Role.AUDITOR,)),
)


def build(*, now: datetime) -> None:
    """Build the whole world as it stands at `now`."""
    places = found_places()
    world = opened(now, places, STAFF, for_days=30)
    write_files(world, CULTURE, settings.HOME / "demo")
    declare(world, "liaison", places["culture"], CULTURE)
    open_site(world)
    green_channel(world)
    with tempfile.TemporaryDirectory() as folder:
        roster, *lists = write_files(world, COMMERCE, Path(folder))
        declare(world, "liaison2", places["commerce"], COMMERCE)
        take_in(world, roster, lists)
    working_day(world)
    reactions(world)


def found_places() -> dict[str, Organisation]:
    """The district with its subdistrict, two bureaus, and the health centre with its site."""
    district = found(Kind.DISTRICT, "青河区")
    subdistrict = found(Kind.SUBDISTRICT, "临河街道", district)
    for community in ("柳林社区", "望江社区", "石桥社区"):
        found(Kind.COMMUNITY, community, subdistrict)
    centre = found(Kind.CENTRE, "临河街道社区卫生服务中心", district)
    return {
        "district": district,
        "culture": found(Kind.BUREAU, CULTURE.name, district),
        "commerce": found(Kind.BUREAU, COMMERCE.name, district),
        "site": found(Kind.SITE, SITE, centre),
    }


def people_of(office: Office) -> list[Invented]:
    """The people of an office, the same ones whenever they are asked for."""
    return invent(PEOPLE, office.units, office.seed)


def vaccinated_of(office: Office) -> list[Invented]:
    """Who of them is on the site's lists of two days: the first half on the first day."""
    found = [row.person for row in as_written(people_of(office)) if row.can_be_matched]
    return sorted(found, key=lambda person: person.number[10:])[:DONE]


def write_files(world: World, office: Office, folder: Path) -> tuple[Path, Path, Path]:
    """The roster and the lists of the last two days, as files to be uploaded."""
    folder.mkdir(parents=True, exist_ok=True)
    people, done = people_of(office), vaccinated_of(office)
    namesake = next(person for person in people if person not in done)
    strangers = invent(4, {"": 4}, office.seed + 100)
    strangers[-1] = replace(strangers[-1], name=namesake.name)  # on the roster somebody else has this name
    days = (world.today - timedelta(days=2), world.today - timedelta(days=1))
    roster = folder / "bureau-roster.xlsx"
    write_roster(roster, office.name, office.sheets, people, world.today - timedelta(days=6))
    lists = tuple(folder / f"vaccinated-day{number}.csv" for number in (1, 2))
    for style, lines in enumerate(vaccinated(done, strangers, days)):
        write_list(lists[style], lines, SITE, style=style)
    return roster, lists[0], lists[1]


def declare(world: World, liaison: str, bureau: Organisation, office: Office) -> None:
    """The head-count round of a bureau: what each unit says it has; two of them are wrong by a few."""
    by = world.actor(liaison)
    round_ = open_head_count(
        by=by,
        organisation=bureau,
        title=f"{world.today:%Y年%m月}摸底",
        opened_on=world.today - timedelta(days=7),
        due_at=world.now - timedelta(days=5),
    )
    for place, (unit, size) in enumerate(office.units.items()):
        declare_number(
            by=by,
            head_count=round_,
            unit=found_organisation(by=by, kind=Kind.UNIT, name=unit, parent=bureau),
            people=size + (2 if place == 1 else -1 if place == 4 else 0),
            declared_on=world.today - timedelta(days=6),
            said_by="负责人",
            at=world.now,
        )
