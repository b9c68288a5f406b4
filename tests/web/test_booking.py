"""Booking on a phone and at the desk: no name without two numbers, one answer for unknown and wrong, few tries."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.site import Site

from qingmiao.clinic.models import Period, Session, Visit
from qingmiao.clinic.rules import State
from qingmiao.stock.models import Product

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]
NAMES = ("王芳", "张伟", "李红")
RIGHT = {"number": "110105197001020024", "phone": "13800138000"}


@pytest.fixture
def period(site: Site, clock) -> Period:
    return Period.objects.create(
        session=site.session, starts_at=time(10), ends_at=time(11), vaccinators=2, open_places=2
    )


def sent(site: Site, period: Period, numbers: dict[str, str], client: Client | None = None):
    fields = numbers | {"product": site.product.pk, "request_id": str(uuid4())}
    return (client or Client()).post(f"/book/{period.pk}/", fields, follow=True)


def told(answer) -> list[str]:
    body = answer.content.decode()
    return [text for text in (*NAMES, RIGHT["number"]) if text in body]


def test_free_times_are_seen_without_an_account(site: Site, period: Period):
    answer = Client().get("/book/")
    assert (answer.status_code, told(answer)) == (200, [])
    assert "10:00" in answer.content.decode()


def test_times_of_one_vaccine_by_days_planned_for_weeks(site: Site, sit: Sit, period: Period):
    bcg = Product.objects.create(code="0101", name="卡介苗", manufacturer="测")
    fields = {
        "day": "2021-06-02", "weeks": "3", "opens_at": "08:00", "closes_at": "10:00", "cut_off": "18:00",
        "products": [bcg.pk], "vaccinators": "2", "open_places": "10",
    }  # fmt: skip
    sit("zhenghua").post("/site-head/sessions/new/", fields)
    sit("zhenghua").post("/site-head/sessions/new/", fields | {"day": "2021-05-26", "weeks": "5"})
    planned = Session.objects.filter(products=bcg).order_by("day").values_list("day", flat=True)
    assert list(planned) == [date(2021, 5, 26) + timedelta(weeks=week) for week in range(5)]
    of_all, of_bcg = (Client().get(f"/book/{ask}").content.decode() for ask in ("", f"?vaccine={bcg.pk}"))
    assert "10:00–11:00" in of_all
    assert "10:00–11:00" not in of_bcg
    assert "08:00–09:00" in of_bcg


def test_a_resident_books_sees_the_time_and_no_name_and_cancels(site: Site, period: Period):
    client = Client()
    answer = sent(site, period, RIGHT, client)
    assert (answer.status_code, told(answer), site.visit("wangfang").where) == (200, [], State.BOOKED)
    assert "10:00" in answer.content.decode()
    again = client.post("/book/find/", RIGHT, follow=True)
    assert (again.redirect_chain[0][0], told(again)) == (f"/s/{site.visit('wangfang').slip_token}/", [])
    client.post(f"/book/mine/{site.visit('wangfang').slip_token}/cancel/")
    assert site.visit("wangfang").where is State.CANCELLED


def test_unknown_and_wrong_numbers_are_answered_alike(site: Site, period: Period):
    wrong_phone = sent(site, period, RIGHT | {"phone": "13900000000"})
    unknown = sent(site, period, {"number": "110105195501010016", "phone": "13800138000"})
    nothing_booked = Client().post("/book/find/", RIGHT)
    texts = [answer.context["form"].non_field_errors() for answer in (wrong_phone, unknown, nothing_booked)]
    assert texts[0] == texts[1] == texts[2]
    assert [answer.status_code for answer in (wrong_phone, unknown, nothing_booked)] == [422, 422, 422]
    assert not Visit.objects.exists()


def test_the_seventh_try_of_one_number_is_refused(site: Site, period: Period):
    answers = [sent(site, period, RIGHT | {"phone": f"1390000000{number}"}).status_code for number in range(7)]
    assert answers == [422] * 6 + [429]
    assert sent(site, period, RIGHT).status_code == 429


def test_staff_book_by_the_whole_number_only(site: Site, sit: Sit, period: Period):
    desk, address = sit("hejing"), f"/book/desk/{period.pk}/"
    fields = {"product": site.product.pk, "request_id": str(uuid4())}
    assert desk.post(address, fields | {"number": "王芳"}).status_code == 422
    desk.post(address, fields | {"number": RIGHT["number"]})
    visit = site.visit("wangfang")
    assert (visit.where, visit.booked_by) == (State.BOOKED, "staff")
    assert "王芳" in desk.get(address).content.decode()
    desk.post(f"/book/desk/{visit.pk}/cancel/")
    assert site.visit("wangfang").where is State.CANCELLED


@pytest.mark.parametrize("stranger", ["zhoulin", "zhaoqian", "fengyuan"])
def test_strangers_see_no_bookings(site: Site, sit: Sit, period: Period, stranger: str):
    assert sit(stranger).get(f"/book/desk/{period.pk}/").status_code in (403, 404)


def formset(*rows: tuple[str, str, int, int], **more: object) -> dict[str, object]:
    fields: dict[str, object] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for place, row in enumerate(rows):
        names = ("starts_at", "ends_at", "vaccinators", "open_places")
        fields |= {f"form-{place}-{name}": value for name, value in zip(names, row, strict=True)}
    return fields | more


def test_the_head_is_warned_before_bookings_fall(site: Site, sit: Sit, period: Period):
    sent(site, period, RIGHT)
    head, address = sit("zhenghua"), f"/site-head/sessions/{site.session.pk}/periods/"
    warned = head.post(address, formset(("10:00", "11:00", 2, 0), version=1, falling=0))
    assert (warned.status_code, "王芳" in warned.content.decode()) == (422, True)
    assert site.visit("wangfang").where is State.BOOKED
    version = warned.context["planned"].version
    done = head.post(address, formset(("10:00", "11:00", 2, 0), version=version, falling=1), follow=True)
    assert ("王芳" in done.content.decode(), site.visit("wangfang").where) == (True, State.CANCELLED)


def test_the_week_shows_places_and_bookings(site: Site, sit: Sit, period: Period):
    sent(site, period, RIGHT)
    days = sit("zhenghua").get("/site-head/week/").context["days"]
    [day] = [one for one in days if one["session"]]
    assert (day["places"], day["open"], day["booked"], day["left"]) == (40, 2, 1, 1)


def test_a_desk_is_set_up_and_taken_down(site: Site, sit: Sit, clock):
    head = sit("zhenghua")
    head.post("/site-head/desks/", {"area": "C区", "name": "接种台1号", "step": "injection"})
    from qingmiao.clinic.models import Desk

    desk = Desk.objects.get(organisation__parent__name="C区")
    head.post(f"/site-head/desks/{desk.pk}/")
    desk.organisation.refresh_from_db()
    assert desk.organisation.closed_on is not None
