"""What the pages of adverse reactions share: refusals at the top of the page, moments as typed, people as shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from qingmiao.law.months import months_between
from qingmiao.registry.models import Dose, Person
from qingmiao.safety.rules import Refused, in_language
from qingmiao.staff.access import Actor, NotAllowed
from qingmiao.staff.models import Organisation
from qingmiao.web import access

R = TypeVar("R")
SEE = "safety.see_case"
REPORT = "safety.report_case"
INVESTIGATE = "safety.investigate_case"
RESCUE = "safety.rescue"
KEEP = "safety.keep_green_channel"
CHECK = "safety.check_kit"
ANSWER = "safety.answer_self_report"


def attempt(request: HttpRequest, action: Callable[[], R]) -> R | None:
    """What the action returned; None when it refused, which is then said at the top of the page."""
    try:
        return action()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None


def who_may(request: HttpRequest, permission: str) -> Actor:
    """The actor, if they hold the permission anywhere; NotAllowed else."""
    who = access.actor(request)
    if not who.paths_for(permission):
        raise NotAllowed(permission)
    return who


def language() -> str:
    return get_language() or "zh-hans"


def words(entry: dict[str, Any]) -> str:
    """A text of a rule file in the language of the page."""
    return in_language(entry, language())


def moment(day: str, clock: str) -> datetime | None:
    """A day and a time as typed; None when one of them cannot be read."""
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.fromisoformat(clock)))
    except ValueError:
        return None


def strip(person: Person) -> dict[str, Any]:
    """A person for components/person.html."""
    identifier = person.identifiers.first()
    return {
        "name": person.name,
        "sex": person.get_sex_display(),
        "born_on": person.birth_date,
        "number": identifier.masked if identifier else "",
    }


def looked_at(request: HttpRequest, people: list[Person]) -> None:
    """Leave in the trail whom this page showed."""
    if unique := list({person.pk: person for person in people}.values()):
        access.looked_at(request, SEE, unique)


def age_months(dose: Dose, on: date) -> int | None:
    """Completed months of age on a day; None when the birth date is not known."""
    born = dose.person.birth_date
    if born is None or born > on:
        return None
    return months_between(born, on)


def site_for(request: HttpRequest, permission: str) -> Organisation:
    """The site at which the actor holds `permission`: the one asked for, else the first."""
    who = who_may(request, permission)
    sites = who.visible(permission, Organisation).filter(kind=Organisation.Kind.SITE, closed_on=None).order_by("path")
    wanted = str(request.GET.get("site") or request.POST.get("site") or request.session.get("site") or "")
    chosen = sites.filter(pk=int(wanted)).first() if wanted.isdigit() else None
    site = chosen or sites.first()
    if site is None:
        raise NotAllowed(permission)
    return site
