"""The register of overrides: whoever answers for the site reads, prints and downloads it; nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client
from tests.clinic.site import Site
from tests.clinic.test_consent_and_screening import ask, at_screening

from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.screening import Decision
from qingmiao.clinic.screening import Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]
ADDRESS = "/site/screening/overrides/"


@pytest.fixture
def decided(site: Site) -> Site:
    visit = at_screening(site)
    answered = site.all_no("zhangwei", neurological="yes")
    ask(site, visit, answered, decision=Decision(Outcome.GO, reason="已停药两年，神经科出具证明"))
    return site


def test_an_override_stands_with_rule_reason_and_doctor(decided: Site, sit: Sit):
    page = sit("zhenghua").get(ADDRESS).content.decode()
    for text in ("张伟", "covid_inactivated.neurological", "已停药两年", "孙明"):
        assert text in page
    assert AuditEntry.objects.filter(verb="clinic.read_overrides", is_look=True).count() == 1


def test_it_is_downloaded_as_a_spreadsheet(decided: Site, sit: Sit):
    answer = sit("sunming").get(ADDRESS, {"format": "xlsx"})
    assert answer.content[:2] == b"PK"


def test_other_days_show_others(decided: Site, sit: Sit):
    page = sit("sunming").get(ADDRESS, {"first": "2021-01-01", "last": "2021-05-31"}).content.decode()
    assert "张伟" not in page


@pytest.mark.parametrize(("stranger", "status"), [("zhoulin", 403), ("zhaoqian", 403), ("fengyuan", 200)])
def test_strangers_read_no_override_of_this_site(decided: Site, sit: Sit, stranger: str, status: int):
    answer = sit(stranger).get(ADDRESS)
    assert (answer.status_code, "张伟" in answer.content.decode()) == (status, False)
