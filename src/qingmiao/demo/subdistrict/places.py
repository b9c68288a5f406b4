"""Places and accounts of the subdistrict world.

青河区 ─── 临河街道 ─┬─ 14 communities, three grids each
                     ├─ 临河街道经济发展办公室 ─── four employers, whose staff live here too
                     └─ 临河街道社区卫生服务中心 ─── 临河街道集中接种点 ─┬─ A区 (desks)
                                                                        └─ B区 (desks)
"""

from __future__ import annotations

from qingmiao.demo.subdistrict.people import COMMUNITIES, GRIDS
from qingmiao.demo.world import Post, found
from qingmiao.staff.access import system
from qingmiao.staff.actions import draw_map
from qingmiao.staff.models import Organisation, Role
from qingmiao.staff.outlines import Rings

Kind = Organisation.Kind
UNITS = {"万家超市": 180, "临河公交公司": 150, "安居物业公司": 140, "顺达快递": 130}
SITE = "临河街道集中接种点"

# account, name, place, roles: in the order of a day
STAFF: tuple[Post, ...] = (
    ("office", "孔明远", "subdistrict", (Role.OFFICE,)),
    ("secretary", "贺长青", "subdistrict", (Role.LEADER,)),
    ("figures", "陈数", "subdistrict", (Role.BUREAU_LIAISON,)),
    ("publicity", "苏晓", "subdistrict", (Role.OFFICE,)),
    ("liulin", "柳春梅", "柳林社区", (Role.UNIT_LIAISON,)),
    ("wangjiang", "江远舟", "望江社区", (Role.UNIT_LIAISON,)),
    ("grid1", "方小禾", "柳林社区第1网格", (Role.UNIT_LIAISON,)),
    ("liaison2", "钱多", "bureau", (Role.BUREAU_LIAISON,)),
    ("head", "郑华", "site", (Role.SITE_HEAD, Role.STOCK_KEEPER)),
    ("frontdesk", "何静", "site", (Role.FRONT_DESK,)),
    ("consent", "许兰", "site", (Role.CONSENT_DESK,)),
    ("screener", "孙明", "site", (Role.SCREENER,)),
    ("vaccinator", "周琳", "site", (Role.VACCINATOR,)),
    ("observer", "吴敏", "site", (Role.OBSERVER,)),
    ("security", "严安", "district", (Role.SECURITY_ADMIN,)),
    ("auditor", "沈清", "district", (Role.AUDITOR,)),
)


def found_places() -> dict[str, Organisation]:
    """Every place by name; the site, bureau, subdistrict and district also by what they are."""
    by = system("demo")
    district = found(Kind.DISTRICT, "青河区")
    subdistrict = found(Kind.SUBDISTRICT, "临河街道", district)
    places = {"district": district, "subdistrict": subdistrict}
    for name in COMMUNITIES:
        places[name] = found(Kind.COMMUNITY, name, subdistrict)
        for number in range(1, GRIDS + 1):
            grid = f"{name}第{number}网格"
            places[grid] = found(Kind.GRID, grid, places[name])
    places["bureau"] = found(Kind.BUREAU, "临河街道经济发展办公室", subdistrict)
    places |= {name: found(Kind.UNIT, name, places["bureau"]) for name in UNITS}
    draw_map(by=by, top=subdistrict, outlines={places[name].pk: _outline(n) for n, name in enumerate(COMMUNITIES)})
    centre = found(Kind.CENTRE, "临河街道社区卫生服务中心", subdistrict)
    return places | {"centre": centre, "site": found(Kind.SITE, SITE, centre)}


def _outline(number: int) -> Rings:
    """An invented area of a grid whose corners are a little off, so that neighbours share their border."""
    row, column = divmod(number, 4)
    corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
    return [[(20 + c * 225 + (r * 37 + c * 53) % 60, 20 + r * 165 + (r * 29 + c * 41) % 50) for r, c in corners]]
