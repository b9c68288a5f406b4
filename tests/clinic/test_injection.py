"""The needle: the vial is checked before it, nothing is refused after it, a wrong tap is withdrawn."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.clinic.site import Site, at
from tests.clinic.test_arrival_and_queue import both_at_once
from tests.village import TODAY

from qingmiao.audit.door import RequestReused
from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.injection import (
    DoseAlreadyRecorded,
    TooLateToWithdraw,
    check_lot,
    record_dose,
    withdraw_dose,
)
from qingmiao.clinic.actions.queue import NotInThisQueue, take_next
from qingmiao.clinic.models import DoseFinding, Injection, LotCheck, Observation
from qingmiao.clinic.queries.days import doses_of_day, doses_of_day_in, states_of_day
from qingmiao.clinic.queries.people import dose_of
from qingmiao.clinic.rules import Refused, State
from qingmiao.registry.models import Dose
from qingmiao.staff.access import NotAllowed
from qingmiao.stock.actions import free_lot, hold_back_lot, lay_out_lot, receive_doses
from qingmiao.stock.models import Lot, Movement
from qingmiao.stock.queries import doses_left, todays_lot

pytestmark = pytest.mark.django_db
GS1 = "(01)06901234567892(17)230301(10)202103B0291"
TRACE = "84000012345678901234"


def check(site: Site, scanned: str = "", lot: Lot | None = None, when=None, by: str = "zhoulin") -> LotCheck:
    return check_lot(
        by=site.actor(by),
        desk=site.desks["injection"],
        visit=site.visit("zhangwei"),
        scanned=scanned,
        lot=lot,
        at=when or at(9, 57),
    )


def record(site: Site, who: str = "zhangwei", lot: Lot | None = None, when=None, by: str = "zhoulin", **more) -> Dose:
    return record_dose(
        by=site.actor(by),
        desk=site.desks["injection"],
        visit=site.visit(who),
        lot=lot or site.lot,
        body_site="left_deltoid",
        at=when or at(9, 58),
        **more,
    )


@pytest.mark.parametrize("scanned", [GS1, "202103B0291", "202103b0291"])
def test_a_scanned_vial_is_accepted_and_becomes_the_lot_of_the_day(site: Site, scanned: str):
    site.to_the_needle("zhangwei")
    checked = check(site, scanned)
    assert (checked.lot, checked.obstacle, checked.how) == (site.lot, "", "scanned")
    assert todays_lot(site.desks["injection"].organisation, site.product, TODAY) == site.lot


def test_the_lot_of_the_day_dies_at_midnight(site: Site):
    site.to_the_needle("zhangwei")
    check(site, GS1)
    assert todays_lot(site.desks["injection"].organisation, site.product, TODAY + timedelta(days=1)) is None


def test_a_trace_code_takes_the_lot_of_the_day_of_its_product(site: Site):
    site.to_the_needle("zhangwei")
    assert check(site, TRACE).obstacle == "unknown"  # no lot was laid out yet
    lay_out_lot(by=site.actor("zhoulin"), place=site.desks["injection"].organisation, lot=site.lot, at=at(8))
    checked = check(site, TRACE)
    assert (checked.lot, checked.trace_code, checked.obstacle) == (site.lot, TRACE, "")


def other_lot(site: Site, number: str = "OTHER1", expires_on: date = date(2023, 1, 1), product=None) -> Lot:
    return receive_doses(
        by=site.actor("zhenghua"),
        place=site.village.site,
        product=product or site.product,
        lot_number=number,
        expires_on=expires_on,
        doses=10,
        at=at(8),
    ).lot


def test_an_expired_lot_is_stopped_before_the_needle_and_the_stop_is_kept(site: Site):
    site.to_the_needle("zhangwei")
    old = other_lot(site, "OLD01", TODAY - timedelta(days=1))
    assert check(site, "OLD01").obstacle == "expired"
    assert LotCheck.objects.get().lot == old
    assert todays_lot(site.desks["injection"].organisation, site.product, TODAY) is None


def test_a_lot_may_be_given_on_its_last_day(site: Site):
    site.to_the_needle("zhangwei")
    other_lot(site, "LAST1", TODAY)
    assert check(site, "LAST1").obstacle == ""


@pytest.mark.parametrize("state", [Lot.State.QUARANTINED, Lot.State.RECALLED])
def test_a_lot_held_back_this_minute_is_stopped_although_it_is_the_lot_of_the_day(site: Site, state: Lot.State):
    site.to_the_needle("zhangwei")
    check(site, GS1)
    hold_back_lot(by=site.actor("zhenghua"), lot=Lot.objects.get(pk=site.lot.pk), state=state, reason="疾控通知")
    assert check(site, lot=site.lot).obstacle == state.value
    free_lot(by=site.actor("zhenghua"), lot=Lot.objects.get(pk=site.lot.pk))
    assert check(site, lot=site.lot).obstacle == ""


def test_another_vaccine_than_ordered_is_stopped(site: Site):
    site.to_the_needle("zhangwei")
    other_lot(site, "ADENO1", product=site.other_product)
    assert check(site, "ADENO1").obstacle == "other_product"
    assert check(site, "(01)06901234567908(10)ADENO1").obstacle == "other_product"


@pytest.mark.parametrize(("scanned", "obstacle"), [("NOSUCHLOT", "unknown"), ("??", "unreadable")])
def test_a_vial_nobody_knows_is_stopped(site: Site, scanned: str, obstacle: str):
    site.to_the_needle("zhangwei")
    assert (check(site, scanned).obstacle, LotCheck.objects.get().lot) == (obstacle, None)


def test_no_vial_is_checked_for_somebody_who_was_not_cleared(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(NotInThisQueue):
        check(site, GS1)


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_check_no_vial_and_record_no_dose(site: Site, stranger: str):
    site.to_the_needle("zhangwei")
    with pytest.raises(NotAllowed):
        check(site, GS1, by=stranger)
    with pytest.raises(NotAllowed):
        record(site, by=stranger)
    assert not Dose.objects.exists()


def test_a_dose_is_a_row_of_the_ledger_a_movement_and_the_beginning_of_the_observation(site: Site):
    site.to_the_needle("zhangwei")
    before = doses_left(site.lot, site.village.site)
    dose = site.inject("zhangwei")
    assert (dose.person, dose.lot_number, dose.dose_number, dose.given_at, dose.given_on, dose.source) == (
        site.people["zhangwei"], "202103B0291", 1, at(9, 58), TODAY, "here",
    )  # fmt: skip
    assert doses_left(site.lot, site.village.site) == before - 1
    observation = Observation.objects.get(dose=dose)
    assert (observation.since, observation.until) == (at(9, 58), at(10, 28))
    visit = site.visit("zhangwei")
    assert (visit.where, visit.vaccinated_at, visit.called_to) == (State.OBSERVING, at(9, 58), None)
    assert [event.event for event in visit.events.order_by("pk")][-2:] == ["vaccinate", "observe"]
    assert Injection.objects.get(dose=dose).check_of_vial is not None
    assert not DoseFinding.objects.exists()
    assert AuditEntry.objects.get(verb="clinic.record_dose").details["findings"] == []


def test_the_day_lists_its_doses_per_unit(site: Site):
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    village = site.village
    assert list(doses_of_day(TODAY)) == list(doses_of_day(TODAY, village.site)) == [dose]
    assert list(doses_of_day_in(village.cafe, TODAY)) == list(doses_of_day_in(village.bureau, TODAY)) == [dose]
    assert list(doses_of_day_in(village.karaoke, TODAY)) == list(doses_of_day(TODAY, village.far_site)) == []
    assert states_of_day(TODAY, village.cafe) == {State.OBSERVING: 1}


def test_asking_twice_writes_one_dose_and_one_movement(site: Site):
    site.to_the_needle("zhangwei")
    request_id = uuid4()
    first = record(site, request_id=request_id)
    assert record(site, request_id=request_id, when=at(9, 59)) == first
    assert (Dose.objects.count(), Movement.objects.filter(kind="given").count()) == (1, 1)
    with pytest.raises(RequestReused):
        record(site, request_id=request_id, lot=other_lot(site))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_desks_recording_one_person_at_once_write_one_dose(site: Site):
    site.to_the_needle("zhangwei")
    answers = both_at_once(*[lambda: record(site) for _desk in range(2)])
    assert sorted(type(answer).__name__ for answer in answers) == ["Dose", "DoseAlreadyRecorded"]
    assert (Dose.objects.count(), Movement.objects.filter(kind="given").count()) == (1, 1)


def test_a_second_row_on_one_visit_is_asked_for_and_then_written_and_found(site: Site):
    site.to_the_needle("zhangwei")
    record(site)
    with pytest.raises(DoseAlreadyRecorded):
        record(site, when=at(10))
    second = record(site, when=at(10), is_second=True)
    assert [finding.code for finding in second.findings.all()] == ["second_today"]
    assert Dose.objects.count() == 2


@pytest.mark.parametrize("before", ["booked", "arrived", "signed"])
def test_after_the_needle_nothing_is_refused_it_is_recorded_and_found(site: Site, before: str):
    site.batch("zhangwei")
    if before != "booked":
        site.arrive("zhangwei")
    if before == "signed":
        site.sign("zhangwei")
    dose = record(site)
    found = {finding.code for finding in dose.findings.all()}
    assert found == ({"not_screened"} if before == "signed" else {"not_screened", "not_consented"})
    assert site.visit("zhangwei").where is State.OBSERVING


def test_a_dose_from_an_expired_lot_of_another_vaccine_is_recorded_and_found(site: Site):
    site.to_the_needle("zhangwei")
    lot = other_lot(site, "OLD02", TODAY - timedelta(days=1), product=site.other_product)
    dose = record(site, lot=lot)
    assert {finding.code for finding in dose.findings.all()} == {"lot_expired", "other_product"}


def test_a_dose_too_soon_after_the_last_is_recorded_and_found(site: Site):
    Dose.objects.create(
        person=site.people["zhangwei"], product_code="5601", given_on=TODAY - timedelta(days=20), source="imported"
    )
    site.session.places.all()
    from qingmiao.clinic.actions.front_desk import admit_walk_in

    admit_walk_in(
        by=site.actor("hejing"),
        session=site.session,
        person=site.people["zhangwei"],
        product=site.product,
        area=site.area_a,
        at=at(9, 31),
    )
    dose = record(site)
    assert dose.dose_number == 2
    assert "interval_too_short" in {finding.code for finding in dose.findings.all()}


def test_more_doses_than_received_are_recorded_and_ask_for_a_recount(site: Site):
    site.to_the_needle("zhangwei")
    before = doses_left(site.lot, site.village.site)
    Movement.objects.create(
        lot=site.lot, place=site.village.site, kind="wasted", doses=-before, at=at(8), reason="打破"
    )
    record(site)
    assert doses_left(site.lot, site.village.site) == -1


def withdraw(site: Site, dose: Dose, when=None, by: str = "zhoulin", reason: str = "点错了人", **more) -> Dose:
    return withdraw_dose(by=site.actor(by), dose=dose, reason=reason, at=when or at(9, 59), **more)


def test_a_wrong_tap_is_withdrawn_by_a_voiding_row(site: Site):
    site.to_the_needle("zhangwei")
    before = doses_left(site.lot, site.village.site)
    dose = site.inject("zhangwei")
    void = withdraw(site, dose)
    assert (void.supersedes, void.is_void, void.reason) == (dose, True, "点错了人")
    assert doses_left(site.lot, site.village.site) == before
    assert list(doses_of_day(TODAY)) == []
    visit = site.visit("zhangwei")
    assert (visit.where, visit.vaccinated_at, dose_of(visit)) == (State.SCREENED, None, None)
    assert Observation.objects.get(dose=dose).ending == "withdrawn"
    again = site_again(site)
    assert (again.dose_number, dose_of(site.visit("zhangwei"))) == (1, again)


def site_again(site: Site) -> Dose:
    take_next(by=site.actor("zhoulin"), desk=site.desks["injection"], at=at(10))
    return site.inject("zhangwei", at(10, 1))


def test_a_withdrawn_dose_leads_back_to_where_the_person_stood(site: Site):
    """Whoever got a dose out of turn had signed nothing and was screened by nobody, and so it is again afterwards."""
    site.batch("zhangwei", "lihong")
    site.arrive("zhangwei")
    withdraw(site, record(site, "zhangwei"))
    withdraw(site, record(site, "lihong"))
    arrived, expected = site.visit("zhangwei"), site.visit("lihong")
    assert (arrived.where, arrived.ticket) == (State.ARRIVED, "A001")
    assert (expected.where, expected.ticket, expected.arrived_at) == (State.BOOKED, None, None)


def test_after_two_minutes_a_dose_is_corrected_not_withdrawn(site: Site):
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    with pytest.raises(TooLateToWithdraw):
        withdraw(site, dose, at(10, 0, second=1))
    withdraw(site, dose, at(10))


def test_a_withdrawal_needs_a_reason_and_happens_once(site: Site):
    site.to_the_needle("zhangwei")
    dose, request_id = site.inject("zhangwei"), uuid4()
    with pytest.raises(Refused):
        withdraw(site, dose, reason=" ")
    assert withdraw(site, dose, request_id=request_id) == withdraw(site, dose, request_id=request_id)
    with pytest.raises(Refused):
        withdraw(site, Dose.objects.get(pk=dose.pk))
    assert Dose.objects.filter(is_void=True).count() == 1


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_withdraw_nothing(site: Site, stranger: str):
    site.to_the_needle("zhangwei")
    dose = site.inject("zhangwei")
    with pytest.raises(NotAllowed):
        withdraw(site, dose, by=stranger)


def test_the_database_refuses_to_change_a_dose_or_its_injection(site: Site):
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dose.objects.update(lot_number="X")
    with pytest.raises(IntegrityError), transaction.atomic():
        Injection.objects.update(trace_code="X")
    with pytest.raises(IntegrityError), transaction.atomic():
        LotCheck.objects.all().delete()


def test_a_vial_is_not_scanned_for_two_people(site: Site):
    site.to_the_needle("zhangwei")
    lay_out_lot(by=site.actor("zhoulin"), place=site.desks["injection"].organisation, lot=site.lot, at=at(8))
    record(site, check=check(site, TRACE))
    site.batch("lihong")
    site.arrive("lihong")
    site.sign("lihong")
    site.screen("lihong")
    visit = take_next(by=site.actor("zhoulin"), desk=site.desks["injection"], at=at(10))
    again = check_lot(by=site.actor("zhoulin"), desk=site.desks["injection"], visit=visit, scanned=TRACE, at=at(10))
    assert (again.obstacle, again.lot) == ("used", None)


def test_a_code_with_another_last_day_than_the_books_is_stopped(site: Site):
    site.to_the_needle("zhangwei")
    assert check(site, "(01)06901234567892(17)240301(10)202103B0291").obstacle == "other_expiry"
