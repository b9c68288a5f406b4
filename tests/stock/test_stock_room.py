"""Deliveries, counts, open vials, moves, fridges, fees: what is refused, what is written, what the sums say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.village import TODAY, Village

from qingmiao.registry.models import Dose
from qingmiao.registry.queries.recalls import given_by_lot, recipients
from qingmiao.staff.access import NotAllowed
from qingmiao.stock.actions import enter_product, hold_back_lot, take_dose
from qingmiao.stock.actions.counts import (
    DifferenceUnexplained,
    close_vial,
    count_lot,
    count_supply,
    open_vial,
    refund_fee,
    take_fee,
)
from qingmiao.stock.actions.deliveries import (
    DeliveryRefused,
    LotOnPaper,
    NotEnough,
    Papers,
    StockRefused,
    discard,
    give_back,
    send_on,
    take_delivery,
)
from qingmiao.stock.actions.fridges import decide_breach, read_fridge, read_logger, set_up_fridge
from qingmiao.stock.cold_chain import faults_of_transport, limits_of, minutes_open, outsides, supplies_for
from qingmiao.stock.models import Breach, Count, Delivery, Fridge, Lot, Movement, Product
from qingmiao.stock.queries import doses_left
from qingmiao.stock.queries.balances import balances, of_day, of_month, suggested
from qingmiao.stock.queries.fridges import counted_by_hand

pytestmark = pytest.mark.django_db


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}:00+08:00")


@pytest.fixture
def product(village: Village) -> Product:
    head = village.actor("zhenghua")
    return enter_product(by=head, place=village.site, code="1201", name="麻腮风疫苗", doses_per_vial=5)


GOOD = ((8, 4.0), (11, 5.5))


def papers(*temperatures: tuple[int, float]) -> Papers:
    return Papers("市疾控中心", "CK-01", at(8), at(11), [(at(hour), celsius) for hour, celsius in temperatures])


def delivered(
    village: Village, product: Product, doses: int = 50, number: str = "A1", until: date = date(2022, 6, 1)
) -> Lot:
    paper = LotOnPaper(number, until, "批签中检20210001")
    return take_delivery(
        by=village.actor("zhenghua"),
        place=village.site,
        product=product,
        lot=paper,
        doses=doses,
        papers=papers(*GOOD),
        at=at(11, 10),
    ).lot


@pytest.mark.parametrize(
    ("temperatures", "fault"),
    [
        ((), "missing"),
        (((8, 4.0),), "arrival"),
        (((11, 4.0),), "departure"),
        (((8, 4.0), (11, 9.1)), "outside"),
        (((7, 4.0), (8, 4.0), (11, 4.0)), "order"),
    ],
)
def test_a_delivery_without_a_good_record_is_refused(village, product, temperatures, fault):
    with pytest.raises(DeliveryRefused) as refused:
        take_delivery(
            by=village.actor("zhenghua"),
            place=village.site,
            product=product,
            lot=LotOnPaper("A1", date(2022, 6, 1), "批签1"),
            doses=10,
            papers=papers(*temperatures),
            at=at(12),
        )
    assert fault in refused.value.faults
    assert not Movement.objects.exists()


def test_seven_hours_without_a_temperature_are_a_gap():
    span = [(at(1), 4.0), (at(8), 4.0)]
    assert faults_of_transport(at(1), at(8), span, TODAY) == ["gap"]
    assert faults_of_transport(at(1), at(8), [*span, (at(5), 4.0)], TODAY) == []


def test_a_good_delivery_keeps_its_papers(village, product):
    lot = delivered(village, product)
    assert doses_left(lot, village.site) == 50
    assert lot.batch_release == "批签中检20210001"
    assert Delivery.objects.get().temperatures[1][1] == 5.5
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE stock_delivery SET supplier = 'x'")


def test_one_lot_has_one_last_day(village, product):
    delivered(village, product)
    with pytest.raises(StockRefused, match="A1"):
        delivered(village, product, until=date(2022, 7, 1))


def test_a_stranger_takes_nothing_in(village, product):
    with pytest.raises(NotAllowed):
        take_delivery(
            by=village.actor("fengyuan"),
            place=village.site,
            product=product,
            lot=LotOnPaper("A1", date(2022, 6, 1), "批签1"),
            doses=1,
            papers=papers(*GOOD),
            at=at(12),
        )


def test_nobody_sends_more_than_is_here(village, product):
    lot = delivered(village, product, doses=5)
    head: dict[str, Any] = {"by": village.actor("zhenghua"), "place": village.site, "lot": lot, "at": at(13)}
    with pytest.raises(NotEnough):
        discard(**head, doses=6, reason="破损")
    discard(**head, doses=2, reason="破损")
    with pytest.raises(DeliveryRefused):
        send_on(**head, doses=1, to=village.centre, celsius=12.0)
    give_back(**head, doses=1, to="市疾控中心", reason="近效期")
    send_on(**head, doses=2, to=village.centre, celsius=4.5)
    assert doses_left(lot, village.site) == 0
    assert Movement.objects.get(kind="came").place == village.centre


def test_a_difference_is_explained_by_name_or_not_written(village, product):
    lot = delivered(village, product)
    by = village.actor("zhoulin")
    with pytest.raises(DifferenceUnexplained):
        count_lot(by=by, place=village.site, lot=lot, counted=48, at=at(17))
    assert not Count.objects.exists()
    done = count_lot(
        by=by, place=village.site, lot=lot, counted=48, explanation="碎2支未登记", explained_by="周琳", at=at(17)
    )
    assert done.difference == -2
    assert doses_left(lot, village.site) == 48
    assert count_lot(by=by, place=village.site, lot=lot, counted=48, at=at(18)).correction is None


def test_the_sums_of_a_day_and_of_a_month(village, product):
    lot = delivered(village, product)
    discard(by=village.actor("zhenghua"), place=village.site, lot=lot, doses=3, reason="破损", at=at(15))
    [day] = of_day(village.site, TODAY)
    assert (day.before, day.came, day.wasted, day.left) == (0, 50, 3, 47)
    [tomorrow] = of_day(village.site, TODAY + timedelta(days=1))
    assert (tomorrow.before, tomorrow.moved, tomorrow.left) == (47, {}, 47)
    assert of_month(village.site, TODAY)[0].left == 47
    assert of_month(village.site, date(2021, 7, 9))[0].before == 47
    assert of_month(village.site, date(2021, 12, 31))[0].left == 47


def test_the_first_to_expire_goes_out_first_unless_it_is_stopped(village, product):
    late = delivered(village, product, number="LATE", until=date(2023, 1, 1))
    soon = delivered(village, product, number="SOON", until=date(2021, 7, 1))
    delivered(village, product, number="OVER", until=TODAY - timedelta(days=1))
    assert suggested(balances(village.site), "1201", TODAY) == soon
    hold_back_lot(by=village.actor("zhenghua"), lot=soon, state=Lot.State.QUARANTINED, reason="待查")
    assert suggested(balances(village.site), "1201", TODAY) == late


def test_the_rest_of_a_vial_is_discarded_when_its_time_is_over(village, product):
    lot = delivered(village, product)
    by = village.actor("zhoulin")
    vial = open_vial(by=by, place=village.site, lot=lot, at=at(9))
    assert vial.use_until == at(9, 30)  # live: half an hour
    person = Dose(pk=77)
    take_dose(by=by, place=village.site, lot=lot, dose=person, at=at(9, 5))
    close_vial(by=by, vial=vial, at=at(9, 31))
    close_vial(by=by, vial=vial, at=at(9, 40))
    vial.refresh_from_db()
    assert vial.rest is not None
    assert vial.rest.doses == -4
    assert doses_left(lot, village.site) == 45


def test_killed_vaccine_stays_open_longer():
    assert (minutes_open("1201", TODAY), minutes_open("0402", TODAY)) == (30, 60)


def test_supplies_follow_the_doses(village):
    assert supplies_for(100)["syringe"] == 111
    assert supplies_for(0)["adrenaline"] == 2
    with pytest.raises(StockRefused):
        count_supply(by=village.actor("zhoulin"), place=village.site, item="gold", counted=1, at=at(9))


@pytest.fixture
def fridge(village: Village) -> Fridge:
    return set_up_fridge(by=village.actor("zhenghua"), place=village.site, number="冰箱1", kind=Fridge.Kind.FRIDGE)


def test_two_readings_count_when_six_hours_lie_between(village, fridge):
    by = village.actor("zhoulin")
    for hour, minute in ((8, 0), (9, 0), (13, 59), (14, 0)):
        read_fridge(by=by, fridge=fridge, celsius=Decimal("4.5"), at=at(hour, minute))
    assert counted_by_hand(fridge, TODAY) == 2


def test_the_fridge_that_failed_at_night(village, product, fridge):
    lot = delivered(village, product)
    night = [(at(0) + timedelta(minutes=30 * n), 4.0 if not 6 <= n <= 11 else 9.0 + n) for n in range(16)]
    by = village.actor("zhenghua")
    read_logger(by=by, fridge=fridge, temperatures=night, at=at(12))
    read_logger(by=by, fridge=fridge, temperatures=night, at=at(12, 5))
    found = Breach.objects.get()
    assert (found.started_at, found.ended_at) == (at(3), at(6))
    assert found.worst_celsius == Decimal("20.0")
    assert found.affected == {str(lot.pk): 50}
    decide_breach(by=by, breach=found, decision=Breach.Decision.QUARANTINE, said="已电话请示企业", at=at(12, 30))
    lot.refresh_from_db()
    assert lot.state == Lot.State.QUARANTINED
    decide_breach(by=by, breach=found, decision=Breach.Decision.DISCARD, said="企业答复报废", at=at(15))
    assert doses_left(lot, village.site) == 0
    with pytest.raises(StockRefused):
        decide_breach(by=by, breach=found, decision=Breach.Decision.USE, said="x", at=at(16))


def test_a_breach_that_goes_on_is_one_breach(village, fridge):
    by = village.actor("zhoulin")
    for hour, celsius in ((8, "4"), (9, "11"), (10, "14"), (11, "5")):
        read_fridge(by=by, fridge=fridge, celsius=Decimal(celsius), at=at(hour))
    found = Breach.objects.get()
    assert (found.started_at, found.ended_at, found.worst_celsius) == (at(9), at(11), Decimal("14"))


def test_the_limits_are_inside():
    limits = limits_of("fridge", TODAY)
    assert outsides([(at(1), 2.0), (at(2), 8.0)], limits) == []
    assert [one.worst_celsius for one in outsides([(at(1), 1.9), (at(2), 8.1)], limits)] == [1.9]


def test_a_logger_from_the_future_is_refused(village, fridge):
    with pytest.raises(StockRefused):
        read_logger(by=village.actor("zhoulin"), fridge=fridge, temperatures=[(at(23), 4.0)], at=at(9))


def test_a_fee_is_taken_once_and_given_back_once(village):
    head = village.actor("zhenghua")
    paid = enter_product(by=head, place=village.site, code="2901", name="流感疫苗", price_fen=12_800)
    fee = take_fee(by=head, place=village.site, product=paid, belongs_to="clinic.Visit:1", receipt="001", at=at(9))
    with pytest.raises(StockRefused):
        take_fee(by=head, place=village.site, product=paid, belongs_to="clinic.Visit:1", at=at(9, 1))
    back = refund_fee(by=head, fee=fee, reason="未接种", at=at(10))
    assert back.fen == -12_800
    with pytest.raises(StockRefused):
        refund_fee(by=head, fee=fee, reason="未接种", at=at(11))
    with pytest.raises(StockRefused):
        take_fee(
            by=head,
            place=village.site,
            product=enter_product(by=head, place=village.site, code="1201", name="麻"),
            belongs_to="x",
            at=at(12),
        )


def test_movements_are_still_added_only(village, product):
    """The table was built anew for a column: its triggers must be there again."""
    delivered(village, product)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE stock_movement SET doses = 1")


def test_a_recall_finds_everybody_with_a_phone(village):
    from tests.clinic.site import open_site

    site = open_site(village)
    site.to_the_needle("zhangwei")
    site.inject("zhangwei")
    [one] = recipients(site.actor("zhenghua"), site.lot)
    assert one.person == site.people["zhangwei"]
    assert [number.reveal() for number in one.phones] == ["13800138000"]
    assert one.given_on == TODAY
    assert recipients(site.actor("fengyuan"), site.lot) == []
    assert given_by_lot(village.site.path, TODAY.replace(day=1), date(2021, 7, 1)) == {site.lot.pk: 1}
