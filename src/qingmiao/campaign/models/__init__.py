"""A campaign: who does what, the plan, meetings, publicity, supplies, visits at the door, supervision."""

from qingmiao.campaign.models.fieldwork import (
    DayListEntry,
    DoorVisit,
    Forerunner,
    Level,
    Responsibility,
    SignedCount,
)
from qingmiao.campaign.models.head_counts import Declaration, HeadCount
from qingmiao.campaign.models.logistics import Delivery, Need
from qingmiao.campaign.models.meetings import Dispatch, Meeting, MeetingTask, Point
from qingmiao.campaign.models.organisation import Campaign, Duty, Group, Holder, MemberUnit, Watch
from qingmiao.campaign.models.pictures import Picture
from qingmiao.campaign.models.plan import DayTarget, Phase, Strength, Target
from qingmiao.campaign.models.publicity import Activity, Material, Question, Rumour
from qingmiao.campaign.models.supervision import Finding, Inspection
from qingmiao.campaign.models.tasks import Task, TaskStep

__all__ = [
    "Activity",
    "Campaign",
    "DayListEntry",
    "DayTarget",
    "Declaration",
    "Delivery",
    "Dispatch",
    "DoorVisit",
    "Duty",
    "Finding",
    "Forerunner",
    "Group",
    "HeadCount",
    "Holder",
    "Inspection",
    "Level",
    "Material",
    "Meeting",
    "MeetingTask",
    "MemberUnit",
    "Need",
    "Phase",
    "Picture",
    "Point",
    "Question",
    "Responsibility",
    "Rumour",
    "SignedCount",
    "Strength",
    "Target",
    "Task",
    "TaskStep",
    "Watch",
]
