"""Reads of the plan: what is to be reached, what sites can do, and what the days ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum

from qingmiao.campaign.models import Campaign, DayTarget, Strength, Target
from qingmiao.campaign.rulebook import rulebook
from qingmiao.campaign.rules.plan import capacity
from qingmiao.clinic.figures import figure
from qingmiao.clinic.models import Desk
from qingmiao.clinic.queries.capacity import planned_places
from qingmiao.clinic.rules import Step
from qingmiao.registry.models import KeyGroup
from qingmiao.staff.models import Organisation
from qingmiao.stock.models import Movement

Key = tuple[int | None, int | None]  # key group, place; both None: everybody


def targets_of(campaign: Campaign) -> Mapping[Key, Target]:
    """The target that counts for each key group and place: the last one said."""
    rows = campaign.targets.select_related("key_group", "place")
    return {(row.key_group_id, row.place_id): row for row in rows}


def history_of(campaign: Campaign) -> QuerySet[Target]:
    """Every target that was ever said, the latest first."""
    return campaign.targets.select_related("key_group", "place").order_by("-recorded_at", "-pk")


def key_groups() -> QuerySet[KeyGroup]:
    """Every key group of the installation, in the order in which they were entered."""
    return KeyGroup.objects.order_by("pk")


def sites_of(campaign: Campaign) -> QuerySet[Organisation]:
    """The vaccination sites below the organisation that leads the campaign."""
    return Organisation.objects.filter(
        kind=Organisation.Kind.SITE, closed_on=None, path__begins=campaign.organisation.path
    ).order_by("path")


def days_of(campaign: Campaign) -> list[date]:
    """Every day of the campaign."""
    return [
        campaign.starts_on + timedelta(days=number)
        for number in range((campaign.ends_on - campaign.starts_on).days + 1)
    ]


def strength_on(campaign: Campaign, site: Organisation, day: date) -> Strength:
    """What the site can do on `day`: as somebody said, else its injection desks at the usual pace (not saved)."""
    said = campaign.strengths.filter(site=site, from_day__lte=day).last()
    if said is not None:
        return said
    usual = rulebook("planning")
    desks = Desk.objects.filter(organisation__path__begins=site.path, step=Step.INJECTION).count()
    return Strength(
        campaign=campaign,
        site=site,
        from_day=campaign.starts_on,
        vaccinators=desks,
        hours=Decimal(str(usual["hours_a_day"])),
        minutes_per_dose=Decimal(figure("minutes_per_dose", day).value),
    )


def capacities(campaign: Campaign, site: Organisation, since: date) -> dict[date, int]:
    """Doses the site can give on each day of the campaign from `since` on: as it has planned the day, else by what was
    said of its strength."""
    planned = planned_places(site, since, campaign.ends_on)
    return {
        day: planned[day] if day in planned else _by_strength(strength_on(campaign, site, day))
        for day in days_of(campaign)
        if day >= since
    }


def _by_strength(said: Strength) -> int:
    return capacity(said.vaccinators, said.hours, said.minutes_per_dose)


def planned_by_day(campaign: Campaign, place: Organisation | None = None) -> dict[date, int]:
    """Doses planned for each day: at one place, else at all vaccination sites together."""
    rows = campaign.day_targets.filter(place=place) if place else _at_sites(campaign)
    return dict(rows.order_by("day").values_list("day").annotate(doses=Sum("doses")))


def _at_sites(campaign: Campaign) -> QuerySet[DayTarget]:
    """Only the sites: communities and units are asked for the same doses from the other side."""
    return campaign.day_targets.filter(place__kind=Organisation.Kind.SITE)


def planned_on(campaign: Campaign, day: date) -> Mapping[int, int]:
    """Doses asked of each place (by id) on `day`."""
    return dict(campaign.day_targets.filter(day=day).values_list("place", "doses"))


def doses_on_hand(campaign: Campaign, product_codes: tuple[str, ...]) -> int:
    """Doses of the campaign's vaccines in the fridges at and below its organisation, by the movements."""
    moved = Movement.objects.filter(place__path__begins=campaign.organisation.path, lot__state="usable")
    total = 0
    for code, doses in moved.values_list("lot__product__code").annotate(doses=Sum("doses")):
        total += doses if code.startswith(product_codes) else 0
    return total
