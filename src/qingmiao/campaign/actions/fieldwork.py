"""Writes of the work at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.campaign.actions.pictures import keep_picture
from qingmiao.campaign.models import (
    Campaign,
    DayListEntry,
    DoorVisit,
    Forerunner,
    Responsibility,
    SignedCount,
)
from qingmiao.campaign.queries.fieldwork import place_in
from qingmiao.clinic.rules import Refused
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation, User

FIELD, LEAD = "campaign.work_in_field", "campaign.lead"


class NotOfThisCampaign(Refused):
    """Somebody, or a place, that the campaign does not reach."""

    def __init__(self) -> None:
        super().__init__(_("This person or place does not belong to the organisation that leads this campaign."))


class ReasonMissing(Refused):
    """A refusal without a reason, or a deferral without a day."""

    def __init__(self) -> None:
        super().__init__(_("A refusal needs its reason, and “later” needs a day: both decide who goes next."))


@action("campaign.give_responsibility")
def give_responsibility(
    *,
    by: Actor,
    campaign: Campaign,
    place: Organisation,
    level: str,
    name: str,
    valid_from: date,
    doors: str = "",
    phone: str = "",
    user: User | None = None,
    request_id: UUID | None = None,
) -> Responsibility:
    """Somebody answers for a place, or for its doors that begin so, from a day on; whoever did until then no longer.

    Raises NotOfThisCampaign.
    """
    by.must(FIELD, place)
    if not campaign.organisation.contains(place):
        raise NotOfThisCampaign
    present = campaign.responsibilities.filter(place=place, doors=doors, level=level, valid_until=None).first()
    if present is not None:
        if present.valid_from >= valid_from:
            raise Refused(
                _("{name} answers for this from {day} on. Choose a later day.").format(
                    name=present.name, day=present.valid_from
                )
            )
        Responsibility.objects.filter(pk=present.pk).update(valid_until=valid_from - timedelta(days=1))
    return Responsibility.objects.create(
        campaign=campaign,
        place=place,
        doors=doors,
        level=level,
        name=name,
        phone=phone,
        user=user,
        valid_from=valid_from,
    )


@action("campaign.record_door_visit")
def record_door_visit(
    *,
    by: Actor,
    campaign: Campaign,
    person: Person,
    level: str,
    result: str,
    at: datetime,
    reason: str = "",
    remark: str = "",
    until: date | None = None,
    picture: bytes = b"",
    request_id: UUID | None = None,
) -> DoorVisit:
    """Write down what was heard at a door or on the phone. Raises NotOfThisCampaign, ReasonMissing, NotAPicture."""
    by.must(FIELD, person)
    place = place_in(campaign, person)
    if place is None:
        raise NotOfThisCampaign
    if (result == DoorVisit.Result.REFUSED and not reason) or (result == DoorVisit.Result.DEFERRED and until is None):
        raise ReasonMissing
    note(person=person.pk, result=result)
    return DoorVisit.objects.create(
        campaign=campaign,
        person=person,
        place=place,
        level=level,
        result=result,
        reason=reason if result == DoorVisit.Result.REFUSED else "",
        note=remark,
        until=until if result == DoorVisit.Result.DEFERRED else None,
        picture=keep_picture(picture, by=by, at=at, place=place),
        day=timezone.localdate(at),
        at=at,
        by_id=by.user_id,
        by_name=by.name,
    )


@action("campaign.draw_day_list")
def draw_day_list(
    *,
    by: Actor,
    campaign: Campaign,
    place: Organisation,
    day: date,
    people: Sequence[Person],
    at: datetime,
    request_id: UUID | None = None,
) -> Campaign:
    """Put people on the list of a day at `place`; who is on a list of that day already stays where he is."""
    by.must(FIELD, place)
    if not campaign.organisation.contains(place):
        raise NotOfThisCampaign
    on_it = set(campaign.day_entries.filter(day=day, person__in=people).values_list("person", flat=True))
    new = [person for person in people if person.pk not in on_it]
    DayListEntry.objects.bulk_create(
        DayListEntry(campaign=campaign, place=place, day=day, person=person, put_on_at=at) for person in new
    )
    note(place=place.pk, people=len(new))
    return campaign


@action("campaign.sign_counts")
def sign_counts(
    *,
    by: Actor,
    campaign: Campaign,
    place: Organisation,
    day: date,
    counts: Mapping[str, int],
    signed_by: str,
    at: datetime,
    declared: int | None = None,
    request_id: UUID | None = None,
) -> SignedCount:
    """Sign the figures of a place for a day, as they stand; signing again adds a row and the last counts."""
    by.must(FIELD, place)
    if not campaign.organisation.contains(place):
        raise NotOfThisCampaign
    if not signed_by.strip():
        raise Refused(_("Figures are signed with a name."))
    note(place=place.pk)
    return SignedCount.objects.create(
        campaign=campaign,
        place=place,
        day=day,
        counts=dict(counts),
        declared=declared,
        signed_by=signed_by.strip(),
        signed_at=at,
        signed_by_id=by.user_id,
    )


@action("campaign.name_forerunner")
def name_forerunner(
    *, by: Actor, campaign: Campaign, person: Person, kind: str, at: datetime, request_id: UUID | None = None
) -> Forerunner:
    """Somebody is to go first. Raises NotOfThisCampaign."""
    by.must(FIELD, person)
    if place_in(campaign, person) is None:
        raise NotOfThisCampaign
    named, _new = Forerunner.objects.update_or_create(
        campaign=campaign, person=person, defaults={"kind": kind, "named_at": at, "named_by_id": by.user_id}
    )
    return named
