"""Tasks: what waits, whose it is, how far up it has gone, and the evidence that ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import tasks as actions
from qingmiao.campaign.models import Campaign, Task
from qingmiao.campaign.queries.tasks import holds, level_of, open_tasks, tasks_for, tasks_of
from qingmiao.campaign.rulebook import rulebook
from qingmiao.campaign.rules.tasks import Level
from qingmiao.staff.access import Actor
from qingmiao.web import access
from qingmiao.web.campaign import forms
from qingmiao.web.campaign.asking import Page, asked, pressed
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.once import VersionedForm
from qingmiao.web.templatetags.qm import moment, status

SEE, LEAD = "campaign.see", "campaign.lead"
WHICH = ("open", "late", "reported", "all")
HEARS: dict[Level, str | Promise] = {
    Level.OWNER: "",
    Level.DEPUTY: gettext_lazy("the deputies hear of it"),
    Level.LEADER: gettext_lazy("the group's leader hears of it"),
    Level.HEAD: gettext_lazy("the head hears of it"),
}


def count_of_mine(actor: Actor, at: datetime) -> int:
    """How many open tasks somebody finds among his own."""
    return len([mine for mine in tasks_for(actor, at) if mine.task.state == Task.State.OPEN])


def tag_of(task: Task, at: datetime) -> SafeString:
    """The state of a task as word, reason and colour."""
    level = level_of(task, at)
    if task.state == Task.State.OPEN and level is not Level.OWNER:
        return status("task.late", reason=HEARS[level])
    if task.state == Task.State.OPEN and task.is_late_at(at):
        return status("task.late")
    return status(f"task.{task.state}", time=moment(task.due_at))


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The tasks of the duties that one holds, and those that came up because they are late."""
    now = access.now(request)
    found = tasks_for(access.actor(request), now)
    if wants_file(request):
        return _table([one.task for one in found], now).as_file()
    rows = [{"task": one.task, "tag": tag_of(one.task, now), "why": HEARS[one.level]} for one in found]
    return render(request, "campaign/mine.html", {"rows": rows})


@require_GET
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks of a campaign: open, late, reported, all."""
    campaign, now = access.record(request, Campaign, SEE, pk=pk), access.now(request)
    which = request.GET.get("which", "open")
    if which not in WHICH:
        raise Http404
    waiting = open_tasks(campaign)
    asked_for = {
        "open": waiting,
        "late": waiting.filter(state=Task.State.OPEN, due_at__lt=now),
        "reported": waiting.filter(state=Task.State.REPORTED),
        "all": tasks_of(campaign).order_by("-opened_at"),
    }
    titles = {
        "open": pgettext("tasks", "Open"),
        "late": pgettext("task", "Late"),
        "reported": _("To be accepted"),
        "all": _("All"),
    }
    table = _table(list(asked_for[which][:300]), now)
    if wants_file(request):
        return table.as_file()
    own = reverse("campaign:tasks", args=[pk])
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "table": table,
        "file": f"?which={which}&as=xlsx",
        "tabs": [
            {"title": titles[name], "url": f"{own}?which={name}", "count": asked_for[name].count(),
             "current": name == which, "tone": "is-stop" if name == "late" else ""}
            for name in WHICH
        ],
        "may_lead": access.actor(request).may(LEAD, campaign) and campaign.closed_on is None,
    }  # fmt: skip
    return render(request, "campaign/tasks.html", context)


def _table(found: list[Task], now: datetime) -> Table:
    columns = [(_("What is to be done"), False), (_("Group"), False), (_("Duty post"), False), (_("Due"), False),
               (_("State"), False)]  # fmt: skip
    rows = [
        [
            Cell(task.title, reverse("campaign:task", args=[task.pk])),
            task.duty.group.name,
            task.duty.title,
            Cell(task.due_at, shown=moment(task.due_at)),
            Cell(Task.State(task.state).label, shown=tag_of(task, now)),
        ]
        for task in found
    ]
    return Table(_("Tasks"), columns, rows, _("Nothing is in this list."))


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a duty something to do."""
    campaign = access.record(request, Campaign, LEAD, pk=pk)
    now = access.now(request)
    page = Page(_("Give a task"), reverse("campaign:tasks", args=[pk]), _("Give"), campaign.organisation.name)
    form = forms.TaskForm(
        request.POST or None,
        campaign=campaign,
        initial={"due_at": end_of_day(now), "duty": request.GET.get("duty")},
    )
    return asked(
        request,
        form,
        lambda content: actions.give_task(by=access.actor(request), campaign=campaign, at=now, **content),
        page,
    )


def end_of_day(now: datetime) -> datetime:
    """When a task that names only a day is due (rules/campaign/tasks.yaml); tomorrow if that has passed."""
    hour, minute = map(int, rulebook("tasks")["closes_at"].split(":"))
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time(hour, minute)))
    return today if today > now else today + timedelta(days=1)


def task_asked(request: HttpRequest, pk: int) -> Task:
    """The task, for whoever leads the campaign, holds its duty, or hears of it because it is late; else 404."""
    who = access.actor(request)
    found = next((one.task for one in tasks_for(who, access.now(request)) if one.task.pk == pk), None)
    return found or access.record(request, Task, SEE, pk=pk)


@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: what is asked, what was done, and the next act."""
    found, now, who = task_asked(request, pk), access.now(request), access.actor(request)
    may_lead = who.may(LEAD, found.campaign)
    shown = {"version": found.version}
    context = {
        "place": found.campaign.organisation.name,
        "task": found,
        "tag": tag_of(found, now),
        "steps": list(found.steps.select_related("picture")),
        "may_lead": may_lead,
        "may_report": found.state == Task.State.OPEN and (may_lead or holds(who, found.duty, now)),
        "evidence": forms.EvidenceForm(initial=shown),
        "reason": forms.ReasonForm(initial=shown, auto_id="reason_%s"),
        "move": forms.MoveForm(initial=shown | {"due_at": end_of_day(now)}, auto_id="move_%s"),
        "accept": VersionedForm(initial=shown, auto_id="accept_%s"),
    }
    return render(request, "campaign/task.html", context)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done."""
    found = task_asked(request, pk)
    page = Page(found.title, reverse("campaign:task", args=[pk]), _("Report as done"), said=_("Reported."))
    return asked(
        request,
        forms.EvidenceForm(request.POST, request.FILES),
        lambda content: actions.report_task(by=access.actor(request), task=found, at=access.now(request), **content),
        page,
    )


def _acted(request: HttpRequest, pk: int, form: type[VersionedForm], act: Callable[..., Any]) -> HttpResponse:
    found = access.record(request, Task, LEAD, pk=pk)
    who, now = access.actor(request), access.now(request)
    pressed(request, form, lambda content: act(by=who, task=found, at=now, **content))
    return redirect("campaign:task", pk=pk)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence is enough."""
    return _acted(request, pk, VersionedForm, actions.accept_task)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence is not enough."""
    return _acted(request, pk, forms.ReasonForm, actions.send_task_back)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time."""
    return _acted(request, pk, forms.MoveForm, actions.move_task)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Not needed any more."""
    return _acted(request, pk, forms.ReasonForm, actions.drop_task)
