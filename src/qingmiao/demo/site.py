"""The site of the demo world: two areas with their desks, the vaccine, and the sessions of today and tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from qingmiao.clinic.actions.sessions import PlacesFor, plan_session, set_up_desk
from qingmiao.clinic.capacity import hourly
from qingmiao.clinic.rules import Step
from qingmiao.demo.ledgers import LOT
from qingmiao.demo.world import World
from qingmiao.staff.access import Actor, system
from qingmiao.staff.actions import found_organisation
from qingmiao.staff.models import Organisation
from qingmiao.stock.actions import enter_product, lay_out_lot, receive_doses
from qingmiao.stock.models import Product

Kind = Organisation.Kind
DESKS = (("签字台", Step.CONSENT, 1), ("预检台", Step.SCREENING, 1), ("接种台", Step.INJECTION, 2))


def open_site(world: World, for_whom: Sequence[str] = ("culture", "commerce")) -> None:
    """Areas and desks, 400 doses in the fridge, two sessions with places for two organisations (by their names in
    `world.places`, which learns area_a and area_b)."""
    _areas(world)
    _sessions(world, _vaccine(world), for_whom)


def _areas(world: World) -> None:
    by, head = system("demo"), world.actor("head")
    for letter in "AB":
        area = found_organisation(by=by, kind=Kind.AREA, name=f"{letter}区", parent=world.places["site"])
        world.places[f"area_{letter.lower()}"] = area
        for title, step, count in DESKS:
            for number in range(1, count + 1):
                name = f"{title}{number}号"
                table = found_organisation(by=by, kind=Kind.DESK, name=name, parent=area)
                set_up_desk(by=head, organisation=table, step=step)


def covid_vaccine(*, by: Actor, place: Organisation, manufacturer: str) -> Product:
    """The inactivated vaccine that demo sites and rehearsals give."""
    return enter_product(
        by=by,
        place=place,
        code="5601",
        name="新型冠状病毒灭活疫苗（Vero细胞）",
        name_en="Inactivated COVID-19 vaccine (Vero cell)",
        short_name="新冠灭活",
        manufacturer=manufacturer,
        trace_prefix="8400001",
        gtin="06901234567892",
        route="im",
    )


def _vaccine(world: World) -> Product:
    head, place = world.actor("head"), world.places["site"]
    product = covid_vaccine(by=head, place=place, manufacturer="北京科兴")
    arrived = world.now - timedelta(days=3)
    expires_on = world.today + timedelta(days=400)
    for number, day, doses in ((LOT, expires_on, 400), ("202601A003", world.today + timedelta(days=20), 40)):
        receive_doses(by=head, place=place, product=product, lot_number=number, expires_on=day, doses=doses, at=arrived)
    lay_out_lot(by=head, place=place, lot=product.lots.get(number=LOT), at=world.now)
    return product


def _sessions(world: World, product: Product, for_whom: Sequence[str]) -> None:
    head, place = world.actor("head"), world.places["site"]
    for day in (world.today, world.today + timedelta(days=1)):
        evening = timezone.make_aware(datetime.combine(day - timedelta(days=1), time(18)))
        plan_session(
            by=head,
            site=place,
            day=day,
            opens_at=time(8),
            closes_at=time(17, 30),
            # A world that is built in the evening still has time before its cut-off.
            cut_off_at=evening if day == world.today else max(evening, world.now + timedelta(hours=3)),
            products=[product],
            places=[PlacesFor(world.places[name], 300) for name in for_whom],
            periods=hourly(time(8), time(17, 30), vaccinators=4, open_places=12),
        )
