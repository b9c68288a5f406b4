"""Publicity: activities with their reach, approved materials, questions with answers, rumours and how fast they end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import publicity as actions
from qingmiao.campaign.models import Campaign, Material, Question, Rumour
from qingmiao.campaign.queries import publicity as queries
from qingmiao.campaign.rulebook import rulebook, word_of, worded
from qingmiao.staff.models import Organisation
from qingmiao.web import access
from qingmiao.web.campaign.asking import Page, asked, campaign_reached, no_campaign, places_reached, pressed
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.once import OnceForm, VersionedForm
from qingmiao.web.publicity import forms
from qingmiao.web.templatetags.qm import clock, figure, iso_day, moment, status

TELL, LEAD, APPROVE = "campaign.tell_opinion", "campaign.lead", "campaign.approve"
Kind = Organisation.Kind
PLACES = (Kind.SUBDISTRICT, Kind.COMMUNITY, Kind.GRID, Kind.BUREAU, Kind.UNIT, Kind.SCHOOL, Kind.SITE, Kind.CENTRE)


def _campaign(request: HttpRequest) -> Campaign:
    campaign = campaign_reached(request, TELL)
    if campaign is None:
        raise Http404
    return campaign


def count_of_rumours(actor: Any, at: datetime) -> int:
    """Rumours that wait for an answer where the actor leads."""
    states = (Rumour.State.SEEN, Rumour.State.DRAFTED)
    return int(actor.visible("campaign.see", Rumour).filter(state__in=states, campaign__closed_on=None).count())


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what was done, and what it reached."""
    campaign = campaign_reached(request, TELL)
    if campaign is None:
        return no_campaign(request, _("Publicity"))
    now = access.now(request)
    found = queries.activities_of(campaign).filter(place__in=places_reached(request, TELL, campaign))
    table = _activities(campaign, list(found[:300]))
    if wants_file(request):
        return table.as_file()
    answering = queries.answering_of(campaign, now)
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "table": table,
        "file": "?as=xlsx",
        "channels": queries.reach_by_channel(campaign),
        "answering": answering,
        "counts": [
            {"count": answering.late_now, "label": _("rumours not answered in time"), "tone": "is-stop",
             "url": reverse("publicity:rumours")},
            {"count": queries.open_rumours(campaign).count(), "label": _("rumours to be answered"), "tone": "is-wait",
             "url": reverse("publicity:rumours")},
            {"count": campaign.materials.filter(approved_at=None, withdrawn_at=None).count(),
             "label": _("materials to be approved"), "tone": "is-wait", "url": reverse("publicity:materials")},
            {"count": campaign.questions.filter(approved_at=None).count(), "label": _("answers to be approved"),
             "tone": "is-wait", "url": reverse("publicity:questions")},
        ],
        "is_open": campaign.closed_on is None,
    }  # fmt: skip
    return render(request, "publicity/home.html", context)


def _activities(campaign: Campaign, found: list[Any]) -> Table:
    columns = [(_("When"), False), (_("Channel"), False), (_("Place"), False), (_("Where exactly"), False),
               (_("Publicity material"), False), (_("People reached"), True), (_("Photo"), False),
               (_("Recorded by"), False)]  # fmt: skip
    rows = [
        [
            Cell(one.at, shown=moment(one.at)),
            word_of("publicity", "channels", one.channel),
            one.place.name,
            one.where,
            one.material.title if one.material else "",
            Cell(one.reach, shown=figure(one.reach)),
            Cell(_("Photo"), reverse("campaign:picture", args=[one.picture.pk])) if one.picture else "",
            one.by_name,
        ]
        for one in found
    ]
    return Table(
        _("Publicity activities"), columns, rows, _("Nothing was recorded yet. Write down the first activity.")
    )


@require_http_methods(["GET", "POST"])
def new_activity(request: HttpRequest) -> HttpResponse:
    """Write down an activity."""
    campaign, now = _campaign(request), access.now(request)
    today = access.today(request)
    usable = [one.pk for one in campaign.materials.all() if one.may_be_used_on(today)]
    places = places_reached(request, TELL, campaign).filter(kind__in=PLACES)
    form = forms.ActivityForm(
        request.POST or None,
        request.FILES or None,
        campaign=campaign,
        materials=usable,
        places=places,
        initial={"happened_at": now, "place_told": places.first()},
    )
    page = Page(_("Publicity activity"), reverse("publicity:home"), _("Write down"), campaign.organisation.name)
    return asked(
        request,
        form,
        lambda content: actions.record_activity(
            by=access.actor(request), campaign=campaign, place=content.pop("place_told"), at=now, **content
        ),
        page,
    )


