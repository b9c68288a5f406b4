"""What the parts of a demo world's building need of each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from qingmiao.demo.accounts import PASSWORD
from qingmiao.staff.access import Actor, actor_of, system
from qingmiao.staff.actions import assign_role, found_organisation, open_account
from qingmiao.staff.models import Organisation, Role, User

Post = tuple[str, str, str, tuple[Role, ...]]
"""Account, name, name of the place, roles."""


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


def found(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
    """A place of a demo world."""
    return found_organisation(by=system("demo"), kind=kind, name=name, parent=parent)


def opened(now: datetime, places: dict[str, Organisation], staff: Iterable[Post], *, for_days: int) -> World:
    """The world with one account for each post; they have held their roles `for_days` days."""
    by, since, users = system("demo"), timezone.localdate(now) - timedelta(days=for_days), {}
    for username, name, where, roles in staff:
        users[username] = open_account(by=by, username=username, display_name=name, password=PASSWORD, is_demo=True)
        for role in roles:
            assign_role(by=by, user=users[username], role=role, organisation=places[where], valid_from=since)
    return World(now, places, users)
