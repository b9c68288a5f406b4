"""A child of the village with a doctor who may write, for tests of records, lists and messages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from tests.village import Village

from qingmiao.registry.actions.back_entry import OldDose, enter_old_dose
from qingmiao.registry.actions.people import Parent, Particulars, register_person
from qingmiao.registry.models import Dose, Person
from qingmiao.staff.access import Actor
from qingmiao.staff.actions import assign_role
from qingmiao.staff.models import Role

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


def doctor(village: Village, role: Role = Role.CLINIC_DOCTOR) -> Actor:
    """孙明 as doctor of the centre."""
    assign_role(
        by=village.actor("yanan"), user=village.users["sunming"], role=role, organisation=village.centre,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    return village.actor("sunming", on=TODAY)


def child(
    village: Village, by: Actor, name: str = "陈雨桐", born: date = date(2026, 1, 15), at: time | None = None,
    phone: str = "13800138001",
) -> Person:  # fmt: skip
    """A child of 柳林社区 whose record the centre opened."""
    return register_person(
        by=by,
        particulars=Particulars(name, sex="2", birth_date=born, birth_time=at, home=village.community),
        phones=[phone],
        guardians=[Parent("陈立", "父亲", phone)],
        brought_by=village.centre,
    )


def given(village: Village, by: Actor, person: Person, code: str, day: date, kind: str = "own_province",
          given_at: datetime | None = None) -> Dose:  # fmt: skip
    """An old dose from the booklet."""
    return enter_old_dose(
        by=by, person=person, dose=OldDose(code, "疫苗", day, given_at=given_at), kind=kind, proof="booklet",
        unit=village.centre, at=NOW,
    )  # fmt: skip
