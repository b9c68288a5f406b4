"""What the schedule says at the screening desk: shown with its rule, warnings pass, what it forbids needs a reason."""

from datetime import date, timedelta

import pytest
from tests.clinic.site import Site, at
from tests.clinic.test_consent_and_screening import ask, at_screening
from tests.village import TODAY

from qingmiao.clinic.actions.screening import Decision, ReasonNeeded
from qingmiao.clinic.models import Screening
from qingmiao.clinic.queries.advice import advice_of
from qingmiao.clinic.queries.exits import exits_between, overrides
from qingmiao.clinic.queries.people import reason_in
from qingmiao.clinic.rules import State
from qingmiao.clinic.screening import Outcome
from qingmiao.registry.actions.facts import record_fact
from qingmiao.registry.models import Dose, Person

pytestmark = pytest.mark.django_db


def earlier_dose(person: Person, day: date, code: str = "5601") -> None:
    Dose.objects.create(
        person=person, product_code=code, vaccine="前一剂", given_on=day, source=Dose.Source.IMPORTED, dose_number=1
    )


def test_a_first_dose_is_neither_stopped_nor_warned_about(site: Site):
    assert advice_of(site.people["zhangwei"], "5601", TODAY).spoken == ()


def test_a_dose_that_may_be_given_is_told_with_its_rule(site: Site):
    [told] = advice_of(site.people["zhangwei"], "5601", TODAY).offered
    assert told.consequence.outcome is Outcome.GO
    assert told.consequence.rule.startswith("cn.covid19")
    assert "今天可以接种新冠灭活疫苗" in told.consequence.because.zh
    assert told.consequence.rule in told.consequence.because.en


def test_a_dose_before_its_interval_is_deferred_until_the_first_day_it_counts(site: Site):
    called = at_screening(site)
    earlier_dose(site.people["zhangwei"], TODAY - timedelta(days=5))  # found only now: another site has sent it
    advice = advice_of(site.people["zhangwei"], "5601", TODAY)
    [stop] = advice.stops
    assert advice.offered == ()
    assert (stop.consequence.outcome, stop.until) == (Outcome.DEFER, TODAY + timedelta(days=16))
    assert stop.consequence.rule.startswith("cn.")
    screening = ask(site, called, site.all_no("zhangwei"))
    visit = site.visit("zhangwei")
    assert (screening.judged, visit.where, visit.deferred_until) == (
        "defer", State.DEFERRED, TODAY + timedelta(days=16),
    )  # fmt: skip
    assert visit.exit_code == stop.consequence.rule
    assert reason_in("en", visit) != visit.exit_reason


def test_a_doctor_gives_it_nevertheless_with_a_reason_that_stands_in_the_register(site: Site):
    visit, answered = at_screening(site), site.all_no("zhangwei")
    earlier_dose(site.people["zhangwei"], TODAY - timedelta(days=20))
    with pytest.raises(ReasonNeeded):
        ask(site, visit, answered, decision=Decision(Outcome.GO))
    ask(site, visit, answered, decision=Decision(Outcome.GO, reason="出境在即，本人知情并书面要求"))
    assert site.visit("zhangwei").where is State.SCREENED
    [entry] = overrides(Screening.objects.all(), TODAY, TODAY)
    assert (entry.judged, entry.decided, entry.override_reason[:4]) == ("defer", "go", "出境在即")
    assert list(overrides(Screening.objects.all(), TODAY + timedelta(days=1), TODAY + timedelta(days=9))) == []


def test_a_complete_course_is_a_warning_and_blocks_nobody(site: Site):
    called = at_screening(site)
    for days in (60, 30):
        earlier_dose(site.people["zhangwei"], TODAY - timedelta(days=days))
    advice = advice_of(site.people["zhangwei"], "5601", TODAY)
    assert (advice.stops, len(advice.warnings)) == ((), 1)
    assert ask(site, called, site.all_no("zhangwei")).decided == "go"


def test_a_recorded_contraindication_stops_without_being_asked_again(site: Site):
    child = site.people["chenxiaoming"]
    Person.objects.filter(pk=child.pk).update(birth_date=TODAY - timedelta(days=20), brought_by=site.village.site)
    child.refresh_from_db()
    record_fact(by=site.actor("sunming"), person=child, code="immunodeficient", value=True, at=at(9))
    advice = advice_of(child, "0101", TODAY)
    assert [one.consequence.outcome for one in advice.stops] == [Outcome.CONTRAINDICATED]


def test_a_vaccine_unknown_to_the_rules_is_not_judged(site: Site):
    assert advice_of(site.people["zhangwei"], "7777", TODAY).spoken == ()


def test_why_people_went_is_counted_by_reason(site: Site):
    ask(site, at_screening(site), site.all_no("zhangwei", fever="yes"))
    expected = {(State.DEFERRED, "covid_inactivated.fever"): 1}
    assert exits_between(TODAY, TODAY, site=site.village.site) == expected
    assert exits_between(TODAY, TODAY, unit=site.village.cafe) == expected
    assert exits_between(TODAY, TODAY, unit=site.village.karaoke) == {}
