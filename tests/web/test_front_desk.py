"""The front desk's pages: find, arrive, undo, admit, call, accept."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.site import Site, at

from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.models import Batch, Session, Visit
from qingmiao.clinic.rules import State
from qingmiao.registry.identity import check_character

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]


def page(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_person_is_found_and_arrives_in_one_tap(site: Site, sit: Sit):
    site.batch("zhangwei", "lihong")
    desk = sit("hejing")
    found = page(desk.get("/site/", {"q": "zw"}))
    assert "110105********0018" in found
    assert "李红" not in found
    visit = site.visit("zhangwei")
    after = page(desk.post(f"/site/arrive/{visit.pk}/", {"request_id": uuid4()}, follow=True))
    assert site.visit("zhangwei").ticket == "A001"
    assert "A001" in after
    assert f"/site/ticket/{visit.pk}/" in after


def test_whom_the_search_showed_is_in_the_trail_and_the_search_text_is_not(site: Site, sit: Sit):
    site.batch("zhangwei")
    sit("hejing").get("/site/", {"q": "110105198603110018"})
    entry = AuditEntry.objects.get(verb="clinic.see_visit")
    assert (entry.is_look, entry.subject) == (True, f"registry.Person:{site.people['zhangwei'].pk}")
    assert "110105198603110018" not in str(list(AuditEntry.objects.values()))


def test_a_double_tap_arrives_once(site: Site, sit: Sit):
    site.batch("zhangwei")
    desk, request_id = sit("hejing"), uuid4()
    for _tap in range(2):
        desk.post(f"/site/arrive/{site.visit('zhangwei').pk}/", {"request_id": request_id})
    assert site.visit("zhangwei").events.filter(event="arrive").count() == 1


def test_a_wrong_tap_is_undone_from_the_bar(site: Site, sit: Sit):
    site.batch("zhangwei")
    desk = sit("hejing")
    desk.post(f"/site/arrive/{site.visit('zhangwei').pk}/")
    undo = desk.get("/site/").context["undo"]
    page(desk.post(undo["url"], follow=True))
    assert site.visit("zhangwei").where is State.BOOKED
    assert desk.get("/site/").context["undo"] is None


def test_the_bar_is_gone_after_two_minutes(site: Site, sit: Sit, clock):
    site.batch("zhangwei")
    desk = sit("hejing")
    desk.post(f"/site/arrive/{site.visit('zhangwei').pk}/")
    clock.move_to(at(9, 47, second=1))
    assert desk.get("/site/").context["undo"] is None


def test_somebody_on_no_list_is_admitted_by_the_whole_number_only(site: Site, sit: Sit):
    desk = sit("hejing")
    assert desk.get("/site/", {"q": "王芳"}).context["walk_in"] is None
    assert desk.get("/site/", {"q": "110105197001020024"}).context["walk_in"] is not None
    desk.post("/site/admit/", {"number": "110105197001020024", "product": site.product.pk, "area": site.area_b.pk})
    assert site.visit("wangfang").ticket == "B001"


@pytest.mark.parametrize("stranger", ["zhaoqian", "zhoulin", "fengyuan"])
def test_strangers_reach_no_front_desk_of_this_site(site: Site, sit: Sit, stranger: str):
    site.batch("zhangwei")
    visit = site.visit("zhangwei")
    browser = sit(stranger)
    assert browser.post(f"/site/arrive/{visit.pk}/").status_code in (403, 404)
    answer = browser.get("/site/", {"q": "zw"})
    assert answer.status_code == 403 or "张伟" not in answer.content.decode()
    assert site.visit("zhangwei").where is State.BOOKED


def test_nobody_gets_in_without_signing_in(site: Site):
    assert Client().get("/site/").status_code == 302


def test_the_batch_is_accepted_called_and_the_call_taken_back(site: Site, sit: Sit):
    batch = site.batch("zhangwei")
    desk = sit("zhenghua")
    terms = {"starts_at": "10:30", "area": site.area_b.pk, "leader": "钱多", "version": batch.version}
    page(desk.post(f"/site/batches/{batch.pk}/", terms, follow=True))
    batch.refresh_from_db()
    assert (batch.starts_at, batch.area) == (at(10, 30), site.area_b)
    page(desk.post(f"/site/batches/{batch.pk}/call/", {"version": batch.version}, follow=True))
    batch.refresh_from_db()
    assert batch.state == "called"
    page(desk.post(f"/site/batches/{batch.pk}/call/", {"version": batch.version, "undo": 1}, follow=True))
    batch.refresh_from_db()
    assert batch.state == "accepted"


def test_an_older_page_overwrites_nothing(site: Site, sit: Sit):
    batch = site.batch("zhangwei")
    terms = {"starts_at": "10:30", "area": site.area_b.pk, "leader": "钱多", "version": batch.version - 1}
    assert sit("zhenghua").post(f"/site/batches/{batch.pk}/", terms).status_code == 409
    assert Batch.objects.get().area == site.area_a


def test_a_list_is_sent_back_only_with_a_reason(site: Site, sit: Sit):
    from tests.clinic.test_batches import name

    batch = name(site, "zhangwei")
    desk = sit("zhenghua")
    desk.post(f"/site/batches/{batch.pk}/send-back/", {"reason": " ", "version": batch.version})
    assert Batch.objects.get().state == "submitted"
    desk.post(f"/site/batches/{batch.pk}/send-back/", {"reason": "人数不符", "version": batch.version})
    assert Batch.objects.get().returned_because == "人数不符"


def test_a_session_is_planned(site: Site, sit: Sit):
    fields = {
        "day": "2021-06-02",
        "opens_at": "08:00",
        "closes_at": "17:00",
        "cut_off": "18:00",
        "products": [site.product.pk],
        f"may-{site.village.bureau.pk}": "on",
        "vaccinators": "2",
        "open_places": "10",
    }
    desk = sit("zhenghua")
    assert desk.post("/site-head/sessions/new/", fields | {"closes_at": "07:00"}).status_code == 422
    page(desk.post("/site-head/sessions/new/", fields, follow=True))
    session = Session.objects.get(day="2021-06-02")
    assert (session.cut_off_at, session.places.get().organisation) == (at(18), site.village.bureau)
    assert (session.periods.count(), session.periods.first().open_places) == (9, 10)


def test_the_people_behind_a_figure(site: Site, sit: Sit):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    desk = sit("hejing")
    for show, names in {"expected": {"张伟", "李红"}, "missing": {"李红"}, "arrived": {"张伟"}}.items():
        rows = desk.get("/site/today/", {"show": show}).context["rows"]
        assert {row["visit"].person.name for row in rows} == names


def test_the_ticket_on_paper_has_a_code_and_no_number_of_the_person(site: Site, sit: Sit):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    paper = page(sit("hejing").get(f"/site/ticket/{visit.pk}/"))
    assert "A001" in paper
    assert "<svg" in paper
    assert "张伟" not in paper
    assert "110105" not in paper


def test_a_day_without_a_session_says_what_to_do(site: Site, sit: Sit):
    Visit.objects.all().delete()
    Session.objects.all().delete()
    assert "/site/batches/" in page(sit("hejing").get("/site/"))


def test_a_rule_is_worded_in_the_language_of_the_page_and_a_doctor_stays_as_written(site: Site, sit: Sit):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    site.screen("zhangwei", answered=site.all_no("zhangwei", fever="yes"))
    desk = sit("hejing")
    assert "发热者暂缓接种" in page(desk.get("/site/", {"q": "zw"}))
    desk.cookies["language"] = "en"
    assert "Fever: come again" in page(desk.get("/site/", {"q": "zw"}))


def test_the_page_asks_few_questions_of_the_database(site: Site, sit: Sit, django_assert_max_num_queries):
    site.batch("zhangwei", "lihong")
    desk = sit("hejing")
    with django_assert_max_num_queries(30):
        page(desk.get("/site/", {"q": "z"}))


def test_a_whole_batch_is_moved_from_its_page(site: Site, sit: Sit):
    batch = site.batch("zhangwei", "lihong")
    terms = {"session": site.session.pk, "starts_at": "11:00", "area": site.area_b.pk, "version": batch.version}
    page(sit("zhenghua").post(f"/site/batches/{batch.pk}/move/", terms, follow=True))
    batch.refresh_from_db()
    assert (batch.starts_at, batch.area) == (at(11), site.area_b)


def test_somebody_not_on_record_is_registered_and_admitted(site: Site, sit: Sit):
    desk = sit("hejing")
    fields = {"name": "老周", "kind": "id_card", "product": site.product.pk,
              "area": site.area_a.pk, "priority_group": "", "request_id": str(uuid4())}  # fmt: skip
    body = "11010519550101001"
    wrong = desk.post("/site/new/", fields | {"number": f"{body}?"})
    assert (wrong.status_code, "老周" in wrong.content.decode()) == (422, True)
    page(desk.post("/site/new/", fields | {"number": body + check_character(body)}, follow=True))
    assert Visit.objects.get(person__name="老周").ticket == "A001"


def test_a_new_number_is_drawn_at_the_front_desk(site: Site, sit: Sit):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    desk = sit("hejing")
    assert "A001" in page(desk.get(f"/site/ticket/{visit.pk}/new/"))
    page(desk.post(f"/site/ticket/{visit.pk}/new/", {"area": site.area_b.pk}, follow=True))
    assert site.visit("zhangwei").ticket == "B001"


def test_the_head_reads_the_day_in_one_sentence_and_closes_it(site: Site, sit: Sit):
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei", at(9, 31))
    head = sit("zhenghua")
    assert head.get("/site-head/").context["counts"][0]["count"] == 1
    page(head.post("/site-head/close/", {"session": site.session.pk, "version": 1}, follow=True))
    assert site.visit("lihong").where is State.ABSENT
    assert site.visit("zhangwei").where is State.LEFT
