"""Periods and what they take, bookings by staff and residents, shrinking, and moving a whole batch."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from tests.clinic.site import Site, at
from tests.clinic.test_arrival_and_queue import both_at_once
from tests.village import TODAY

from qingmiao.audit.models import AuditEntry
from qingmiao.clinic.actions.batches import BatchUnderWay, NoPlacesLeft, NotBookable, move_batch, name_batch
from qingmiao.clinic.actions.booking import (
    CannotCome,
    NoMatch,
    PeriodFull,
    TooManyTries,
    TryAt,
    book,
    book_oneself,
    cancel_booking,
    cancel_own_booking,
    note_try,
)
from qingmiao.clinic.actions.sessions import BookingsWouldFall, PeriodsImplausible, plan_periods, plan_session
from qingmiao.clinic.capacity import PeriodPlan, hourly, places
from qingmiao.clinic.models import BookingTry, Period, Session, Visit
from qingmiao.clinic.queries.booking import TwoNumbers, person_behind
from qingmiao.clinic.queries.capacity import bookable_periods, loads_of, would_fall
from qingmiao.clinic.rules import State
from qingmiao.staff.access import Actor, NotAllowed

pytestmark = pytest.mark.django_db
RESIDENT = Actor(None, "", "web 10.0.0.1")
NUMBER, PHONE = "110105197001020024", "13800138000"  # 王芳
MORNING = PeriodPlan(time(8), time(9), 2, 2)


def numbers(number: str = NUMBER, phone: str = PHONE) -> TwoNumbers:
    return TwoNumbers(number, phone)


def plan(site: Site, *plans: PeriodPlan, falling: int = 0, session: Session | None = None) -> list[Period]:
    session = Session.objects.get(pk=(session or site.session).pk)
    plan_periods(
        by=site.actor("zhenghua"), session=session, version=session.version, plans=plans, falling=falling, at=at(7)
    )
    return list(session.periods.all())


def reserve(site: Site, name: str, period: Period) -> Visit:
    return book(by=site.actor("hejing"), period=period, person=site.people[name], product=site.product, at=at(7, 30))


@pytest.mark.parametrize(
    ("vaccinators", "minutes", "doses"), [(2, 60, 40), (1, 30, 10), (3, 0, 0), (2, 59, 38), (0, 60, 0)]
)
def test_places_are_vaccinators_times_time_by_minutes_per_dose(vaccinators: int, minutes: int, doses: int):
    assert places(vaccinators, timedelta(minutes=minutes), 3) == doses


def test_a_day_is_cut_into_hours_and_a_shorter_rest():
    cut = hourly(time(8), time(10, 30), 2, 12)
    assert [(one.starts_at, one.ends_at, one.open_places) for one in cut] == [
        (time(8), time(9), 12), (time(9), time(10), 12), (time(10), time(10, 30), 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        [PeriodPlan(time(7), time(9), 1)],
        [PeriodPlan(time(8), time(9), 1, 21)],
        [PeriodPlan(time(8), time(10), 1), PeriodPlan(time(9), time(11), 1)],
        [PeriodPlan(time(9), time(8), 1)],
    ],
)
def test_periods_outside_the_hours_overlapping_or_overfull_are_refused(site: Site, wrong: list[PeriodPlan]):
    with pytest.raises(PeriodsImplausible):
        plan(site, *wrong)
    assert not Period.objects.exists()


def test_only_the_head_plans_periods(site: Site):
    for stranger in ("hejing", "zhaoqian", "fengyuan"):
        with pytest.raises(NotAllowed):
            plan_periods(by=site.actor(stranger), session=site.session, version=1, plans=[MORNING], at=at(7))


def test_staff_book_until_the_open_places_are_gone_and_give_back(site: Site):
    [period] = plan(site, MORNING)
    visit = reserve(site, "zhangwei", period)
    reserve(site, "lihong", period)
    assert (visit.where, visit.booked_by, loads_of(site.session)[0].left) == (State.BOOKED, "staff", 0)
    with pytest.raises(PeriodFull):
        reserve(site, "wangfang", period)
    cancel_booking(by=site.actor("hejing"), visit=visit, at=at(7, 40))
    assert reserve(site, "wangfang", period).where is State.BOOKED


def test_somebody_booked_or_on_a_list_is_not_booked_again(site: Site):
    [period] = plan(site, MORNING)
    site.batch("zhangwei")
    for _time in range(2):
        with pytest.raises(CannotCome):
            reserve(site, "zhangwei", period)


@pytest.mark.parametrize("stranger", ["zhaoqian", "zhoulin", "fengyuan"])
def test_strangers_book_nothing(site: Site, stranger: str):
    [period] = plan(site, MORNING)
    with pytest.raises(NotAllowed):
        book(by=site.actor(stranger), period=period, person=site.people["wangfang"], product=site.product, at=at(7))


def test_a_resident_books_with_two_numbers_and_cancels_with_the_slip(site: Site):
    [period] = plan(site, MORNING)
    request_id = uuid4()
    for _tap in range(2):
        visit = book_oneself(
            by=RESIDENT, period=period, numbers=numbers(), product=site.product, at=at(7, 30), request_id=request_id
        )
    assert (visit.person, visit.booked_by, Visit.objects.count()) == (site.people["wangfang"], "resident", 1)
    cancel_own_booking(by=RESIDENT, slip_token=visit.slip_token, at=at(7, 40))
    assert site.visit("wangfang").where is State.CANCELLED
    trail = str(list(AuditEntry.objects.values_list("details", "subject", "origin")))
    assert NUMBER not in trail
    assert PHONE not in trail


@pytest.mark.parametrize(
    ("number", "phone"),
    [(NUMBER, "13900000000"), ("110105195501010016", PHONE), ("", ""), (NUMBER, ""), (PHONE, NUMBER)],
)
def test_unknown_and_wrong_numbers_get_one_answer(site: Site, number: str, phone: str):
    [period] = plan(site, MORNING)
    with pytest.raises(NoMatch) as refusal:
        book_oneself(by=RESIDENT, period=period, numbers=numbers(number, phone), product=site.product, at=at(7, 30))
    assert str(refusal.value) == str(NoMatch())
    assert person_behind(numbers(number, phone)) is None


def test_a_slip_of_a_unit_is_not_cancelled_by_its_holder(site: Site):
    site.batch("zhangwei")
    with pytest.raises(Visit.DoesNotExist):
        cancel_own_booking(by=RESIDENT, slip_token=site.visit("zhangwei").slip_token, at=at(7))


def test_tries_are_counted_by_number_and_by_address_and_forgotten_after_an_hour(site: Site):
    for minute in range(6):
        note_try(by=RESIDENT, tried=TryAt(f"10.0.0.{minute}", NUMBER), at=at(7, minute))
    with pytest.raises(TooManyTries):
        note_try(by=RESIDENT, tried=TryAt("10.0.0.99", NUMBER), at=at(7, 10))
    note_try(by=RESIDENT, tried=TryAt("10.0.0.1", "another"), at=at(7, 11))
    note_try(by=RESIDENT, tried=TryAt("10.0.0.1", NUMBER), at=at(8, 6))
    assert NUMBER not in str(list(BookingTry.objects.values()))
    for number in range(59):
        note_try(by=RESIDENT, tried=TryAt("10.0.0.7", f"n{number}"), at=at(9))
    note_try(by=RESIDENT, tried=TryAt("10.0.0.7", "last"), at=at(9, 1))
    with pytest.raises(TooManyTries):
        note_try(by=RESIDENT, tried=TryAt("10.0.0.7", "one more"), at=at(9, 2))


def test_shrinking_says_whose_bookings_fall_before_it_saves(site: Site):
    [period] = plan(site, MORNING)
    reserve(site, "zhangwei", period)
    reserve(site, "lihong", period)
    smaller = PeriodPlan(time(8), time(9), 2, 1)
    with pytest.raises(BookingsWouldFall) as refusal:
        plan(site, smaller)
    assert [visit.person for visit in refusal.value.visits] == [site.people["lihong"]]
    assert (Period.objects.get().open_places, site.visit("lihong").where) == (2, State.BOOKED)
    plan(site, smaller, falling=1)
    fallen = site.visit("lihong")
    assert (fallen.where, fallen.exit_code, site.visit("zhangwei").where) == (
        State.CANCELLED, "session_shrunk", State.BOOKED,
    )  # fmt: skip


def test_a_period_that_is_gone_takes_its_bookings_with_it(site: Site):
    [period] = plan(site, MORNING)
    reserve(site, "zhangwei", period)
    assert len(would_fall(site.session, [PeriodPlan(time(9), time(10), 2, 2)])) == 1
    plan(site, PeriodPlan(time(9), time(10), 2, 2), falling=1)
    assert site.visit("zhangwei").period is None


def test_units_have_what_residents_leave(site: Site):
    plan(site, PeriodPlan(time(8), time(8, 6), 1, 1))  # two doses, one of them open
    with pytest.raises(NoPlacesLeft):
        site.batch("zhangwei", "lihong")
    site.batch("zhangwei")
    [load] = loads_of(site.session)
    assert (load.places, load.units, load.booked) == (2, 0, 0)  # the batch comes at half past nine


def test_only_open_days_within_two_weeks_are_shown_to_residents(site: Site):
    plan(site, MORNING)
    assert [load.left for load in bookable_periods(TODAY)] == [2]
    assert bookable_periods(TODAY - timedelta(days=15)) == []
    assert bookable_periods(TODAY + timedelta(days=1)) == []


def tomorrow(site: Site, *plans: PeriodPlan) -> Session:
    return plan_session(
        by=site.actor("zhenghua"), site=site.village.site, day=TODAY + timedelta(days=1), opens_at=time(8),
        closes_at=time(17), cut_off_at=at(18), products=[site.product], periods=plans,
    )  # fmt: skip


def move(site: Site, session: Session, by: str = "zhenghua"):
    batch = site.visit("zhangwei").batch
    return move_batch(
        by=site.actor(by), batch=batch, version=batch.version, session=session, area=site.area_b,
        starts_at=at(10, day=session.day), at=at(7),
    )  # fmt: skip


def test_a_whole_batch_moves_to_another_day(site: Site):
    from qingmiao.clinic.actions.sessions import PlacesFor, keep_places

    site.batch("zhangwei", "lihong")
    later = tomorrow(site)
    with pytest.raises(Exception, match="places|名额"):
        move(site, later)
    keep_places(
        by=site.actor("zhenghua"), session=later, version=later.version, places=[PlacesFor(site.village.bureau)],
        opens_at=time(8), closes_at=time(17), cut_off_at=at(18), products=[site.product],
    )  # fmt: skip
    batch = move(site, later)
    assert (batch.session, batch.number, batch.area) == (later, 1, site.area_b)
    assert set(Visit.objects.values_list("session", flat=True)) == {later.pk}
    assert Visit.objects.filter(state="booked").count() == 2


def test_a_batch_moves_within_the_day_and_keeps_its_number(site: Site):
    site.batch("zhangwei")
    batch = move(site, site.session)
    assert (batch.starts_at, batch.number) == (at(10), 1)


def test_a_batch_that_has_begun_is_not_moved(site: Site):
    site.batch("zhangwei")
    site.arrive("zhangwei")
    with pytest.raises(BatchUnderWay):
        move(site, site.session)


def test_strangers_move_no_batch(site: Site):
    site.batch("zhangwei")
    for stranger in ("zhaoqian", "zhoulin", "fengyuan"):
        with pytest.raises(NotAllowed):
            move(site, site.session, by=stranger)


def test_nobody_moves_to_a_day_that_has_them_already(site: Site):
    from qingmiao.clinic.actions.sessions import PlacesFor

    site.batch("zhangwei")
    later = plan_session(
        by=site.actor("zhenghua"), site=site.village.site, day=TODAY + timedelta(days=1), opens_at=time(8),
        closes_at=time(17), cut_off_at=at(18), products=[site.product], places=[PlacesFor(site.village.bureau)],
    )  # fmt: skip
    Visit.objects.create(session=later, person=site.people["zhangwei"], product=site.product, state="cancelled")
    with pytest.raises(NotBookable):
        move(site, later)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_residents_and_one_last_place_make_one_winner(site: Site):
    [period] = plan(site, PeriodPlan(time(8), time(9), 2, 1))
    answers = both_at_once(
        *(lambda name=name: reserve(site, name, period) for name in ("zhangwei", "lihong")),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["PeriodFull", "Visit"]


def test_naming_counts_what_was_named_before(site: Site):
    plan(site, PeriodPlan(time(8), time(8, 6), 1, 0))
    site.batch("zhangwei", "lihong")
    with pytest.raises(NoPlacesLeft):
        name_batch(
            by=site.actor("zhaoqian"), session=site.session, unit=site.village.karaoke, product=site.product,
            people=[site.people["wangfang"]], at=at(7),
        )  # fmt: skip
