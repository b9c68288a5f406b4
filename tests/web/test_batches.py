"""The liaison's pages: open sessions, whom to name, late additions, strangers."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.site import Site, at
from tests.village import TODAY

from qingmiao.clinic.models import Batch, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]
EVENING = at(16, day=TODAY - timedelta(days=1))


def page(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def ticked(site: Site, *names: str) -> dict:
    shown = ",".join(str(person.pk) for person in site.people.values())
    return {
        "person": [site.people[name].pk for name in names],
        "shown": shown,
        "leader": "钱多",
        "request_id": uuid4(),
    }


def test_the_liaison_names_people_before_the_cut_off(site: Site, sit: Sit, clock):
    clock.move_to(EVENING)
    liaison = sit("zhaoqian")
    assert f"/batches/sessions/{site.session.pk}/" in page(liaison.get("/batches/"))
    rows = liaison.get(f"/batches/sessions/{site.session.pk}/").context["rows"]
    assert {row["person"].name for row in rows} == {"张伟", "李红", "王芳"}
    page(liaison.post(f"/batches/sessions/{site.session.pk}/", ticked(site, "zhangwei", "lihong"), follow=True))
    batch = Batch.objects.get()
    assert (batch.is_late, batch.leader, batch.visits.count()) == (False, "钱多", 2)


def test_nobody_ticked_hands_in_nothing(site: Site, sit: Sit, clock):
    clock.move_to(EVENING)
    page(sit("zhaoqian").post(f"/batches/sessions/{site.session.pk}/", ticked(site)))
    assert not Batch.objects.exists()


def test_people_who_are_done_deferred_or_contraindicated_cannot_be_ticked(site: Site, sit: Sit, clock):
    site.batch("zhangwei", "lihong")
    for name, answer in (("zhangwei", {"fever": "yes"}), ("lihong", {"severe_allergy": "yes"})):
        site.arrive(name)
        site.sign(name)
        site.screen(name, answered=site.all_no(name, **answer))
    rows = {
        row["person"].name: row for row in sit("zhaoqian").get(f"/batches/sessions/{site.session.pk}/").context["rows"]
    }
    assert {name: row["may"] for name, row in rows.items()} == {"张伟": False, "李红": False, "王芳": True}
    assert "发热" in rows["张伟"]["tag"]


def test_a_late_addition_is_taken_and_marked(site: Site, sit: Sit):
    batch = site.batch("zhangwei")
    liaison = sit("zhaoqian")
    version = liaison.get(f"/batches/{batch.pk}/").context["batch"].version
    fields = ticked(site, "zhangwei", "lihong") | {"version": version}
    page(liaison.post(f"/batches/{batch.pk}/", fields, follow=True))
    assert {visit.person.name: visit.is_late_addition for visit in Visit.objects.all()} == {"张伟": False, "李红": True}


def test_people_outside_the_shown_part_stay_on_the_list(site: Site, sit: Sit):
    batch = site.batch("zhangwei", "lihong")
    fields = ticked(site) | {"version": batch.version, "shown": str(site.people["lihong"].pk)}
    page(sit("zhaoqian").post(f"/batches/{batch.pk}/", fields, follow=True))
    assert {visit.person.name: visit.state for visit in Visit.objects.all()} == {"张伟": "booked", "李红": "cancelled"}


def test_a_liaison_of_one_unit_sees_and_names_only_its_own_people(site: Site, sit: Sit):
    liaison = sit("qianduo")
    rows = liaison.get(f"/batches/sessions/{site.session.pk}/").context["rows"]
    assert {row["person"].name for row in rows} == {"张伟", "李红"}
    page(liaison.post(f"/batches/sessions/{site.session.pk}/", ticked(site, "zhangwei", "wangfang"), follow=True))
    assert [visit.person.name for visit in Visit.objects.all()] == ["张伟"]


@pytest.mark.parametrize("stranger", ["hejing", "kongming", "fengyuan"])
def test_strangers_name_nobody(site: Site, sit: Sit, stranger: str):
    batch = site.batch("zhangwei")
    browser = sit(stranger)
    assert browser.post(f"/batches/sessions/{site.session.pk}/", ticked(site, "lihong")).status_code in (403, 404)
    assert browser.get(f"/batches/{batch.pk}/").status_code in (403, 404)
    assert browser.post(f"/batches/{batch.pk}/", ticked(site, "lihong")).status_code in (403, 404)
    assert Visit.objects.count() == 1


def test_an_older_page_changes_nothing(site: Site, sit: Sit):
    batch = site.batch("zhangwei")
    fields = ticked(site) | {"version": batch.version - 1}
    assert sit("zhaoqian").post(f"/batches/{batch.pk}/", fields).status_code == 409
    assert site.visit("zhangwei").state == "booked"
