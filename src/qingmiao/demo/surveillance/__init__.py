"""The world of a hospital's prevention office, in an invented district, built through the product's own actions.

青河区 ─┬─ 临河街道 ─── 柳林村, 望江村, 石桥村, 北坡村
        └─ 青河区中心医院
One quarter with 600 rows of the outpatient register, of which 37 people should have had a card and 9 have none.
"""

from __future__ import annotations

from datetime import datetime

from qingmiao.demo.surveillance.cards import pupils, write_cards
from qingmiao.demo.surveillance.quarter import take_quarter_in
from qingmiao.demo.surveillance.village import certify_deaths, hand_papers_in, register_children
from qingmiao.demo.world import Post, found, opened
from qingmiao.staff.models import Organisation, Role

Kind = Organisation.Kind
# account, name, place, roles: in the order in which the story meets them
STAFF: tuple[Post, ...] = (
    ("control", "陈静", "hospital", (Role.DISEASE_CONTROL,)),
    ("paediatrics", "李春明", "hospital", (Role.REPORTING_DOCTOR, Role.CLINIC_DOCTOR)),
    ("medicine", "赵立新", "hospital", (Role.REPORTING_DOCTOR,)),
    ("infection", "孙启航", "hospital", (Role.REPORTING_DOCTOR,)),
    ("district", "方远", "district", (Role.DISEASE_CONTROL,)),
    ("head", "郑华", "hospital", (Role.LEADER,)),
    ("village", "马本善", "柳林村", (Role.VILLAGE_DOCTOR,)),
)
VILLAGES = ("柳林村", "望江村", "石桥村", "北坡村")


def build(*, now: datetime) -> None:
    """Build the whole world as it stands at `now`."""
    places = found_places()
    world = opened(now, places, STAFF, for_days=2200)
    register_children(world, pupils(world))
    write_cards(world)
    take_quarter_in(world)
    certify_deaths(world)
    hand_papers_in(world)


def found_places() -> dict[str, Organisation]:
    """The district with its street, four villages, and the hospital."""
    district = found(Kind.DISTRICT, "青河区")
    street = found(Kind.SUBDISTRICT, "临河街道", district)
    villages = {name: found(Kind.COMMUNITY, name, street) for name in VILLAGES}
    return {
        "district": district,
        "street": street,
        "hospital": found(Kind.HOSPITAL, "青河区中心医院", district),
    } | villages
