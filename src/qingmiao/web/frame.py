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
from qingmiao.staff.queries import has_place, place_at
from qingmiao.web import access


@dataclass(frozen=True)
class Desk:
    """A place in the left column: shown to whoever holds `permission` anywhere.

    `waiting` is the dotted path of a function (actor, at) -> int that counts what waits there now; its figure is
    gone at zero. `tone` colours the figure when waiting is an alarm: "is-stop". A desk that stands `only_at` some
    kinds of places is shown to who has one of them in reach.
    """

    title: str | Promise
    url_name: str
    permission: str
    waiting: str = ""
    tone: str = ""
    only_at: tuple[Organisation.Kind, ...] = ()


@dataclass(frozen=True)
class Part:
    """Desks that belong to one work, under their heading, in the order of its day."""

    name: str
    title: str | Promise
    desks: tuple[Desk, ...]


SITES = (Organisation.Kind.SITE,)
STOCK_PLACES = (Organisation.Kind.SITE, Organisation.Kind.CENTRE)
NAMING_PLACES = (
    Organisation.Kind.BUREAU,
    Organisation.Kind.UNIT,
    Organisation.Kind.SUBDISTRICT,
    Organisation.Kind.COMMUNITY,
)

COLUMN: tuple[Part, ...] = (
    Part(
        "site",
        pgettext_lazy("column", "On site"),
        (
            Desk(_("The day at the site"), "site_head:day", "clinic.see_flow", only_at=SITES),
            Desk(_("Front desk"), "front_desk:desk", "clinic.record_arrival", only_at=SITES),
            Desk(
                _("Consent"),
                "consent:desks",
                "clinic.take_consent",
                "qingmiao.web.front_desk.queue.waiting_for_consent",
                only_at=SITES,
            ),
            Desk(
                _("Screening"),
                "screening:desks",
                "clinic.screen",
                "qingmiao.web.front_desk.queue.waiting_for_screening",
                only_at=SITES,
            ),
            Desk(
                pgettext_lazy("desk", "Injection"),
                "injection:desks",
                "clinic.record_dose",
                "qingmiao.web.front_desk.queue.waiting_for_injection",
                only_at=SITES,
            ),
            Desk(
                _("Observation"),
                "observation:room",
                "clinic.observe",
                "qingmiao.web.observation.views.count_in_room",
                only_at=SITES,
            ),
            Desk(
                _("Adverse reactions"),
                "safety:home",
                "safety.see_case",
                "qingmiao.safety.queries.cases.waiting",
                "is-stop",
            ),
            Desk(
                _("Corrections"),
                "corrections:home",
                "clinic.propose_correction",
                "qingmiao.clinic.queries.corrections.findings_waiting",
            ),
            Desk(
                _("Stock"),
                "stock_room:home",
                "stock.see_stock",
                "qingmiao.stock.queries.fridges.undecided",
                "is-stop",
                only_at=STOCK_PLACES,
            ),
            Desk(
                _("Tablets"),
                "offline:sendings",
                "clinic.answer_sync",
                "qingmiao.clinic.queries.sync.waiting_for_answer",
                only_at=SITES,
            ),
        ),
    ),
    Part(
        "clinic",
        pgettext_lazy("column", "Clinic"),
        (
            Desk(_("Children"), "child:find", "registry.manage_child"),
            Desk(_("Due lists"), "outreach:due", "schedule.see_due"),
            Desk(_("Calls"), "outreach:calls", "outreach.call"),
            Desk(_("Messages"), "outreach:messages", "outreach.write"),
            Desk(_("Entry checks"), "school:classes", "outreach.see_entry_check"),
            Desk(_("Opinions"), "family:opinions", "outreach.answer_complaint"),
            Desk(_("The clinic's year"), "clinic_year:year", "reports.submit_form"),
            Desk(_("Statutory forms"), "forms:home", "reports.submit_form", "qingmiao.web.forms.views.forms_waiting"),
        ),
    ),
    Part(
        "campaign",
        pgettext_lazy("column", "Campaign"),
        (
            Desk(_("Command room"), "command_room:home", "reports.see_command_room"),
            Desk(_("Coverage"), "reports:home", "reports.see_figures"),
            Desk(_("Campaign"), "campaign:home", "campaign.see"),
            Desk(_("My tasks"), "campaign:mine", "campaign.do_tasks", "qingmiao.web.campaign.tasks.count_of_mine"),
            Desk(_("Field work"), "fieldwork:home", "campaign.work_in_field"),
            Desk(_("Ledgers"), "liaison:imports", "registry.import_ledger"),
            Desk(_("Lists"), "batches:batches", "clinic.name_batch", only_at=NAMING_PLACES),
            Desk(_("At the site"), "observation:units", "clinic.name_batch"),
            Desk(_("Meetings"), "meetings:home", "campaign.see"),
            Desk(_("Publicity"), "publicity:home", "campaign.see", "qingmiao.web.publicity.views.count_of_rumours"),
            Desk(_("Supplies"), "logistics:home", "campaign.sit_at_supplies"),
            Desk(_("Supervision"), "meetings:supervision", "campaign.sit_at_findings"),
        ),
    ),
    Part(
        "surveillance",
        pgettext_lazy("column", "Surveillance"),
        (
            Desk(
                _("Report cards"),
                "cards:cards",
                "surveillance.fill_card",
                "qingmiao.web.surveillance.cards.count_waiting",
            ),
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
        ),
    ),
    Part(
        "office",
        pgettext_lazy("column", "Office"),
        (
            Desk(_("Training"), "training:home", "training.see"),
            Desk(_("Archive"), "archive:home", "archive.see"),
            Desk(_("Accounts"), "accounts:accounts", "staff.manage_account"),
            Desk(_("Audit trail"), "audit:trail", "audit.read"),
        ),
    ),
)

