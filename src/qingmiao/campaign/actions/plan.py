"""Writes of the plan: phases, targets, the strength of sites, and the doses of each day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.campaign.models import Campaign, DayTarget, Phase, Strength, Target
from qingmiao.clinic.rules import Refused
from qingmiao.registry.models import KeyGroup
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation

LEAD = "campaign.lead"


class NotOfThisOrganisation(Refused):
    """A target was set for a place that the campaign does not reach."""

    def __init__(self, place: Organisation) -> None:
        super().__init__(_("{place} does not belong to the organisation that leads this campaign.").format(place=place))


class OutsideTheCampaign(Refused):
    """Days lie outside the campaign."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(
            _("The campaign runs from {first} to {last}: choose days within it, or change the campaign.").format(
                first=campaign.starts_on, last=campaign.ends_on
            )
        )


def _must_reach(campaign: Campaign, place: Organisation) -> None:
    if not campaign.organisation.contains(place):
        raise NotOfThisOrganisation(place)


def _must_lie_within(campaign: Campaign, *days: date) -> None:
    if any(not campaign.starts_on <= day <= campaign.ends_on for day in days):
        raise OutsideTheCampaign(campaign)


@action("campaign.add_phase")
def add_phase(
    *, by: Actor, campaign: Campaign, title: str, starts_on: date, ends_on: date, request_id: UUID | None = None
) -> Phase:
    """Name a stretch of days. Raises OutsideTheCampaign."""
    by.must(LEAD, campaign)
    _must_lie_within(campaign, starts_on, ends_on)
    if ends_on < starts_on:
        raise Refused(_("The last day must not come before the first."))
    phase, _new = Phase.objects.update_or_create(
        campaign=campaign, title=title, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    return phase


@action("campaign.set_target")
def set_target(
    *,
    by: Actor,
    campaign: Campaign,
    people: int,
    source: str,
    said_by: str,
    said_on: date,
    at: datetime,
    key_group: KeyGroup | None = None,
    place: Organisation | None = None,
    on_ledger: int | None = None,
    request_id: UUID | None = None,
) -> Target:
    """Write down how many people of a key group or a place (neither: of all) are to be brought in, and who says so.

    `on_ledger` is what the ledger had at that moment. A later row counts instead of this one.
    """
    by.must(LEAD, campaign)
    if place is not None:
        _must_reach(campaign, place)
    note(people=people, source=source)
    return Target.objects.create(
        campaign=campaign,
        key_group=key_group,
        place=place,
        people=people,
        on_ledger=on_ledger,
        source=source,
        said_by=said_by,
        said_on=said_on,
        recorded_at=at,
        recorded_by_id=by.user_id,
    )


@action("campaign.set_strength")
def set_strength(
    *,
    by: Actor,
    campaign: Campaign,
    site: Organisation,
    from_day: date,
    vaccinators: int,
    hours: Decimal,
    minutes_per_dose: Decimal,
    request_id: UUID | None = None,
) -> Strength:
    """Say what a site can do from a day on. Raises NotOfThisOrganisation."""
    by.must(LEAD, campaign)
    _must_reach(campaign, site)
    if minutes_per_dose <= 0:
        raise Refused(_("A dose takes some time: enter more than zero minutes."))
    strength, _new = Strength.objects.update_or_create(
        campaign=campaign,
        site=site,
        from_day=from_day,
        defaults={"vaccinators": vaccinators, "hours": hours, "minutes_per_dose": minutes_per_dose},
    )
    return strength


@action("campaign.plan_days")
def plan_days(
    *, by: Actor, campaign: Campaign, place: Organisation, doses: Mapping[date, int], request_id: UUID | None = None
) -> Campaign:
    """Make `doses` the targets of these days at `place`; zero takes a day's target away. Other days stay as they are.

    Raises NotOfThisOrganisation, OutsideTheCampaign.
    """
    by.must(LEAD, campaign)
    _must_reach(campaign, place)
    _must_lie_within(campaign, *doses)
    DayTarget.objects.filter(campaign=campaign, place=place, day__in=list(doses)).delete()
    DayTarget.objects.bulk_create(
        DayTarget(campaign=campaign, place=place, day=day, doses=count) for day, count in doses.items() if count
    )
    note(place=place.pk, days=len(doses), doses=sum(doses.values()))
    return campaign
