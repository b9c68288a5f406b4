"""Writes of supplies: what a place asks for, and what is brought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.models import Campaign, Delivery, Need
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

ASK, LEAD = "campaign.ask_for_supplies", "campaign.lead"


class Cancelled(Refused):
    """The request was taken back."""

    def __init__(self) -> None:
        super().__init__(_("This request was taken back. Ask again if it is needed after all."))


@action("campaign.ask_for")
def ask_for(
    *,
    by: Actor,
    campaign: Campaign,
    place: Organisation,
    kind: str,
    item: str,
    quantity: int,
    needed_at: datetime,
    at: datetime,
    unit: str = "",
    request_id: UUID | None = None,
) -> Need:
    """Ask for people, vehicles or materials for a place by a moment."""
    by.must(ASK, place)
    if quantity < 1:
        raise Refused(_("Ask for at least one."))
    note(place=place.pk, kind=kind, quantity=quantity)
    return Need.objects.create(
        campaign=campaign,
        place=place,
        kind=kind,
        item=item,
        quantity=quantity,
        unit=unit,
        needed_at=needed_at,
        asked_at=at,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
    )


@action("campaign.deliver")
def deliver(
    *, by: Actor, need: Need, quantity: int, at: datetime, detail: str = "", request_id: UUID | None = None
) -> Delivery:
    """Write down what was brought: a part, all of it, or more. Raises Cancelled."""
    by.must(LEAD, need.campaign)
    if need.cancelled_at is not None:
        raise Cancelled
    if quantity < 1:
        raise Refused(_("Bring at least one."))
    note(quantity=quantity)
    return Delivery.objects.create(
        need=need, quantity=quantity, detail=detail, at=at, by_id=by.user_id, by_name=by.name
    )


@action("campaign.take_back_need")
def take_back_need(*, by: Actor, need: Need, version: int, at: datetime, request_id: UUID | None = None) -> Need:
    """It is not needed after all; what was brought stays on record."""
    by.must(ASK, need.place)
    need.version = version
    change(need, cancelled_at=at)
    return need
