"""Report B's bureau in small: the 120 people of its internet cafés, karaoke halls and scenic areas, 46 of them done.

    文旅局 ─┬─ 星海网吧   54 people, 21 vaccinated
            ├─ 金麦歌厅   38 people, 11 vaccinated      two people work in both 金麦歌厅 and 古渡景区, one of them done
            └─ 古渡景区   30 people, 15 vaccinated

Doses of 2021-04-08 (24 people) and 2021-04-09 (22 people). The first of each unit is its owner (业主).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.village import Village

from qingmiao.registry.models import Dose, Person, UnitMembership
from qingmiao.registry.spelling import spelling
from qingmiao.reports.actions import freeze_figure
from qingmiao.reports.models import Snapshot
from qingmiao.staff.access import system
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation

DAY_1, DAY_2 = date(2021, 4, 8), date(2021, 4, 9)
AT = datetime(2021, 4, 9, 10, tzinfo=UTC)
COVID = "covid19.vaccinated"


@dataclass
class Bureau:
    village: Village
    office: Organisation
    cafe: Organisation
    karaoke: Organisation
    scenic: Organisation
    people: list[Person]

    def freeze(self, on: date = DAY_2, at: datetime = AT, **more: object) -> Snapshot:
        """The bureau's figure, frozen by its liaison."""
        return freeze_figure(
            by=self.village.actor("zhaoqian"),
            indicator_id=COVID,
            organisation=self.office,
            on=on,
            today=max(on, DAY_2),
            at=at,
            **more,
        )


def vaccinate(person: Person, on: date | None, **more: object) -> Dose:
    """A dose from a vaccinated list."""
    return Dose.objects.create(
        **({"person": person, "product_code": "5601", "given_on": on, "source": Dose.Source.IMPORTED} | more)
    )


def member(unit: Organisation, name: str, position: str = "从业人员") -> Person:
    """Somebody new on the ledger of `unit`."""
    spelled = spelling(name)
    person = Person.objects.create(name=name, name_spelled=spelled.full, name_initials=spelled.initials)
    UnitMembership.objects.create(person=person, unit=unit, position=position)
    return person


def build(village: Village) -> Bureau:
    """The bureau of the village with its 120 people."""
    scenic = found_organisation(by=system("test"), kind="unit", name="古渡景区", parent=village.bureau)
    bureau = Bureau(village, village.bureau, village.cafe, village.karaoke, scenic, [])
    staff = [
        (unit, number, number < done)
        for unit, people, done in ((bureau.cafe, 54, 21), (bureau.karaoke, 38, 11), (scenic, 28, 14))
        for number in range(people)
    ]
    bureau.people = Person.objects.bulk_create(
        Person(name=f"{unit.name[:1]}{number:03d}", name_spelled=f"{unit.pk}{number:03d}") for unit, number, _ in staff
    )
    UnitMembership.objects.bulk_create(
        UnitMembership(person=person, unit=unit, position="从业人员" if number else "业主")
        for person, (unit, number, _) in zip(bureau.people, staff, strict=True)
    )
    Dose.objects.bulk_create(
        Dose(person=person, product_code="5601", given_on=DAY_2 if number % 2 else DAY_1, source=Dose.Source.IMPORTED)
        for person, (_, number, is_done) in zip(bureau.people, staff, strict=True)
        if is_done
    )
    of_both = bureau.people[54], bureau.people[91]  # the owner of 金麦歌厅, vaccinated, and its last employee, not
    for person in of_both:
        UnitMembership.objects.create(person=person, unit=scenic, position="从业人员")
    return bureau
