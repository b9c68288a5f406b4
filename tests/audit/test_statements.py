"""Prepared statements answer as the querysets they are built from, on both databases."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from tests.village import Village

from qingmiao.audit.models import DoneRequest, change
from qingmiao.audit.statements import Prepared, Slot, insert, update
from qingmiao.staff.models import Assignment, Organisation, User

pytestmark = pytest.mark.django_db

roles_of = Prepared(
    lambda: Assignment.objects.filter(user__is=Slot("user")).select_related("organisation").order_by("pk")
)
named = Prepared(lambda: Organisation.objects.filter(pk__among=Slot("pks")).order_by("-path"))
below = Prepared(lambda: Organisation.objects.filter(path__within=Slot("path")).order_by("path"))
called = Prepared(lambda: Organisation.objects.filter(name__within=Slot("begin")).order_by("name"))
requests = Prepared(lambda: DoneRequest.objects.filter(request_id__among=Slot("ids")))


def asked(request_id: UUID) -> DoneRequest:
    return DoneRequest(request_id=request_id, verb="test.do", content_digest=b"\x00\xff", result="", at=timezone.now())


def test_a_prepared_query_gives_the_rows_of_its_queryset_for_each_value(village: Village):
    for name in ("hejing", "zhoulin"):
        user = village.users[name]
        assert (
            roles_of(user=user) == roles_of(user=user.pk) == list(Assignment.objects.filter(user=user).order_by("pk"))
        )


def test_what_is_joined_comes_along(village: Village, django_assert_num_queries):
    with django_assert_num_queries(1):
        [assignment] = roles_of(user=village.users["hejing"])
        assert assignment.organisation.name == village.site.name


def test_a_list_is_one_value_however_long(village: Village):
    places = list(Organisation.objects.order_by("-path"))
    assert named(pks=[place.pk for place in places]) == places
    assert named(pks={places[0].pk}) == [places[0]]
    assert named(pks=[]) == []


def test_keys_that_are_no_numbers(village: Village):
    first, other = insert([asked(uuid4()), asked(uuid4())])
    assert requests(ids=[first.pk]) == [first]
    assert {one.pk for one in requests(ids=[first.pk, other.pk, uuid4()])} == {first.pk, other.pk}


def test_a_prefix_is_a_prefix_and_no_pattern(village: Village):
    assert below(path=village.centre.path) == list(
        Organisation.objects.filter(path__startswith=village.centre.path).order_by("path")
    )
    insert([Organisation(kind="unit", name=name, path=name) for name in ("5% off", "5x off", "5_off", "5\\off")])
    assert [place.name for place in called(begin="5%")] == ["5% off"]
    assert [place.name for place in called(begin="5_")] == ["5_off"]
    assert [place.name for place in called(begin="5\\")] == ["5\\off"]


def test_no_row_is_an_error_only_where_one_was_asked_for(village: Village):
    assert below.first(path="no such path") is None
    with pytest.raises(Organisation.DoesNotExist):
        below.one(path="no such path")
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=0)


def test_inserted_rows_are_as_they_were_written(village: Village):
    rows = insert(asked(uuid4()) for _row in range(120))
    assert len({row.pk for row in rows}) == 120
    stored = DoneRequest.objects.get(pk=rows[-1].pk)
    assert (bytes(stored.content_digest), stored.at) == (b"\x00\xff", rows[-1].at)
    [assignment] = insert(
        [
            Assignment(
                user=village.users["hejing"], role="observer", organisation=village.site, valid_from=date(2021, 1, 1)
            )
        ]
    )
    assert Assignment.objects.get(pk=assignment.pk).valid_until is None


def test_an_update_says_how_many_rows_it_met(village: Village):
    place = village.site
    assert update(Organisation, where={"id": place.pk, "version": place.version}, name="新名", version=9) == 1
    assert update(Organisation, where={"id": place.pk, "version": 1}, name="旧名") == 0
    place.refresh_from_db()
    assert (place.name, place.version) == ("新名", 9)


def test_a_row_may_be_the_value_of_a_column(village: Village):
    change(village.site, parent=village.district, closed_on=None)
    assert Organisation.objects.get(pk=village.site.pk).parent == village.district
