"""Campaigns and their organisation: the chart, groups, duties, who holds them, who is on call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import organisation as actions
from qingmiao.campaign.models import Campaign, Duty, Group, MemberUnit, Picture, Watch
from qingmiao.campaign.queries.organisation import groups_on, members_on, on_call, running
from qingmiao.campaign.queries.tasks import tasks_of, todo_of
from qingmiao.campaign.rulebook import rulebook, worded
from qingmiao.staff.access import NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign import forms
from qingmiao.web.campaign.asking import Page, asked, pressed
from qingmiao.web.campaign.chart import organisation_chart
from qingmiao.web.campaign.lists import Table, wants_file
from qingmiao.web.once import OnceForm, VersionedForm

SEE, LEAD = "campaign.see", "campaign.lead"
LEADING_KINDS = (
    Organisation.Kind.CITY,
    Organisation.Kind.DISTRICT,
    Organisation.Kind.SUBDISTRICT,
    Organisation.Kind.BUREAU,
    Organisation.Kind.CENTRE,
)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The campaign that runs; the choice where there are several; the way to the first where there is none."""
    who = access.actor(request)
    if not who.paths_for(SEE):
        raise NotAllowed(SEE)
    campaigns = who.visible(SEE, Campaign).select_related("organisation").order_by("closed_on", "-starts_on", "-pk")
    going = list(running(campaigns))
    if len(going) == 1 and "all" not in request.GET:
        return redirect("campaign:organisation", pk=going[0].pk)
    context = {"campaigns": list(campaigns[:200]), "may_open": bool(who.paths_for(LEAD))}
    return render(request, "campaign/home.html", context)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Open a campaign from its template."""
    who = access.actor(request)
    if not who.paths_for(LEAD):
        raise NotAllowed(LEAD)
    places = who.visible(LEAD, Organisation).filter(closed_on=None, kind__in=LEADING_KINDS).order_by("path")
    today = access.today(request)
    initial = {
        "organisation": places.first(),
        "starts_on": today,
        "ends_on": today + timedelta(days=13),
        "title": dict(forms.kinds()).get("covid19", ""),
    }
    form = forms.CampaignForm(request.POST or None, organisations=places, initial=initial)
    page = Page(_("Open a campaign"), reverse("campaign:home"), _("Open with its groups"))
    return asked(
        request,
        form,
        lambda content: actions.open_campaign(by=who, **content),
        page,
        then=lambda made: reverse("campaign:organisation", args=[made.pk]),
    )


def _campaign(request: HttpRequest, pk: int, permission: str = SEE) -> Campaign:
    return access.record(request, Campaign, permission, pk=pk)


def address(campaign: Campaign) -> str:
    return reverse("campaign:organisation", args=[campaign.pk])


@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The chart with what waits; below it every group with its duties."""
    campaign, today, now = _campaign(request, pk), access.today(request), access.now(request)
    groups = groups_on(campaign, today)
    members = list(members_on(campaign, today))
    if wants_file(request):
        return _as_table(groups).as_file()
    template = rulebook("organisation")
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "groups": groups,
        "vacant": sum(group.vacant for group in groups),
        "members": members,
        "chart": organisation_chart(campaign.title, groups, [member.name for member in members]),
        "todo": todo_of(campaign, now),
        "on_call": [watch for watch in on_call(campaign, now, 1) if watch.starts_at <= now],
        "may_lead": access.actor(request).may(LEAD, campaign) and campaign.closed_on is None,
        "source": worded(template["source"]) if template.get("from_memory") else "",
        "close_form": VersionedForm(initial={"version": campaign.version}),
    }
    return render(request, "campaign/organisation.html", context)


def _as_table(groups: list[Any]) -> Table:
    columns = [_("Group"), _("Duty post"), _("Name"), _("Unit and post"), _("Deputy"), _("Duty phone"), _("Valid from")]
    rows = [
        [
            group.group.name,
            held.duty.title,
            held.holder.name if held.holder else _("vacant"),
            held.holder.belongs_to if held.holder else "",
            held.deputy.name if held.deputy else "",
            held.duty.phone,
            held.holder.valid_from if held.holder else "",
        ]
        for group in groups
        for held in group.duties
    ]
    return Table(_("Who does what"), [(column, False) for column in columns], rows)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Title and days."""
    campaign = _campaign(request, pk, LEAD)
    shown = {name: getattr(campaign, name) for name in ("title", "starts_on", "ends_on", "version")}
    form = forms.CampaignChangeForm(request.POST or None, initial=shown)
    page = Page(_("Change the campaign"), address(campaign), _("Save"), campaign.organisation.name)
    return asked(
        request, form, lambda content: _changed(request, actions.change_campaign, campaign=campaign, **content), page
    )


def _changed(request: HttpRequest, action: Any, *, version: int, request_id: Any, **content: Any) -> Any:
    """Call a `change_…` action: the record goes under its own name, everything else is what changes."""
    (name, record) = next((key, value) for key, value in content.items() if hasattr(value, "pk"))
    del content[name]
    return action(by=access.actor(request), version=version, request_id=request_id, changes=content, **{name: record})


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a campaign."""
    campaign = _campaign(request, pk, LEAD)
    today = access.today(request)
    if pressed(
        request,
        VersionedForm,
        lambda content: actions.close_campaign(by=access.actor(request), campaign=campaign, closed_on=today, **content),
    ):
        messages.success(request, _("Closed. Everything stays as it was."))
    return redirect(address(campaign))


