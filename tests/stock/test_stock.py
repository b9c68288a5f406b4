"""Doses come, are laid out, leave and come back; lots are held back."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.village import TODAY, Village

from qingmiao.audit.models import AuditEntry
from qingmiao.staff.access import NotAllowed
from qingmiao.stock.actions import (
    LotNotUsable,
    enter_product,
    free_lot,
    hold_back_lot,
    lay_out_lot,
    receive_doses,
)
from qingmiao.stock.models import Lot, Movement, Product, TodaysLot
from qingmiao.stock.queries import doses_left, lots_at, todays_lot
from qingmiao.stock.rules import Obstacle, ends_soon, obstacles

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2021-06-01T08:00:00+08:00")


def enter(village: Village, by: str = "zhenghua", code: str = "5601") -> Product:
    return enter_product(by=village.actor(by), place=village.site, code=code, name="新冠灭活疫苗")


def receive(village: Village, doses: int = 10, by: str = "zhenghua", until: date = date(2023, 1, 1), **more):
    return receive_doses(
        by=village.actor(by),
        place=village.site,
        product=enter(village),
        lot_number="LOT1",
        expires_on=until,
        doses=doses,
        at=AT,
        **more,
    )


@pytest.mark.parametrize(
    ("state", "expires_on", "ordered", "found"),
    [
        ("usable", TODAY, True, ()),
        ("usable", TODAY - timedelta(days=1), True, (Obstacle.EXPIRED,)),
        ("recalled", TODAY, True, (Obstacle.RECALLED,)),
        ("quarantined", TODAY, False, (Obstacle.QUARANTINED, Obstacle.OTHER_PRODUCT)),
    ],
)
def test_what_speaks_against_a_lot(state: str, expires_on: date, ordered: bool, found: tuple):
    assert obstacles(state=state, expires_on=expires_on, on=TODAY, is_ordered_product=ordered) == found


def test_a_balance_is_the_sum_of_movements(village: Village):
    lot = receive(village, 10).lot
    receive(village, 5)
    assert (doses_left(lot, village.site), doses_left(lot, village.far_site)) == (15, 0)
    assert list(lots_at(village.site, lot.product)) == [lot]
    assert AuditEntry.objects.filter(verb="stock.receive_doses").count() == 2


def test_asking_twice_receives_once(village: Village):
    request_id = uuid4()
    assert receive(village, request_id=request_id) == receive(village, request_id=request_id)
    assert doses_left(Lot.objects.get(), village.site) == 10


def test_a_lot_is_laid_out_for_one_day(village: Village):
    lot = receive(village).lot
    lay_out_lot(by=village.actor("zhoulin"), place=village.site, lot=lot, at=AT)
    assert todays_lot(village.site, lot.product, TODAY) == lot
    assert todays_lot(village.site, lot.product, TODAY + timedelta(days=1)) is None
    assert todays_lot(village.far_site, lot.product, TODAY) is None


def test_an_expired_or_recalled_lot_is_not_laid_out(village: Village):
    lot = receive(village, until=TODAY - timedelta(days=1)).lot
    with pytest.raises(LotNotUsable, match="LOT1"):
        lay_out_lot(by=village.actor("zhoulin"), place=village.site, lot=lot, at=AT)
    Lot.objects.update(expires_on=TODAY)
    hold_back_lot(by=village.actor("zhoulin"), lot=Lot.objects.get(), state=Lot.State.RECALLED, reason="药监召回")
    with pytest.raises(LotNotUsable, match="药监召回"):
        lay_out_lot(by=village.actor("zhoulin"), place=village.site, lot=lot, at=AT)
    assert not TodaysLot.objects.exists()


@pytest.mark.parametrize("stranger", ["hejing", "zhaoqian", "fengyuan"])
def test_strangers_move_no_stock(village: Village, stranger: str):
    lot = receive(village).lot
    by = village.actor(stranger)
    with pytest.raises(NotAllowed):
        receive(village, by=stranger)
    with pytest.raises(NotAllowed):
        enter(village, by=stranger, code="5602")
    with pytest.raises(NotAllowed):
        lay_out_lot(by=by, place=village.site, lot=lot, at=AT)
    with pytest.raises(NotAllowed):
        hold_back_lot(by=by, lot=lot, state=Lot.State.RECALLED, reason="x")
    with pytest.raises(NotAllowed):
        free_lot(by=by, lot=lot)


def test_a_vaccinator_holds_a_lot_back_but_does_not_free_it(village: Village):
    lot = receive(village).lot
    hold_back_lot(by=village.actor("zhoulin"), lot=lot, state=Lot.State.QUARANTINED, reason="瓶身裂纹")
    with pytest.raises(NotAllowed):
        free_lot(by=village.actor("zhoulin"), lot=lot)
    assert free_lot(by=village.actor("zhenghua"), lot=lot).state == "usable"


@pytest.mark.parametrize(("kind", "doses"), [("given", 1), ("received", -1), ("taken_back", -1), ("wasted", 0)])
def test_the_database_refuses_movements_the_wrong_way(village: Village, kind: str, doses: int):
    lot = receive(village).lot
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(lot=lot, place=village.site, kind=kind, doses=doses, at=AT)


def test_the_database_refuses_a_recall_without_reason_and_one_dose_moving_twice(village: Village):
    lot = receive(village).lot
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.update(state="recalled")
    Movement.objects.create(lot=lot, place=village.site, kind="given", doses=-1, at=AT, belongs_to="registry.Dose:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(
            lot=lot, place=village.site, kind="given", doses=-1, at=AT, belongs_to="registry.Dose:1"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.update(doses=-2)


@pytest.mark.parametrize(("days", "is_pointed_out"), [(0, True), (30, True), (31, False), (400, False)])
def test_a_lot_that_ends_within_the_days_of_the_rule_is_pointed_out(days: int, is_pointed_out: bool):
    on = date(2021, 6, 1)
    assert ends_soon(on + timedelta(days=days), on) is is_pointed_out
