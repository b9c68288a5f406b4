"""What has been heard at the doors so far, and who answers for them."""

from __future__ import annotations

import random
from datetime import timedelta

from qingmiao.campaign.actions import declare_number, open_head_count
from qingmiao.campaign.actions.fieldwork import (
    draw_day_list,
    give_responsibility,
    name_forerunner,
    record_door_visit,
    sign_counts,
)
from qingmiao.campaign.models import Campaign, DoorVisit, Forerunner, Level
from qingmiao.campaign.rules.fieldwork import Standing
from qingmiao.demo.subdistrict.command import at
from qingmiao.demo.subdistrict.people import COMMUNITIES, GRIDS
from qingmiao.demo.subdistrict.places import UNITS
from qingmiao.demo.world import World
from qingmiao.registry.models import Person
from qingmiao.reports.queries.field import counts_of_places, field_people

Result = DoorVisit.Result
SILENT = ("滨河社区", "望江社区")  # have signed no figures
HEARD = (Result.WILLING, Result.WILLING, Result.REFUSED, Result.NOT_REACHED, Result.DEFERRED, Result.MOVED)
REASONS = ("worry_safety", "no_time", "rumour", "family", "no_need")


def declare_round(world: World, campaign: Campaign) -> None:
    """The head-count: every community says how many live there; one says so late, one is a few off."""
    by, opened = world.actor("office"), world.today - timedelta(days=13)
    due = at(world.today - timedelta(days=11), 17)
    round_ = open_head_count(
        by=by, organisation=world.places["subdistrict"], title="重点人群摸底", opened_on=opened, due_at=due
    )
    places = [world.places[name] for name in COMMUNITIES]
    counts = counts_of_places(campaign, places, world.today)
    for number, place in enumerate(places):
        declare_number(
            by=by,
            head_count=round_,
            unit=place,
            people=counts[place.pk].found + (37 if number == 4 else 0),
            declared_on=opened + timedelta(days=1),
            said_by=f"{place.name[:2]}书记",
            at=due + timedelta(hours=20 if number == 13 else -6),
        )


def answer_for(world: World, campaign: Campaign) -> None:
    """A leader for each community, a worker for each grid, somebody for the doors of one house."""
    by, start = world.actor("office"), campaign.starts_on
    for number, name in enumerate(COMMUNITIES):
        give_responsibility(
            by=by, campaign=campaign, place=world.places[name], level=Level.SUBDISTRICT, name=f"包片领导{number + 1}",
            valid_from=start,
        )  # fmt: skip
        for grid in range(1, GRIDS + 1):
            is_mine = name == "柳林社区" and grid == 1
            give_responsibility(
                by=by, campaign=campaign, place=world.places[f"{name}第{grid}网格"], level=Level.GRID,
                name="方小禾" if is_mine else f"{name[:2]}网格员{grid}", user=world.users["grid1"] if is_mine else None,
                valid_from=start,
            )  # fmt: skip
    give_responsibility(
        by=by, campaign=campaign, place=world.places["柳林社区"], doors="柳林路8号1号楼", level=Level.COMMUNITY,
        name="楼长老李", valid_from=start,
    )  # fmt: skip


def knock(world: World, campaign: Campaign) -> None:
    """Sixty doors in two communities; some refuse twice; a list for today, and figures signed by most."""
    chance, yesterday = random.Random(11), world.today - timedelta(days=1)
    for name, account in (("柳林社区", "liulin"), ("望江社区", "wangjiang")):
        by, place = world.actor(account), world.places[name]
        open_ = [one.person for one in field_people(campaign, place, world.today) if one.standing is Standing.NOT_ASKED]
        for number, person in enumerate(chance.sample(open_, 36)):
            result = HEARD[number % len(HEARD)]
            _heard(world, campaign, account, person, result, number, Level.GRID)
            if result is Result.REFUSED and number % 4 == 0:
                _heard(world, campaign, account, person, result, number + 1, Level.COMMUNITY)
        today = [one.person for one in field_people(campaign, place, world.today) if one.standing is Standing.NOT_ASKED]
        draw_day_list(by=by, campaign=campaign, place=place, day=world.today, people=today[:24], at=at(yesterday, 20))
    _examples(world, campaign)
    _sign(world, campaign)


def _heard(
    world: World, campaign: Campaign, account: str, person: Person, result: Result, number: int, level: Level
) -> None:
    record_door_visit(
        by=world.actor(account),
        campaign=campaign,
        person=person,
        level=level,
        result=result,
        reason=REASONS[number % len(REASONS)],
        until=world.today + timedelta(days=10) if result is Result.DEFERRED else None,
        remark="外出务工" if result is Result.MOVED else "",
        at=at(world.today - timedelta(days=1), 9 + number % 8, number),
    )


def _examples(world: World, campaign: Campaign) -> None:
    by = world.actor("liaison2")
    staff = field_people(campaign, world.places["bureau"], world.today)
    for number, one in enumerate(staff[::24]):
        kind = (Forerunner.Kind.OWNER, Forerunner.Kind.PARTY, Forerunner.Kind.RELATIVE)[number % 3]
        name_forerunner(by=by, campaign=campaign, person=one.person, kind=kind, at=world.now)


def _sign(world: World, campaign: Campaign) -> None:
    by = world.actor("office")
    places = [world.places[name] for name in COMMUNITIES if name not in SILENT]
    units = [world.places[name] for name in UNITS]
    counts = counts_of_places(campaign, [*places, *units], world.today)
    signed_at = min(world.now, at(world.today, 16, 40))
    yesterday = world.today - timedelta(days=1)
    for number, place in enumerate([*places, *units]):
        for day, moment in ((yesterday, at(yesterday, 18 if number == 3 else 16, 10)), (world.today, signed_at)):
            sign_counts(
                by=by, campaign=campaign, place=place, day=day, counts=counts[place.pk].as_kept(),
                declared=counts[place.pk].found, signed_by=f"{place.name[:2]}负责人", at=moment,
            )  # fmt: skip
