"""Supervision on site: a checklist on a phone, findings with photos, corrections, and closing them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.campaign.actions import supervision as actions
from qingmiao.campaign.models import Campaign, Finding, Inspection
from qingmiao.campaign.rulebook import rulebook, worded
from qingmiao.clinic.rules import Refused
from qingmiao.web import access
from qingmiao.web.campaign.asking import Page, asked, campaign_reached, no_campaign, pressed
from qingmiao.web.campaign.lists import Cell, Table, wants_file
from qingmiao.web.meetings import forms
from qingmiao.web.once import VersionedForm
from qingmiao.web.templatetags.qm import moment, status

SEE, LEAD, PUT_RIGHT = "campaign.see", "campaign.lead", "campaign.put_right"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Findings that are open, to be looked at again, and all; for a place its own."""
    campaign = campaign_reached(request, PUT_RIGHT)
    if campaign is None:
        return no_campaign(request, _("Supervision"))
    who, now = access.actor(request), access.now(request)
    which = request.GET.get("which", "open")
    reach = who.visible(PUT_RIGHT, Finding).filter(inspection__campaign=campaign)
    states = {"open": ["open"], "corrected": ["corrected"], "all": ["open", "corrected", "closed"]}
    if which not in states:
        raise Http404
    titles = {"open": _("To be put right"), "corrected": _("To be looked at again"), "all": _("All")}
    found = reach.filter(state__in=states[which]).select_related("inspection__place")[:300]
    table = _table(list(found), now)
    if wants_file(request):
        return table.as_file()
    own = reverse("meetings:supervision")
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "table": table,
        "file": f"?which={which}&as=xlsx",
        "tabs": [
            {"title": titles[name], "url": f"{own}?which={name}", "current": name == which,
             "count": reach.filter(state__in=codes).count()}
            for name, codes in states.items()
        ],
        "acts": [
            {"label": worded(checklist["title"]), "url": reverse("meetings:inspect", args=[campaign.pk, code])}
            for code, checklist in rulebook("supervision")["checklists"].items()
        ]
        if who.may(LEAD, campaign) and campaign.closed_on is None
        else [],
    }  # fmt: skip
    return render(request, "meetings/supervision.html", context)


def _table(found: list[Finding], now: Any) -> Table:
    columns = [(_("What was found"), False), (_("Place"), False), (_("Item"), False), (_("State"), False),
               (_("To be put right by"), False), (_("Found by"), False)]  # fmt: skip
    rows = [
        [
            Cell(one.text, reverse("meetings:finding", args=[one.pk])),
            one.inspection.place.name,
            item_of(one),
            Cell(one.get_state_display(), shown=tag_of(one, now)),
            Cell(one.due_at, shown=moment(one.due_at)),
            one.inspection.by_name,
        ]
        for one in found
    ]
    return Table(_("Findings"), columns, rows, _("Nothing is in this list."))


def item_of(finding: Finding) -> str:
    """The item of the checklist in words; its code when the list no longer has it."""
    items = rulebook("supervision")["checklists"].get(finding.inspection.checklist, {}).get("items", {})
    return worded(items[finding.item]) if finding.item in items else finding.item


def tag_of(finding: Finding, now: Any) -> Any:
    """The state of a finding as word and colour."""
    if finding.state == Finding.State.OPEN and now > finding.due_at:
        return status("finding.late", time=moment(finding.due_at))
    return status(f"finding.{finding.state}", time=moment(finding.due_at))