@require_GET
def materials(request: HttpRequest) -> HttpResponse:
    """Materials: approved, to be approved, expired."""
    campaign = campaign_reached(request, TELL)
    if campaign is None:
        return no_campaign(request, _("Publicity materials"))
    today = access.today(request)
    found = list(campaign.materials.all()[:200])
    columns = [(_("Publicity material"), False), (_("State"), False), (_("Use until"), False),
               (_("Approved by"), False), (_("Source"), False)]  # fmt: skip
    rows = [
        [
            Cell(one.title, reverse("publicity:material", args=[one.pk])),
            Cell(_state_of(one, today), shown=status(f"material.{_state_of(one, today)}", day=iso_day(one.expires_on))),
            one.expires_on,
            one.approved_by_name,
            one.source,
        ]
        for one in found
    ]
    empty = _("No material yet. Write a text or hand in a poster; it may be used once somebody else has approved it.")
    table = Table(_("Publicity materials"), columns, rows, empty)
    if wants_file(request):
        return table.as_file()
    acts = [{"url": reverse("publicity:new-material"), "label": _("New material")}] if _leads(request, campaign) else []
    context = {"place": campaign.organisation.name, "campaign": None, "table": table, "file": "?as=xlsx", "acts": acts}
    return render(request, "campaign/list.html", context)


def _leads(request: HttpRequest, campaign: Campaign) -> bool:
    return access.actor(request).may(LEAD, campaign) and campaign.closed_on is None


def _state_of(material: Material, today: Any) -> str:
    if material.withdrawn_at:
        return "withdrawn"
    if material.approved_at is None:
        return "waits"
    return "usable" if material.may_be_used_on(today) else "expired"


@require_http_methods(["GET", "POST"])
def new_material(request: HttpRequest) -> HttpResponse:
    """A new text or poster."""
    campaign = _campaign(request)
    access.actor(request).must(LEAD, campaign)
    page = Page(_("New material"), reverse("publicity:materials"), _("Hand in for approval"))
    initial = {"expires_on": campaign.ends_on}
    form = forms.MaterialForm(request.POST or None, request.FILES or None, initial=initial)
    return asked(
        request,
        form,
        lambda content: actions.write_material(
            by=access.actor(request), campaign=campaign, at=access.now(request), **content
        ),
        page,
    )


@require_GET
def material(request: HttpRequest, pk: int) -> HttpResponse:
    """One material: to be read, approved, printed, copied."""
    found, who = _of_campaign(request, Material, pk), access.actor(request)
    today = access.today(request)
    context = {
        "place": found.campaign.organisation.name,
        "material": found,
        "tag": status(f"material.{_state_of(found, today)}", day=iso_day(found.expires_on)),
        "may_approve": who.may(APPROVE, found.campaign) and found.approved_at is None,
        "is_own": found.written_by_id == who.user_id,
        "may_withdraw": who.may(LEAD, found.campaign) and found.withdrawn_at is None,
        "form": VersionedForm(initial={"version": found.version}),
        "used": list(found.activities.select_related("place")[:50]),
    }
    return render(request, "publicity/material.html", context)


def _of_campaign(request: HttpRequest, model: Any, pk: int) -> Any:
    """A material or question of the campaign that one works for; else 404."""
    campaign = _campaign(request)
    found = model.objects.filter(pk=pk, campaign=campaign).select_related("campaign__organisation").first()
    if found is None:
        raise Http404
    return found


def _acted(request: HttpRequest, act: Callable[..., Any], **record: Any) -> None:
    who, now = access.actor(request), access.now(request)
    pressed(request, VersionedForm, lambda content: act(by=who, at=now, **record, **content))


@require_POST
def approve_material(request: HttpRequest, pk: int) -> HttpResponse:
    """It may be used."""
    _acted(request, actions.approve_material, material=_of_campaign(request, Material, pk))
    return redirect("publicity:material", pk=pk)


