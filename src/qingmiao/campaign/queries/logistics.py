"""Reads of supplies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from qingmiao.campaign.models import Campaign, Need
from qingmiao.staff.access import Actor, below


@dataclass(frozen=True)
class Supply:
    """A request and what was brought for it so far."""

    need: Need
    brought: int

    @property
    def lacking(self) -> int:
        return 0 if self.need.cancelled_at else max(self.need.quantity - self.brought, 0)

    def is_late_at(self, at: datetime) -> bool:
        """Whether something is still lacking past the time it was needed by."""
        return bool(self.lacking) and at > self.need.needed_at

    def state_at(self, at: datetime) -> str:
        """In a word: cancelled, brought, late, part, open."""
        if self.need.cancelled_at:
            return "cancelled"
        if not self.lacking:
            return "brought"
        return "late" if self.is_late_at(at) else "part" if self.brought else "open"


def supplies_of(campaign: Campaign, actor: Actor) -> list[Supply]:
    """The requests that the actor may see, what is needed first in front."""
    reach = below("place__path", [*actor.paths_for("campaign.see"), *actor.paths_for("campaign.ask_for_supplies")])
    needs = campaign.needs.filter(reach).select_related("place").annotate(brought=Sum("deliveries__quantity"))
    return [Supply(need, need.brought or 0) for need in needs]