@require_http_methods(["GET", "POST"])
def new_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Another working group."""
    campaign = _campaign(request, pk, LEAD)
    page = Page(_("New working group"), address(campaign), _("Set up"), campaign.organisation.name)
    return asked(
        request,
        forms.GroupForm(request.POST or None),
        lambda content: actions.add_group(
            by=access.actor(request), campaign=campaign, valid_from=access.today(request), **content
        ),
        page,
    )


@require_http_methods(["GET", "POST"])
def change_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, reword, move or close a group."""
    group = access.record(request, Group, LEAD, pk=pk)
    shown = {name: getattr(group, name) for name in ("name", "remit", "position", "closed_on", "version")}
    page = Page(_("Change {name}").format(name=group.name), address(group.campaign), _("Save"))
    form = forms.GroupChangeForm(request.POST or None, initial=shown)
    return asked(request, form, lambda content: _changed(request, actions.change_group, group=group, **content), page)


@require_http_methods(["GET", "POST"])
def new_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Another duty of a group."""
    group = access.record(request, Group, LEAD, pk=pk)
    page = Page(_("New duty in {name}").format(name=group.name), address(group.campaign), _("Set up"))
    return asked(
        request,
        forms.DutyForm(request.POST or None),
        lambda content: actions.add_duty(by=access.actor(request), group=group, **content),
        page,
    )


@require_GET
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty: who holds and held it, and its tasks, which stay with it."""
    found = access.record(request, Duty, SEE, pk=pk)
    campaign = found.group.campaign
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "duty": found,
        "holders": list(found.holders.select_related("user").order_by("-valid_from", "is_deputy")),
        "tasks": list(tasks_of(campaign).filter(duty=found).order_by("state", "due_at")[:100]),
        "may_lead": access.actor(request).may(LEAD, campaign) and campaign.closed_on is None,
    }
    return render(request, "campaign/duty.html", context)


@require_http_methods(["GET", "POST"])
def change_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a duty."""
    found = access.record(request, Duty, LEAD, pk=pk)
    shown = {name: getattr(found, name) for name in ("title", "rank", "does", "phone", "version")}
    page = Page(_("Change {name}").format(name=found.title), reverse("campaign:duty", args=[pk]), _("Save"))
    form = forms.DutyChangeForm(request.POST or None, initial=shown)
    return asked(request, form, lambda content: _changed(request, actions.change_duty, duty=found, **content), page)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a duty to somebody."""
    found = access.record(request, Duty, LEAD, pk=pk)
    page = Page(
        _("Who holds {duty}?").format(duty=f"{found.group.name} · {found.title}"),
        reverse("campaign:duty", args=[pk]),
        _("Hand over"),
        note=_("Its tasks and its phone stay with the duty."),
    )
    form = forms.HandOverForm(request.POST or None, initial={"valid_from": access.today(request)})
    return asked(
        request,
        form,
        lambda content: actions.hand_over_duty(
            by=access.actor(request), duty=found, user=content.pop("username"), **content
        ),
        page,
    )


@require_http_methods(["GET", "POST"])
def new_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Another member unit."""
    campaign = _campaign(request, pk, LEAD)
    page = Page(_("New member unit"), address(campaign), _("Add"), campaign.organisation.name)
    return asked(
        request,
        forms.MemberForm(request.POST or None, initial={"valid_from": access.today(request)}),
        lambda content: actions.add_member_unit(by=access.actor(request), campaign=campaign, **content),
        page,
    )


@require_POST
def end_member(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit leaves the leading group after today."""
    member = access.record(request, MemberUnit, LEAD, pk=pk)
    today = access.today(request)
    pressed(
        request,
        OnceForm,
        lambda content: actions.end_membership(by=access.actor(request), member_unit=member, last_day=today, **content),
    )
    return redirect(address(member.campaign))


@require_GET
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on call in the next two weeks."""
    campaign, now = _campaign(request, pk), access.now(request)
    watches = list(on_call(campaign, now, 14))
    columns = [_("From"), _("Until"), _("Name"), _("Duty phone"), _("Group"), _("Duty post")]
    rows = [
        [watch.starts_at, watch.ends_at, watch.name, watch.phone, watch.duty.group.name, watch.duty.title]
        for watch in watches
    ]
    if wants_file(request):
        return Table(_("On-call roster"), [(column, False) for column in columns], rows).as_file()
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "watches": watches,
        "may_lead": access.actor(request).may(LEAD, campaign) and campaign.closed_on is None,
        "off_form": OnceForm(),
    }
    return render(request, "campaign/roster.html", context)


@require_http_methods(["GET", "POST"])
def new_watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody on call."""
    campaign = _campaign(request, pk, LEAD)
    now = access.now(request)
    page = Page(_("Put on call"), reverse("campaign:roster", args=[pk]), _("Put on call"), campaign.organisation.name)
    form = forms.WatchForm(
        request.POST or None, campaign=campaign, initial={"starts_at": now, "ends_at": now + timedelta(hours=12)}
    )
    return asked(request, form, lambda content: actions.put_on_call(by=access.actor(request), **content), page)


@require_POST
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the roster."""
    watch = access.record(request, Watch, LEAD, pk=pk)
    campaign = watch.duty.group.campaign
    pressed(request, OnceForm, lambda content: actions.take_off_call(by=access.actor(request), watch=watch, **content))
    return redirect("campaign:roster", pk=campaign.pk)


@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo, as it is kept."""
    found = access.record(request, Picture, "campaign.see_picture", pk=pk)
    return HttpResponse(bytes(found.content), content_type=found.media_type)
