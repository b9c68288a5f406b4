"""What surrounds every page: where one works and as what, the desks with what waits there, the day, the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingmiao.staff.access import Actor
from qingmiao.staff.models import Organisation, Role
from qingmiao.web import access


@dataclass(frozen=True)
class Desk:
    """A place in the left column: shown to whoever holds `permission` anywhere.

    `waiting` is the dotted path of a function (actor, at) -> int that counts what waits there now; its figure is
    gone at zero. `tone` colours the figure when waiting is an alarm: "is-stop".
    """

    title: str | Promise
    url_name: str
    permission: str
    waiting: str = ""
    tone: str = ""


DESKS: tuple[Desk, ...] = (
    Desk(_("Command room"), "command_room:home", "reports.see_command_room"),
    Desk(_("Coverage"), "reports:home", "reports.see_figures"),
    Desk(_("The clinic's year"), "clinic_year:year", "reports.submit_form"),
    Desk(_("Statutory forms"), "forms:home", "reports.submit_form", "qingmiao.web.forms.views.forms_waiting"),
    Desk(_("Campaign"), "campaign:home", "campaign.see"),
    Desk(_("Meetings"), "meetings:home", "campaign.see"),
    Desk(_("Field work"), "fieldwork:home", "campaign.work_in_field"),
    Desk(_("Publicity"), "publicity:home", "campaign.see", "qingmiao.web.publicity.views.count_of_rumours"),
    Desk(_("Supplies"), "logistics:home", "campaign.sit_at_supplies"),
    Desk(_("Supervision"), "meetings:supervision", "campaign.sit_at_findings"),
    Desk(_("My tasks"), "campaign:mine", "campaign.do_tasks", "qingmiao.web.campaign.tasks.count_of_mine"),
    Desk(_("Children"), "child:find", "registry.manage_child"),
    Desk(_("Due lists"), "outreach:due", "schedule.see_due"),
    Desk(_("Calls"), "outreach:calls", "outreach.call"),
    Desk(_("Messages"), "outreach:messages", "outreach.write"),
    Desk(_("Entry checks"), "school:classes", "outreach.see_entry_check"),
    Desk(_("Opinions"), "family:opinions", "outreach.answer_complaint"),
    Desk(_("Ledgers"), "liaison:imports", "registry.import_ledger"),
    Desk(_("Lists"), "batches:batches", "clinic.name_batch"),
    Desk(_("At the site"), "observation:units", "clinic.name_batch"),
    Desk(_("The day at the site"), "site_head:day", "clinic.see_flow"),
    Desk(_("Front desk"), "front_desk:desk", "clinic.record_arrival"),
    Desk(_("Consent"), "consent:desks", "clinic.take_consent", "qingmiao.web.front_desk.queue.waiting_for_consent"),
    Desk(_("Screening"), "screening:desks", "clinic.screen", "qingmiao.web.front_desk.queue.waiting_for_screening"),
    Desk(
        pgettext_lazy("desk", "Injection"),
        "injection:desks",
        "clinic.record_dose",
        "qingmiao.web.front_desk.queue.waiting_for_injection",
    ),
    Desk(_("Observation"), "observation:room", "clinic.observe", "qingmiao.web.observation.views.count_in_room"),
    Desk(_("Adverse reactions"), "safety:home", "safety.see_case", "qingmiao.safety.queries.cases.waiting", "is-stop"),
    Desk(
        _("Corrections"),
        "corrections:home",
        "clinic.propose_correction",
        "qingmiao.clinic.queries.corrections.findings_waiting",
    ),
    Desk(_("Training"), "training:home", "training.see"),
    Desk(_("Archive"), "archive:home", "archive.see"),
    Desk(_("Report cards"), "cards:cards", "surveillance.fill_card", "qingmiao.web.surveillance.cards.count_waiting"),
    Desk(_("Epidemiology"), "epidemiology:home", "surveillance.see_cards"),
    Desk(
        pgettext_lazy("desk", "Deaths"),
        "deaths:deaths",
        "surveillance.certify_death",
        "qingmiao.web.surveillance.deaths.views.count_waiting",
    ),
    Desk(
        _("Village papers"),
        "villages:month",
        "surveillance.see_papers",
        "qingmiao.web.surveillance.villages.views.count_behind",
        tone="is-stop",
    ),
    Desk(_("Missed cards"), "missed:audits", "surveillance.see_audit"),
    Desk(
        _("Findings to answer"),
        "missed:mine",
        "surveillance.answer_finding",
        "qingmiao.web.surveillance.missed.count_to_answer",
    ),
    Desk(_("Stock"), "stock_room:home", "stock.see_stock", "qingmiao.stock.queries.fridges.undecided", "is-stop"),
    Desk(_("Tablets"), "offline:sendings", "clinic.answer_sync", "qingmiao.clinic.queries.sync.waiting_for_answer"),
    Desk(_("Accounts"), "accounts:accounts", "staff.manage_account"),
    Desk(_("Audit trail"), "audit:trail", "audit.read"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`; a view that knows better passes `place` and `place_detail` itself.

    `desks` are dicts of title, url, waiting, tone and whether it is the current one; `place` and `role` are those
    of the first assignment.
    """
    common = {"today": access.today(request), "now": access.now(request)}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return common
    who = access.actor(request)
    return common | {"desks": desks_of(request), "actor": who, "search_url": _address("search")} | _workplace(who)


def desks_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The desks of whoever asks; a desk that this installation has no page for is left out."""
    who, at = access.actor(request), access.now(request)
    entries = [
        _entry(desk, _address(desk.url_name), request.path, _waiting(desk, who, at))
        for desk in DESKS
        if who.paths_for(desk.permission)
    ]
    return [entry for entry in entries if entry["url"]]


def _entry(desk: Desk, url: str, here: str, waiting: int) -> dict[str, Any]:
    return {
        "title": desk.title,
        "url": url,
        "waiting": waiting,
        "tone": desk.tone,
        "is_current": bool(url) and here.startswith(url),
    }


def _waiting(desk: Desk, who: Actor, at: datetime) -> int:
    if not desk.waiting:
        return 0
    count: Callable[[Actor, datetime], int] = import_string(desk.waiting)
    return count(who, at)


def _workplace(who: Actor) -> dict[str, Any]:
    if not who.grants:
        return {}
    first = who.grants[0]
    place = Organisation.objects.filter(path=first.path).values_list("name", flat=True).first()
    return {"place": place or "", "role": Role(first.role).label}


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
