"""Whatever happens to a child's dose at the site, what is owed to the child is written anew; grown-ups cost nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.clinic.site import Site, at
from tests.clinic.test_sync import GIVEN, dose, event, outcomes, send
from tests.village import TODAY

from qingmiao.clinic.actions.corrections import Proposal, confirm_correction, propose_correction
from qingmiao.clinic.actions.injection import record_dose, withdraw_dose
from qingmiao.clinic.actions.sync import enrol_tablet
from qingmiao.clinic.models import Correction, Tablet, Visit
from qingmiao.registry.actions.people import Particulars, register_person
from qingmiao.registry.models import Dose, Person
from qingmiao.schedule.models import DueDose
from qingmiao.staff.access import system

pytestmark = pytest.mark.django_db
EVE = TODAY - timedelta(days=1)


@pytest.fixture
def tablet(site: Site) -> Tablet:
    return enrol_tablet(
        by=site.actor("zhoulin"), site=site.village.site, tablet_id=uuid4(), name="接种台1", key="a2V5", at=at(8)
    )


def judged_yesterday(*people: Person) -> None:
    """Rows of last night's lists."""
    DueDose.objects.all().delete()
    DueDose.objects.bulk_create(
        DueDose(person=one, series="HepB", dose_number=9, earliest=EVE, recommended=EVE, judged_on=EVE)
        for one in people
    )


def is_anew(person: Person) -> bool:
    """Whether the rows of a child are of today, and none is of yesterday."""
    return set(DueDose.objects.filter(person=person).values_list("judged_on", flat=True)) == {TODAY}


def children(site: Site, count: int) -> list[Visit]:
    """Seven-year-olds who stand before the needle."""
    return [
        Visit.objects.create(
            session=site.session,
            person=register_person(
                by=system("test"),
                particulars=Particulars(f"孩子{n}", sex="2", birth_date=site.people["chenxiaoming"].birth_date),
                brought_by=site.village.site,
            ),
            product=site.product,
            state="screened",
            ticket=f"A{n + 1:03}",
            **dict.fromkeys(("arrived_at", "informed_at", "consented_at", "screened_at", "queued_at"), at(9)),
        )
        for n in range(count)
    ]


def written_by_hand(site: Site, visit: Visit) -> Dose:
    return record_dose(
        by=site.actor("zhoulin"), visit=visit, lot=site.lot, desk=site.desks["injection"], body_site="", at=at(9, 58)
    )


def dose_for(site: Site, visit: Visit) -> dict[str, Any]:
    return event("dose", visit, GIVEN, lot=site.lot.pk, body_site="left_deltoid", desk=site.desks["injection"].pk)


def test_a_sending_of_a_child(site: Site, tablet: Tablet):
    [visit] = children(site, 1)
    judged_yesterday(visit.person)
    assert outcomes(send(site, tablet, dose_for(site, visit))) == ["new"]
    assert is_anew(visit.person)


def test_the_children_of_a_sending_are_judged_in_one_go(site: Site, tablet: Tablet):
    alone, *many = children(site, 6)
    counts = []
    for visits in ([alone], many):
        judged_yesterday(*(visit.person for visit in visits))
        with CaptureQueriesContext(connection) as asked:
            send(site, tablet, *(dose_for(site, visit) for visit in visits))
        assert all(is_anew(visit.person) for visit in visits)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_grown_ups_of_a_sending_ask_nothing_of_the_lists(site: Site, tablet: Tablet):
    site.batch("zhangwei", "lihong")
    asked: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        send(site, tablet, dose(site, "zhangwei"), dose(site, "lihong"))
    assert asked
    assert not [sql for sql in asked if DueDose._meta.db_table in sql]


def test_a_dose_taken_back(site: Site):
    [visit] = children(site, 1)
    given = written_by_hand(site, visit)
    judged_yesterday(visit.person)
    withdraw_dose(by=site.actor("zhoulin"), dose=given, reason="点错了人", at=at(9, 59))
    assert is_anew(visit.person)


def test_a_dose_that_moves_to_another_child(site: Site):
    wrong, right = children(site, 2)
    given = written_by_hand(site, wrong)
    judged_yesterday(wrong.person, right.person)
    proposed = propose_correction(
        by=site.actor("zhoulin"),
        dose=given,
        proposal=Proposal(Correction.Kind.PERSON, person=right.person),
        reason="两人调换",
        at=at(10, 5),
    )
    confirm_correction(by=site.actor("zhenghua"), correction=proposed, at=at(10, 6))
    assert is_anew(wrong.person)
    assert is_anew(right.person)
