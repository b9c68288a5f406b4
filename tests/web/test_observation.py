"""The observation room, the boards and the page behind a slip."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.site import Site, at

from qingmiao.clinic.models import Observation, Reaction
from qingmiao.clinic.rules import State

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]


def page(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def observed(site: Site, clock) -> Observation:
    """张伟, ticket A001, vaccinated at 09:58: the clock stands at 10:00."""
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    clock.move_to(at(10))
    return Observation.objects.get(dose=dose)


def test_a_card_counts_down_and_is_released_by_a_person(site: Site, sit: Sit, observed: Observation, clock):
    clock.move_to(at(10))
    nurse = sit("wumin")
    [seat] = nurse.get("/site/observation/").context["seats"]
    assert (seat["ticket"], seat["name"], seat["minutes"], seat["is_free"]) == ("A001", "张*", 28, False)
    nurse.post(f"/site/observation/{observed.pk}/release/", {"request_id": uuid4()})
    assert site.visit("zhangwei").where is State.OBSERVING
    clock.move_to(at(10, 28))
    nurse = sit("wumin")
    [seat] = nurse.get("/site/observation/").context["seats"]
    assert seat["is_free"]
    page(nurse.post(f"/site/observation/{observed.pk}/release/", {"request_id": uuid4()}, follow=True))
    assert site.visit("zhangwei").where is State.RELEASED
    undo = nurse.get("/site/observation/").context["undo"]
    page(nurse.post(undo["url"], follow=True))
    assert site.visit("zhangwei").where is State.OBSERVING


def test_the_alarm_shows_the_phone_and_stays_until_answered(site: Site, sit: Sit, observed: Observation, clock):
    nurse = sit("wumin")
    nurse.post(f"/site/observation/{observed.pk}/left/")
    assert "qm-alarm" in page(nurse.get("/site/observation/"))
    clock.move_to(at(10, 40))
    [seat] = sit("wumin").get("/site/observation/").context["seats"]
    assert seat["minutes"] == 28  # what was missing when the person left, not what is left now
    nurse = sit("wumin")
    assert "13800138000" in page(nurse.get(f"/site/observation/{observed.pk}/call-back/"))
    nurse.post(f"/site/observation/{observed.pk}/call-back/", {"answer": " "})
    assert site.visit("zhangwei").where is State.LEFT_EARLY
    nurse.post(f"/site/observation/{observed.pk}/call-back/", {"answer": "已联系，无不适"})
    assert site.visit("zhangwei").where is State.LEFT_UNOBSERVED
    assert "已联系" in page(nurse.get("/site/observation/ended/"))


def test_unwell_opens_a_record_which_is_closed_with_an_outcome(site: Site, sit: Sit, observed: Observation):
    nurse = sit("wumin")
    page(nurse.post(f"/site/observation/{observed.pk}/unwell/", {"signs": []}))
    assert not Reaction.objects.exists()
    page(nurse.post(f"/site/observation/{observed.pk}/unwell/", {"signs": ["dizzy"], "seen": "面色苍白"}, follow=True))
    reaction = Reaction.objects.get()
    assert "面色苍白" in page(nurse.get(f"/site/observation/reactions/{reaction.pk}/"))
    nurse.post(f"/site/observation/reactions/{reaction.pk}/", {"outcome": "recovered", "what_was_done": "平卧"})
    assert site.visit("zhangwei").where is State.OBSERVING


@pytest.mark.parametrize("stranger", ["zhoulin", "zhaoqian", "fengyuan"])
def test_strangers_do_nothing_in_the_room(site: Site, sit: Sit, observed: Observation, stranger: str):
    browser = sit(stranger)
    for act in ("release", "left", "back", "call-back", "unwell"):
        assert browser.post(f"/site/observation/{observed.pk}/{act}/").status_code in (403, 404)
    assert site.visit("zhangwei").where is State.OBSERVING


def test_a_scanned_slip_shows_one_card(site: Site, sit: Sit, observed: Observation):
    nurse, visit = sit("wumin"), site.visit("zhangwei")
    address = f"http://testserver/s/{visit.slip_token}/"
    assert len(nurse.get("/site/observation/", {"q": address}).context["seats"]) == 1
    assert len(nurse.get("/site/observation/", {"q": "a001"}).context["seats"]) == 1
    assert nurse.get("/site/observation/", {"q": "A999"}).status_code == 302


def test_the_slip_has_time_in_time_out_and_a_code(site: Site, sit: Sit, observed: Observation):
    paper = page(sit("zhoulin").get(f"/site/observation/{observed.pk}/slip/"))
    for expected in ("A001", "09:58", "10:28", "<svg", "张*", "202103B0291"):
        assert expected in paper
    assert "张伟" not in paper


def test_the_page_behind_the_code_needs_no_account_and_names_nobody(site: Site, observed: Observation, clock):
    visit = site.visit("zhangwei")
    shown = page(Client().get(f"/s/{visit.slip_token}/"))
    assert "10:28" in shown
    for private in ("张", "110105", "138", site.product.name):
        assert private not in shown
    assert Client().get("/s/guessed/").status_code == 404


def test_boards_are_open_to_all_and_show_tickets_only(site: Site, observed: Observation):
    for address in (
        f"/board/{site.village.site.pk}/",
        f"/board/{site.village.site.pk}/area/{site.area_a.pk}/",
        f"/board/{site.village.site.pk}/observation/",
    ):
        shown = page(Client().get(address))
        assert "data-board" in shown
        assert "张" not in shown
    assert "A001" in shown
    assert Client().get(f"/board/{site.village.site.pk}/area/{site.village.cafe.pk}/").status_code == 404
    assert Client().get(f"/board/{site.village.cafe.pk}/").status_code == 404


def test_the_board_shows_a_called_batch_until_all_are_here(site: Site, clock):
    from qingmiao.clinic.actions.batches import call_batch

    batch = site.batch("zhangwei")
    address = f"/board/{site.village.site.pk}/"
    assert Client().get(address).context["batches"] == []
    call_batch(by=site.actor("hejing"), batch=batch, version=batch.version, at=at(9, 25))
    assert Client().get(address).context["batches"] == [batch]
    assert Client().get(f"{address}area/{site.area_b.pk}/").context["batches"] == []
    assert "星海网吧" not in page(Client().get(address))
    site.arrive("zhangwei")
    assert Client().get(address).context["batches"] == []


def test_the_board_says_who_is_called_where(site: Site, clock):
    site.to_the_needle("zhangwei")
    shown = Client().get(f"/board/{site.village.site.pk}/")
    assert shown.context["latest"].ticket == "A001"
    assert "A区 接种台1号" in shown.content.decode()
