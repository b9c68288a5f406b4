"""Accounts and roles: the security administrator's desk, and the first password."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from tests.village import TODAY, Village

from qingmiao.audit.models import AuditEntry
from qingmiao.staff.access import NotAllowed, system
from qingmiao.staff.actions import (
    RolesExclude,
    assign_role,
    change_own_password,
    close_account,
    end_assignment,
    found_organisation,
    give_first_password,
    open_account,
)
from qingmiao.staff.models import Assignment, Role, User

pytestmark = pytest.mark.django_db
STRONG = "quiet-harbour-19"


@pytest.fixture
def security(village: Village, client: Client) -> Client:
    client.force_login(village.users["yanan"])
    return client


def test_a_new_account_must_change_its_first_password(village: Village, security: Client, client: Client):
    page = security.post("/accounts/new/", {"username": "liuyang", "display_name": "刘洋", "request_id": uuid4()})
    password = page.context["password"]
    newcomer = Client()
    assert newcomer.post("/sign-in/", {"username": "liuyang", "password": password}).status_code == 302
    assert newcomer.get("/search/").headers["Location"] == "/accounts/password/"
    newcomer.post("/accounts/password/", {"old": password, "new": STRONG, "again": STRONG, "request_id": uuid4()})
    assert newcomer.get("/search/").status_code == 200
    assert not User.objects.get(username="liuyang").has_first_password


def test_the_password_is_in_no_audit_line(village: Village, security: Client):
    page = security.post("/accounts/new/", {"username": "liuyang", "display_name": "刘洋", "request_id": uuid4()})
    trail = repr(list(AuditEntry.objects.values_list("details", "subject")))
    assert page.context["password"] not in trail
    assert "刘洋" not in trail


def test_a_weak_new_password_is_refused_with_the_reason(village: Village, client: Client):
    client.force_login(village.users["hejing"])
    fields = {"old": "village-lantern-42", "new": "short", "again": "short", "request_id": uuid4()}
    answer = client.post("/accounts/password/", fields)
    assert answer.status_code == 422
    assert answer.context["form"].errors["new"]


def test_a_role_reaches_below_and_ends(village: Village):
    security, user = village.actor("yanan"), village.users["hejing"]
    assignment = assign_role(by=security, user=user, role=Role.SITE_HEAD, organisation=village.centre, valid_from=TODAY)
    assert village.actor("hejing").may("staff.edit_organisation", village.site)
    end_assignment(by=security, assignment=assignment, last_day=date(2021, 6, 1))
    assert not village.actor("hejing", on=date(2021, 6, 2)).may("staff.edit_organisation", village.site)


def test_the_three_administrators_are_three_people(village: Village):
    with pytest.raises(RolesExclude):
        assign_role(
            by=village.actor("yanan"),
            user=village.users["yanan"],
            role=Role.AUDITOR,
            organisation=village.district,
            valid_from=TODAY,
        )
    assert Assignment.objects.filter(role=Role.AUDITOR).count() == 0


@pytest.mark.parametrize("stranger", ["hejing", "kongming"])
def test_strangers_without_the_right_change_no_account(village: Village, stranger: str):
    by, user = village.actor(stranger), village.users["sunming"]
    for forbidden in (
        lambda: open_account(by=by, username="x1", display_name="某", password=STRONG),
        lambda: close_account(by=by, user=user),
        lambda: give_first_password(by=by, user=user, password=STRONG),
        lambda: assign_role(by=by, user=user, role=Role.LEADER, organisation=village.site, valid_from=TODAY),
        lambda: end_assignment(by=by, assignment=user.assignments.get(), last_day=TODAY),
        lambda: change_own_password(by=by, user=user, password=STRONG),
        lambda: found_organisation(by=village.actor("hejing"), kind="desk", name="一号", parent=village.site),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    assert User.objects.get(username="sunming").is_active


def test_the_outsider_does_not_reach_our_accounts(village: Village, client: Client):
    client.force_login(village.users["fengyuan"])
    user = village.users["sunming"]
    assert "sunming" not in client.get("/accounts/").content.decode()
    assert client.get(f"/accounts/{user.pk}/").status_code == 404
    assert client.post(f"/accounts/{user.pk}/close/").status_code == 404
    assert client.post(f"/accounts/role/{user.assignments.get().pk}/end/").status_code == 403
    assert User.objects.get(pk=user.pk).is_active


def test_a_closed_account_signs_in_no_more(village: Village, client: Client):
    close_account(by=village.actor("yanan"), user=village.users["hejing"])
    client.post("/sign-in/", {"username": "hejing", "password": "village-lantern-42"})
    assert client.get("/search/").status_code == 302


def test_organisations_are_founded_once(village: Village):
    again = found_organisation(by=system("test"), kind="unit", name="星海网吧", parent=village.bureau)
    assert again == village.cafe
