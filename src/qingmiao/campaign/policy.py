"""Who may lead a campaign, work in the field for it, and see what."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import TypeVar

from django.db.models import Model, Q

from qingmiao.campaign.models import (
    Campaign,
    Dispatch,
    Duty,
    Finding,
    Group,
    HeadCount,
    Holder,
    Inspection,
    Material,
    Meeting,
    MemberUnit,
    Need,
    Picture,
    Question,
    Rumour,
    Task,
    Watch,
)
from qingmiao.staff.access import Policy, below
from qingmiao.staff.models import Role

HEADS = frozenset({Role.LEADER, Role.OFFICE})
LIAISONS = frozenset({Role.BUREAU_LIAISON, Role.UNIT_LIAISON})
M = TypeVar("M", bound=Model)
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
        # Desks in the left column; who works in the field finds the same pages through the desk of the field.
        "campaign.do_tasks": HEADS | {Role.SITE_HEAD},
        "campaign.sit_at_supplies": HEADS | {Role.SITE_HEAD, Role.STOCK_KEEPER},
        "campaign.sit_at_findings": frozenset({Role.SITE_HEAD}),
        "campaign.tell_opinion": HEADS | FIELD | {Role.SITE_HEAD},
        "campaign.work_in_field": frozenset({Role.OFFICE}) | FIELD,
        "campaign.read_dispatch": FIELD,
        "campaign.put_right": frozenset({Role.OFFICE, Role.SITE_HEAD}) | FIELD,
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


class _Within(Policy[M]):
    """A record that belongs to the organisation found along `way`, for instance that of its campaign."""

    way: str
    permissions = {}

    def paths(self, record: M) -> Iterable[str]:
        return [attrgetter(self.way.replace("__", "."))(record)]

    def within(self, paths: Iterable[str]) -> Q:
        return below(self.way, paths)


class GroupPolicy(_Within[Group]):
    """A working group belongs to its campaign."""

    model = Group
    way = "campaign__organisation__path"


class DutyPolicy(_Within[Duty]):
    """A duty belongs to its campaign."""

    model = Duty
    way = "group__campaign__organisation__path"


class HolderPolicy(_Within[Holder]):
    """Who holds a duty is known where the campaign is."""

    model = Holder
    way = "duty__group__campaign__organisation__path"


class WatchPolicy(_Within[Watch]):
    """The on-call roster belongs to the campaign."""

    model = Watch
    way = "duty__group__campaign__organisation__path"


class MemberUnitPolicy(_Within[MemberUnit]):
    """Member units belong to the campaign."""

    model = MemberUnit
    way = "campaign__organisation__path"


class TaskPolicy(_Within[Task]):
    """A task belongs to its campaign; whoever holds its duty reaches it through `queries.tasks.tasks_for`."""

    model = Task
    way = "campaign__organisation__path"


class MeetingPolicy(_Within[Meeting]):
    """A meeting belongs to its campaign."""

    model = Meeting
    way = "campaign__organisation__path"


class DispatchPolicy(_Within[Dispatch]):
    """What was sent to a unit is reached by whoever works for the unit or stands above it."""

    model = Dispatch
    way = "unit__path"


class InspectionPolicy(_Within[Inspection]):
    """A visit is reached at the place it looked at."""

    model = Inspection
    way = "place__path"


class FindingPolicy(_Within[Finding]):
    """A finding is reached at the place it concerns, which puts it right."""

    model = Finding
    way = "inspection__place__path"


class MaterialPolicy(_Within[Material]):
    """Materials belong to the campaign."""

    model = Material
    way = "campaign__organisation__path"


class QuestionPolicy(_Within[Question]):
    """Questions belong to the campaign."""

    model = Question
    way = "campaign__organisation__path"


class RumourPolicy(_Within[Rumour]):
    """A rumour is reached where it was seen; what leads the campaign stands above that place."""

    model = Rumour
    way = "place__path"


class NeedPolicy(_Within[Need]):
    """A request is reached at the place that asks."""

    model = Need
    way = "place__path"
