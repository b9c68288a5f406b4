"""Two records become one and two again; nothing is copied, nothing lost."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.village import Village

from qingmiao.registry.actions.merging import AlreadyMerged, CannotSplit, NumbersDiffer, merge_people, split_people
from qingmiao.registry.actions.people import Number, Parent, Particulars, register_person
from qingmiao.registry.models import Dose, Guardian, Identifier, Person, Phone, UnitMembership
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db

AT = datetime(2021, 6, 1, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
A, B = "239901197108164882", "23990419690607865X"


@pytest.fixture
def liaison(village: Village):
    return village.actor("zhaoqian")


def register(liaison, village, name: str, number: str = "", phone: str = "16412345678", **particulars) -> Person:
    numbers = [Number(Identifier.Kind.ID_CARD, number)] if number else []
    return register_person(
        by=liaison,
        particulars=Particulars(name=name, **particulars),
        numbers=numbers,
        phones=[phone],
        guardians=[Parent("赵倩")],
        units=[village.cafe],
    )


def state() -> dict[str, list[tuple[object, ...]]]:
    tables = (Identifier, Phone, Guardian, UnitMembership, Dose)
    people = list(
        Person.objects.order_by("pk").values_list("pk", "name", "sex", "birth_date", "address", "merged_into")
    )
    return {"Person": people} | {t.__name__: list(t.objects.order_by("pk").values_list()) for t in tables}


def merge(liaison, survivor: Person, absorbed: Person):
    return merge_people(by=liaison, survivor=survivor, absorbed=absorbed, reason="同一人两处登记", at=AT)


def test_rows_move_and_the_other_record_points_to_the_survivor(liaison, village):
    kept = register(liaison, village, "张湉", A)
    other = register(liaison, village, "张湉", phone="16412345679", birth_date=date(1971, 8, 16))
    Dose.objects.create(person=other, vaccine="乙肝", given_on=date(2020, 1, 1), source="paper")
    merge(liaison, kept, other)
    other.refresh_from_db()
    kept.refresh_from_db()
    assert other.merged_into == kept
    assert kept.phones.count() == 2
    assert kept.doses.count() == 1
    assert kept.birth_date == date(1971, 8, 16)


def test_splitting_restores_exactly(liaison, village):
    kept = register(liaison, village, "张湉", A)
    other = register(liaison, village, "张湉", sex="2", address="青河路1号")
    for person in (kept, other):
        Dose.objects.create(person=person, vaccine="乙肝", given_on=date(2020, 1, 1), source="paper")
    before = state()
    merged = merge(liaison, kept, other)
    assert state() != before
    split_people(by=liaison, merge=merged, at=AT)
    assert state() == before


def test_one_vaccine_on_one_day_is_one_dose_and_unknown_equals_nothing(liaison, village):
    kept, other = register(liaison, village, "张湉", A), register(liaison, village, "张湉")
    for person in (kept, other):
        Dose.objects.create(person=person, vaccine="乙肝", given_on=date(2020, 1, 1), source="paper")
        Dose.objects.create(person=person, vaccine="", given_on=date(2020, 2, 1), source="paper")
    merge(liaison, kept, other)
    doses = Dose.objects.filter(person=kept).order_by("pk").values_list("vaccine", "held")
    assert list(doses) == [("乙肝", ""), ("", ""), ("乙肝", "twice"), ("", "")]


def test_two_different_numbers_are_never_one_person(liaison, village):
    kept, other = register(liaison, village, "张湉", A), register(liaison, village, "张湉", B)
    with pytest.raises(NumbersDiffer):
        merge(liaison, kept, other)
    assert not Person.objects.exclude(merged_into=None).exists()


def test_a_merged_record_is_not_merged_again_and_a_merge_is_undone_once(liaison, village):
    kept, other, third = (register(liaison, village, name) for name in ("张湉", "张恬", "张甜"))
    merged = merge(liaison, kept, other)
    with pytest.raises(AlreadyMerged):
        merge(liaison, third, other)
    split_people(by=liaison, merge=merged, at=AT)
    with pytest.raises(CannotSplit):
        split_people(by=liaison, merge=merged, at=AT)


@pytest.mark.parametrize("stranger", ["wumin", "fengyuan"])
def test_strangers_can_neither_merge_nor_split(liaison, village, stranger):
    kept, other = register(liaison, village, "张湉", A), register(liaison, village, "张湉")
    with pytest.raises(NotAllowed):
        merge(village.actor(stranger), kept, other)
    merged = merge(liaison, kept, other)
    with pytest.raises(NotAllowed):
        split_people(by=village.actor(stranger), merge=merged, at=AT)
