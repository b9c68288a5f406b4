"""Consent, screening and injection in the browser: next, the work, done; two desks, strangers, stale pages."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.clinic.site import PATH, Site, at
from tests.village import TODAY

from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.models import Consent, Screening
from qingmiao.clinic.rules import State
from qingmiao.clinic.screening import form_for
from qingmiao.registry.models import Dose
from qingmiao.stock.actions import hold_back_lot, receive_doses
from qingmiao.stock.models import Lot

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Sit = Callable[[str], Client]


def page(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def address(site: Site, desk: str, act: str = "") -> str:
    found = site.desks[desk]
    return f"/site/{found.step}/{found.pk}/{act}"


# --- consent ---


def signed(site: Site, **changes) -> dict:
    fields = {
        "visit": site.visit("zhangwei").pk,
        "identity": ["name", "birth_date"],
        "informed": "on",
        "signature": PATH,
        "request_id": uuid4(),
    }
    return fields | changes


def at_consent(site: Site, sit: Sit) -> Client:
    site.batch("zhangwei")
    site.arrive("zhangwei")
    desk = sit("xulan")
    desk.post(address(site, "consent", "next/"))
    return desk


def test_the_only_desk_of_a_step_opens_by_itself(site: Site, sit: Sit):
    assert sit("xulan").get("/site/consent/").url == address(site, "consent")


def test_nothing_is_ticked_before_anybody_was_asked(site: Site, sit: Sit):
    shown = page(at_consent(site, sit).get(address(site, "consent")))
    assert 'name="identity"' in shown
    assert " checked" not in shown
    assert form_for("5601", TODAY).notice.paragraphs[0].zh in shown
    assert site.visit("zhangwei").where is State.ARRIVED


def test_whoever_was_told_and_has_not_signed_yet_is_informed(site: Site, sit: Sit):
    desk = at_consent(site, sit)
    page(desk.post(address(site, "consent"), signed(site, signature="")))
    assert (site.visit("zhangwei").where, site.visit("zhangwei").informed_at) == (State.INFORMED, at(9, 45))
    page(desk.post(address(site, "consent"), signed(site), follow=True))
    assert site.visit("zhangwei").where is State.CONSENTED


def test_signing_sends_the_person_on(site: Site, sit: Sit):
    desk = at_consent(site, sit)
    page(desk.post(address(site, "consent"), signed(site), follow=True))
    assert site.visit("zhangwei").where is State.CONSENTED
    assert Consent.objects.get().signature_path == PATH


@pytest.mark.parametrize(
    "change",
    [
        {"identity": ["name"]},
        {"identity": []},
        {"informed": ""},
        {"signature": ""},
        {"signature": "M1 1"},
        {"signature": "<script>"},
    ],
)
def test_half_a_consent_comes_back_with_what_is_missing(site: Site, sit: Sit, change: dict):
    answer = at_consent(site, sit).post(address(site, "consent"), signed(site, **change))
    assert "qm-wrong" in page(answer)
    assert not Consent.objects.exists()


def test_a_page_of_another_person_signs_nobody(site: Site, sit: Sit):
    at_consent(site, sit).post(address(site, "consent"), signed(site, visit=999))
    assert not Consent.objects.exists()


def test_somebody_declines_at_the_desk_with_a_reason(site: Site, sit: Sit):
    desk = at_consent(site, sit)
    page(desk.post(address(site, "consent", "away/"), {"event": "decline", "reason": ""}, follow=True))
    assert site.visit("zhangwei").where is State.ARRIVED
    page(desk.post(address(site, "consent", "away/"), {"event": "decline", "reason_other": "再想想"}, follow=True))
    assert (site.visit("zhangwei").where, site.visit("zhangwei").exit_reason) == (State.DECLINED, "再想想")


def test_a_scanned_slip_calls_its_holder(site: Site, sit: Sit):
    site.batch("zhangwei")
    visit = site.arrive("zhangwei")
    desk = sit("xulan")
    desk.post(address(site, "consent", "call/"), {"q": f"http://testserver/s/{visit.slip_token}/"})
    assert site.visit("zhangwei").called_to == site.desks["consent"]
    desk.post(address(site, "consent", "pass/"))
    assert site.visit("zhangwei").passed_over_at is not None
    assert "A001" in page(desk.get(address(site, "consent")))


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_sit_at_no_desk(site: Site, sit: Sit, stranger: str):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    for desk in ("consent", "screening", "injection"):
        for act in ("next/", "call/", "pass/", "away/"):
            assert sit(stranger).post(address(site, desk, act)).status_code in (403, 404)
        assert sit(stranger).get(address(site, desk)).status_code in (403, 404)
    assert site.visit("zhangwei").called_to is None


# --- screening ---


def answers(site: Site, **other: str) -> dict:
    form = form_for("5601", TODAY)
    fields = {f"q-{question.id}": "no" for question in form.questions_for("1")}
    return (
        fields
        | {f"q-{key}": value for key, value in other.items()}
        | {"visit": site.visit("zhangwei").pk, "decide": "rules", "celsius": "36.4", "request_id": uuid4()}
    )


def at_screening(site: Site, sit: Sit) -> Client:
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    desk = sit("sunming")
    desk.post(address(site, "screening", "next/"))
    return desk


def test_all_no_is_one_press(site: Site, sit: Sit):
    page(at_screening(site, sit).post(address(site, "screening"), answers(site), follow=True))
    assert site.visit("zhangwei").where is State.SCREENED


def test_questions_left_open_are_named(site: Site, sit: Sit):
    desk = at_screening(site, sit)
    fields = answers(site)
    del fields["q-acute"]
    answer = desk.post(address(site, "screening"), fields)
    assert [question["id"] for question in answer.context["missing"]] == ["acute"]
    assert not Screening.objects.exists()


def test_a_deferral_is_shown_with_rule_and_day_before_it_is_decided(site: Site, sit: Sit):
    desk = at_screening(site, sit)
    first = desk.post(address(site, "screening"), answers(site, acute="yes"))
    shown = page(first)
    assert "covid_inactivated.acute" in shown
    assert "2021-06-15" in shown
    assert site.visit("zhangwei").where is State.CONSENTED
    page(
        desk.post(address(site, "screening"), answers(site, acute="yes") | {"seen": first.context["seen"]}, follow=True)
    )
    assert (site.visit("zhangwei").where, site.visit("zhangwei").deferred_until) == (
        State.DEFERRED,
        TODAY + timedelta(days=14),
    )


def test_an_outcome_that_was_not_seen_is_not_decided(site: Site, sit: Sit):
    desk = at_screening(site, sit)
    desk.post(address(site, "screening"), answers(site, severe_allergy="yes") | {"seen": "defer 2021-06-04"})
    assert site.visit("zhangwei").where is State.CONSENTED


def test_the_day_of_another_vaccine_moves_the_day(site: Site, sit: Sit):
    desk = at_screening(site, sit)
    fields = answers(site, other_vaccine="yes") | {"d-other_vaccine": "2021-05-25"}
    assert desk.post(address(site, "screening"), fields).context["seen"] == "defer 2021-06-09"


def test_the_doctor_decides_otherwise_with_a_reason(site: Site, sit: Sit):
    desk = at_screening(site, sit)
    fields = answers(site, neurological="yes") | {"decide": "other", "outcome": "go"}
    page(desk.post(address(site, "screening"), fields))
    assert site.visit("zhangwei").where is State.CONSENTED
    page(desk.post(address(site, "screening"), fields | {"reason": "神经科证明", "request_id": uuid4()}, follow=True))
    assert site.visit("zhangwei").where is State.SCREENED


# --- injection ---


def at_the_needle(site: Site, sit: Sit) -> Client:
    site.batch("zhangwei")
    site.arrive("zhangwei")
    site.sign("zhangwei")
    site.screen("zhangwei")
    desk = sit("zhoulin")
    desk.post(address(site, "injection", "next/"))
    return desk


def scan(site: Site, desk: Client, vial: str = "", **more) -> dict:
    fields = {"visit": site.visit("zhangwei").pk, "vial": vial, "request_id": uuid4()} | more
    return desk.post(address(site, "injection", "vial/"), fields, follow=True).context


def given(site: Site, desk: Client, check: int, request_id=None, **more):
    fields = {"visit": site.visit("zhangwei").pk, "check": check, "body_site": "left_deltoid"}
    return desk.post(
        address(site, "injection", "given/"), fields | {"request_id": request_id or uuid4()} | more, follow=True
    )


def test_three_taps_next_vial_given(site: Site, sit: Sit):
    desk = at_the_needle(site, sit)
    shown = scan(site, desk, lot=site.lot.pk)
    assert shown["lot"]["number"] == "202103B0291"
    after = page(given(site, desk, shown["check"].pk))
    dose = Dose.objects.get()
    assert (dose.lot, dose.given_by_id, dose.body_site) == (
        site.lot, site.village.users["zhoulin"].pk, "left_deltoid",
    )  # fmt: skip
    assert f"/site/observation/{dose.observation.pk}/slip/" in after
    assert "data-print-now" in after


def test_the_button_pressed_twice_gives_one_dose(site: Site, sit: Sit):
    desk = at_the_needle(site, sit)
    check, request_id = scan(site, desk, lot=site.lot.pk)["check"].pk, uuid4()
    for _press in range(2):
        page(given(site, desk, check, request_id))
    assert Dose.objects.count() == 1


def test_going_back_and_pressing_again_is_asked_about(site: Site, sit: Sit):
    desk = at_the_needle(site, sit)
    check = scan(site, desk, lot=site.lot.pk)["check"].pk
    given(site, desk, check)
    assert given(site, desk, check).status_code == 409
    assert Dose.objects.count() == 1
    given(site, desk, check, is_second=1)
    assert Dose.objects.count() == 2


def test_an_expired_vial_is_stopped_before_the_needle(site: Site, sit: Sit):
    receive_doses(
        by=site.actor("zhenghua"),
        place=site.village.site,
        product=site.product,
        lot_number="OLD01",
        expires_on=TODAY - timedelta(days=1),
        doses=10,
        at=at(8),
    )
    desk = at_the_needle(site, sit)
    stopped = scan(site, desk, "OLD01")
    assert stopped["lot"] is None
    assert "OLD01" in stopped["stopped"]["reason"]
    assert given(site, desk, 0).status_code == 404
    assert not Dose.objects.exists()


def test_the_lot_of_the_day_is_offered_until_it_is_recalled(site: Site, sit: Sit):
    desk = at_the_needle(site, sit)
    scan(site, desk, "202103B0291")
    assert desk.get(address(site, "injection")).context["offered"] == site.lot
    hold_back_lot(
        by=site.actor("zhenghua"), lot=Lot.objects.get(pk=site.lot.pk), state=Lot.State.RECALLED, reason="药监召回"
    )
    assert "药监召回" in scan(site, desk, lot=site.lot.pk)["stopped"]["reason"]


def test_a_wrong_tap_is_withdrawn_with_a_reason_within_two_minutes(site: Site, sit: Sit, clock):
    desk = at_the_needle(site, sit)
    given(site, desk, scan(site, desk, lot=site.lot.pk)["check"].pk)
    undo = desk.get(address(site, "injection")).context["undo"]
    asked = page(desk.post(undo["url"]))
    assert "reason" in asked
    assert not Dose.objects.filter(is_void=True).exists()
    page(desk.post(undo["url"], {"reason": "点错了人"}, follow=True))
    assert Dose.objects.filter(is_void=True).count() == 1
    assert site.visit("zhangwei").where is State.SCREENED


def test_after_two_minutes_the_withdrawal_is_refused(site: Site, sit: Sit, clock):
    desk = at_the_needle(site, sit)
    given(site, desk, scan(site, desk, lot=site.lot.pk)["check"].pk)
    url = desk.get(address(site, "injection")).context["undo"]["url"]
    clock.move_to(at(9, 48))
    assert desk.get(address(site, "injection")).context["undo"] is None
    desk.post(url, {"reason": "点错了人"})
    assert not Dose.objects.filter(is_void=True).exists()


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_record_and_withdraw_nothing(site: Site, sit: Sit, stranger: str):
    desk = at_the_needle(site, sit)
    check = scan(site, desk, lot=site.lot.pk)["check"].pk
    assert given(site, sit(stranger), check).status_code in (403, 404)
    given(site, desk, check)
    url = desk.get(address(site, "injection")).context["undo"]["url"]
    assert sit(stranger).post(url, {"reason": "x"}).status_code in (403, 404)
    assert Dose.objects.count() == 1


def test_each_page_that_shows_a_person_leaves_a_look(site: Site, sit: Sit):
    desk = at_the_needle(site, sit)
    before = AuditEntry.objects.filter(is_look=True).count()
    page(desk.get(address(site, "injection")))
    assert AuditEntry.objects.filter(is_look=True).count() == before + 1