@require_POST
def withdraw_material(request: HttpRequest, pk: int) -> HttpResponse:
    """It may not be used any more."""
    _acted(request, actions.withdraw_material, material=_of_campaign(request, Material, pk))
    return redirect("publicity:material", pk=pk)


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Questions of the people with answers ready to send, the most asked first."""
    campaign = campaign_reached(request, TELL)
    if campaign is None:
        return no_campaign(request, _("Questions and answers"))
    found = list(campaign.questions.all()[:200])
    if wants_file(request):
        columns = [(_("Question"), False), (_("Answer"), False), (_("Source"), False), (_("Approved by"), False),
                   (_("Asked"), True)]  # fmt: skip
        rows = [[one.question, one.answer, one.source, one.approved_by_name, one.asked] for one in found]
        return Table(_("Questions and answers"), columns, rows).as_file()
    who = access.actor(request)
    context = {
        "place": campaign.organisation.name,
        "questions": [(one, VersionedForm(initial={"version": one.version}, auto_id=f"q{one.pk}_%s")) for one in found],
        "may_lead": _leads(request, campaign),
        "may_approve": who.may(APPROVE, campaign),
        "me": who.user_id,
    }
    return render(request, "publicity/questions.html", context)


@require_http_methods(["GET", "POST"])
def new_question(request: HttpRequest) -> HttpResponse:
    """A question and its answer."""
    campaign = _campaign(request)
    access.actor(request).must(LEAD, campaign)
    page = Page(_("Question and answer"), reverse("publicity:questions"), _("Hand in for approval"))
    return asked(
        request,
        forms.QuestionForm(request.POST or None),
        lambda content: actions.write_answer(
            by=access.actor(request), campaign=campaign, at=access.now(request), **content
        ),
        page,
    )


@require_POST
def approve_question(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer may be sent."""
    _acted(request, actions.approve_answer, question=_of_campaign(request, Question, pk))
    return redirect("publicity:questions")


@require_POST
def heard(request: HttpRequest, pk: int) -> HttpResponse:
    """The question was heard once more."""
    found = _of_campaign(request, Question, pk)
    pressed(
        request, OnceForm, lambda content: actions.hear_question(by=access.actor(request), question=found, **content)
    )
    return redirect("publicity:questions")


@require_GET
def rumours(request: HttpRequest) -> HttpResponse:
    """What is said against it, and how fast it was answered."""
    campaign = campaign_reached(request, TELL)
    if campaign is None:
        return no_campaign(request, _("Opinion and rumours"))
    now = access.now(request)
    reach = access.actor(request).visible(TELL, Rumour).filter(campaign=campaign).select_related("place")
    found = sorted(reach[:300], key=lambda one: (one.answered_at is not None, one.answer_by))
    columns = [(_("What people say"), False), (_("Risk"), False), (_("Place"), False), (_("Seen in"), False),
               (_("Seen at"), False), (_("State"), False), (_("Answer by"), False),
               (_("Time to answer"), False)]  # fmt: skip
    rows = [
        [
            Cell(one.text, reverse("publicity:rumour", args=[one.pk])),
            one.get_risk_display(),
            one.place.name,
            word_of("publicity", "channels", one.channel),
            Cell(one.seen_at, shown=moment(one.seen_at)),
            Cell(one.get_state_display(), shown=tag_of(one, now)),
            Cell(one.answer_by, shown=moment(one.answer_by)),
            length_of(one.time_to_answer),
        ]
        for one in found
    ]
    table = Table(
        _("Opinion and rumours"), columns, rows, _("Nothing was seen yet. Whoever sees something writes it down.")
    )
    if wants_file(request):
        return table.as_file()
    answering = queries.answering_of(campaign, now)
    context = {
        "place": campaign.organisation.name,
        "table": table,
        "file": "?as=xlsx",
        "acts": [{"url": reverse("publicity:new-rumour"), "label": _("Write down what was seen")}],
        "counts": [
            {"count": answering.late_now, "label": _("late now"), "tone": "is-stop"},
            {"count": answering.in_time, "label": _("answered in time"), "of": f"/ {answering.answered}", "keep": True,
             "tone": "is-go"},
        ],
        "note": _("Half were answered within {time}.").format(time=length_of(answering.median))
        if answering.median is not None
        else "",
    }  # fmt: skip
    return render(request, "campaign/list.html", context)


