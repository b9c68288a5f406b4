"""Village papers and their days; whether a week is unusual; what is on record of a case's vaccinations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.surveillance.hospital import CHINA, NOON, Hospital, handed_in
from tests.surveillance.test_card_screens import desk

from qingmiao.privacy.sealing import Sealed
from qingmiao.registry.models import Dose, Identifier, Person
from qingmiao.registry.numbers import identifier_lookup
from qingmiao.staff.access import NotAllowed
from qingmiao.surveillance.aberration import WEEK, YEAR, week
from qingmiao.surveillance.actions.papers import NoScan, hand_paper_in, remind_village
from qingmiao.surveillance.models import PaperReminder, VillagePaper
from qingmiao.surveillance.papers import Standing, due_at, forms, standing
from qingmiao.surveillance.queries.epidemiology import by_age, by_area, cases, curve, this_week, vaccinated
from qingmiao.surveillance.queries.papers import month_of, villages_behind, villages_of, year_of

AUGUST = date(2026, 8, 1)
JPEG = b"\xff\xd8\xff\xe0" + b"paper" * 50


@pytest.mark.parametrize(
    ("received", "now", "expected"),
    [
        (None, datetime(2026, 8, 20, tzinfo=CHINA), Standing.LATER),
        (None, datetime(2026, 9, 3, tzinfo=CHINA), Standing.DUE),
        (None, datetime(2026, 9, 6, tzinfo=CHINA), Standing.MISSING),
        (datetime(2026, 9, 5, 23, 59, tzinfo=CHINA), NOON, Standing.IN_TIME),
        (datetime(2026, 9, 6, tzinfo=CHINA), NOON, Standing.LATE),
    ],
)
def test_how_a_paper_stands(received: datetime | None, now: datetime, expected: Standing):
    assert standing(AUGUST, received, now) is expected


def test_december_is_due_in_january():
    assert due_at(date(2026, 12, 1)) == datetime(2027, 1, 6, tzinfo=CHINA).astimezone(UTC)


def hand_in(hospital: Hospital, form: str = "births_deaths", **more: object) -> VillagePaper:
    return hand_paper_in(
        by=hospital.actor("mavillage"), village=hospital.village.community, form=form, month=AUGUST, at=NOON, **more
    )


@pytest.mark.django_db
def test_a_village_that_sends_nothing_is_seen_and_reminded(hospital: Hospital):
    control = hospital.actor("fangcontrol")
    assert villages_behind(control, NOON, NOON.date()) == 1
    [row] = month_of(villages_of(control), AUGUST, NOON)
    assert row.missing == list(forms())
    remind_village(by=control, village=row.village, month=AUGUST, missing=row.missing, how="phone", at=NOON)
    assert PaperReminder.objects.get().forms == list(forms())


@pytest.mark.django_db
def test_a_paper_that_comes_twice_is_one_and_the_first_day_stands(hospital: Hospital):
    hand_in(hospital, counts={"births": 3})
    hand_in(hospital, counts={"deaths": 1}, kept_where="2号柜")
    paper = VillagePaper.objects.get()
    assert (paper.received_at, paper.counts, paper.kept_where) == (NOON, {"births": 3, "deaths": 1}, "2号柜")


@pytest.mark.django_db
def test_a_scan_is_sealed_on_the_disk_and_opened_for_the_village(hospital: Hospital):
    paper = hand_in(hospital, scan=ContentFile(JPEG, name="照片.jpg"))
    assert b"paper" not in Path(paper.scan.path).read_bytes()
    with paper.scan.open("rb") as content:
        assert content.read() == JPEG


@pytest.mark.django_db
def test_a_file_that_is_no_picture_is_refused(hospital: Hospital):
    with pytest.raises(NoScan):
        hand_in(hospital, scan=ContentFile(b"MZ\x90\x00", name="x.jpg"))
    assert not VillagePaper.objects.exists()


@pytest.mark.django_db
def test_a_village_doctor_hands_in_for_the_own_village_only(hospital: Hospital):
    with pytest.raises(NotAllowed):
        hand_paper_in(by=hospital.actor("mavillage"), village=hospital.place, form="outbreak", month=AUGUST, at=NOON)


@pytest.mark.django_db
def test_the_archive_of_a_village_has_twelve_months(hospital: Hospital):
    hand_in(hospital)
    rows = year_of(hospital.village.community, 2026, NOON)
    assert {form: len(cells) for form, cells in rows.items()} == dict.fromkeys(forms(), 12)
    assert rows["births_deaths"][7].paper == VillagePaper.objects.get()


@pytest.mark.django_db
@time_machine.travel(NOON)
def test_a_village_doctor_photographs_a_paper_on_the_phone(hospital: Hospital):
    client = desk("mavillage")
    keys = {"pk": hospital.village.community.pk, "form": "births_deaths", "year": 2026, "month": 8}
    sent = {"scan": ContentFile(JPEG, name="a.jpg"), "births": "3"}
    assert client.post(reverse("villages:paper", kwargs=keys), sent).status_code == 302
    assert client.get(reverse("villages:scan", kwargs=keys)).content == JPEG
    assert client.get(reverse("villages:month")).status_code == 200
    assert client.get(reverse("villages:year", args=[keys["pk"]])).status_code == 200


def history(per_week: int, this: int, last: date = date(2026, 11, 22)) -> list[date]:
    past = [
        last - year * YEAR + shift * WEEK for year in range(1, 6) for shift in (-1, 0, 1) for _case in range(per_week)
    ]
    return past + [last - timedelta(days=n % 7) for n in range(this)]


@pytest.mark.parametrize(
    ("per_week", "cases_now", "is_unusual"),
    [(2, 7, True), (2, 4, False), (0, 2, False), (0, 3, True), (20, 27, False), (20, 30, True)],
)
def test_a_week_against_its_five_years(per_week: int, cases_now: int, is_unusual: bool):
    found = week(history(per_week, cases_now), date(2026, 11, 22), date(2015, 1, 1))
    assert (found.cases, found.expected) == (cases_now, per_week)
    assert found.is_unusual is is_unusual


def test_years_without_records_are_not_years_without_cases():
    found = week(history(0, 9), date(2026, 11, 22), date(2025, 1, 1))
    assert (found.limit, found.is_unusual) == (None, False)


@given(st.lists(st.integers(0, 2500), max_size=60), st.integers(0, 30))
def test_one_case_more_never_makes_a_week_usual(days: list[int], more: int):
    last, since = date(2026, 11, 22), date(2015, 1, 1)
    onsets = [last - timedelta(days=day) for day in days]
    if week(onsets, last, since).is_unusual:
        assert week([*onsets, *[last] * more], last, since).is_unusual


@pytest.mark.django_db
def test_cases_by_place_age_and_week(hospital: Hospital):
    handed_in(hospital)
    found = cases(hospital.actor("fangcontrol"), "麻疹")
    assert [(place.name, count) for place, count in by_area(found)] == [("柳林社区", 1)]
    assert [row for row in by_age(found) if row[1] or row[2]] == [("4–6", 1, 0)]
    assert [count for _end, count, _before in curve(found, date(2026, 9, 7), 3)] == [0, 0, 1]
    assert [(name, one.cases) for name, one in this_week(hospital.actor("fangcontrol"), date(2026, 9, 7))] == [
        ("麻疹", 1)
    ]


@pytest.mark.django_db
def test_a_case_that_is_not_on_record_is_unknown_never_unvaccinated(hospital: Hospital):
    [shot] = vaccinated([handed_in(hospital)])
    assert (shot.valid, shot.missed) == (None, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("doses", "valid", "missed"), [([], 0, True), ([date(2021, 11, 20), date(2022, 10, 1)], 2, False)]
)
def test_a_case_is_joined_to_its_doses(hospital: Hospital, doses: list[date], valid: int, missed: bool):
    number = "110105202103110017"
    person = Person.objects.create(name="张小鱼", sex="1", birth_date=date(2021, 3, 11))
    Identifier.objects.create(
        person=person, kind=Identifier.Kind.ID_CARD, number=Sealed.of(number), lookup=identifier_lookup(number)
    )
    for given_on in doses:
        Dose.objects.create(person=person, product_code="1201", source="imported", given_on=given_on)
    [shot] = vaccinated([handed_in(hospital)])
    assert (shot.series, shot.valid, shot.missed) == ("MMR", valid, missed)


@pytest.mark.django_db
@time_machine.travel(NOON)
def test_the_page_of_the_head_opens_for_each_disease(hospital: Hospital):
    handed_in(hospital)
    client = desk("fangcontrol")
    assert client.get(reverse("epidemiology:home")).status_code == 200
    page = client.get(f"{reverse('epidemiology:home')}?disease=麻疹").content.decode()
    assert "style=" not in page
