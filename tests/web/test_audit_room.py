"""The audit administrator answers: who looked at this person?"""

import pytest
from django.test import Client
from tests.registry.test_people import register
from tests.village import PASSWORD, TODAY, Village

from qingmiao.staff.access import system
from qingmiao.staff.actions import assign_role, open_account
from qingmiao.staff.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(village: Village) -> Client:
    by = system("test")
    user = open_account(by=by, username="baogong", display_name="包公", password=PASSWORD, is_demo=True)
    assign_role(by=by, user=user, role=Role.AUDITOR, organisation=village.district, valid_from=TODAY)
    client = Client()
    client.force_login(user)
    return client


def verbs(page) -> list[str]:
    return [entry.verb for entry, _account in page.context["rows"]]


def test_a_search_that_showed_one_among_others_is_found(village: Village, auditor: Client):
    first, second = register(village), register(village, number="440524188001010014", name="曾国荃")
    liaison = Client()
    liaison.force_login(village.users["zhaoqian"])
    liaison.get("/search/", {"q": "曾国"})
    liaison.get(f"/people/{first.pk}/")
    assert verbs(auditor.get("/audit/", {"person": second.pk, "only_looks": "on"})) == ["registry.search"]
    assert verbs(auditor.get("/audit/", {"person": first.pk, "only_looks": "on"})) == [
        "registry.see_person",
        "registry.search",
    ]


def test_only_the_acts_of_ones_own_people_are_shown(village: Village, auditor: Client):
    register(village, by="fengyuan")
    assert "registry.register_person" not in verbs(auditor.get("/audit/"))


@pytest.mark.parametrize("stranger", ["yanan", "zhaoqian", "fengyuan"])
def test_nobody_else_reads_the_trail(village: Village, client: Client, stranger: str):
    client.force_login(User.objects.get(username=stranger))
    assert client.get("/audit/").status_code == 403
