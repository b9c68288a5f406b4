"""A small named world, built only through actions, so that no test lives in an impossible state.

青河区 ─┬─ 青河街道 ─── 柳林社区
        ├─ 文旅局 ─┬─ 星海网吧      (liaison 赵倩 of the bureau, 钱多 of 星海网吧)
        │          └─ 金麦歌厅
        └─ 青河街道社区卫生服务中心 ─── 青河街道接种点
            │      (何静 front desk, 许兰 consent, 孙明 screener, 周琳 vaccinator, 吴敏 observer, 郑华 head)
白石区 ─── 白石接种点   (the outsider 冯远 works here, as everything)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from qingmiao.staff.access import Actor, actor_of, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role, User

TODAY = date(2021, 6, 1)
PASSWORD = "village-lantern-42"


@dataclass
class Village:
    district: Organisation
    subdistrict: Organisation
    community: Organisation
    bureau: Organisation
    cafe: Organisation
    karaoke: Organisation
    centre: Organisation
    site: Organisation
    far_district: Organisation
    far_site: Organisation
    users: dict[str, User]

    def actor(self, name: str, on: date = TODAY) -> Actor:
        """The actor behind an account name such as `zhaoqian`."""
        return actor_of(self.users[name], on=on, origin="test")


STAFF: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    # account: name, attribute of the organisation, roles
    "zhaoqian": ("赵倩", "bureau", (Role.BUREAU_LIAISON,)),
    "qianduo": ("钱多", "cafe", (Role.UNIT_LIAISON,)),
    "hejing": ("何静", "site", (Role.FRONT_DESK,)),
    "xulan": ("许兰", "site", (Role.CONSENT_DESK,)),
    "sunming": ("孙明", "site", (Role.SCREENER,)),
    "zhoulin": ("周琳", "site", (Role.VACCINATOR,)),
    "wumin": ("吴敏", "site", (Role.OBSERVER,)),
    "zhenghua": ("郑华", "site", (Role.SITE_HEAD,)),
    "kongming": ("孔明", "district", (Role.LEADER, Role.OFFICE)),
    "yanan": ("严安", "district", (Role.SECURITY_ADMIN,)),
    "fengyuan": (
        "冯远",
        "far_district",
        tuple(role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.AUDITOR)),
    ),
}


def build() -> Village:
    """The village, founded by the installation itself."""
    by = system("test")

    def found(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
        return found_organisation(by=by, kind=kind, name=name, parent=parent)

    kinds = Organisation.Kind
    places: dict[str, Any] = {"district": found(kinds.DISTRICT, "青河区")}
    places["subdistrict"] = found(kinds.SUBDISTRICT, "青河街道", places["district"])
    places["community"] = found(kinds.COMMUNITY, "柳林社区", places["subdistrict"])
    places["bureau"] = found(kinds.BUREAU, "文旅局", places["district"])
    places["cafe"] = found(kinds.UNIT, "星海网吧", places["bureau"])
    places["karaoke"] = found(kinds.UNIT, "金麦歌厅", places["bureau"])
    places["centre"] = found(kinds.CENTRE, "青河街道社区卫生服务中心", places["district"])
    places["site"] = found(kinds.SITE, "青河街道接种点", places["centre"])
    places["far_district"] = found(kinds.DISTRICT, "白石区")
    places["far_site"] = found(kinds.SITE, "白石接种点", places["far_district"])
    users = {}
    for username, (name, where, roles) in STAFF.items():
        users[username] = open_account(by=by, username=username, display_name=name, password=PASSWORD, is_demo=True)
        for role in roles:
            assign_role(by=by, user=users[username], role=role, organisation=places[where], valid_from=date(2020, 1, 1))
    return Village(users=users, **places)