def length_of(length: timedelta | None) -> str:
    """A length of time as hours and minutes; a dash when there is none."""
    if length is None:
        return "—"
    hours, minutes = divmod(round(length.total_seconds() / 60), 60)
    if not hours:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def tag_of(rumour: Rumour, now: datetime) -> Any:
    """The state of a rumour as word, reason and colour."""
    if rumour.answered_at is None and rumour.is_late_at(now):
        return status("rumour.late", time=clock(rumour.answer_by))
    return status(f"rumour.{rumour.state}", time=clock(rumour.answer_by))


@require_http_methods(["GET", "POST"])
def new_rumour(request: HttpRequest) -> HttpResponse:
    """Write down what was seen."""
    campaign, now = _campaign(request), access.now(request)
    places = places_reached(request, TELL, campaign).filter(kind__in=PLACES)
    hours = rulebook("publicity")["answer_within_hours"]
    page = Page(
        _("Write down what was seen"),
        reverse("publicity:rumours"),
        _("Write down"),
        campaign.organisation.name,
        note=_("To be answered within {high} h (high risk), {medium} h (medium), {low} h (low).").format(**hours),
    )
    form = forms.RumourForm(
        request.POST or None,
        request.FILES or None,
        places=places,
        initial={"seen_at": now, "place_told": places.first()},
    )
    return asked(
        request,
        form,
        lambda content: actions.tell_rumour(
            by=access.actor(request), campaign=campaign, place=content.pop("place_told"), at=now, **content
        ),
        page,
        then=lambda made: reverse("publicity:rumour", args=[made.pk]),
    )


@require_GET
def rumour(request: HttpRequest, pk: int) -> HttpResponse:
    """One rumour: what is said, how long there is to answer, and the next act."""
    found, now = access.record(request, Rumour, TELL, pk=pk), access.now(request)
    who, shown = access.actor(request), {"version": found.version}
    questions = found.campaign.questions.exclude(approved_at=None)[:8]
    context = {
        "place": found.place.name,
        "rumour": found,
        "tag": tag_of(found, now),
        "channel": word_of("publicity", "channels", found.channel),
        "took": length_of(found.time_to_answer),
        "is_waiting": found.state in (Rumour.State.SEEN, Rumour.State.DRAFTED),
        "refusals": queries.refusals_in(found.campaign, found),
        "may_lead": who.may(LEAD, found.campaign),
        "may_approve": who.may(APPROVE, found.campaign),
        "is_own": found.drafted_by_id == who.user_id,
        "questions": list(questions),
        "draft_form": forms.DraftForm(initial=shown | {"answer": found.answer}),
        "approve_form": VersionedForm(initial=shown, auto_id="approve_%s"),
        "answered_form": forms.AnsweredForm(
            initial=shown | {"answered_where": found.where or word_of("publicity", "channels", found.channel)},
            auto_id="answered_%s",
        ),
        "outcome_form": forms.OutcomeForm(initial=shown, auto_id="outcome_%s"),
        "source": worded(rulebook("publicity")["source"]),
    }
    return render(request, "publicity/rumour.html", context)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the answer."""
    found = access.record(request, Rumour, LEAD, pk=pk)
    page = Page(found.text, reverse("publicity:rumour", args=[pk]), _("Hand in for approval"))
    return asked(
        request,
        forms.DraftForm(request.POST),
        lambda content: actions.draft_answer(by=access.actor(request), rumour=found, **content),
        page,
    )


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer may go out."""
    _acted(request, actions.approve_rumour_answer, rumour=access.record(request, Rumour, APPROVE, pk=pk))
    return redirect("publicity:rumour", pk=pk)


@require_POST
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer went out."""
    found = access.record(request, Rumour, LEAD, pk=pk)
    who, now = access.actor(request), access.now(request)
    if pressed(
        request,
        forms.AnsweredForm,
        lambda content: actions.answer_rumour(by=who, rumour=found, at=now, **content),
    ):
        messages.success(request, _("Answered after {time}.").format(time=length_of(found.time_to_answer)))
    return redirect("publicity:rumour", pk=pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """It is over."""
    found = access.record(request, Rumour, LEAD, pk=pk)
    who, now = access.actor(request), access.now(request)
    pressed(
        request,
        forms.OutcomeForm,
        lambda content: actions.close_rumour(by=who, rumour=found, at=now, **content),
    )
    return redirect("publicity:rumour", pk=pk)
