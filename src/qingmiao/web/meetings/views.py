"""The daily meeting: what is unfinished first, the figures as they are now kept, then problems, decisions, actions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import meetings as actions
from qingmiao.campaign.models import Campaign, Dispatch, Meeting, Point
from qingmiao.campaign.queries.fieldwork import reported_on, reports_by
from qingmiao.campaign.queries.meetings import dispatches_for, lines_of, meeting_before, meetings_of, minutes_of
from qingmiao.campaign.queries.publicity import open_rumours
from qingmiao.campaign.rules.meetings import Line, Shown, shown_from
from qingmiao.reports.actions import freeze_figure
from qingmiao.reports.queries.campaigns import rule_of
from qingmiao.reports.queries.field import shown_to_meeting
from qingmiao.reports.summary.papers import minutes_as_word
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.campaign.asking import Page, asked, campaign_asked, no_campaign, pressed
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.campaign.tasks import end_of_day, tag_of
from qingmiao.web.export import as_xlsx
from qingmiao.web.meetings import forms
from qingmiao.web.once import OnceForm
from qingmiao.web.paper import word_answer
from qingmiao.web.templatetags.qm import figure, moment, percent

SEE, LEAD, FIELD = "campaign.see", "campaign.lead", "campaign.work_in_field"
FREEZE = "reports.freeze_figure"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The meetings of a campaign, and the way to today's."""
    campaign = campaign_asked(request)
    if campaign is None:
        return no_campaign(request, _("Meetings"))
    held = list(meetings_of(campaign)[:120])
    if wants_file(request):
        return _meetings_file(held)
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "meetings": held,
        "current": next((meeting for meeting in held if meeting.closed_at is None), None),
        "may_lead": _may_lead(request, campaign),
    }
    return render(request, "meetings/home.html", context)


def _meetings_file(held: list[Meeting]) -> HttpResponse:
    columns = [_("Day"), _("Meeting"), _("Chair"), _("Vaccinated"), _("On the ledger"), _("Closed at")]
    rows = [
        [one.day, one.get_kind_display(), one.chair, one.figures.get("done"), one.figures.get("of"), one.closed_at]
        for one in held
    ]
    return as_xlsx(_("Meetings"), columns, rows)


def _may_lead(request: HttpRequest, campaign: Campaign) -> bool:
    return access.actor(request).may(LEAD, campaign) and campaign.closed_on is None


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a meeting: the figures are frozen at this moment, the unfinished actions are on its table."""
    campaign, now, today = access.record(request, Campaign, LEAD, pk=pk), access.now(request), access.today(request)
    who = access.actor(request)

    def carry_out(content: dict[str, Any]) -> Meeting:
        return actions.open_meeting(
            by=who,
            campaign=campaign,
            day=today,
            at=now,
            figures=shown_to_meeting(campaign, today, now),
            snapshot=_frozen(request, campaign),
            **content,
        )

    page = Page(
        _("Open a meeting"),
        reverse("meetings:home"),
        _("Open and freeze the figures"),
        campaign.organisation.name,
        note=_("What is unfinished comes onto its table; the figures stay as they are at this moment."),
    )
    kind = Meeting.Kind.MORNING if timezone.localtime(now).hour < 12 else Meeting.Kind.EVENING
    form = forms.MeetingForm(request.POST or None, initial={"kind": kind, "minutes_by": who.name})
    return asked(request, form, carry_out, page, then=lambda made: reverse("meetings:meeting", args=[made.pk]))


def _frozen(request: HttpRequest, campaign: Campaign) -> int | None:
    """The number of the figure frozen now, with the names behind it; None when there is nothing to be counted by."""
    who, organisation = access.actor(request), campaign.organisation
    rule = rule_of(campaign)
    if rule is None or not who.may(FREEZE, organisation):
        return None
    today = access.today(request)
    snapshot = freeze_figure(
        by=who,
        indicator_id=rule.id,
        organisation=organisation,
        on=today,
        today=today,
        at=access.now(request),
    )
    return snapshot.pk


@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, open or closed."""
    found, now = access.record(request, Meeting, SEE, pk=pk), access.now(request)
    may_lead = _may_lead(request, found.campaign) and found.closed_at is None
    context = _context(request, found) | {
        "may_lead": may_lead,
        "silent": [row.place for row in reported_on(found.campaign, found.day, now) if row.signed is None],
        "reports_by": reports_by(found.day),
        "rumours": open_rumours(found.campaign).count(),
    }
    if may_lead:
        campaign = found.campaign
        context |= {
            "problem_form": forms.PointForm(campaign=campaign, initial={"kind": "problem"}, auto_id="problem_%s"),
            "decision_form": forms.PointForm(campaign=campaign, initial={"kind": "decision"}, auto_id="decision_%s"),
            "action_form": forms.ActionForm(meeting=found, initial={"due_at": end_of_day(now)}, auto_id="action_%s"),
            "close_form": forms.CloseForm(
                initial={"version": found.version, "present": found.present, "minutes_by": found.minutes_by},
                auto_id="close_%s",
            ),
        }
    return render(request, "meetings/meeting.html", context)


