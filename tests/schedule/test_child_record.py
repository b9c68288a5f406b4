"""A child's record: what is set aside, what is late, bands, birth dose in hours, who manages it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.schedule.village_child import NOW, TODAY, child, doctor, given
from tests.village import Village

from qingmiao.registry.actions.back_entry import DayCannotBe, DoseOnRecord
from qingmiao.registry.actions.facts import record_fact
from qingmiao.registry.actions.management import NotManaged, OutOfOrder, end_management, take_charge
from qingmiao.registry.back_entry import meanings
from qingmiao.registry.models import BackEntry, Dose, Management, Person
from qingmiao.schedule.child import record_of
from qingmiao.staff.access import NotAllowed

pytestmark = pytest.mark.django_db
BORN = date(2026, 1, 15)


def test_a_dose_too_early_is_written_and_shown_with_rule_and_cure(village: Village):
    by = doctor(village)
    person = child(village, by)
    given(village, by, person, "0202", BORN)
    early = given(village, by, person, "0202", date(2026, 2, 14))
    record = record_of(person, on=TODAY)
    [row] = [row for row in record.doses if row.dose == early]
    assert [one.status for one in row.judged] == ["invalid"]
    assert row.said[0].rule_id == "cn.hepb.dose_2"
    assert "陈雨桐" in row.said[0].text["zh"]


@pytest.mark.parametrize(
    ("day", "held", "finding"),
    [
        (date(2026, 1, 1), "date", "before_birth"),
        (date(2027, 1, 1), "date", "future"),
        (None, "date", "undated"),
        (date(2026, 2, 20), "vaccine", "unknown_vaccine"),
        (date(2026, 2, 20), "twice", "twice"),
    ],
)
def test_a_dose_that_cannot_be_judged_says_why(village: Village, day: date | None, held: str, finding: str):
    person = child(village, doctor(village))
    Dose.objects.create(person=person, product_code="0202", given_on=day, held=held, source=Dose.Source.IMPORTED)
    [row] = record_of(person, on=TODAY).doses
    assert (row.finding, row.judged) == (finding, ())


def test_a_late_dose_counts_and_says_by_how_much(village: Village):
    by = doctor(village)
    person = child(village, by, born=date(2024, 1, 15))
    given(village, by, person, "1201", date(2025, 1, 25))  # before 12 months by the text
    [row] = record_of(person, on=TODAY).doses
    assert row.late_by_days == 11


def test_bands_follow_the_edition_in_force_when_the_age_was_reached(village: Village):
    """DTaP started at 3 months until 2024 and at 2 months from 2025."""
    by = doctor(village)
    starts = {}
    for name, born in (("elder", date(2024, 1, 15)), ("younger", date(2025, 1, 15))):
        person = child(village, by, name=name, born=born, phone="")
        bands = record_of(person, on=TODAY).bands
        starts[name] = next(band.start for band in bands if (band.series, band.number) == ("DTP", 1))
    assert starts == {"elder": date(2024, 4, 15), "younger": date(2025, 3, 15)}


@pytest.mark.parametrize(("mother", "limit", "timely"), [("neg", 24, True), ("unknown", 12, False), ("pos", 12, False)])
def test_a_birth_dose_at_thirteen_hours(village: Village, mother: str, limit: int, timely: bool):
    by = doctor(village)
    person = child(village, by, at=time(9, 30))
    record_fact(by=by, person=person, code="mother_hbsag", value=mother, at=NOW)
    given(village, by, person, "0202", BORN, given_at=datetime(2026, 1, 15, 14, 30, tzinfo=UTC))  # 22:30 in China
    found = record_of(person, on=TODAY).birth_dose
    assert found is not None
    assert (found.hours, found.limit_hours, found.is_timely) == (13.0, limit, timely)


def test_without_the_hour_twelve_hours_cannot_be_shown(village: Village):
    by = doctor(village)
    person = child(village, by)
    given(village, by, person, "0202", BORN)
    found = record_of(person, on=TODAY).birth_dose
    assert found is not None
    assert (found.hours, found.is_timely) == (None, None)


def test_a_third_injection_is_to_be_talked_over(village: Village):
    record = record_of(child(village, doctor(village), born=date(2025, 1, 15)), on=TODAY)
    assert record.talk_over_from == 3
    assert record.has_many_injections


def test_an_old_dose_is_one_of_four_kinds_with_a_meaning(village: Village):
    by = doctor(village)
    person = child(village, by)
    dose = given(village, by, person, "0202", BORN, kind="other_province")
    assert (dose.source, dose.back_entry.kind) == ("elsewhere", "other_province")
    assert set(meanings()) == set(BackEntry.Kind.values)
    assert [kind for kind, row in meanings().items() if row.leaves_due] == [
        "other_province", "abroad", "hk_macao_taiwan",
    ]  # fmt: skip


def test_an_old_dose_twice_or_on_a_day_that_cannot_be_is_refused(village: Village):
    by = doctor(village)
    person = child(village, by)
    given(village, by, person, "0202", BORN)
    with pytest.raises(DoseOnRecord):
        given(village, by, person, "0202", BORN)
    for day in (BORN - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(DayCannotBe):
            given(village, by, person, "1201", day)
    assert Dose.objects.count() == 1


def test_a_record_changes_hands_and_ends_and_every_stretch_stays(village: Village):
    by = doctor(village)
    person = child(village, by)
    with pytest.raises(NotManaged):
        end_management(by=by, person=person, ending="moved", on=TODAY, at=NOW)
    take_charge(by=by, person=person, unit=village.centre, residence="floating", since=date(2026, 3, 1), at=NOW)
    take_charge(by=by, person=person, unit=village.centre, residence="local", since=date(2026, 6, 1), at=NOW)
    with pytest.raises(OutOfOrder):
        end_management(by=by, person=person, ending="moved", on=date(2026, 5, 1), at=NOW)
    end_management(by=by, person=person, ending="moved", on=date(2026, 9, 1), at=NOW)
    rows = Management.objects.filter(person=person).order_by("since")
    assert [(row.residence, row.until, row.ending) for row in rows] == [
        ("floating", date(2026, 6, 1), "changed"),
        ("local", date(2026, 9, 1), "moved"),
    ]
    person.refresh_from_db()
    assert (person.status, person.status_on) == (Person.Status.MOVED, date(2026, 9, 1))


def test_a_unit_of_others_cannot_be_put_in_charge(village: Village):
    by = doctor(village)
    with pytest.raises(NotAllowed):
        take_charge(by=by, person=child(village, by), unit=village.far_site, residence="local", since=TODAY, at=NOW)


def test_a_vaccine_that_the_rules_do_not_know_stands_on_record_and_is_not_judged(village: Village):
    """A ledger brought a code of another country; the page of that child did not open."""
    person = child(village, doctor(village))
    Dose.objects.create(person=person, product_code="9977", given_on=BORN, source=Dose.Source.IMPORTED)
    [row] = record_of(person, on=TODAY).doses
    assert (row.judged, row.said, row.finding) == ((), (), "")


def test_immunoglobulin_on_record_delays_a_live_vaccine(village: Village):
    by = doctor(village)
    person = child(village, by, born=date(2025, 3, 10))
    given(village, by, person, "4401", TODAY - timedelta(days=30))
    [refused] = [one for one in record_of(person, on=TODAY).today.may_not if one.product == "MMR"]
    assert (refused.until, refused.said[0].rule_id) == (date(2027, 1, 23), "cn.interactions.injected_live")
