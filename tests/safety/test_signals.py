"""A lot that has more reactions than is to be expected is shown; one that has as many as chance brings is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.clinic.site import Site, at
from tests.village import TODAY

from qingmiao.registry.models import Dose, Person
from qingmiao.safety.actions.cases import Seen, open_case
from qingmiao.safety.queries.lot_signals import clusters, signals
from qingmiao.staff.access import system

pytestmark = pytest.mark.django_db


def given(site: Site, lot: str, count: int, day: date = TODAY) -> list[Dose]:
    people = Person.objects.bulk_create(Person(name=f"甲{lot}{n}") for n in range(count))
    return Dose.objects.bulk_create(
        Dose(
            person=person,
            product_code="5601",
            vaccine="新冠灭活",
            given_on=day,
            given_at=at(9, day=day),
            lot_number=lot,
            site=site.village.site,
            site_name=site.village.site.name,
            given_by_id=1,
            source="here",
        )
        for person in people
    )


def ill(dose: Dose, reaction: str = "rash", hours: int = 1) -> None:
    onset = dose.given_at + timedelta(hours=hours)
    open_case(by=system("test"), dose=dose, seen=Seen(reaction, onset, onset), at=onset)


def lines(site: Site, by: str = "lot") -> dict[tuple[str, str], object]:
    found = signals(site.actor("yanfang"), TODAY + timedelta(days=3))
    return {(line.name, line.kind): line for line in found if line.by == by}


def test_the_lot_that_signals(site: Site):
    for dose in given(site, "BAD", 100)[:3]:
        ill(dose)
    ill(given(site, "GOOD", 400)[0])
    found = lines(site)
    bad, good = found["BAD", "any"], found["GOOD", "any"]
    assert (bad.observed, bad.doses, bad.expected, bad.is_signal) == (3, 100, pytest.approx(0.05), True)
    assert bad.chance == pytest.approx(2.007e-5, rel=1e-3)
    assert (good.observed, good.doses, good.is_signal) == (1, 400, False)
    assert signals(site.actor("yanfang"), TODAY + timedelta(days=3))[0].name in ("BAD", "新冠灭活", "青河街道接种点")


def test_a_lot_without_cases_is_not_listed_and_other_years_do_not_count(site: Site):
    given(site, "QUIET", 50)
    ill(given(site, "OLD", 10, TODAY - timedelta(days=400))[0])
    assert lines(site) == {}


def test_several_serious_ones_of_one_kind_in_a_week_are_a_cluster(site: Site):
    first, second, third = given(site, "BAD", 3)
    ill(first, "febrile_seizure", 1)
    ill(second, "febrile_seizure", 24 * 6)
    ill(third, "febrile_seizure", 24 * 14)
    [cluster] = clusters(site.actor("yanfang"), TODAY + timedelta(days=20))
    assert [case.dose for case in cluster.cases] == [first, second]


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_see_no_signal(site: Site, stranger: str):
    for dose in given(site, "BAD", 100)[:3]:
        ill(dose)
    assert signals(site.actor(stranger), TODAY) == clusters(site.actor(stranger), TODAY) == []
