"""A mass site clicked through in a browser: a batch of 40 through areas A and B, the namesake, two desks that press
next at once, and the doctor who decides otherwise than the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from tests.stories.day import CHINA, Story, tag, word

from qingmiao.clinic.actions.batches import accept_batch, name_batch
from qingmiao.clinic.actions.consent import Signed, take_consent
from qingmiao.clinic.actions.queue import take_next
from qingmiao.clinic.actions.screening import Answers, screen
from qingmiao.clinic.models import Desk, Screening, Session, Visit
from qingmiao.clinic.rules import State, Step
from qingmiao.clinic.screening import form_for
from qingmiao.demo import bureau
from qingmiao.demo.people import Invented, invent
from qingmiao.registry.actions.people import Number, Particulars, register_person
from qingmiao.registry.models import Identifier, Person
from qingmiao.staff.access import Actor, actor_of
from qingmiao.staff.models import Organisation, User

TUESDAY = date(2026, 11, 24)
WRITTEN = "M60 120L80 70L100 130L118 60L140 128L165 84L190 122L230 66L262 118L300 96"
SEXES = {"男": "1", "女": "2"}

pytestmark = [pytest.mark.story, pytest.mark.browser, pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture
def story(browser: Browser, live_server) -> Iterator[Story]:
    """Tuesday, half past eight, in the demo world; Monday's people have gone home."""
    start = datetime(2026, 11, 24, 8, 30, tzinfo=CHINA)
    with time_machine.travel(start - timedelta(days=1), tick=True) as clock:
        bureau.build(now=start - timedelta(days=1))
        clock.move_to(start)
        story = Story(browser, live_server.url, clock)
        yield story
        story.leave()


def actor(account: str) -> Actor:
    return actor_of(User.objects.get(username=account), on=TUESDAY, origin="story")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=CHINA)


def session() -> Session:
    return Session.objects.get(day=TUESDAY)


def unit() -> Organisation:
    return Organisation.objects.filter(kind=Organisation.Kind.UNIT, parent__name="青河区文化和旅游局").order_by("pk")[0]


def register(person: Invented) -> Person:
    particulars = Particulars(person.name, sex=SEXES[person.sex], birth_date=person.born)
    return register_person(
        by=actor("liaison"),
        particulars=particulars,
        numbers=[Number(Identifier.Kind.ID_CARD, person.number)],
        phones=[person.phone],
        units=[unit()],
    )


def batch_of(count: int) -> list[Invented]:
    """So many people of one unit, named the day before and accepted for half past eight in area A."""
    people = invent(count, {unit().name: count}, seed=77)
    batch = name_batch(
        by=actor("liaison"), session=session(), unit=unit(), product=session().products.get(),
        people=[register(person) for person in people], leader="马老板", at=at(8) - timedelta(hours=16),
    )  # fmt: skip
    area = Organisation.objects.get(kind=Organisation.Kind.AREA, name="A区")
    accept_batch(
        by=actor("head"), batch=batch, version=batch.version, starts_at=at(8, 30), area=area, leader="马老板", at=at(8),
    )  # fmt: skip
    return people


def visit_of(person: Invented) -> Visit:
    return Visit.objects.get(session=session(), person__name=person.name, person__birth_date=person.born)


def button(page: Page | Locator, english: str, context: str = "") -> Locator:
    return page.get_by_role("button", name=word(english, context))


def arrives(page: Page, person: Invented) -> None:
    """Scanned at the front desk; one tap."""
    page.keyboard.type(person.number)
    page.keyboard.press("Enter")
    button(page, "Arrived", "button").click()
    expect(page.locator(".qm-undo, .qm-head")).to_have_count(2)


def desk_at(area: str, step: Step) -> Desk:
    return Desk.objects.filter(organisation__parent__name=area, step=step.value).order_by("organisation__name")[0]


def sits_at(story: Story, account: str, desk: Desk) -> Page:
    page = story.sits_down(account)
    page.goto(f"{story.address}/site/{desk.step}/{desk.pk}/")
    return page


