"""People on record, judged by China's schedule."""

from datetime import UTC, date, datetime, time

import pytest
from tests.village import TODAY, Village

from qingmiao.registry.actions.facts import record_fact
from qingmiao.registry.actions.people import Particulars, register_person
from qingmiao.registry.facts import BadFact, checked
from qingmiao.registry.models import Dose, Fact, Person
from qingmiao.schedule.queries import Judgement, SeriesVerdict, judgements
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.actions import assign_role
from qingmiao.staff.models import Role

pytestmark = pytest.mark.django_db
BORN = date(2026, 1, 15)
AT = datetime(2026, 9, 1, 1, tzinfo=UTC)


@pytest.fixture
def child(village: Village) -> Person:
    return register_person(
        by=village.actor("zhaoqian"),
        particulars=Particulars("陈雨桐", sex="2", birth_date=BORN, birth_time=time(9, 30), home=village.community),
    )


def given(child: Person, product_code: str, given_on: date, **more) -> Dose:
    return Dose.objects.create(
        person=child, product_code=product_code, given_on=given_on, source=Dose.Source.PAPER, **more
    )


def series(judged: Judgement, name: str) -> SeriesVerdict:
    return next(row for row in judged.series if row.series == name)


def test_a_newborn_of_a_mother_not_tested_is_owed_hepatitis_b_within_twelve_hours(child: Person):
    """Born 09:30, so the twelve hours end on the birth day itself."""
    [judged] = judgements([child], on=BORN)
    hepb = series(judged, "HepB")
    assert (hepb.next_dose, hepb.earliest, hepb.overdue_from) == (1, BORN, BORN)


def test_a_dose_on_the_ledger_is_judged_and_counts(child: Person):
    dose = given(child, "0202", BORN)
    early = given(child, "0202", date(2026, 2, 14))
    [judged] = judgements([child], on=date(2026, 4, 1))
    assert [(row.dose, row.status, row.reason, row.number) for row in judged.doses if row.series == "HepB"] == [
        (dose, "valid", None, 1),
        (early, "invalid", "too_young", None),
    ]
    assert series(judged, "HepB").next_dose == 2


def test_held_and_undated_doses_are_not_counted(child: Person):
    given(child, "0202", BORN, held=Dose.Held.TWICE)
    Dose.objects.create(person=child, product_code="0202", source=Dose.Source.PAPER)
    [judged] = judgements([child], on=date(2026, 4, 1))
    assert judged.doses == ()
    assert series(judged, "HepB").next_dose == 1


def test_facts_reach_the_rules(village: Village, child: Person):
    assign_role(
        by=village.actor("yanan"),
        user=village.users["sunming"],
        role=Role.CLINIC_DOCTOR,
        organisation=village.district,
        valid_from=TODAY,
    )
    doctor = village.actor("sunming")
    record_fact(by=doctor, person=child, code="mother_hbsag", value="pos", at=AT)
    record_fact(by=doctor, person=child, code="birth_weight_g", value=1800, at=AT)
    for day in (BORN, date(2026, 2, 15), date(2026, 8, 15)):
        given(child, "0202", day)
    [judged] = judgements([child], on=date(2026, 9, 1))
    assert series(judged, "HepB").next_dose == 4  # under 2000 g of a positive mother: four doses
    assert "pos" not in str(Fact.objects.first().content)


def test_a_fact_that_cannot_be_is_refused_with_what_can(village: Village, child: Person):
    with pytest.raises(NotAllowed):
        record_fact(by=village.actor("zhaoqian"), person=child, code="hiv", value="unknown", at=AT)
    with pytest.raises(BadFact, match="200–9000"):
        checked("birth_weight_g", 12)
    with pytest.raises(BadFact, match="pos / neg / unknown"):
        checked("mother_hbsag", "yes")


def test_many_people_take_as_many_queries_as_one(child: Person, village: Village, django_assert_num_queries):
    others = [
        register_person(by=village.actor("zhaoqian"), particulars=Particulars(f"某{n}", birth_date=BORN))
        for n in range(5)
    ]
    with django_assert_num_queries(2):
        assert len(judgements([child, *others], on=date(2026, 9, 1))) == 6
