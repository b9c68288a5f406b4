"""Where a keeper works, and how a refusal of the stock is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest

from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.stock.actions import LotNotUsable
from qingmiao.stock.actions.deliveries import StockRefused
from qingmiao.web import access

R = TypeVar("R")
PLACES = (Organisation.Kind.SITE, Organisation.Kind.CENTRE)


@dataclass(frozen=True)
class Room:
    """A place with stock, on the day of the request, as seen by whoever asks."""

    place: Organisation
    who: Actor
    at: datetime
    day: date

    @property
    def frame(self) -> dict[str, Any]:
        """What base.html shows of it."""
        return {"place": self.place.name, "room": self}


def room(request: HttpRequest, permission: str) -> Room:
    """The place whose stock is looked at: the one asked for by ?place=, else the first. NotAllowed if there is none."""
    who = access.actor(request)
    places = who.visible(permission, Organisation).filter(kind__in=PLACES, closed_on=None).order_by("-kind", "path")
    wanted = request.GET.get("place") or request.POST.get("place") or ""
    found = places.filter(pk=int(wanted)).first() if wanted.isdigit() else places.first()
    if found is None:
        raise NotAllowed(permission)
    return Room(found, who, access.now(request), access.today(request))


def carried_out(request: HttpRequest, action: Callable[[], R]) -> R | None:
    """What the action returned; None when it refused, which is then said at the top of the next page."""
    try:
        return action()
    except (StockRefused, LotNotUsable) as refusal:
        messages.error(request, str(refusal))
        return None
