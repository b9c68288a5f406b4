"""The demo year tells its eleven numbers alike wherever they are asked: the books, twelve monthly forms, the report."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from qingmiao.demo.clinic_year import GIVEN_IN_YEAR, YEAR, _given, found_places, invented, keep_to_the_report
from qingmiao.registry.models import Dose, Management, Person
from qingmiao.reports.actions.forms import open_form
from qingmiao.reports.actions.written import compile_facts
from qingmiao.reports.forms.counting import behind, rows_behind
from qingmiao.reports.keeping import carry_everything
from qingmiao.reports.models import Form
from qingmiao.reports.queries.doses import doses_behind, sites_below
from qingmiao.reports.summary.kinds.clinic import counted_vaccines
from qingmiao.staff.access import system
from qingmiao.staff.models import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = datetime(2024, 1, 20, 2, tzinfo=UTC)
SPAN = date(YEAR, 1, 1), date(YEAR, 12, 31)
# Rows of the routine form, by the beginning of their keys, that hold the doses of one vaccine of the report.
ROWS = {
    "0101": "BCG", "0202": "HepB", "0312": "Polio", "1401": "besides-1401", "1201": "Measles", "1801": "JE",
    "1901": "HepA", "0402": ("DTP-1", "DTP-2", "DTP-3", "DTP-4"), "1701": "MenAC", "1601": "MenA-", "0601": "DTP-5DT",
}  # fmt: skip


@pytest.fixture(scope="module")
def centre(django_db_setup, django_db_blocker):
    """The clinic of the demo with the books of its children, written as rows; the twelve forms are opened."""
    with django_db_blocker.unblock(), transaction.atomic():
        places = found_places(AT.date())
        _books(places)
        connection.cursor().execute("ANALYZE")  # PostgreSQL counts its rows by itself, but not inside a transaction
        for month in range(1, 13):
            open_form(
                by=system("test"), unit=places["centre"], kind="routine_month", period=date(YEAR, month, 1), at=AT
            )
        yield places["centre"]
        transaction.set_rollback(True)


def _books(places: dict[str, Organisation]) -> None:
    children = invented()
    keep_to_the_report(children)
    clinic, homes = places["centre"], {child.number: places[child.village] for child in children}
    people = Person.objects.bulk_create(
        Person(name=f"苗{n}", sex="1", birth_date=born, home=homes[n])
        for n, born in ((child.number, child.born) for child in children)
    )
    Management.objects.bulk_create(
        Management(person=person, unit=clinic, residence="local", since=person.birth_date, recorded_at=AT)
        for person in people
    )
    Dose.objects.bulk_create(
        Dose(person=person, product_code=code, vaccine=code, dose_number=number, given_on=day, site=places[site],
             site_name=places[site].name, source=Dose.Source.PAPER)
        for person, child in zip(people, children, strict=True)
        for site, code, number, day in _given(child)
        if day <= SPAN[1]
    )  # fmt: skip
    carry_everything()


def forms() -> list[Form]:
    return list(Form.objects.filter(kind="routine_month", period__year=YEAR).order_by("period"))


def test_the_twelve_monthly_forms_add_up_to_the_eleven_numbers(centre: Organisation):
    found: Counter[str] = Counter()
    for form in forms():
        for row in form.content["rows"]:
            [code] = [code for code, keys in ROWS.items() if row["key"].startswith(keys)] or [row["key"]]
            found[code] += row["cells"]["done"]
    assert {code: doses for code, doses in found.items() if doses} == GIVEN_IN_YEAR


def test_each_cell_of_the_forms_opens_to_as_many_doses(centre: Organisation):
    opened: Counter[str] = Counter()
    for form in forms():
        for row in form.content["rows"]:
            doses = [dose for _person, dose in rows_behind(behind(form, row["key"], "done")) if dose]
            assert len(doses) == row["cells"]["done"]
            opened.update(dose.product_code for dose in doses)
    assert opened == GIVEN_IN_YEAR


def test_the_report_says_the_eleven_numbers_and_each_opens_to_that_many_rows(centre: Organisation):
    kept = compile_facts(
        by=system("test"), organisation=centre, kind="clinic", since=SPAN[0], until=SPAN[1], today=AT.date(), at=AT
    )
    said = {row["key"]: row["doses"] for row in kept.facts["vaccines"] if row["doses"]}
    rows = {one["key"]: doses_behind(sites_below(centre), *SPAN, one["codes"]).count() for one in counted_vaccines()}
    assert said == {key: count for key, count in rows.items() if count}
    assert sorted(said.values()) == sorted(GIVEN_IN_YEAR.values())
    assert kept.facts["total"] == sum(GIVEN_IN_YEAR.values())
