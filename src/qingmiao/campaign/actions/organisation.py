"""Writes of campaigns: their groups, duties, who holds them, and who is on call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qingmiao.audit.door import action, note
from qingmiao.audit.models import change
from qingmiao.campaign.models import Campaign, Duty, Group, Holder, MemberUnit, Watch
from qingmiao.campaign.rulebook import rulebook, worded
from qingmiao.clinic.rules import Refused
from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation, User

LEAD = "campaign.lead"


class CampaignOver(Refused):
    """The campaign is closed: its organisation stays as it was."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__(
            _("“{title}” was closed on {day}. Open a new campaign for what is to be done now.").format(
                title=campaign.title, day=campaign.closed_on
            )
        )


class NameTaken(Refused):
    """There is one of that name already."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is “{name}” already. Change that one, or choose another name.").format(name=name))


class HandedOverTooEarly(Refused):
    """The present holder began on that day or later: one day cannot have two holders."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(
            _("{name} holds this duty from {day} on. Hand it over on a later day.").format(
                name=holder.name, day=holder.valid_from
            )
        )


@action("campaign.open_campaign")
def open_campaign(
    *,
    by: Actor,
    organisation: Organisation,
    kind: str,
    title: str,
    starts_on: date,
    ends_on: date,
    request_id: UUID | None = None,
) -> Campaign:
    """Open a campaign with the leading group and the working groups of its template; all of it may be changed.

    Raises NameTaken when the organisation has a campaign of that title.
    """
    by.must(LEAD, organisation)
    if Campaign.objects.filter(organisation=organisation, title=title).exists():
        raise NameTaken(title)
    book = rulebook("organisation")
    template = book["campaigns"][kind]
    campaign = Campaign.objects.create(
        organisation=organisation,
        kind=kind,
        title=title,
        indicator=template.get("indicator", ""),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    leading = book["leading_group"]
    _from_template(campaign, "leading", leading, leading["duties"], 0)
    for position, code in enumerate(template["groups"], 1):
        _from_template(campaign, code, book["groups"][code], book["duties"], position)
    note(kind=kind, groups=len(template["groups"]))
    return campaign


def _from_template(
    campaign: Campaign, code: str, template: Mapping[str, Any], duties: Sequence[Mapping[str, Any]], position: int
) -> None:
    group = Group.objects.create(
        campaign=campaign,
        code=code,
        name=worded(template["name"]),
        remit=worded(template["remit"]),
        position=position,
        is_leading=code == "leading",
        valid_from=campaign.starts_on,
    )
    _begin_with(group, duties)


def _begin_with(group: Group, duties: Sequence[Mapping[str, Any]]) -> None:
    Duty.objects.bulk_create(
        Duty(group=group, title=worded(duty["title"]), rank=duty["rank"], position=place)
        for place, duty in enumerate(duties)
    )


@action("campaign.change_campaign")
def change_campaign(
    *, by: Actor, campaign: Campaign, version: int, changes: Mapping[str, Any], request_id: UUID | None = None
) -> Campaign:
    """Change title or days of a campaign. `version` is the one that was shown."""
    by.must(LEAD, campaign)
    _must_run(campaign)
    _only(changes, {"title", "starts_on", "ends_on"})
    campaign.version = version
    change(campaign, **changes)
    note(changed=sorted(changes))
    return campaign


@action("campaign.close_campaign")
def close_campaign(
    *, by: Actor, campaign: Campaign, version: int, closed_on: date, request_id: UUID | None = None
) -> Campaign:
    """End a campaign: it is kept as it was and takes nothing new."""
    by.must(LEAD, campaign)
    _must_run(campaign)
    campaign.version = version
    change(campaign, closed_on=closed_on)
    return campaign


def _must_run(campaign: Campaign) -> None:
    if campaign.closed_on is not None:
        raise CampaignOver(campaign)


def _only(changes: Mapping[str, Any], allowed: set[str]) -> None:
    if unknown := set(changes) - allowed:
        raise TypeError(f"cannot be changed here: {sorted(unknown)}")


@action("campaign.add_member_unit")
def add_member_unit(
    *,
    by: Actor,
    campaign: Campaign,
    name: str,
    valid_from: date,
    spoken_for_by: str = "",
    phone: str = "",
    organisation: Organisation | None = None,
    request_id: UUID | None = None,
) -> MemberUnit:
    """Make a unit a member of the leading group. Raises NameTaken when it is one."""
    by.must(LEAD, campaign)
    _must_run(campaign)
    if campaign.member_units.filter(name=name).exists():
        raise NameTaken(name)
    return MemberUnit.objects.create(
        campaign=campaign,
        name=name,
        organisation=organisation,
        spoken_for_by=spoken_for_by,
        phone=phone,
        valid_from=valid_from,
    )


@action("campaign.end_membership")
def end_membership(*, by: Actor, member_unit: MemberUnit, last_day: date, request_id: UUID | None = None) -> MemberUnit:
    """A unit leaves the leading group after `last_day`."""
    by.must(LEAD, member_unit.campaign)
    MemberUnit.objects.filter(pk=member_unit.pk).update(valid_until=last_day)
    member_unit.valid_until = last_day
    return member_unit


@action("campaign.add_group")
def add_group(
    *, by: Actor, campaign: Campaign, name: str, valid_from: date, remit: str = "", request_id: UUID | None = None
) -> Group:
    """Set up another working group, with the duties that every group begins with. Raises NameTaken."""
    by.must(LEAD, campaign)
    _must_run(campaign)
    if campaign.groups.filter(name=name).exists():
        raise NameTaken(name)
    last = campaign.groups.order_by("-position").first()
    group = Group.objects.create(
        campaign=campaign, name=name, remit=remit, valid_from=valid_from, position=last.position + 1 if last else 1
    )
    _begin_with(group, rulebook("organisation")["duties"])
    return group


@action("campaign.change_group")
def change_group(
    *, by: Actor, group: Group, version: int, changes: Mapping[str, Any], request_id: UUID | None = None
) -> Group:
    """Rename a group, reword what it answers for, move it, or close it (`closed_on`). Raises NameTaken."""
    by.must(LEAD, group.campaign)
    _must_run(group.campaign)
    _only(changes, {"name", "remit", "position", "closed_on"})
    if group.campaign.groups.filter(name=changes.get("name", "")).exclude(pk=group.pk).exists():
        raise NameTaken(changes["name"])
    group.version = version
    change(group, **changes)
    note(changed=sorted(changes))
    return group


@action("campaign.add_duty")
def add_duty(
    *,
    by: Actor,
    group: Group,
    title: str,
    rank: str = Duty.Rank.MEMBER,
    does: str = "",
    phone: str = "",
    request_id: UUID | None = None,
) -> Duty:
    """Add a duty to a group. Raises NameTaken."""
    by.must(LEAD, group.campaign)
    _must_run(group.campaign)
    if group.duties.filter(title=title).exists():
        raise NameTaken(title)
    return Duty.objects.create(
        group=group, title=title, rank=rank, does=does, phone=phone, position=group.duties.count()
    )


@action("campaign.change_duty")
def change_duty(
    *, by: Actor, duty: Duty, version: int, changes: Mapping[str, Any], request_id: UUID | None = None
) -> Duty:
    """Change title, content, rank or phone of a duty. Its holder and its tasks stay. Raises NameTaken."""
    by.must(LEAD, duty.group.campaign)
    _must_run(duty.group.campaign)
    _only(changes, {"title", "rank", "does", "phone"})
    if duty.group.duties.filter(title=changes.get("title", "")).exclude(pk=duty.pk).exists():
        raise NameTaken(changes["title"])
    duty.version = version
    change(duty, **changes)
    note(changed=sorted(changes))
    return duty


@action("campaign.hand_over_duty")
def hand_over_duty(
    *,
    by: Actor,
    duty: Duty,
    name: str,
    valid_from: date,
    belongs_to: str = "",
    user: User | None = None,
    is_deputy: bool = False,
    request_id: UUID | None = None,
) -> Holder:
    """Give a duty to somebody from a day on; whoever held it holds it until the day before. Its tasks stay with it.

    Raises HandedOverTooEarly when the present holder began on that day or later.
    """
    by.must(LEAD, duty.group.campaign)
    _must_run(duty.group.campaign)
    Duty.objects.select_for_update().get(pk=duty.pk)
    holders = Holder.objects.filter(duty=duty, is_deputy=is_deputy)
    present = holders.order_by("-valid_from").first()
    if present is not None:
        if present.valid_from >= valid_from:
            raise HandedOverTooEarly(present)
        if present.valid_until is None or present.valid_until >= valid_from:
            holders.filter(pk=present.pk).update(valid_until=valid_from - timedelta(days=1))
    note(duty=duty.pk)
    return Holder.objects.create(
        duty=duty, name=name, belongs_to=belongs_to, user=user, is_deputy=is_deputy, valid_from=valid_from
    )


@action("campaign.end_holding")
def end_holding(*, by: Actor, holder: Holder, last_day: date, request_id: UUID | None = None) -> Holder:
    """Somebody holds a duty until `last_day`; from then on it is vacant and says so."""
    by.must(LEAD, holder.duty.group.campaign)
    if last_day < holder.valid_from:
        raise HandedOverTooEarly(holder)
    Holder.objects.filter(pk=holder.pk).update(valid_until=last_day)
    holder.valid_until = last_day
    return holder


@action("campaign.put_on_call")
def put_on_call(
    *,
    by: Actor,
    duty: Duty,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    phone: str = "",
    request_id: UUID | None = None,
) -> Watch:
    """Put somebody on call for a duty between two moments; without a phone it is the duty's own. Raises NameTaken."""
    by.must(LEAD, duty.group.campaign)
    _must_run(duty.group.campaign)
    if ends_at <= starts_at:
        raise Refused(_("The end must come after the beginning."))
    if duty.watches.filter(starts_at=starts_at, name=name).exists():
        raise NameTaken(name)
    return Watch.objects.create(duty=duty, name=name, phone=phone or duty.phone, starts_at=starts_at, ends_at=ends_at)


@action("campaign.take_off_call")
def take_off_call(*, by: Actor, watch: Watch, request_id: UUID | None = None) -> None:
    """Take somebody off the roster again; that it was planned stays in the trail."""
    by.must(LEAD, watch.duty.group.campaign)
    note(duty=watch.duty_id, starts_at=watch.starts_at, subject=f"campaign.Watch:{watch.pk}")
    Watch.objects.filter(pk=watch.pk).delete()
