"""The world of a subdistrict in the middle of its campaign: 38,000 residents, 14 communities, a site of 1,000 a day.

Built through the product's own actions. Residents, staff and the doses of the ten days before today come by the path of
the ledgers and of the site's lists; who is at the site today has walked through its chain.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from qingmiao.clinic.actions.batches import call_batch
from qingmiao.clinic.models import Session
from qingmiao.demo.ledgers import LOT
from qingmiao.demo.site import open_site
from qingmiao.demo.subdistrict import command, field, ledgers
from qingmiao.demo.subdistrict.people import residents, unique
from qingmiao.demo.subdistrict.places import STAFF, UNITS, found_places
from qingmiao.demo.working_day import accepted, named, walk_through
from qingmiao.demo.world import World, opened
from qingmiao.reports.keeping import carry_everything
from qingmiao.stock.actions import receive_doses
from qingmiao.stock.models import Lot

Told = Callable[[str, int, int], None]
IN_THE_FRIDGE = 9_000  # doses on hand besides those of the day


def build(*, now: datetime, told: Told = lambda what, done, of: None, count: int | None = None) -> None:
    """Build the whole world as it stands at `now`; `told` hears of each step. `count` makes a smaller one for tests."""
    places = found_places()
    world = opened(now, places, STAFF, for_days=40)
    people = unique(residents(count) if count else residents())
    steps = 9
    told(_("Ledgers of the communities"), 0, steps)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledgers.take_in_residents(world, people, folder)
        told(_("Key groups and employers"), 1, steps)
        ledgers.take_in_roster(world, people, folder)
        ledgers.join_groups(world, people)
        told(_("Lists of ten days"), 2, steps)
        given = ledgers.take_in_lists(world, people, folder)
    carry_everything()
    told(_("Site"), 3, steps)
    _site(world)
    told(_("Organisation and plan"), 4, steps)
    campaign = command.organise(world)
    command.plan(world, campaign, given)
    told(_("Head-count and doors"), 5, steps)
    field.declare_round(world, campaign)
    field.answer_for(world, campaign)
    field.knock(world, campaign)
    told(_("Publicity, supplies, supervision"), 6, steps)
    command.tell_people(world, campaign)
    command.supply(world, campaign)
    command.supervise(world, campaign)
    told(_("Meetings"), 7, steps)
    command.hold_meetings(world, campaign)
    told(_("Ready"), steps, steps)


def _site(world: World) -> None:
    """Two areas, vaccine for the coming days, and a batch of sixteen on its way through the chain."""
    open_site(world, ("bureau", "subdistrict"))
    lot = Lot.objects.get(number=LOT)
    receive_doses(
        by=world.actor("head"),
        place=world.places["site"],
        product=lot.product,
        lot_number=LOT,
        expires_on=lot.expires_on,
        doses=IN_THE_FRIDGE,
        at=world.now - timedelta(days=1),
    )
    today, tomorrow = Session.objects.filter(site=world.places["site"]).order_by("day")
    units = [world.places[name] for name in UNITS]
    started = max(world.midnight, world.now - timedelta(minutes=42))
    here = accepted(world, named(world, today, units[0], 16), started, "area_a")
    accepted(world, named(world, today, units[1], 30), max(world.now, started) + timedelta(minutes=10), "area_b")
    named(world, tomorrow, units[2], 40)
    call_batch(by=world.actor("head"), batch=here, version=here.version, at=started)
    walk_through(world, list(here.visits.order_by("pk")), started)
