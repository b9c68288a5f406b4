"""Reads of publicity and opinion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, QuerySet, Sum

from qingmiao.campaign.models import Activity, Campaign, DoorVisit, Rumour
from qingmiao.campaign.rulebook import word_of


@dataclass(frozen=True)
class Reach:
    """What one channel did: how many activities, and how many they reached as far as that is known."""

    channel: str
    title: str
    activities: int
    reach: int | None


def reach_by_channel(campaign: Campaign) -> list[Reach]:
    """The channels that were used, the most used first."""
    rows = campaign.activities.order_by().values_list("channel").annotate(n=Count("pk"), reach=Sum("reach"))
    found = [Reach(channel, word_of("publicity", "channels", channel), n, reach) for channel, n, reach in rows]
    return sorted(found, key=lambda row: -row.activities)


def activities_of(campaign: Campaign) -> QuerySet[Activity]:
    """Activities, the latest first."""
    return campaign.activities.select_related("material", "place", "picture")


def open_rumours(campaign: Campaign) -> QuerySet[Rumour]:
    """Rumours that were not answered yet, the most urgent first."""
    waiting = campaign.rumours.filter(state__in=(Rumour.State.SEEN, Rumour.State.DRAFTED))
    return waiting.select_related("place").order_by("answer_by", "pk")


def refusals_in(campaign: Campaign, rumour: Rumour) -> int:
    """How many people of the rumour's patch refused at a door since it was seen."""
    heard = campaign.door_visits.filter(
        place__path__begins=rumour.place.path, result=DoorVisit.Result.REFUSED, at__gte=rumour.seen_at
    )
    return heard.order_by().values("person").distinct().count()


@dataclass(frozen=True)
class Answering:
    """How fast rumours were answered."""

    seen: int
    answered: int
    in_time: int
    late_now: int
    median: timedelta | None


def answering_of(campaign: Campaign, at: datetime) -> Answering:
    """All rumours of a campaign as they stand at `at`."""
    rumours = list(campaign.rumours.all())
    times = [taken.total_seconds() for rumour in rumours if (taken := rumour.time_to_answer) is not None]
    answered = [rumour for rumour in rumours if rumour.answered_at]
    return Answering(
        seen=len(rumours),
        answered=len(answered),
        in_time=sum(not rumour.is_late_at(at) for rumour in answered),
        late_now=sum(rumour.is_late_at(at) for rumour in rumours if not rumour.answered_at),
        median=timedelta(seconds=median(times)) if times else None,
    )
