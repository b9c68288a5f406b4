"""What the parts of a demo world's building need of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from qingmiao.staff.access import Actor, actor_of
from qingmiao.staff.models import Organisation, User


@dataclass(frozen=True)
class World:
    """A world under construction: the instant it is built for, its places and accounts by name."""

    now: datetime
    places: dict[str, Organisation]
    users: dict[str, User]

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def midnight(self) -> datetime:
        """When today began, on the local clock."""
        return timezone.make_aware(datetime.combine(self.today, time()))

    def actor(self, username: str) -> Actor:
        """The actor behind a demo account."""
        return actor_of(self.users[username], on=self.today, origin="demo")
