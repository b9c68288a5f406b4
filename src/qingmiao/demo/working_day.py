"""The commerce bureau in the middle of its day: its ledger is in, a batch is at the site, at every desk somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from django.core.files import File
from django.utils import timezone

from qingmiao.clinic.actions.batches import accept_batch, call_batch, name_batch
from qingmiao.clinic.actions.consent import Signed, take_consent
from qingmiao.clinic.actions.front_desk import record_arrival
from qingmiao.clinic.actions.injection import check_lot, record_dose
from qingmiao.clinic.actions.observation import note_left_early, release
from qingmiao.clinic.actions.queue import take_next
from qingmiao.clinic.actions.screening import Answers, screen
from qingmiao.clinic.models import Batch, Desk, Observation, Session, Visit
from qingmiao.clinic.queries.people import people_of, standings
from qingmiao.clinic.queries.queue import desks_of
from qingmiao.clinic.rules import Step
from qingmiao.clinic.screening import form_for
from qingmiao.demo.ledgers import LOT
from qingmiao.demo.world import World
from qingmiao.registry.actions.imports import accept_proposals, approve_import, upload_ledger
from qingmiao.reports.actions import freeze_figure
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Lot

WRITTEN_BY_HAND = "M60 120L80 70L100 130L118 60L140 128L165 84L190 122L230 66L262 118L300 96L352 88"
FEVER = Decimal("37.9")


def take_in(world: World, roster: Path, lists: Sequence[Path]) -> None:
    """The bureau's roster and the lists of two days, approved; then yesterday's figure frozen."""
    by, bureau = world.actor("liaison2"), world.places["commerce"]
    for paths in ([roster], list(lists)):
        uploaded = upload_ledger(
            by=by, place=bureau, files=[_file(path) for path in paths], as_of=world.today, at=world.now
        )
        settled = accept_proposals(by=by, ledger_import=uploaded)
        approve_import(by=by, ledger_import=settled, version=settled.version, at=world.now)
    freeze_figure(
        by=by,
        indicator_id="covid19.vaccinated",
        organisation=bureau,
        on=world.today - timedelta(days=1),
        today=world.today,
        at=world.now,
    )


def _file(path: Path) -> File:  # type: ignore[type-arg]
    return File(path.open("rb"), name=path.name)


def working_day(world: World) -> None:
    """Three batches: one at the site, one accepted for later, one for tomorrow that waits to be accepted."""
    units = list(world.places["commerce"].children.order_by("pk"))
    today, tomorrow = Session.objects.filter(site=world.places["site"]).order_by("day")
    here = named(world, today, units[0], 16)
    later = named(world, today, units[1], 12)
    named(world, tomorrow, units[2], 14)
    started = max(world.midnight, world.now - timedelta(minutes=42))
    here = accepted(world, here, started, "area_a")
    accepted(world, later, max(world.now, started) + timedelta(minutes=10), "area_b")
    call_batch(by=world.actor("head"), batch=here, version=here.version, at=started)
    walk_through(world, list(here.visits.order_by("pk")), started)


def named(world: World, session: Session, unit: Organisation, count: int) -> Batch:
    """The first `count` people of `unit` who may be booked."""
    product = session.products.get()
    people = list(people_of(unit, session.day))
    standing = standings(people, product, session.day)
    bookable = [person for person in people if standing[person.pk].is_bookable][:count]
    return name_batch(
        by=world.actor("liaison2"),
        session=session,
        unit=unit,
        product=product,
        people=bookable,
        leader="负责人",
        at=min(session.cut_off_at - timedelta(hours=2), world.now),
    )


def accepted(world: World, batch: Batch, starts_at: datetime, area: str) -> Batch:
    """The batch with its number, time and area."""
    last_minute = timezone.make_aware(datetime.combine(world.today, time(23, 59)))
    return accept_batch(
        by=world.actor("head"),
        batch=batch,
        version=batch.version,
        starts_at=min(starts_at, last_minute),
        area=world.places[area],
        leader=batch.leader,
        at=world.now,
    )


def walk_through(world: World, visits: Sequence[Visit], started: datetime) -> None:
    """Eight have their dose, two wait for the needle, one has a fever, two wait for screening, two for signing."""
    for place, visit in enumerate(visits[:15]):
        arrived = started + (world.now - started) * place / 15
        record_arrival(by=world.actor("frontdesk"), visit=visit, area=world.places["area_a"], at=arrived)
        if place < 13:
            sign(world, arrived)
        if place < 11:
            answer_questions(world, arrived, FEVER if place == 10 else Decimal("36.5"))
        if place < 8:
            inject(world, arrived)
    look_after(world)


def desk(world: World, step: Step) -> Desk:
    """The first desk of area A where `step` is done."""
    return desks_of(world.places["area_a"], step).order_by("pk")[0]


def sign(world: World, at: datetime) -> None:
    by, here = world.actor("consent"), desk(world, Step.CONSENT)
    take_consent(
        by=by,
        desk=here,
        visit=take_next(by=by, desk=here, at=at),
        identity_fields=["name", "birth_date"],
        signed=Signed(path=WRITTEN_BY_HAND),
        language="zh-hans",
        at=at,
    )


def answer_questions(world: World, at: datetime, celsius: Decimal) -> None:
    by, here = world.actor("screener"), desk(world, Step.SCREENING)
    visit = take_next(by=by, desk=here, at=at)
    questions = form_for(visit.product.code, world.today).questions_for(visit.person.sex)
    answers = Answers({question.id: "no" for question in questions}, celsius=celsius)
    screen(by=by, desk=here, visit=visit, answered=answers, at=at)


def inject(world: World, at: datetime) -> None:
    by, here = world.actor("vaccinator"), desk(world, Step.INJECTION)
    visit, lot = take_next(by=by, desk=here, at=at), Lot.objects.get(number=LOT)
    check = check_lot(by=by, desk=here, visit=visit, lot=lot, at=at)
    record_dose(by=by, desk=here, visit=visit, lot=lot, check=check, body_site="left_deltoid", at=at)


def look_after(world: World) -> None:
    """Whoever was first goes home; whoever was last left too early."""
    by = world.actor("observer")
    running = list(Observation.objects.order_by("until"))
    for observation in running[:2]:
        if observation.until <= world.now:
            release(by=by, observation=observation, at=world.now)
    if running[-1].until > world.now:
        note_left_early(by=by, observation=running[-1], at=world.now)
