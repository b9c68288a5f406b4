"""A little clinic: three children of 柳林社区 managed by the centre, their doses in its day book of spring 2021.

乙肝1 卡介苗 at birth in the maternity hospital · 乙肝2 脊灰1 百白破1 here, in March, April and May 2021
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.village import PASSWORD, TODAY, Village

from qingmiao.registry.actions.day_book import BookLine, enter_day_book
from qingmiao.registry.actions.management import take_charge
from qingmiao.registry.actions.people import Particulars, register_person
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor, actor_of, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role

AT = datetime(2021, 6, 1, 2, tzinfo=UTC)
MAY = date(2021, 5, 1)
NAMES = {"0101": "卡介苗", "0202": "乙肝疫苗", "0303": "脊灰灭活疫苗", "0402": "百白破疫苗", "2108": "四价流感疫苗"}


@dataclass
class Clinic:
    village: Village
    centre: Organisation
    site: Organisation
    maternity: Organisation
    children: list[Person]

    def doctor(self) -> Actor:
        """The clinic's doctor, on the first of June."""
        return actor_of(self.village.users["shenyue"], on=TODAY, origin="test")

    def give(self, day: date, code: str, *children: int, site: Organisation | None = None) -> None:
        """A page of the day book: children had one vaccine on a day."""
        lines = [BookLine(self.children[number], code, NAMES[code]) for number in children]
        enter_day_book(by=system("test"), site=site or self.site, day=day, lines=lines, at=AT)


def build(village: Village) -> Clinic:
    """The clinic of the village."""
    by = system("test")
    user = open_account(by=by, username="shenyue", display_name="沈悦", password=PASSWORD, is_demo=True)
    assign_role(by=by, user=user, role=Role.CLINIC_DOCTOR, organisation=village.centre, valid_from=date(2020, 1, 1))
    village.users["shenyue"] = user
    maternity = found_organisation(by=by, kind="hospital", name="青河妇幼", parent=village.district)
    clinic = Clinic(village, village.centre, village.site, maternity, [])
    for name, born in (("苗一", date(2021, 1, 5)), ("苗二", date(2021, 1, 20)), ("苗三", date(2021, 2, 10))):
        child = register_person(
            by=by, particulars=Particulars(name, "1", born, home=village.community), brought_by=village.centre
        )
        take_charge(by=by, person=child, unit=village.centre, residence="local", since=born, at=AT)
        clinic.children.append(child)
    for number, child in enumerate(clinic.children):
        clinic.give(child.birth_date, "0202", number, site=maternity)
        clinic.give(child.birth_date, "0101", number, site=maternity)
    clinic.give(date(2021, 3, 8), "0202", 0, 1, 2)
    clinic.give(date(2021, 4, 12), "0303", 0, 1)
    clinic.give(date(2021, 5, 10), "0402", 0, 1)
    clinic.give(date(2021, 5, 11), "0303", 2)
    clinic.give(date(2021, 5, 12), "2108", 2)
    return clinic
