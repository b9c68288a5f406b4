"""An office lays its communities onto the map, by hand or from its own file, and the head's page shows them so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.reports.bureau import member

from qingmiao.registry.models import Person
from qingmiao.staff.models import Outline
from qingmiao.staff.outlines import middle

if TYPE_CHECKING:
    from django.test import Client
    from tests.village import Village

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(village: Village, client: Client) -> Client:
    client.force_login(village.users["kongming"])
    return client


def borders(*names: str) -> SimpleUploadedFile:
    ring = [[129.0, 44.0], [129.1, 44.0], [129.1, 44.1], [129.0, 44.1]]
    features = [
        {"properties": {"村名": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}} for name in names
    ]
    return SimpleUploadedFile("villages.geojson", json.dumps({"features": features}).encode())


def sent(**more: object) -> dict[str, object]:
    return {"request_id": str(uuid4())} | more


def test_a_place_is_dragged_and_taken_off_again(village: Village, head: Client):
    address, place = reverse("maps:draw", args=[village.district.pk]), village.community.pk
    assert f'data-place="{place}"' in head.get(address).content.decode()
    spots = {f"x{place}": 640, f"y{place}": 310}
    assert head.post(address, sent(**spots)).status_code == 302
    assert middle(Outline.objects.get().rings) == (640, 310)
    head.post(address, sent(**spots, clear=1))
    assert not Outline.objects.exists()


def test_a_spot_out_of_sight_is_refused_and_what_was_typed_stays(village: Village, head: Client):
    place = village.community.pk
    answer = head.post(reverse("maps:draw", args=[village.district.pk]), sent(**{f"x{place}": -5, f"y{place}": 77}))
    assert answer.status_code == 422
    assert 'value="77"' in answer.content.decode()


def test_borders_are_read_by_the_names_of_the_places(village: Village, head: Client):
    address = reverse("maps:draw", args=[village.district.pk])
    answer = head.post(address, sent(read=1, file=borders("外村", village.community.name)), follow=True)
    assert "1" in answer.content.decode()
    assert Outline.objects.get().organisation == village.community


@pytest.mark.parametrize("file", [borders("外村"), SimpleUploadedFile("map.geojson", b"PK\x03\x04")])
def test_a_file_without_our_places_is_refused_with_its_reason(village: Village, head: Client, file: SimpleUploadedFile):
    answer = head.post(reverse("maps:draw", args=[village.district.pk]), sent(read=1, file=file))
    assert answer.status_code == 422
    assert "qm-error" in answer.content.decode() or "error" in answer.content.decode()
    assert not Outline.objects.exists()


def test_the_heads_page_shows_the_borders_and_each_area_is_a_door(village: Village, head: Client):
    Person.objects.filter(pk=member(village.cafe, "李红").pk).update(home=village.community)
    tiles = head.get(reverse("command_room:home")).content.decode()
    Outline.objects.create(organisation=village.community, rings=[[[0, 0], [900, 0], [450, 800]]])
    page = head.get(reverse("command_room:home")).content.decode()
    assert "M0 0L378 0L189 336Z" in page
    assert "M0 0L378 0" not in tiles
    door = f'<a href="{reverse("reports:coverage", args=[village.community.pk])}?rule=covid19.vaccinated"><title>'
    assert door in page
