"""Progress follows the campaign's own vaccine and course: influenza of this season, measles in the round, HPV twice."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.urls import reverse
from docx import Document
from tests.campaign.office import at
from tests.reports.bureau import Bureau, vaccinate

from qingmiao.campaign.actions.organisation import change_campaign, open_campaign
from qingmiao.campaign.models import Campaign
from qingmiao.reports.actions.written import compile_facts
from qingmiao.reports.indicators import UnknownIndicator, indicator, indicators
from qingmiao.reports.models import Snapshot
from qingmiao.reports.queries import full_count, live
from qingmiao.reports.queries.campaigns import course_of, rule_at, rule_of
from qingmiao.reports.queries.head import head_page
from qingmiao.reports.rules import Share
from qingmiao.reports.summary.written import written
from qingmiao.staff.access import system

if TYPE_CHECKING:
    from django.test import Client

    from qingmiao.reports.indicators import Indicator

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BEGAN, LATER = date(2021, 4, 20), date(2021, 4, 25)


def opened(bureau: Bureau, kind: str, starts_on: date = BEGAN) -> Campaign:
    return open_campaign(
        by=system("test"),
        organisation=bureau.office,
        kind=kind,
        title=kind,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=60),
    )


def told(rule: Indicator | None, bureau: Bureau, on: date = LATER) -> int:
    """How many are above the line, as the kept counts and as a full count say."""
    assert rule is not None
    kept = live.figure_of(rule, bureau.office, on)
    assert kept == full_count.figure_of(rule, bureau.office, on)
    assert live.first_doses_by_day(rule, bureau.office, on) == full_count.first_doses_by_day(rule, bureau.office, on)
    assert live.people_behind(rule, bureau.office, on, "done").count() == kept.done
    return kept.done


def test_influenza_counts_this_season_and_not_the_last(bureau: Bureau):
    campaign, (last_season, both, this_season) = opened(bureau, "influenza"), bureau.people[:3]
    for person, day in ((last_season, date(2020, 11, 1)), (both, date(2020, 11, 1)), (both, BEGAN),
                        (this_season, LATER)):  # fmt: skip
        vaccinate(person, day, product_code="2102")
    assert told(rule_of(campaign), bureau, BEGAN) == 1
    assert told(rule_of(campaign), bureau) == 2


def test_a_measles_round_gives_one_dose_whatever_was_given_before(bureau: Bureau):
    campaign, child = opened(bureau, "measles_supplementary"), bureau.people[0]
    for day in (date(2019, 3, 1), date(2020, 3, 1)):
        vaccinate(child, day, product_code="1201")
    assert told(rule_of(campaign), bureau) == 0
    vaccinate(child, LATER, product_code="1401")
    assert told(rule_of(campaign), bureau) == 1


def test_doses_given_before_anybody_opened_the_campaign_are_in_its_round(bureau: Bureau):
    vaccinate(bureau.people[0], LATER, product_code="2108")
    assert live.figure_of(indicator("covid19.vaccinated"), bureau.office, LATER).done == 46
    campaign = opened(bureau, "influenza")
    assert told(rule_of(campaign), bureau) == 1


def test_a_campaign_that_is_moved_counts_from_its_new_first_day(bureau: Bureau):
    campaign = opened(bureau, "influenza")
    vaccinate(bureau.people[0], BEGAN, product_code="2108")
    assert told(rule_of(campaign), bureau) == 1
    moved = change_campaign(
        by=system("test"), campaign=campaign, version=campaign.version, changes={"starts_on": LATER}
    )
    assert told(rule_of(moved), bureau) == 0


def test_hpv_is_begun_with_one_dose_and_done_with_two(bureau: Bureau):
    campaign, (once, twice) = opened(bureau, "hpv_school"), bureau.people[:2]
    for person, day in ((once, BEGAN), (twice, date(2020, 9, 1)), (twice, LATER)):
        vaccinate(person, day, product_code="5501")
    assert told(rule_of(campaign), bureau) == 2
    assert told(course_of(campaign), bureau, BEGAN) == 0
    assert told(course_of(campaign), bureau) == 1
    [done] = live.people_behind(course_of(campaign), bureau.office, LATER, "done")
    assert done.first_dose_on == LATER


def test_each_covid_vaccine_has_a_course_of_its_own(bureau: Bureau):
    course = course_of(opened(bureau, "covid19"))
    single, inactivated, subunit = bureau.people[100:103]
    vaccinate(single, LATER, product_code="5602")
    for number in range(2):
        vaccinate(inactivated, BEGAN + timedelta(days=number), product_code="5601")
        vaccinate(subunit, BEGAN + timedelta(days=number), product_code="5603")
    assert told(course, bureau) == 2
    vaccinate(subunit, LATER, product_code="5603")
    assert told(course, bureau) == 3


def test_a_round_that_no_campaign_began_is_counted_in_full(bureau: Bureau):
    vaccinate(bureau.people[0], LATER, product_code="2102")
    assert told(indicator("influenza.vaccinated:2021-04-20"), bureau) == 1


def test_a_season_must_be_said(bureau: Bureau):
    for name in ("influenza.vaccinated", "influenza.vaccinated:soon", "covid19.vaccinated:2021-04-20"):
        with pytest.raises(UnknownIndicator):
            indicator(name)


def test_the_head_and_the_plan_follow_the_campaign(bureau: Bureau, client: Client):
    campaign = opened(bureau, "influenza")
    vaccinate(bureau.people[0], BEGAN, product_code="2102")
    page = head_page(bureau.office, [], at(12, day=LATER))
    assert (page.rule, page.total.share) == (rule_of(campaign), Share(1, 120))
    client.force_login(bureau.village.users["kongming"])
    plan = client.get(reverse("campaign:plan", args=[campaign.pk])).content.decode()
    assert "流感疫苗接种率" in plan
    assert ">1</a> / 120" in plan
    people = client.get(reverse("reports:people", args=[bureau.office.pk]) + "?which=done").content.decode()
    assert bureau.people[0].name in people
    client.post(
        reverse("reports:freeze", args=[bureau.office.pk]),
        {"on": LATER.isoformat(), "request_id": str(uuid4()), "rule": rule_at(bureau.office).id},
    )
    frozen = Snapshot.objects.get()
    assert (frozen.numerator, frozen.rule) == (1, "influenza.vaccinated:2021-04-20-1")


def test_a_written_report_says_what_the_campaign_counts(bureau: Bureau):
    opened(bureau, "influenza")
    vaccinate(bureau.people[0], BEGAN, product_code="2102")
    facts = compile_facts(
        by=system("test"), organisation=bureau.office, kind="weekly", since=BEGAN, until=LATER, today=LATER,
        at=at(12, day=LATER),
    )  # fmt: skip
    made = written(facts, {})
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(made.content)).paragraphs)
    assert "台账登记120人，本季已接种1人" in text
    assert "influenza.vaccinated:2021-04-20-1" in {row["rule"] for row in made.annex}


@pytest.mark.parametrize(
    ("name", "counted_in"),
    [
        ("新冠灭活疫苗", {"covid19.course"}),
        ("流感疫苗", {"influenza.vaccinated:2021-04-20"}),
        ("人乳头瘤病毒疫苗", {"hpv.begun", "hpv.course"}),
        ("麻腮风疫苗", {"measles.round:2021-04-20"}),
        ("狂犬病疫苗", set()),
        ("", {"covid19.course"}),  # the lists of that campaign named no vaccine
    ],
)
def test_a_row_of_a_list_without_a_code_counts_by_its_name_in_both_ways(
    bureau: Bureau, name: str, counted_in: set[str]
):
    rules = [rule for kind in ("influenza", "measles_supplementary") if (rule := rule_of(opened(bureau, kind)))]
    for number in range(2):
        vaccinate(bureau.people[100], BEGAN + timedelta(days=number), product_code="", vaccine=name)
    rules += [rule for rule in indicators().values() if not rule.of_a_round]
    found = {rule.id: told(rule, bureau) for rule in rules}
    assert {rule for rule, done in found.items() if done} == {"covid19.vaccinated", *counted_in}
