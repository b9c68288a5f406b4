"""A hospital in the village: 李医生 writes, 陈科长 reviews, 方科长 of the district accepts; 马村医 in the village."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.village import PASSWORD, Village

from qingmiao.staff.access import Actor, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role
from qingmiao.surveillance.actions.cards import hand_in_card, open_card, report_card
from qingmiao.surveillance.models import ReportCard

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 9, 7, 12, tzinfo=CHINA)
STAFF = (
    ("lidoctor", "李医生", "hospital", Role.REPORTING_DOCTOR),
    ("zhaodoctor", "赵医生", "hospital", Role.REPORTING_DOCTOR),
    ("chencontrol", "陈科长", "hospital", Role.DISEASE_CONTROL),
    ("fangcontrol", "方科长", "district", Role.DISEASE_CONTROL),
    ("mavillage", "马村医", "community", Role.VILLAGE_DOCTOR),
)


@dataclass
class Hospital:
    village: Village
    place: Organisation

    def actor(self, name: str) -> Actor:
        return self.village.actor(name, on=date(2026, 9, 7))


def open_hospital(village: Village) -> Hospital:
    by = system("test")
    place = found_organisation(by=by, kind=Organisation.Kind.HOSPITAL, name="青河区人民医院", parent=village.district)
    for username, name, where, role in STAFF:
        user = open_account(by=by, username=username, display_name=name, password=PASSWORD, is_demo=True)
        here = place if where == "hospital" else getattr(village, where)
        assign_role(by=by, user=user, role=role, organisation=here, valid_from=date(2020, 1, 1))
        village.users[username] = user
    return Hospital(village, place)


def measles(hospital: Hospital, **changes: str) -> dict[str, str]:
    """A card with nothing against it: 张小鱼, five years old, measles."""
    content = {
        "name": "张小鱼",
        "parent_name": "张大海",
        "number": "110105202103110017",
        "sex": "1",
        "birth_date": "2021-03-11",
        "phone": "13800138000",
        "belongs_to": "1",
        "area": str(hospital.village.community.pk),
        "address": "柳林社区3号楼2单元",
        "occupation": "1",
        "workplace": "柳林幼儿园大班",
        "disease": "麻疹",
        "case_kind": "1",
        "onset_on": "2026-09-05",
        "diagnosed_at": "2026-09-07T09:00",
        "department": "儿科",
        "doctor": "李医生",
    }
    return content | changes


def handed_in(hospital: Hospital, at: datetime = NOON, another: str = "", **changes: str) -> ReportCard:
    """A card of 李医生 that was handed in."""
    by = hospital.actor("lidoctor")
    card = open_card(by=by, place=hospital.place, at=at, content=measles(hospital, **changes))
    return hand_in_card(by=by, card=card, version=card.version, at=at, another_case_because=another)


def reported(hospital: Hospital, at: datetime = NOON, **changes: str) -> ReportCard:
    """A card that 陈科长 entered in the national system an hour later."""
    card = handed_in(hospital, at, **changes)
    later = at + timedelta(hours=1)
    return report_card(
        by=hospital.actor("chencontrol"),
        card=card,
        version=card.version,
        reported_at=later,
        at=later,
        late_because="补报",
    )