def signs_on_screen(page: Page) -> None:
    button(page, "Next person").click()
    for box in page.locator("input[name=identity]").all()[:2]:
        box.check()
    page.locator("input[name=informed]").check()
    page.locator("[name=signature_typed]").first.evaluate("field => field.closest('details')?.setAttribute('open', '')")
    page.locator("[name=signature_typed]").first.fill("本人")
    button(page, "Signed", "button").click()


def answers_no(page: Page) -> None:
    page.locator("#celsius").fill("36.6")
    for question in page.locator("li[data-question]").all():
        question.locator("label.btn", has_text=word("No")).first.click()


def test_a_batch_of_forty_goes_through_areas_a_and_b(story: Story):
    """All forty are scanned in; the areas fill evenly; one of each area is led to the needle on the screens, and the
    board of each area calls its own tickets only."""
    people = batch_of(40)
    page = story.sits_down("frontdesk")
    page.goto(f"{story.address}/site/")
    for person in people:
        arrives(page, person)
    here = Visit.objects.filter(session=session(), state=State.ARRIVED)
    by_area = {name: here.filter(area__name=name).count() for name in ("A区", "B区")}
    assert sum(by_area.values()) == 40
    assert abs(by_area["A区"] - by_area["B区"]) <= 12  # planned for A, until ten more wait there than in B
    for area in ("A区", "B区"):
        consent = sits_at(story, "consent", desk_at(area, Step.CONSENT))
        signs_on_screen(consent)
        doctor = sits_at(story, "screener", desk_at(area, Step.SCREENING))
        button(doctor, "Next person").click()
        answers_no(doctor)
        doctor.locator("button.qm-go[name=decide]").click()
        needle = sits_at(story, "vaccinator", desk_at(area, Step.INJECTION))
        button(needle, "Next person").click()
        letter = area[0]
        expect(needle.locator("main")).to_contain_text(re.compile(f"{letter}\\d{{3}}"))
        board = story.sits_down("frontdesk")
        shown = Organisation.objects.get(kind=Organisation.Kind.AREA, name=area)
        board.goto(f"{story.address}/board/{session().site_id}/area/{shown.pk}/")
        expect(board.locator(".qm-big")).to_contain_text(letter)
        for person in people:
            expect(board.locator("body")).not_to_contain_text(person.name)
    assert Visit.objects.filter(session=session(), state=State.SCREENED).count() == 2


def test_the_namesake_is_told_apart_by_age_number_and_unit(story: Story):
    """Two people of one name come on one day: the front desk sees both, and the right one arrives."""
    [person] = batch_of(1)
    twin = Invented(person.name, person.sex, person.born - timedelta(days=5000), "", person.phone, "", "")
    body = f"239901{twin.born:%Y%m%d}00{1 if twin.sex == '男' else 2}"
    from qingmiao.demo.people import check_digit

    twin = Invented(twin.name, twin.sex, twin.born, body + check_digit(body), twin.phone, "", "")
    register(twin)
    page = story.sits_down("frontdesk")
    page.goto(f"{story.address}/site/")
    page.keyboard.type(twin.number)  # on no list: a walk-in, found by the whole number only
    page.keyboard.press("Enter")
    button(page, "Admit").click()
    page.locator("input[name=q]").last.fill(person.name)
    page.keyboard.press("Enter")
    rows = page.locator("main ul.qm-rows li", has_text=person.name)
    expect(rows).to_have_count(2)
    row = rows.filter(has_text=f"{person.number[:6]}********{person.number[-4:]}")
    button(row, "Arrived", "button").click()
    expect(page.locator("main")).to_contain_text(person.name)
    assert {visit_of(one).where for one in (person, twin)} == {State.ARRIVED}
    consent = sits_at(story, "consent", desk_at(visit_of(twin).area.name, Step.CONSENT))
    button(consent, "Next person").click()
    expect(consent.locator("main")).to_contain_text(twin.born.isoformat())