@require_http_methods(["GET", "POST"])
def inspect(request: HttpRequest, pk: int, checklist: str) -> HttpResponse:
    """Go through a checklist at a place."""
    campaign = access.record(request, Campaign, LEAD, pk=pk)
    book = rulebook("supervision")
    if checklist not in book["checklists"]:
        raise Http404
    form = forms.InspectionForm(request.POST or None, places=forms.inspected_places(campaign, checklist))
    items = [
        {
            "code": code,
            "title": worded(text),
            "answer": request.POST.get(f"answer-{code}", ""),
            "text": request.POST.get(f"text-{code}", ""),
            "duty": request.POST.get(f"duty-{code}", ""),
        }
        for code, text in book["checklists"][checklist]["items"].items()
    ]
    if request.method == "POST" and form.is_valid():
        try:
            made = _inspected(request, campaign, checklist, form.cleaned_data, items)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("meetings:inspection", pk=made.pk)
    context = {
        "place": campaign.organisation.name,
        "campaign": campaign,
        "form": form,
        "items": items,
        "title": worded(book["checklists"][checklist]["title"]),
        "answers": [(code, worded(text)) for code, text in book["answers"].items()],
        "duties": forms.duty_choices(campaign),
        "source": worded(book["source"]),
    }
    return render(request, "meetings/inspect.html", context, status=422 if form.errors else 200)


def _inspected(
    request: HttpRequest, campaign: Campaign, checklist: str, content: dict[str, Any], items: list[dict[str, str]]
) -> Inspection:
    known = set(rulebook("supervision")["answers"])
    answers = {item["code"]: item["answer"] for item in items if item["answer"] in known}
    found = []
    for item in items:
        photo = request.FILES.get(f"picture-{item['code']}")
        if answers.get(item["code"]) == "no":
            found.append(
                actions.Found(
                    item["code"],
                    item["text"][:300],
                    photo.read() if photo else b"",
                    forms.duty_of(campaign, item["duty"]),
                )
            )
    return actions.inspect(
        by=access.actor(request),
        campaign=campaign,
        place=content["place_seen"],
        checklist=checklist,
        answers=answers,
        found=found,
        at=access.now(request),
        request_id=content["request_id"],
    )


@require_GET
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit with all its answers, to be printed."""
    found = access.record(request, Inspection, PUT_RIGHT, pk=pk)
    book = rulebook("supervision")
    items = book["checklists"].get(found.checklist, {}).get("items", {})
    context = {
        "place": found.place.name,
        "inspection": found,
        "rows": [(worded(text), worded(book["answers"][found.answers[code]])) for code, text in items.items()
                 if code in found.answers],
        "findings": [(one, tag_of(one, access.now(request))) for one in found.findings.all()],
    }  # fmt: skip
    return render(request, "meetings/inspection.html", context)


@require_GET
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what was found, how it was put right, and the next act."""
    found, now = access.record(request, Finding, PUT_RIGHT, pk=pk), access.now(request)
    may_lead = access.actor(request).may(LEAD, found.inspection.campaign)
    shown = {"version": found.version}
    context = {
        "place": found.inspection.place.name,
        "finding": found,
        "item": item_of(found),
        "tag": tag_of(found, now),
        "may_lead": may_lead,
        "correction_form": forms.CorrectionForm(initial=shown),
        "close_form": VersionedForm(initial=shown, auto_id="close_%s"),
        "reopen_form": forms.ReopenForm(
            initial=shown | {"due_at": now + timedelta(hours=rulebook("supervision")["put_right_within_hours"])},
            auto_id="reopen_%s",
        ),
    }
    return render(request, "meetings/finding.html", context)


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a finding was put right."""
    found = access.record(request, Finding, PUT_RIGHT, pk=pk)
    page = Page(found.text, reverse("meetings:finding", args=[pk]), _("Put right"))
    return asked(
        request,
        forms.CorrectionForm(request.POST, request.FILES),
        lambda content: actions.correct_finding(
            by=access.actor(request), finding=found, at=access.now(request), **content
        ),
        page,
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked at again, and it is right."""
    found = access.record(request, Finding, PUT_RIGHT, pk=pk)
    pressed(
        request,
        VersionedForm,
        lambda content: actions.close_finding(
            by=access.actor(request), finding=found, at=access.now(request), **content
        ),
    )
    return redirect("meetings:finding", pk=pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked at again, and it is not right."""
    found = access.record(request, Finding, PUT_RIGHT, pk=pk)
    pressed(
        request,
        forms.ReopenForm,
        lambda content: actions.reopen_finding(by=access.actor(request), finding=found, **content),
    )
    return redirect("meetings:finding", pk=pk)
