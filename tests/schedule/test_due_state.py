"""What is owed, stored for lists: recomputed for everybody, and for one child after a dose."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.schedule.village_child import NOW, TODAY, child, doctor, given
from tests.village import Village

from qingmiao.registry.actions.management import end_management, take_charge
from qingmiao.registry.models import Dose, Person
from qingmiao.schedule.actions import recompute_due
from qingmiao.schedule.columns import shares
from qingmiao.schedule.keeping import refresh_due
from qingmiao.schedule.major_codes import judged_as
from qingmiao.schedule.models import DueDose
from qingmiao.schedule.rules import When, when
from qingmiao.staff.access import NotAllowed, system

pytestmark = pytest.mark.django_db


def owed(person) -> set[tuple[str, int]]:
    return set(DueDose.objects.filter(person=person).values_list("series", "dose_number"))


def test_everybody_is_written_and_again_without_doubles(village: Village):
    by = doctor(village)
    person = child(village, by, born=date(2026, 10, 1))
    given(village, by, person, "0202", date(2026, 10, 1))
    for _night in range(2):
        run = recompute_due(by=system("test"), on=TODAY, at=NOW)
    assert (run.people, run.owed) == (1, DueDose.objects.count())
    assert ("HepB", 2) in owed(person)
    assert ("BCG", 1) in owed(person)


def test_a_night_in_bulk_says_what_the_desk_says_and_writes_only_what_is_new(village: Village, monkeypatch):
    by = doctor(village)
    people = {name: child(village, by, name=name, phone="") for name in ("stays", "comes", "moves")}
    given(village, by, people["stays"], "02", date(2026, 1, 16))
    recompute_due(by=system("test"), on=TODAY, at=timezone.now())
    by_desk = {name: owed(person) for name, person in people.items()}
    monkeypatch.setattr("qingmiao.schedule.actions.PLAIN_BELOW", 0)
    before = set(DueDose.objects.values_list("pk", flat=True))
    recompute_due(by=system("test"), on=TODAY + timedelta(days=1), at=timezone.now())
    assert {name: owed(person) for name, person in people.items()} == by_desk
    assert set(DueDose.objects.values_list("pk", flat=True)) == before

    given(village, by, people["comes"], "1201", date(2026, 9, 16))
    Person.objects.filter(pk=people["moves"].pk).update(status="moved")
    recompute_due(by=system("test"), on=TODAY + timedelta(days=1), at=timezone.now())
    assert owed(people["stays"]) == by_desk["stays"]
    assert owed(people["comes"]) == by_desk["comes"] - {("MMR", 1)}
    assert owed(people["moves"]) == set()
    assert not DueDose.objects.filter(overdue_from=None, series="MMR").exclude(pk__in=before).exists()


def test_a_dose_moves_only_that_child(village: Village):
    by = doctor(village)
    twin, other = child(village, by, name="twin", phone=""), child(village, by, name="other", phone="")
    recompute_due(by=system("test"), on=TODAY, at=NOW)
    before = owed(other)
    given(village, by, twin, "1201", date(2026, 9, 16))
    refresh_due(twin, on=TODAY)
    assert ("MMR", 1) not in owed(twin)
    assert owed(other) == before


def test_who_moved_away_is_owed_nothing_here(village: Village):
    by = doctor(village)
    person = child(village, by)
    take_charge(by=by, person=person, unit=village.centre, residence="local", since=person.birth_date, at=NOW)
    refresh_due(person, on=TODAY)
    assert owed(person)
    end_management(by=by, person=person, ending="moved", on=TODAY, at=NOW)
    refresh_due(person, on=TODAY)
    assert owed(person) == set()


def test_only_who_may_recomputes(village: Village):
    with pytest.raises(NotAllowed):
        recompute_due(by=village.actor("zhaoqian"), on=TODAY, at=NOW)


def test_columns_hold_what_rows_say(village: Village):
    by = doctor(village)
    person = child(village, by)
    given(village, by, person, "0202", date(2026, 1, 15))
    [share] = shares(date(2008, 11, 22), TODAY)
    assert share.people.to_pylist() == [
        {"person_id": person.pk, "born_on": date(2026, 1, 15), "born_minute": -1, "sex": "F"}
    ]
    assert share.doses.to_pylist() == [{"person_id": person.pk, "given_on": date(2026, 1, 15), "vaccine": "0202"}]


@pytest.mark.parametrize(
    ("recommended", "overdue_from", "found"),
    [
        (date(2026, 12, 1), None, When.LATER),
        (date(2026, 11, 30), None, When.DUE),
        (date(2026, 10, 31), date(2026, 11, 23), When.MISSED),
        (date(2026, 10, 31), TODAY, When.OVERDUE),
    ],
)
def test_where_a_dose_stands_on_a_day(recommended: date, overdue_from: date | None, found: When):
    assert when(recommended, overdue_from, TODAY) is found


@pytest.mark.slow
def test_the_compiled_path_writes_what_the_plain_one_writes(village: Village):
    """More than the plain kernel's share: the population path, equal to one by one."""
    by = doctor(village)
    born = date(2020, 1, 1)
    for number in range(205):
        child(village, by, name=f"c{number}", born=born + timedelta(days=number * 11), phone="")
    fields = ("person", "series", "dose_number", "product", "earliest", "recommended", "overdue_from", "rule")
    recompute_due(by=system("test"), on=TODAY, at=NOW)
    compiled = sorted(DueDose.objects.values_list(*fields), key=str)
    for row in list(DueDose.objects.values_list("person", flat=True).distinct()):
        from qingmiao.registry.models import Person

        refresh_due(Person.objects.get(pk=row), on=TODAY)
    assert sorted(DueDose.objects.values_list(*fields), key=str) == compiled


@pytest.mark.parametrize(
    ("code", "number", "day", "found"),
    [
        ("1201", 1, date(2026, 1, 1), "1201"),
        ("03", 1, date(2015, 1, 1), "0304"),
        ("03", 1, date(2020, 1, 1), "0303"),
        ("03", 3, date(2020, 1, 1), "0311"),
        ("04", None, date(2024, 1, 1), "0402"),
        ("02", 1, date(1980, 1, 1), ""),
        ("99", 1, date(2024, 1, 1), ""),
    ],
)
def test_a_class_of_vaccines_is_judged_as_the_product_of_its_time(code: str, number: int, day: date, found: str):
    assert judged_as(code, number, day) == found


def test_a_ledger_that_names_only_the_class_is_judged_alike_by_both_paths(village: Village):
    by = doctor(village)
    person = child(village, by)
    Dose.objects.create(person=person, product_code="02", dose_number=1, given_on=date(2026, 1, 15), source="imported")
    [share] = shares(date(2008, 11, 22), TODAY)
    assert share.doses["vaccine"].to_pylist() == ["0202"]
    refresh_due(person, on=TODAY)
    assert ("HepB", 2) in owed(person)
