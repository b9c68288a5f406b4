"""Reads of campaigns and their organisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from qingmiao.campaign.models import Campaign, Duty, Group, Holder, MemberUnit, Watch


@dataclass(frozen=True)
class Held:
    """A duty on a day, with who holds it and who stands in; None where nobody does."""

    duty: Duty
    holder: Holder | None
    deputy: Holder | None


@dataclass(frozen=True)
class GroupOn:
    """A group on a day with its duties."""

    group: Group
    duties: Sequence[Held]

    @property
    def vacant(self) -> int:
        """How many of its duties nobody holds."""
        return sum(held.holder is None for held in self.duties)


def groups_on(campaign: Campaign, day: date) -> list[GroupOn]:
    """The groups of a campaign as they are on `day`, the leading group first."""
    groups = campaign.groups.filter(Q(closed_on=None) | Q(closed_on__gt=day))
    return [
        GroupOn(group, [held_on(duty, day) for duty in group.duties.all()])
        for group in groups.prefetch_related("duties__holders")
    ]


def held_on(duty: Duty, day: date) -> Held:
    """Who holds a duty on `day`."""
    there = [holder for holder in duty.holders.all() if holder.holds_on(day)]
    return Held(
        duty,
        next((holder for holder in there if not holder.is_deputy), None),
        next((holder for holder in there if holder.is_deputy), None),
    )


def members_on(campaign: Campaign, day: date) -> QuerySet[MemberUnit]:
    """The member units of the leading group on `day`."""
    return campaign.member_units.filter(valid_from__lte=day).exclude(valid_until__lt=day)


def duties_of(campaign: Campaign) -> QuerySet[Duty]:
    """Every duty of the campaign's groups that are not closed, in the order of the chart."""
    duties = Duty.objects.filter(group__campaign=campaign, group__closed_on=None).select_related("group")
    return duties.order_by("-group__is_leading", "group__position", "position", "pk")


def on_call(campaign: Campaign, since: datetime, days: int = 7) -> QuerySet[Watch]:
    """The on-call roster from `since` for so many days; who is on call now comes first."""
    watches = Watch.objects.filter(
        duty__group__campaign=campaign, ends_at__gt=since, starts_at__lt=since + timedelta(days=days)
    )
    return watches.select_related("duty__group")


def running(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Those of `campaigns` that are not closed, the latest first."""
    return campaigns.filter(closed_on=None).select_related("organisation").order_by("-starts_on", "-pk")


def campaign_above(path: str) -> Campaign | None:
    """The running campaign that reaches the place with this path: of the nearest organisation at or above it."""
    above = [int(pk) for pk in path.strip("/").split("/") if pk]
    return running(Campaign.objects.filter(organisation__in=above)).order_by("-organisation__path", "-pk").first()
