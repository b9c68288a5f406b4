"""Who may lead a campaign, work in the field for it, and see what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from qingmiao.campaign.models import Campaign, HeadCount, Picture
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

HEADS = frozenset({Role.LEADER, Role.OFFICE})
LIAISONS = frozenset({Role.BUREAU_LIAISON, Role.UNIT_LIAISON})
FIELD = LIAISONS | {Role.VILLAGE_DOCTOR, Role.SCHOOL_DOCTOR}


class HeadCountPolicy(Policy[HeadCount]):
    """A head-count belongs to the organisation that asks. A number is declared for a unit, by roles at or above it."""

    model = HeadCount
    permissions = {
        "campaign.see_head_count": HEADS | LIAISONS,
        "campaign.open_head_count": frozenset({Role.OFFICE, Role.BUREAU_LIAISON}),
        "campaign.declare_number": frozenset({Role.OFFICE}) | LIAISONS,
    }

    def paths(self, record: HeadCount) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class CampaignPolicy(Policy[Campaign]):
    """A campaign belongs to the organisation that leads it. What is written about a place is asked of the place."""

    model = Campaign
    permissions = {
        "campaign.see": HEADS,
        "campaign.lead": frozenset({Role.OFFICE}),
        "campaign.approve": frozenset({Role.LEADER}),
        "campaign.tell_opinion": HEADS | FIELD | {Role.SITE_HEAD},
        "campaign.work_in_field": frozenset({Role.OFFICE}) | FIELD,
        "campaign.ask_for_supplies": HEADS | LIAISONS | {Role.SITE_HEAD, Role.STOCK_KEEPER},
    }

    def paths(self, record: Campaign) -> Iterable[str]:
        return [record.organisation.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("organisation__path", paths)


class PicturePolicy(Policy[Picture]):
    """A photo is seen where it belongs, and by whoever stands above that place."""

    model = Picture
    permissions = {"campaign.see_picture": HEADS | FIELD | {Role.SITE_HEAD}}

    def paths(self, record: Picture) -> Iterable[str]:
        return [record.path]

    def within(self, paths: Iterable[str]) -> Q:
        return below("path", paths)
