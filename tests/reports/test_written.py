"""Reports of a stretch of days: their facts are kept, named in the annex, and open to the rows behind them."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from docx import Document
from tests.reports.bureau import AT as BUREAU_AT
from tests.reports.bureau import DAY_1, DAY_2, Bureau
from tests.reports.clinic import AT, Clinic
from tests.village import TODAY

from qingmiao.demo.clinic_year import GIVEN_IN_YEAR, YEAR, invented, keep_to_the_report
from qingmiao.reports.actions.written import DaysWrong, compile_facts
from qingmiao.reports.models import Compilation
from qingmiao.reports.queries.doses import doses_behind, sites_below
from qingmiao.reports.summary.kinds.clinic import counted_vaccines
from qingmiao.reports.summary.written import written
from qingmiao.staff.access import system

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SPRING = date(2021, 1, 1), date(2021, 5, 31)


def facts(clinic: Clinic, since: date = SPRING[0], until: date = SPRING[1]) -> Compilation:
    return compile_facts(
        by=clinic.doctor(), organisation=clinic.centre, kind="clinic", since=since, until=until, today=TODAY, at=AT
    )


def words(content: bytes) -> str:
    document = Document(BytesIO(content))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_demo_year_has_exactly_the_doses_of_report_c():
    children = invented()
    keep_to_the_report(children)
    for code, doses in GIVEN_IN_YEAR.items():
        assert sum(day.year == YEAR for child in children for day in child.visits[code]) == doses, code
    assert sum(GIVEN_IN_YEAR.values()) == 11619
    assert all(
        days == sorted(days) and min(days) > child.born for child in children for days in child.visits.values() if days
    )


def test_a_clinic_counts_what_it_gave_itself(clinic: Clinic):
    """The birth doses were the maternity hospital's: who gives, counts."""
    kept = facts(clinic)
    given = {row["key"]: row["doses"] for row in kept.facts["vaccines"]}
    assert given == dict.fromkeys(given, 0) | {"hepb": 3, "ipv": 3, "dtap": 2}
    assert kept.facts["total"] == 9
    assert kept.facts["counted"] == 8


def test_each_count_of_the_year_opens_to_that_many_rows(clinic: Clinic):
    kept = facts(clinic)
    for vaccine in counted_vaccines():
        row = next((row for row in kept.facts["vaccines"] if row["key"] == vaccine["key"]), None)
        rows = doses_behind(sites_below(clinic.centre), *SPRING, vaccine["codes"])
        assert rows.count() == (row["doses"] if row else 0), vaccine["key"]


def test_the_word_file_names_every_figure_it_uses(clinic: Clinic):
    made = written(facts(clinic), {"lead": "在镇党委领导下，"})
    text = words(made.content)
    assert "乙肝疫苗3剂次" in text
    assert "在镇党委领导下" in text
    assert {row["field"]: row["value"] for row in made.annex if row["field"] in ("hepb", "total")} == {
        "hepb": "3",
        "total": "9",
    }
    assert "lead" not in {field.name for field in made.blanks}
    assert "【" in text


def test_what_is_recorded_later_does_not_change_kept_facts(clinic: Clinic):
    kept = facts(clinic)
    clinic.give(date(2021, 5, 20), "0402", 2)
    assert {row["key"]: row["doses"] for row in Compilation.objects.get(pk=kept.pk).facts["vaccines"]}["dtap"] == 2
    assert {row["key"]: row["doses"] for row in facts(clinic).facts["vaccines"]}["dtap"] == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Compilation.objects.filter(pk=kept.pk).update(facts={})


def test_days_that_have_not_come_are_refused(clinic: Clinic):
    with pytest.raises(DaysWrong):
        facts(clinic, until=date(2021, 6, 2))
    with pytest.raises(DaysWrong):
        facts(clinic, since=date(2021, 6, 1), until=date(2021, 5, 1))


@pytest.mark.parametrize("kind", ["subdistrict", "weekly"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_campaign_is_told_even_where_little_is_known(bureau: Bureau, kind: str, language: str):
    from django.utils import translation

    place = bureau.village.district
    with translation.override(language):
        kept = compile_facts(
            by=system("test"), organisation=place, kind=kind, since=DAY_1, until=DAY_2, today=DAY_2, at=BUREAU_AT
        )
        made = written(kept, {})
    assert {row["field"]: row["value"] for row in made.annex}["done"] == "46"
    assert "46" in words(made.content)


def test_the_week_says_what_it_added(bureau: Bureau):
    kept = compile_facts(
        by=system("t"),
        organisation=bureau.village.district,
        kind="weekly",
        since=DAY_2,
        until=DAY_2,
        today=DAY_2,
        at=BUREAU_AT,
    )
    assert (kept.facts["added"], kept.facts["done"], kept.facts["before"]["done"]) == (22, 46, 24)


def test_the_page_counts_keeps_and_gives_the_file(clinic: Clinic, client: Client):
    client.force_login(clinic.village.users["shenyue"], "django.contrib.auth.backends.ModelBackend")
    address = f"/figures/{clinic.centre.pk}/report/clinic/"
    assert client.get(address).status_code == 200
    days = {"since": "2021-01-01", "until": "2021-05-31", "request_id": "9d3f1ab0-7a57-4d8e-9f6e-0c6ad1b2c002"}
    assert client.post(f"{address}count/", days).status_code == 302
    kept = Compilation.objects.get()
    page = client.get(address).content.decode()
    assert "since=2021-01-01&amp;until=2021-05-31&amp;code=02" in page
    assert client.get(f"/figures/facts/{kept.pk}/report.docx").content[:2] == b"PK"
    assert client.get(f"/figures/{clinic.centre.pk}/report/nothing/").status_code == 404
    listed = client.get(
        f"/figures/{clinic.centre.pk}/doses/?since=2021-01-01&until=2021-05-31&code=02"
    ).content.decode()
    assert listed.count('data-label="疫苗"') + listed.count('data-label="Vaccine"') == 3
    assert client.get("/clinic-year/?year=2021").status_code == 200
