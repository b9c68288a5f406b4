"""The world of a hospital's prevention office, in an invented district, built through the product's own actions.

青河区 ─┬─ 临河街道 ─── 柳林村, 望江村, 石桥村, 北坡村
        └─ 青河区中心医院
One quarter with 600 rows of the outpatient register, of which 37 people should have had a card and 9 have none.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from qingmiao.demo.accounts import PASSWORD
from qingmiao.demo.surveillance.cards import pupils, write_cards
from qingmiao.demo.surveillance.quarter import take_quarter_in
from qingmiao.demo.surveillance.village import certify_deaths, hand_papers_in, register_children
from qingmiao.demo.world import World
from qingmiao.staff.access import system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role, User

Kind = Organisation.Kind
# account, name, place, roles: in the order in which the story meets them
STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
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
    world = World(now, places, open_accounts(places, timezone.localdate(now)))
    register_children(world, pupils(world))
    write_cards(world)
    take_quarter_in(world)
    certify_deaths(world)
    hand_papers_in(world)


def found_places() -> dict[str, Organisation]:
    """The district with its street, four villages, and the hospital."""
    by = system("demo")

    def found(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
        return found_organisation(by=by, kind=kind, name=name, parent=parent)

    district = found(Kind.DISTRICT, "青河区")
    street = found(Kind.SUBDISTRICT, "临河街道", district)
    villages = {name: found(Kind.COMMUNITY, name, street) for name in VILLAGES}
    return {
        "district": district,
        "street": street,
        "hospital": found(Kind.HOSPITAL, "青河区中心医院", district),
    } | villages


def open_accounts(places: dict[str, Organisation], today: date) -> dict[str, User]:
    """One account per desk."""
    by, users = system("demo"), {}
    for username, name, where, roles in STAFF:
        user = open_account(by=by, username=username, display_name=name, password=PASSWORD, is_demo=True)
        since = today - timedelta(days=2200)
        for role in roles:
            assign_role(by=by, user=user, role=role, organisation=places[where], valid_from=since)
        users[username] = user
    return users