def _context(request: HttpRequest, found: Meeting) -> dict[str, Any]:
    now, minutes, shown = access.now(request), minutes_of(found), shown_from(found.figures)
    return {
        "place": found.campaign.organisation.name,
        "campaign": found.campaign,
        "meeting": found,
        "minutes": minutes,
        "shown": shown,
        "figure": _figure(found, shown) if shown else None,
        "inherited": [(row, tag_of(row.task, now)) for row in minutes.inherited],
        "given": [(row, tag_of(row.task, now)) for row in minutes.given],
    }


def _figure(found: Meeting, shown: Shown) -> dict[str, Any]:
    figure_of = {
        "done": shown.done,
        "of": shown.of,
        "label": found.campaign.organisation.name,
        "frozen_at": found.opened_at,
        "rule": shown.rule,
        "rule_url": reverse("reports:rule", args=[shown.rule.rpartition("-")[0]]),
        "note": "",
    }
    if found.snapshot is not None:
        people = reverse("reports:snapshot-people", args=[found.snapshot])
        figure_of |= {
            "done_url": f"{people}?which=done",
            "of_url": f"{people}?which=all",
            "snapshot": found.snapshot,
            "snapshot_url": reverse("reports:snapshot", args=[found.snapshot]),
        }
    return figure_of


def _open_meeting(request: HttpRequest, pk: int) -> Meeting:
    return access.record(request, Meeting, LEAD, pk=pk)


@require_POST
def add_point(request: HttpRequest, pk: int) -> HttpResponse:
    """A problem or a decision."""
    found = _open_meeting(request, pk)
    page = Page(_("What was said"), reverse("meetings:meeting", args=[pk]), _("Write down"))
    return asked(
        request,
        forms.PointForm(request.POST, campaign=found.campaign),
        lambda content: actions.note_point(
            by=access.actor(request),
            meeting=found,
            at=access.now(request),
            place=content.pop("place_of_point"),
            **content,
        ),
        page,
    )


