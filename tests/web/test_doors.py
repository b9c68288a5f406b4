"""Who is let through to a page: the session, the account and the form are asked at every request, in that order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.village import Village

from qingmiao.staff.models import Assignment, User

pytestmark = pytest.mark.django_db
PAGE = "/search/"


@pytest.fixture
def desk(village: Village) -> Client:
    """何静's browser, which sends forms as browsers do."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(village.users["hejing"], "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_session_ends_when_it_was_said_to(desk: Client):
    assert desk.get(PAGE).status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert desk.get(PAGE).headers["Location"].startswith("/sign-in/")


def test_a_disabled_account_is_out_at_the_next_request(village: Village, desk: Client):
    assert desk.get(PAGE).status_code == 200
    User.objects.filter(pk=village.users["hejing"].pk).update(is_active=False)
    assert desk.get(PAGE).headers["Location"].startswith("/sign-in/")


def test_a_role_that_ended_yesterday_opens_nothing(village: Village, desk: Client):
    assert desk.get("/site/").status_code == 200
    day = timezone.localdate() - timedelta(days=1)
    Assignment.objects.filter(user=village.users["hejing"]).update(valid_until=day)
    assert desk.get("/site/").status_code == 403


def test_a_role_at_a_closed_place_opens_nothing(village: Village, desk: Client):
    for place in {one.organisation for one in Assignment.objects.filter(user=village.users["hejing"])}:
        place.closed_on = timezone.localdate()
        place.save(update_fields=["closed_on"])
    assert desk.get("/site/").status_code == 403


def test_a_form_of_another_page_is_refused(desk: Client):
    assert desk.post("/language/", {"language": "en"}).status_code == 403


def test_who_is_not_signed_in_is_told_so_before_the_form_is_looked_at(village: Village):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/api/v1/sync/", b"{}", "application/json").status_code == 401
    assert stranger.post("/site/admit/").headers["Location"].startswith("/sign-in/")


def test_an_address_that_leads_nowhere_is_the_same_for_everybody(desk: Client, village: Village):
    assert desk.get("/nowhere/").status_code == Client().get("/nowhere/").status_code == 404
