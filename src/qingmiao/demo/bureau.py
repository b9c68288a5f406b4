"""The world of a bureau's first working day: the culture and tourism bureau of an invented district, and one site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from qingmiao.demo.accounts import PASSWORD
from qingmiao.staff.access import Actor, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role

Kind = Organisation.Kind


@dataclass(frozen=True)
class Places:
    """The organisations that the story needs by name."""

    district: Organisation
    bureau: Organisation
    site: Organisation


# account, name, place, roles: in the order in which the story meets them
STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("liaison", "赵倩", "bureau", (Role.BUREAU_LIAISON,)),
    ("head", "郑华", "site", (Role.SITE_HEAD, Role.STOCK_KEEPER)),
    ("frontdesk", "何静", "site", (Role.FRONT_DESK,)),
    ("consent", "许兰", "site", (Role.CONSENT_DESK,)),
    ("screener", "孙明", "site", (Role.SCREENER,)),
    ("vaccinator", "周琳", "site", (Role.VACCINATOR,)),
    ("observer", "吴敏", "site", (Role.OBSERVER,)),
    ("office", "孔明", "district", (Role.OFFICE, Role.LEADER)),
    ("security", "严安", "district", (Role.SECURITY_ADMIN,)),
)


def build(*, now: datetime) -> None:
    """Build the whole world as it stands at `now`."""
    by = system("demo")
    places = found_places(by)
    open_accounts(by, places, timezone.localdate(now))


def found_places(by: Actor) -> Places:
    """The district with its subdistrict, the bureau, and the health centre with its site."""

    def found(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
        return found_organisation(by=by, kind=kind, name=name, parent=parent)

    district = found(Kind.DISTRICT, "青河区")
    subdistrict = found(Kind.SUBDISTRICT, "临河街道", district)
    for community in ("柳林社区", "望江社区", "石桥社区"):
        found(Kind.COMMUNITY, community, subdistrict)
    bureau = found(Kind.BUREAU, "青河区文化和旅游局", district)
    centre = found(Kind.CENTRE, "临河街道社区卫生服务中心", district)
    return Places(district, bureau, found(Kind.SITE, "临河街道临时接种点", centre))


def open_accounts(by: Actor, places: Places, today: date) -> None:
    """One account per desk."""
    for username, name, where, roles in STAFF:
        user = open_account(by=by, username=username, display_name=name, password=PASSWORD, is_demo=True)
        for role in roles:
            assign_role(by=by, user=user, role=role, organisation=getattr(places, where), valid_from=today)
