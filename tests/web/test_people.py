"""Search and the person's page: masked, within one's reach, and written down."""

import pytest
from django.forms import BaseForm
from django.test import Client
from tests.registry.test_people import NUMBER, register
from tests.village import Village

from qingmiao.audit.models import AuditEntry
from qingmiao.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def liaison(village: Village, client: Client) -> Client:
    client.force_login(village.users["zhaoqian"])
    return client


def test_search_shows_people_masked_and_is_written_down(village: Village, liaison: Client):
    person = register(village)
    page = liaison.get("/search/", {"q": "zgf"}).content.decode()
    assert "110105********002X" in page
    assert NUMBER not in page
    entry = AuditEntry.objects.latest("seq")
    assert (entry.verb, entry.subject, entry.is_look) == ("registry.search", f"registry.Person:{person.pk}", True)


def test_the_outsider_finds_nobody(village: Village, client: Client):
    person = register(village)
    client.force_login(village.users["fengyuan"])
    assert "110105********002X" not in client.get("/search/", {"q": "zgf"}).content.decode()
    assert client.get(f"/people/{person.pk}/").status_code == 404


def test_whoever_may_not_see_people_is_told_so(village: Village, client: Client):
    person = register(village)
    client.force_login(village.users["yanan"])
    assert client.get(f"/people/{person.pk}/").status_code == 403


def test_a_number_is_shown_only_by_a_post_that_is_written_down(village: Village, liaison: Client):
    person = register(village)
    address = f"/people/{person.pk}/number/{person.identifiers.get().pk}/"
    assert liaison.get(address).status_code == 405
    assert NUMBER in liaison.post(address).content.decode()
    assert AuditEntry.objects.latest("seq").verb == "registry.unmask_number"


def test_a_correction_is_saved(village: Village, liaison: Client):
    person = register(village)
    address = f"/people/{person.pk}/correct/"
    form = liaison.get(address).context["form"]
    answer = liaison.post(address, sent(form, name="曾国荃"))
    assert answer.status_code == 302
    assert Person.objects.get().name == "曾国荃"


def test_a_correction_of_an_older_state_is_told_and_overwrites_nothing(village: Village, liaison: Client):
    person = register(village)
    address = f"/people/{person.pk}/correct/"
    first, second = (liaison.get(address).context["form"] for _desk in range(2))
    liaison.post(address, sent(first, name="曾国荃"))
    assert liaison.post(address, sent(second, name="曾国华")).status_code == 409
    assert Person.objects.get().name == "曾国荃"


def sent(form: BaseForm, **changes: str) -> dict:
    """A form as a browser sends it back."""
    return {field.name: field.value() for field in form if field.value() is not None} | changes
