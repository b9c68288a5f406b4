"""Where and when a member of staff works: the site and its session of today; how an action's refusal is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qingmiao.clinic.figures import priority_groups
from qingmiao.clinic.models import Session, Visit
from qingmiao.clinic.queries.areas import session_at, sites_of
from qingmiao.clinic.queries.people import reason_in
from qingmiao.clinic.rules import Refused, State
from qingmiao.registry.models import Person
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.stock.actions import LotNotUsable
from qingmiao.web import access
from qingmiao.web.templatetags.qm import clock, short_day, status

R = TypeVar("R")
SITE_KEY = "site"


@dataclass(frozen=True)
class SiteDay:
    """A site on the day of the request, as seen by whoever asks."""

    site: Organisation
    session: Session | None
    who: Actor
    at: datetime
    day: date

    @property
    def frame(self) -> dict[str, Any]:
        """What base.html shows of it."""
        return {"place": self.site.name, "site": self.site, "session": self.session}


def site_day(request: HttpRequest, permission: str) -> SiteDay:
    """The site where the actor holds `permission`: the one chosen before, or the first. NotAllowed if there is none."""
    who = access.actor(request)
    sites = sites_of(who, permission)
    if not sites:
        raise NotAllowed(permission)
    wanted = request.GET.get("site") or request.session.get(SITE_KEY)
    site = next((one for one in sites if str(one.pk) == str(wanted)), sites[0])
    if request.session.get(SITE_KEY) != site.pk and len(sites) > 1:
        request.session[SITE_KEY] = site.pk
    day = access.today(request)
    return SiteDay(site, session_at(site, day), who, access.now(request), day)


def carried_out(request: HttpRequest, action: Callable[[], R]) -> R | None:
    """What the action returned; None when it refused, which is then said at the top of the next page."""
    try:
        return action()
    except (Refused, LotNotUsable) as refusal:
        messages.error(request, str(refusal))
        return None


def looked_at(request: HttpRequest, visits: Iterable[Visit]) -> None:
    """Leave in the trail whose visits this page showed."""
    people: list[Person] = [visit.person for visit in visits]
    if people:
        access.looked_at(request, "clinic.see_visit", people)


def strip(visit: Visit) -> dict[str, Any]:
    """A visit's person for components/person.html."""
    person = visit.person
    identifier = next(iter(person.identifiers.all()), None)
    return {
        "name": person.name,
        "sex": person.get_sex_display(),
        "born_on": person.birth_date,
        "number": identifier.masked if identifier else "",
        "ticket": visit.ticket,
        "unit": visit.batch.unit.name if visit.batch else _("Walk-in"),
        "note": priority_word(visit),
        "group": _("Batch {number}").format(number=visit.batch.number) if visit.batch and visit.batch.number else "",
    }


def priority_word(visit: Visit) -> str:
    """Why somebody is called first, in the language of the page; empty for everybody else."""
    if not visit.priority:
        return ""
    age, language = visit.person.age_on(visit.session.day), get_language() or "zh-hans"
    groups = priority_groups(visit.session.day)
    held = (one for one in groups if one.code == visit.priority_group or one.holds_for(age))
    return next((one.word.in_language(language) for one in held), "")


SIMPLE = {
    State.CONSENTED: "visit.signed",
    State.WITH_DOCTOR: "screening.ask_doctor",
    State.SCREENED: "screening.clear",
    State.REFERRED: "visit.referred",
    State.CANCELLED: "visit.cancelled",
    State.ABSENT: "visit.absent",
    State.LEFT_UNOBSERVED: "visit.left_unobserved",
    State.LEFT_EARLY: "observation.left_early",
    State.REACTION: "observation.unwell",
}
MUCH_EARLY_MINUTES = 15
MUCH_LATE_MINUTES = 30


def tag_of(visit: Visit, at: datetime, dose: int | None = None) -> SafeString:
    """Word, reason and colour of where a visit stands."""
    where = visit.where
    if where in (State.NAMED, State.BOOKED):
        return _tag_of_expected(visit, at, dose)
    if where in SIMPLE:
        return status(SIMPLE[where], reason=visit.exit_reason)
    if where is State.TRANSFERRED:
        return status(
            "visit.transferred", to=visit.transferred_to, reason=reason_in(get_language() or "zh-hans", visit)
        )
    reason = reason_in(get_language() or "zh-hans", visit) if visit.exit_reason else ""
    if where in (State.DEFERRED, State.CONTRAINDICATED):
        return status(f"screening.{where.value}", until=short_day(visit.deferred_until), reason=reason)
    when = {
        State.ARRIVED: visit.arrived_at,
        State.INFORMED: visit.informed_at,
        State.RELEASED: visit.released_at,
        State.VACCINATED: visit.vaccinated_at,
    }
    return status(f"visit.{where.value}", time=clock(when.get(where)), reason=reason)


def _tag_of_expected(visit: Visit, at: datetime, dose: int | None) -> SafeString:
    if visit.where is State.NAMED:
        return status("visit.named")
    starts_at = visit.batch.starts_at if visit.batch else None
    minutes = round((starts_at - at).total_seconds() / 60) if starts_at else 0
    if minutes > MUCH_EARLY_MINUTES:
        return status("visit.early", minutes=minutes)
    if minutes < -MUCH_LATE_MINUTES and visit.batch:
        return status("visit.late", batch=visit.batch.number)
    return status("visit.expected", dose=dose)
