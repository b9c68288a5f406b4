"""Registering, finding and correcting people; looking at a number."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from tests.village import Village

from qingmiao.audit.models import AuditEntry, ChangedMeanwhile
from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.actions.people import (
    Number,
    NumberTaken,
    Parent,
    Particulars,
    correct_person,
    register_person,
    reveal_number,
)
from qingmiao.registry.models import Identifier, Person
from qingmiao.registry.numbers import identifier_lookup
from qingmiao.registry.queries.people import find_people
from qingmiao.registry.spelling import spelling
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"
AT = datetime(2021, 6, 1, 1, tzinfo=UTC)


def register(village: Village, by: str = "zhaoqian", number: str = NUMBER, name: str = "曾国藩", **more) -> Person:
    return register_person(
        by=village.actor(by),
        particulars=Particulars(name, sex="2", birth_date=date(1949, 12, 31)),
        numbers=[Number(Identifier.Kind.ID_CARD, number)],
        phones=["138 0013 8000"],
        units=[village.cafe],
        **more,
    )


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("曾国藩", "zengguofan", "zgf"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("John Smith", "johnsmith", "js"),
        ("", "", ""),
    ],
)
def test_names_are_spelled_as_people_type_them(name: str, full: str, initials: str):
    assert spelling(name) == (full, initials)


@pytest.mark.parametrize(
    "text", ["曾", "曾国藩", "zgf", "zeng", "zengguo", NUMBER, NUMBER.lower(), "13800138000", "138-0013-8000"]
)
def test_a_person_is_found_by(village: Village, text: str):
    person = register(village)
    assert find_people(Person.objects.all(), text) == [person]


@pytest.mark.parametrize("text", ["", " ", "国藩", "gf", "110105194912310", "1380013800", "%"])
def test_nobody_is_found_by(village: Village, text: str):
    register(village)
    assert find_people(Person.objects.all(), text) == []


def test_a_number_that_somebody_has_is_refused_and_names_the_holder(village: Village):
    first = register(village)
    with pytest.raises(NumberTaken) as refusal:
        register(village, name="李四")
    assert refusal.value.holder == first
    assert Person.objects.count() == 1


def test_the_database_keeps_a_number_from_two_people(village: Village):
    first, second = register(village), register(village, number="440524188001010014", name="李四")
    with pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(
            person=second, kind="id_card", number=Sealed.of(NUMBER), lookup=identifier_lookup(NUMBER)
        )
    assert first.identifiers.count() == second.identifiers.count() == 1


def test_registering_twice_writes_once(village: Village):
    request_id = uuid4()
    assert register(village, request_id=request_id) == register(village, request_id=request_id)
    assert Person.objects.count() == 1


def test_no_number_stands_in_clear_in_the_database(village: Village):
    register(village)
    with connection.cursor() as cursor:
        for table in ("registry_identifier", "registry_phone", "audit_auditentry", "audit_donerequest"):
            cursor.execute(f"SELECT * FROM {table}")
            stored = repr([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor])
            assert NUMBER not in stored
            assert "13800138000" not in stored
            assert "曾国藩" not in stored


def test_printing_a_number_shows_nothing(village: Village):
    identifier = register(village).identifiers.get()
    assert str(identifier.number) == repr(identifier.number) == "••••"
    assert identifier.masked == "110105********002X"


def test_looking_at_a_number_stays_in_the_trail(village: Village):
    identifier = register(village).identifiers.get()
    liaison = village.actor("zhaoqian")
    assert reveal_number(by=liaison, identifier=identifier, at=AT) == NUMBER
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.is_look, entry.user_id) == ("registry.unmask_number", True, liaison.user_id)


@pytest.mark.parametrize("stranger", ["fengyuan", "kongming"])
def test_strangers_do_not_see_a_number(village: Village, stranger: str):
    identifier = register(village).identifiers.get()
    with pytest.raises(NotAllowed):
        reveal_number(by=village.actor(stranger), identifier=identifier, at=AT)


@pytest.mark.parametrize("stranger", ["fengyuan", "kongming", "sunming"])
def test_strangers_do_not_correct(village: Village, stranger: str):
    person = register(village)
    with pytest.raises(NotAllowed):
        correct_person(by=village.actor(stranger), person=person, version=1, changes={"name": "别人"})
    assert Person.objects.get().name == "曾国藩"


def test_an_auditor_registers_nobody(village: Village):
    with pytest.raises(NotAllowed):
        register(village, by="yanan")
    assert not Person.objects.exists()


def test_a_correction_brings_its_spelling_and_says_what_changed(village: Village):
    person = register(village)
    correct_person(by=village.actor("zhaoqian"), person=person, version=1, changes={"name": "张伟"})
    assert (Person.objects.get().name_initials, Person.objects.get().version) == ("zw", 2)
    assert AuditEntry.objects.latest("seq").details == {"changed": ["name"]}


def test_of_two_corrections_of_one_version_the_second_is_told(village: Village):
    person = register(village)
    correct_person(by=village.actor("zhaoqian"), person=person, version=1, changes={"name": "张伟"})
    with pytest.raises(ChangedMeanwhile):
        correct_person(by=village.actor("zhaoqian"), person=person, version=1, changes={"name": "张炜"})


def test_a_child_has_guardians(village: Village):
    child = register(village, guardians=[Parent("曾母", "母", "13900139000"), Parent("曾父")])
    assert [(guardian.name, guardian.phone is None) for guardian in child.guardians.order_by("pk")] == [
        ("曾母", False),
        ("曾父", True),
    ]


def test_the_outsider_finds_nobody_through_his_own_reach(village: Village):
    register(village)
    assert find_people(village.actor("fengyuan").visible("registry.see_person", Person), "曾国藩") == []
    assert len(find_people(village.actor("zhaoqian").visible("registry.see_person", Person), "曾国藩")) == 1


def test_whoever_put_a_person_on_record_sees_them_without_a_membership(village: Village):
    person = register_person(
        by=village.actor("hejing"), particulars=Particulars("路人"), brought_by=village.site, units=[]
    )
    assert village.actor("zhenghua").may("registry.see_person", person)
    assert person in village.actor("zhenghua").visible("registry.see_person", Person)
    assert not village.actor("fengyuan").may("registry.see_person", person)
    assert person not in village.actor("qianduo").visible("registry.see_person", Person)
