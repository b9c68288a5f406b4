"""Messages: plan them from a list, send what may go, see what went, what arrived, and what was not sent because."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qingmiao.audit import door
from qingmiao.law.dated import threshold
from qingmiao.outreach.actions.messages import PERMISSION, About, keep_address, plan_messages
from qingmiao.outreach.channels import gateways, is_outbox
from qingmiao.outreach.models import Message
from qingmiao.outreach.models.messages import Channel
from qingmiao.outreach.planning import about_whom
from qingmiao.outreach.queries.messages import counts_by_state, reasons
from qingmiao.outreach.sending import ask_for_receipts, may_go, printed, send_waiting
from qingmiao.outreach.withholding import withheld_words
from qingmiao.registry.models import Person
from qingmiao.reports.paper import NoPdfHere, as_pdf
from qingmiao.staff.access import NotAllowed
from qingmiao.web import access
from qingmiao.web.child.forms import SentForm, day_field
from qingmiao.web.child.views import SEE, strip_of
from qingmiao.web.child.words import in_language
from qingmiao.web.status import Tone

ON_A_PAGE = 50
State = Message.State
TONES = {
    State.WAITING: Tone.DUE,
    State.SENDING: Tone.WAIT,
    State.SENT: Tone.GO,
    State.DELIVERED: Tone.GO,
    State.FAILED: Tone.STOP,
    State.WITHHELD: Tone.LATER,
}


class PlanForm(SentForm):
    """Which messages, over which channel."""

    kind = forms.ChoiceField(label=gettext_lazy("What about"), choices=Message.Kind.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices, widget=forms.RadioSelect)
    instead_of = day_field(gettext_lazy("Old clinic day"), required=False)
    for_day = day_field(gettext_lazy("New clinic day"), required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, kind="due", channel="sms")

    def clean(self) -> dict[str, Any]:
        """A changed day needs both days."""
        data = super().clean() or {}
        if data.get("kind") == Message.Kind.CHANGED and not (data.get("instead_of") and data.get("for_day")):
            self.add_error("for_day", _("Name the old and the new clinic day."))
        return data


def mine(request: HttpRequest) -> QuerySet[Message]:
    """The messages that this writer answers for."""
    who = access.actor(request)
    if not who.paths_for(PERMISSION):
        raise NotAllowed(PERMISSION)
    return who.visible(PERMISSION, Message)


@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The log of messages; a form to plan more."""
    found, form = mine(request), PlanForm(request)
    if request.method == "POST" and form.is_valid():
        _planned(request, form)
        return redirect("outreach:messages")
    state = request.GET.get("state", "")
    shown = found.filter(state=state) if state in State.values else found
    page = Paginator(shown.select_related("person").order_by("-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    door.look(PERMISSION, by=access.actor(request), at=access.now(request), people={row.person for row in page})
    counts = counts_by_state(found)
    context = {
        "form": form,
        "page": page,
        "lines": [_line(row) for row in page],
        "tabs": [
            {"title": _("All"), "url": "?", "count": sum(counts.values()), "current": not state},
            *({"title": label, "url": f"?state={value}", "count": counts.get(value, 0), "tone": TONES[State(value)],
               "current": state == value} for value, label in State.choices),
        ],
        "withheld": [(in_language(withheld_words()[code]), n) for code, n in reasons(found).items()],
        "remind": threshold("outreach", "messages", "remind_days_before"),
        "waiting": found.filter(state=State.WAITING).exclude(channel=Channel.LETTER).count(),
        "letters": found.filter(state=State.WAITING, channel=Channel.LETTER).count(),
        "outboxed": [Channel(name).label for name, way in gateways().items() if is_outbox(way)],
    }  # fmt: skip
    return render(request, "outreach/messages.html", context, status=422 if form.errors else 200)


def _line(row: Message) -> dict[str, Any]:
    words = withheld_words()
    reason = in_language(words[row.reason]) if row.reason in words else row.reason
    return {
        "row": row,
        "tone": TONES[State(row.state)],
        "reason": reason,
        "text": row.text.reveal() if row.text is not None else "",
    }


def _planned(request: HttpRequest, form: PlanForm) -> None:
    data, who = form.cleaned_data, access.actor(request)
    before = mine(request).count()
    is_changed = data["kind"] == Message.Kind.CHANGED
    for day, about in _about_whom(request, form).items():
        plan_messages(
            by=who,
            kind=data["kind"],
            about=about,
            for_day=day,
            instead_of=data["instead_of"] if is_changed else None,
            channel=data["channel"],
            at=access.now(request),
        )
    planned = mine(request).count() - before
    notices.success(request, _("%(n)s messages planned. Nothing has been sent yet.") % {"n": planned})


def _about_whom(request: HttpRequest, form: PlanForm) -> Mapping[date, list[About]]:
    data = form.cleaned_data
    if data["kind"] != Message.Kind.CHANGED:
        return about_whom(data["kind"], access.actor(request).visible(SEE, Person), access.today(request))
    told = mine(request).filter(for_day=data["instead_of"]).exclude(kind=data["kind"]).select_related("person")
    return {data["for_day"]: [About(person) for person in {row.person for row in told}]}


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send what waits; each message is decided at this moment."""
    found, who, ways = mine(request), access.actor(request), gateways()
    if not may_go(found, ways, access.now(request)).exists():
        notices.info(request, _("Nothing may go now: nothing waits, or the quiet hours are not over."))
        return redirect("outreach:messages")
    done = send_waiting(who, found, ways, access.now(request))
    ask_for_receipts(who, found, ways, access.now(request))
    notices.success(
        request,
        _("Sent %(sent)s, not sent %(withheld)s, failed %(failed)s.")
        % {"sent": done[State.SENT], "withheld": done[State.WITHHELD], "failed": done[State.FAILED]},
    )
    return redirect("outreach:messages")


@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """The letters that wait, as one PDF; those that may go are marked as printed."""
    rows = printed(access.actor(request), mine(request), access.now(request))
    if not rows:
        notices.info(request, _("No letter waits, or none may go; the log says why."))
        return redirect("outreach:messages")
    context = {"letters": [{"row": row, "text": row.text.reveal()} for row in rows], "today": access.today(request)}
    try:
        content = as_pdf(render_to_string("print/letters.html", context, request))
    except NoPdfHere:
        return render(request, "print/letters.html", context)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="letters-{access.today(request)}.pdf"'
    return answer


class AddressForm(SentForm):
    """Where the guardian wants to be written to."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=[(value, label) for value, label in Channel.choices if value != Channel.LETTER],
        widget=forms.RadioSelect,
    )
    address = forms.CharField(label=gettext_lazy("Phone, e-mail address or WeChat id"), max_length=120)

    def clean(self) -> dict[str, Any]:
        """An e-mail address looks like one."""
        data = super().clean() or {}
        if data.get("channel") == Channel.EMAIL and "@" not in data.get("address", ""):
            self.add_error("address", _("An e-mail address holds an @."))
        return data


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an address."""
    person = access.record(request, Person, SEE, pk=pk)
    form = AddressForm(request)
    if request.method == "POST" and form.is_valid():
        keep_address(by=access.actor(request), person=person, at=access.now(request), **form.cleaned_data)
        notices.success(request, _("Written down."))
        return redirect("child:record", pk=pk)
    kept = person.addresses.order_by("channel")
    context = {"form": form, "person": person, "strip": strip_of(person), "kept": kept}
    return render(request, "outreach/address.html", context, status=422 if form.errors else 200)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every message about one child, with what became of it."""
    person = access.record(request, Person, SEE, pk=pk)
    rows = mine(request).filter(person=person).order_by("-pk")
    return render(request, "outreach/history.html", {"person": person, "lines": [_line(row) for row in rows]})