@require_POST
def add_action(request: HttpRequest, pk: int) -> HttpResponse:
    """An action with its owner and due time."""
    found = _open_meeting(request, pk)
    page = Page(_("What is to be done"), reverse("meetings:meeting", args=[pk]), _("Give"))
    return asked(
        request,
        forms.ActionForm(request.POST, meeting=found),
        lambda content: actions.decide_action(
            by=access.actor(request), meeting=found, at=access.now(request), **content
        ),
        page,
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the meeting; its minutes are written."""
    found = _open_meeting(request, pk)
    if pressed(
        request,
        forms.CloseForm,
        lambda content: actions.close_meeting(
            by=access.actor(request), meeting=found, at=access.now(request), **content
        ),
    ):
        return redirect("meetings:minutes", pk=pk)
    return redirect("meetings:meeting", pk=pk)


@require_GET
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes, to be read and printed."""
    found = access.record(request, Meeting, SEE, pk=pk)
    return render(request, "meetings/minutes.html", _context(request, found) | {"ranking": ranking(found)})


@require_GET
def minutes_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as a Word file."""
    found = access.record(request, Meeting, SEE, pk=pk)
    table = ranking(found)
    rows = [[cell.value if isinstance(cell, Cell) else cell for cell in row] for row in table.rows]
    name, back = f"minutes-{found.day.isoformat()}-{found.kind}.docx", reverse("meetings:minutes", args=[pk])
    return word_answer(
        request, lambda: minutes_as_word(minutes_of(found), shown_from(found.figures), rows), name=name, back=back
    )


def ranking(found: Meeting) -> Table:
    """The places in their order, with the change since the meeting of the same kind before."""
    shown, before = shown_from(found.figures), lines_of(meeting_before(found))
    columns = [(_("Unit"), False), (_("Place in order"), True), (_("Vaccinated"), True), (_("On the ledger"), True),
               (_("Rate"), True), (_("That day"), True), (_("Since the last bulletin"), True)]  # fmt: skip
    rows = [_ranked(line, before.get(line.key)) for line in (shown.places if shown else [])]
    return Table(_("Units in their order"), columns, rows, _("Nobody is on a unit's ledger yet."))


def _ranked(line: Line, before: Line | None) -> list[Any]:
    change = "—" if before is None else f"{line.done - before.done:+}"
    order = "—" if line.place is None else pgettext("shared place", "={place}").format(place=line.place) if (
        line.is_shared
    ) else line.place  # fmt: skip
    return [
        line.name,
        order,
        Cell(line.done, shown=figure(line.done)),
        Cell(line.of, shown=figure(line.of)),
        percent(line.done, line.of),
        line.new,
        change,
    ]


@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """The bulletin of the units: their order, and whether each has seen its line."""
    found, now = access.record(request, Meeting, SEE, pk=pk), access.now(request)
    table = ranking(found)
    if wants_file(request):
        return table.as_file()
    sent = list(found.dispatches.select_related("unit").order_by("unit__path"))
    reported = reported_on(found.campaign, found.day, now)
    context = _context(request, found) | {
        "table": table,
        "sent": sent,
        "unseen": sum(row.seen_at is None for row in sent),
        "silent": [row for row in reported if row.signed is None and row.is_late],
        "late": [row for row in reported if row.signed is not None and row.is_late],
        "may_lead": _may_lead(request, found.campaign) and bool(found.figures),
        "send_form": forms.SendForm(),
    }
    return render(request, "meetings/bulletin.html", context)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send each unit its line."""
    found = access.record(request, Meeting, LEAD, pk=pk)
    if pressed(
        request,
        forms.SendForm,
        lambda content: actions.send_bulletin(
            by=access.actor(request), meeting=found, at=access.now(request), **content
        ),
    ):
        messages.success(request, _("Sent: each unit's liaison finds it under “Sent to us”."))
    return redirect("meetings:bulletin", pk=pk)


@require_GET
def sent_to_us(request: HttpRequest) -> HttpResponse:
    """What was sent to the units that one works for."""
    who = access.actor(request)
    if not who.paths_for(FIELD):
        raise NotAllowed(FIELD)
    rows = list(dispatches_for(who)[:100])
    return render(request, "meetings/sent.html", {"rows": rows, "seen_form": OnceForm()})


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """A liaison has read what was sent."""
    found = access.record(request, Dispatch, FIELD, pk=pk)
    pressed(
        request,
        OnceForm,
        lambda content: actions.see_dispatch(
            by=access.actor(request), dispatch=found, at=access.now(request), **content
        ),
    )
    return redirect("meetings:sent")


@require_GET
def points(request: HttpRequest, pk: int) -> HttpResponse:
    """Every problem and decision of a campaign, with the meeting it was brought up in."""
    campaign = access.record(request, Campaign, SEE, pk=pk)
    found = Point.objects.filter(meeting__campaign=campaign).select_related("meeting", "place").order_by("-at")[:500]
    columns = [(_("Meeting"), False), (_("Kind"), False), (_("What was said"), False), (_("About which unit"), False),
               (_("When"), False)]  # fmt: skip
    rows = [
        [
            Cell(str(point.meeting), reverse("meetings:meeting", args=[point.meeting.pk])),
            point.get_kind_display(),
            point.text,
            point.place.name if point.place else "",
            Cell(point.at, shown=moment(point.at)),
        ]
        for point in found
    ]
    table = Table(_("Problems and decisions"), columns, rows, _("None yet."))
    if wants_file(request):
        return table.as_file()
    context = {"place": campaign.organisation.name, "campaign": campaign, "table": table, "file": "?as=xlsx"}
    return render(request, "campaign/list.html", context)