def all_signed_and_cleared(people: list[Invented]) -> None:
    """Everything before the needle, by the same actions as the screens."""
    from qingmiao.clinic.actions.front_desk import record_arrival

    form = form_for(session().products.get().code, TUESDAY)
    area = Organisation.objects.get(kind=Organisation.Kind.AREA, name="A区")
    for minute, person in enumerate(people):
        when = at(8, 31 + minute)
        record_arrival(by=actor("frontdesk"), visit=visit_of(person), area=area, at=when)
        desk = desk_at("A区", Step.CONSENT)
        visit = take_next(by=actor("consent"), desk=desk, at=when)
        take_consent(
            by=actor("consent"), desk=desk, visit=visit, identity_fields=["name", "number"],
            signed=Signed(path=WRITTEN), language="zh-hans", at=when,
        )  # fmt: skip
        desk = desk_at("A区", Step.SCREENING)
        visit = take_next(by=actor("screener"), desk=desk, at=when)
        answers = Answers({question.id: "no" for question in form.questions_for(visit.person.sex)})
        screen(by=actor("screener"), desk=desk, visit=visit, answered=answers, at=when)


def test_two_desks_press_next_at_once_and_get_two_people(story: Story):
    """Two vaccinators of area A, two people in the queue, both forms sent in the same moment."""
    all_signed_and_cleared(batch_of(2))
    desks = list(Desk.objects.filter(organisation__parent__name="A区", step=Step.INJECTION.value).order_by("pk")[:2])
    page = story.sits_down("vaccinator")
    sent = []
    for desk in desks:
        page.goto(f"{story.address}/site/injection/{desk.pk}/")
        fields = page.locator("form.qm-act").first
        sent.append((fields.get_attribute("action") or "", fields.locator("input[type=hidden]").all()))
        sent[-1] = (sent[-1][0], {one.get_attribute("name"): one.get_attribute("value") for one in sent[-1][1]})
    page.evaluate(
        """async (forms) => Promise.all(forms.map(([url, fields]) =>
            fetch(url, {method: 'POST', body: new URLSearchParams(fields), redirect: 'manual'})))""",
        [[url, fields] for url, fields in sent],
    )
    called = list(Visit.objects.filter(called_to__in=desks).values_list("called_to", "person"))
    assert len({desk for desk, _person in called}) == 2
    assert len({person for _desk, person in called}) == 2


def test_the_doctor_decides_otherwise_and_it_stands_in_the_register(story: Story):
    """An answer that stops is shown with its rule; without a reason nothing is decided; with one it goes on."""
    from qingmiao.clinic.actions.front_desk import record_arrival

    [person] = batch_of(1)
    area = Organisation.objects.get(kind=Organisation.Kind.AREA, name="A区")
    record_arrival(by=actor("frontdesk"), visit=visit_of(person), area=area, at=timezone.now())
    desk = desk_at("A区", Step.CONSENT)
    visit = take_next(by=actor("consent"), desk=desk, at=timezone.now())
    take_consent(
        by=actor("consent"), desk=desk, visit=visit, identity_fields=["name", "number"],
        signed=Signed(path=WRITTEN), language="zh-hans", at=timezone.now(),
    )  # fmt: skip
    page = sits_at(story, "screener", desk_at("A区", Step.SCREENING))
    button(page, "Next person").click()
    answers_no(page)
    page.locator("#neurological label.btn", has_text=word("Yes")).first.click()
    expect(page.locator("#neurological .qm-note.is-stop")).to_be_visible()
    page.locator("button.qm-go[name=decide]").click()
    expect(page.locator(".qm-act")).to_contain_text(tag("screening.contraindicated"))
    button(page, "Decide otherwise…").click()
    page.locator("label[for=o-go]").click()
    button(page, "Decide so").click()
    assert not Screening.objects.filter(visit__session=session()).exists()
    button(page, "Decide otherwise…").click()
    page.locator("label[for=o-go]").click()
    page.locator("#reason").fill("癫痫已停药三年，神经科出具证明")
    button(page, "Decide so").click()
    assert visit_of(person).where is State.SCREENED
    page.goto(f"{story.address}/site/screening/overrides/")
    row = page.locator("main tbody tr", has_text=person.name)
    expect(row).to_contain_text("癫痫已停药三年")
    expect(row).to_contain_text("covid_inactivated.neurological")
    expect(row).to_contain_text("孙明")