# The part of the column where the day of a role begins; everybody else's begins at the site.
FIRST_PART = {
    Role.OFFICE: "campaign",
    Role.LEADER: "campaign",
    Role.BUREAU_LIAISON: "campaign",
    Role.UNIT_LIAISON: "campaign",
    Role.CLINIC_DOCTOR: "clinic",
    Role.VILLAGE_DOCTOR: "clinic",
    Role.SCHOOL_DOCTOR: "clinic",
    Role.DISEASE_CONTROL: "surveillance",
    Role.REPORTING_DOCTOR: "surveillance",
}
FEW_DESKS = 8  # as many are found at a glance, without headings


# Where the day of a role begins: whoever holds it first goes there at once. A liaison chooses.
OWN_DESK: dict[Role, str] = {
    Role.LEADER: "command_room:home",
    Role.OFFICE: "command_room:home",
    Role.SITE_HEAD: "site_head:day",
    Role.FRONT_DESK: "front_desk:desk",
    Role.CONSENT_DESK: "consent:desks",
    Role.SCREENER: "screening:desks",
    Role.VACCINATOR: "injection:desks",
    Role.OBSERVER: "observation:room",
    Role.CLINIC_DOCTOR: "child:find",
    Role.STOCK_KEEPER: "stock_room:home",
    Role.DISEASE_CONTROL: "cards:cards",
    Role.REPORTING_DOCTOR: "cards:cards",
    Role.VILLAGE_DOCTOR: "villages:month",
    Role.SCHOOL_DOCTOR: "school:classes",
    Role.AUDITOR: "audit:trail",
    Role.SECURITY_ADMIN: "accounts:accounts",
}


def own_desk(who: Actor, desks: list[dict[str, Any]]) -> str:
    """The address of the one desk of `who` among `desks`: the only one there is, or that of the first role; else ""."""
    if len(desks) == 1:
        return str(desks[0]["url"])
    url = _address(OWN_DESK.get(Role(who.grants[0].role), "")) if who.grants else ""
    return url if url in {desk["url"] for desk in desks} else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`; a view that knows better passes `place` and `place_detail` itself.

    `column` is what stands at the left, in parts; `desks` are all its desks as dicts of title, url, waiting, tone
    and whether it is the current one; `place` and `role` are those of the first assignment.
    """
    common = {"today": access.today(request), "now": access.now(request)}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return common
    who = access.actor(request)
    column = column_of(who, access.now(request), request.path)
    desks = [desk for part in column for desk in part["desks"]]
    return common | {"column": column, "desks": desks, "actor": who, "search_url": _address("search")} | _workplace(who)


def column_of(who: Actor, at: datetime, here: str) -> list[dict[str, Any]]:
    """The desks of `who` in parts of title, desks, is_here (of the desk one is at, else the first part).

    The part where their day begins comes first; few desks are one part without a title. A desk that this
    installation has no page for is left out.
    """
    first = FIRST_PART.get(Role(who.grants[0].role), "site") if who.grants else ""
    in_order = sorted(COLUMN, key=lambda part: part.name != first)
    reach = _Reach(who)
    parts = _few_as_one([{"title": part.title, "desks": _entries(part, reach, at)} for part in in_order])
    _mark_current([desk for part in parts for desk in part["desks"]], here)
    current = next((part for part in parts if any(desk["is_current"] for desk in part["desks"])), None)
    return [part | {"is_here": part is (current or parts[0])} for part in parts]


def _few_as_one(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`parts` without the empty ones; a single part without a title when they have few desks together."""
    desks = [desk for part in parts for desk in part["desks"]]
    if len(desks) > FEW_DESKS:
        return [part for part in parts if part["desks"]]
    return [{"title": "", "desks": desks}] if desks else []


class _Reach:
    """Whether an actor can sit at a desk; each kind of place is asked for once."""

    def __init__(self, who: Actor) -> None:
        self.who = who
        self.found: dict[tuple[tuple[str, ...], tuple[Organisation.Kind, ...]], bool] = {}

    def has(self, desk: Desk) -> bool:
        paths = tuple(self.who.paths_for(desk.permission))
        if not paths or not desk.only_at:
            return bool(paths)
        asked = (paths, desk.only_at)
        if asked not in self.found:
            self.found[asked] = has_place(paths, desk.only_at)
        return self.found[asked]


def _entries(part: Part, reach: _Reach, at: datetime) -> list[dict[str, Any]]:
    desks = [(desk, _address(desk.url_name)) for desk in part.desks if reach.has(desk)]
    return [
        {
            "title": desk.title,
            "url": url,
            "waiting": _waiting(desk, reach.who, at),
            "tone": desk.tone,
            "is_current": False,
        }
        for desk, url in desks
        if url
    ]


def _mark_current(desks: list[dict[str, Any]], here: str) -> None:
    """The desk whose address is the longest beginning of `here`."""
    under = [desk for desk in desks if here.startswith(desk["url"])]
    for desk in sorted(under, key=lambda desk: -len(desk["url"]))[:1]:
        desk["is_current"] = True


def _waiting(desk: Desk, who: Actor, at: datetime) -> int:
    if not desk.waiting:
        return 0
    count: Callable[[Actor, datetime], int] = import_string(desk.waiting)
    return count(who, at)


def _workplace(who: Actor) -> dict[str, Any]:
    if not who.grants:
        return {}
    first = who.grants[0]
    place = place_at(first.path)
    return {"place": place.name if place else "", "role": Role(first.role).label}


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
