"""Who reaches what: a role at an organisation reaches it and all below it, from its first day to its last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.village import TODAY, Village

from qingmiao.staff.access import NotAllowed, actor_of, roles_with, system
from qingmiao.staff.actions import RolesExclude, assign_role, end_assignment, found_organisation, open_account
from qingmiao.staff.models import Assignment, Organisation, Role, User

pytestmark = pytest.mark.django_db
EDIT = "staff.edit_organisation"


def test_a_role_reaches_down_and_not_up_or_sideways(village: Village):
    liaison = village.actor("zhaoqian")
    assert liaison.may(EDIT, village.bureau)
    assert liaison.may(EDIT, village.cafe)
    for beyond in (village.district, village.site, village.far_site):
        assert not liaison.may(EDIT, beyond)


def test_a_path_that_begins_alike_is_not_below(village: Village):
    """1/4/ is not below 1/41/, nor the other way round."""
    paths = [organisation.path for organisation in Organisation.objects.all()]
    assert all(path.endswith("/") for path in paths)
    visible = village.actor("qianduo").visible("staff.view_organisation", Organisation)
    assert {organisation.name for organisation in visible} == {"星海网吧"}


@pytest.mark.parametrize(("days", "held"), [(-1, False), (0, True), (5, True), (6, False)])
def test_a_role_holds_from_its_first_day_to_its_last(village: Village, days: int, held: bool):
    user = open_account(by=system("test"), username="guest", display_name="客", password="village-lantern-42")
    assign_role(
        by=system("test"),
        user=user,
        role=Role.SITE_HEAD,
        organisation=village.site,
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=5),
    )
    actor = actor_of(user, on=TODAY + timedelta(days=days), origin="test")
    assert actor.may(EDIT, village.site) is held


def test_an_ended_role_reaches_nothing_from_the_next_day(village: Village):
    assignment = Assignment.objects.get(user=village.users["zhenghua"])
    end_assignment(by=village.actor("yanan"), assignment=assignment, last_day=TODAY)
    assert village.actor("zhenghua", on=TODAY).may(EDIT, village.site)
    assert not village.actor("zhenghua", on=TODAY + timedelta(days=1)).may(EDIT, village.site)


def test_a_closed_account_reaches_nothing(village: Village):
    User.objects.filter(username="zhenghua").update(is_active=False)
    village.users["zhenghua"].refresh_from_db()
    assert village.actor("zhenghua").grants == ()


def test_an_unknown_permission_is_a_mistake_in_the_code():
    with pytest.raises(KeyError):
        roles_with("staff.fly")


@pytest.mark.parametrize("stranger", ["zhaoqian", "fengyuan", "hejing"])
def test_only_the_security_administrator_of_the_place_gives_roles(village: Village, stranger: str):
    with pytest.raises(NotAllowed):
        assign_role(
            by=village.actor(stranger),
            user=village.users["hejing"],
            role=Role.SITE_HEAD,
            organisation=village.site,
            valid_from=date(2021, 6, 1),
        )
    assert not Assignment.objects.filter(user=village.users["hejing"], role=Role.SITE_HEAD).exists()


def test_one_person_never_holds_two_of_the_three_administrators_roles(village: Village):
    with pytest.raises(RolesExclude):
        assign_role(
            by=village.actor("yanan"),
            user=village.users["yanan"],
            role=Role.AUDITOR,
            organisation=village.district,
            valid_from=TODAY,
        )


def test_only_the_installation_founds_a_root(village: Village):
    with pytest.raises(NotAllowed):
        found_organisation(by=village.actor("yanan"), kind="city", name="新城")
